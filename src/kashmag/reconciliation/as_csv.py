"""Reports as CSV for a spreadsheet: one table, its first column says what each line is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kashmag.reconciliation.causes import Difference
from kashmag.reconciliation.counting import VatScheme
from kashmag.reconciliation.figures import Counted, Figures
from kashmag.reconciliation.report import Beside, MoneyBeside, Report, Sum
from kashmag.reconciliation.rows import Row
from kashmag.reconciliation.vat import VatDifference, VatReport

COLUMNS: Final = (
    "section", "label", "currency", "order", "number", "shop_date", "shop_net", "shop_vat",
    "shop_gross", "shop_paid", "invoice", "kashflow_date", "kashflow_net", "kashflow_vat",
    "kashflow_gross", "kashflow_paid",
    "difference_net", "difference_vat", "difference_gross", "difference_paid", "causes", "message",
    "needs_a_person",
)  # fmt: skip
Line = Mapping[str, object]
_YES_NO: Final = {True: "yes", False: "no"}


def report_csv(report: Report) -> str:
    """A reconciliation: its tables, its documents, its differences."""
    return _written(_report_lines(report))


def vat_csv(report: VatReport) -> str:
    """The VAT view: boxes, rates, and the documents that make a difference."""
    return _written(_vat_lines(report))


def _report_lines(report: Report) -> Iterator[Line]:
    yield from (_sum(one) for one in report.sums)
    for section, table in (
        ("rate", report.by_rate),
        ("day", report.by_day),
        ("store", report.by_store),
        ("order", report.by_order),
    ):
        yield from (_beside(section, one) for one in table)
    yield from (_money(one) for one in report.money)
    yield from (_row(one) for one in report.rows)
    yield from (_difference(one) for one in report.differences)
    yield from (_remark(one) for one in report.remarks)


def _vat_lines(report: VatReport) -> Iterator[Line]:
    is_flat = report.scheme.kind is VatScheme.FLAT_RATE
    boxes = (
        ("box 1", "vat", report.shop.box_1, report.account.box_1),
        ("box 6", "gross" if is_flat else "net", report.shop.box_6, report.account.box_6),
    )
    for name, column, shop, account in boxes:
        yield {
            "section": "box",
            "label": name,
            "currency": report.currency,
            f"shop_{column}": shop,
            f"kashflow_{column}": account,
            f"difference_{column}": account - shop,
        }
    yield from (_beside("rate", one) for one in report.by_rate)
    yield from (_beside("foreign", one) for one in report.foreign)
    for one in report.differences:
        yield from _vat_difference(one)
    yield from (_remark(one) for one in report.remarks)


def _sum(one: Sum) -> Line:
    return {
        "section": "total",
        "label": one.currency,
        "currency": one.currency,
        **_counted("shop", one.shop),
        **_counted("kashflow", one.account),
        **_counted("difference", one.difference),
    }


def _beside(section: str, one: Beside) -> Line:
    return {
        "section": section,
        "label": one.label,
        "currency": one.currency,
        **_figures("shop", one.shop),
        **_figures("kashflow", one.account),
        **_figures("difference", one.difference),
    }


def _money(one: MoneyBeside) -> Line:
    return {
        "section": "payment method",
        "label": one.label,
        "currency": one.currency,
        "shop_paid": one.shop,
        "kashflow_paid": one.account,
        "difference_paid": one.difference,
    }


def _row(one: Row) -> Line:
    return {
        "section": "document",
        "label": one.kind.value,
        "currency": one.currency,
        "order": one.order,
        "number": one.number,
        "shop_date": one.shop_day,
        **(_counted("shop", one.shop) if one.shop is not None else {}),
        "invoice": one.invoice_number,
        "kashflow_date": one.account_day,
        **(_counted("kashflow", one.account) if one.account is not None else {}),
        "causes": "; ".join(cause.value for cause in one.causes),
    }


def _difference(one: Difference) -> Line:
    return {
        "section": "difference",
        "label": "payment" if one.is_payment else "document",
        "currency": one.currency,
        "order": one.order,
        "number": one.number,
        "shop_date": one.day,
        "invoice": one.invoice_number,
        **_counted("difference", one.counted),
        "causes": one.cause.value,
        "message": one.message,
        "needs_a_person": _YES_NO[one.needs_a_person],
    }


def _vat_difference(one: VatDifference) -> Iterator[Line]:
    for band, figures in one.bands.items():
        yield {
            "section": "straddling" if one.straddles else "difference",
            "label": band,
            "order": one.order,
            "number": one.number,
            "shop_date": one.shop_day,
            "invoice": one.invoice_number,
            "kashflow_date": one.account_day,
            **_figures("difference", figures),
            "causes": "; ".join(cause.value for cause in one.causes),
            "message": " ".join(one.messages),
            "needs_a_person": _YES_NO[one.needs_a_person],
        }


def _remark(sentence: str) -> Line:
    return {"section": "account", "message": sentence}


def _counted(side: str, one: Counted) -> dict[str, object]:
    return {**_figures(side, one.figures), f"{side}_paid": one.paid}


def _figures(side: str, one: Figures) -> dict[str, object]:
    return {f"{side}_net": one.net, f"{side}_vat": one.vat, f"{side}_gross": one.gross}


def _written(lines: Iterable[Line]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in line.items()} for line in lines)
    return out.getvalue()


def _cell(value: object) -> object:
    # A text that begins like a formula would be computed by a spreadsheet; numbers are no texts.
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value
