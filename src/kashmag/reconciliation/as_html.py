"""Reports as one plain HTML page each: no script, no link, readable on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import Final

from kashmag.reconciliation.causes import Difference
from kashmag.reconciliation.figures import Counted, Figures
from kashmag.reconciliation.report import Beside, Report
from kashmag.reconciliation.sentences import verdict
from kashmag.reconciliation.vat import VatDifference, VatReport

_STYLE: Final = """
body { font: 11pt/1.4 Georgia, serif; margin: 2em auto; max-width: 70em; color: #111; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin: 1.6em 0 .4em; }
table { border-collapse: collapse; width: 100%; font-size: .9em; }
th, td { border-bottom: 1px solid #bbb; padding: .2em .6em; text-align: left; vertical-align: top; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead { display: table-header-group; } tr { break-inside: avoid; }
.verdict { font-weight: bold; } .off { font-weight: bold; }
@media print { body { margin: 0; max-width: none; font-size: 9pt; } h2 { break-after: avoid; } }
"""
_SIDES: Final = tuple(
    f"{side} {column}" if column == "net" else column
    for side in ("Shop", "KashFlow", "Difference")
    for column in ("net", "VAT", "gross")
)
_COUNTED: Final = ("*Net", "*VAT", "*Gross", "*Paid")


def report_html(report: Report) -> str:
    """A reconciliation as a page."""
    return _page(
        f"Reconciliation {report.period}",
        _verdict(report),
        _totals(report),
        _causes(report),
        _differences(report.differences),
        _besides("By VAT rate", "Rate", report.by_rate),
        _besides("By store", "Store", report.by_store),
        _money(report),
        _besides("By day", "Day", report.by_day),
        _documents(report),
    )


def vat_html(report: VatReport) -> str:
    """The VAT view of a period as a page."""
    boxes = [
        ("Box 1: VAT due on sales", report.shop.box_1, report.account.box_1),
        (f"Box 6: {report.scheme.box_6}", report.shop.box_6, report.account.box_6),
    ]
    told = verdict(report.differences, waits=len(report.waiting), remarks=report.remarks)
    return _page(
        f"VAT on sales {report.period}",
        f'<p class="verdict">{escape(told)}</p>',
        *(f"<p>{escape(one)}</p>" for one in report.remarks),
        f"<p>{escape(report.scheme.title)}; amounts in {escape(report.currency)}. The return "
        "itself is made and filed in KashFlow.</p>",
        _table(
            "Boxes",
            ("", "*Shop", "*KashFlow's documents", "*Difference"),
            ((name, shop, account, account - shop) for name, shop, account in boxes),
        ),
        _besides("By VAT rate", "Rate", report.by_rate),
        _besides("VAT of other countries (in no box)", "Rate", report.foreign),
        _vat_documents("Documents on either side of the cut-off", report.straddling),
        _vat_documents(
            "Documents that make a difference and need a person", _same_side(report.waiting)
        ),
        _vat_documents(
            "Documents whose difference is explained; nothing is to be done",
            _same_side(report.explained),
        ),
    )


def _same_side(found: Sequence[VatDifference]) -> tuple[VatDifference, ...]:
    return tuple(one for one in found if not one.straddles)


def _verdict(report: Report) -> str:
    waits = sum(one.needs_a_person for one in report.differences)
    told = verdict(report.differences, waits=waits, unread=report.unread, remarks=report.remarks)
    adds_up = (
        "The differences below come to exactly what the totals differ by."
        if report.balances
        else "THE DIFFERENCES DO NOT ADD UP: please report this."
    )
    waiting = f" Orders that are not due yet: {report.waiting}." if report.waiting else ""
    waiting += "".join(f" Not read: {one}" for one in report.unread)
    waiting += "".join(f" {one}" for one in report.remarks)
    return f'<p class="verdict">{escape(told)}</p><p>{escape(adds_up + waiting)}</p>'


def _causes(report: Report) -> str:
    return _table(
        "Differences by cause",
        ("Cause", "Currency", "*Documents and payments", *_COUNTED),
        (
            (
                cause.value,
                currency,
                sum(one.currency == currency for one in found),
                *_four(sum((o.counted for o in found if o.currency == currency), Counted())),
            )
            for cause, found in report.by_cause.items()
            for currency in sorted({one.currency for one in found})
        ),
    )


def _totals(report: Report) -> str:
    """The two sides and what they differ by, in the columns of every line below."""
    return _table(
        "Totals",
        ("Currency", "Side", *_COUNTED),
        (
            (one.currency, name, *_four(side))
            for one in report.sums
            for name, side in (
                ("Shop", one.shop),
                ("KashFlow", one.account),
                ("Difference", one.difference),
            )
        ),
    )


def _differences(differences: Sequence[Difference]) -> str:
    return _table(
        "Differences",
        ("Cause", "Order", "Document", "Invoice", "Day", "Currency", *_COUNTED, "What"),
        (
            (
                one.cause.value, one.order, one.number, one.invoice_number, one.day,
                one.currency, *_four(one.counted), one.message,
            )
            for one in differences
        ),
    )  # fmt: skip


def _documents(report: Report) -> str:
    return _table(
        "Documents",
        (
            "Order", "Document", "Currency", "Day", "*Shop net", "*VAT", "*gross", "*paid",
            "Invoice", "Day", "*KashFlow net", "*VAT", "*gross", "*paid", "Remarks",
        ),
        (
            (
                row.order, row.number, row.currency, row.shop_day, *_four(row.shop),
                row.invoice_number, row.account_day, *_four(row.account),
                ", ".join(cause.value for cause in row.causes),
            )
            for row in report.rows
        ),
    )  # fmt: skip


def _money(report: Report) -> str:
    return _table(
        "Money by payment method",
        ("Method", "Currency", "*Shop", "*KashFlow", "*Difference"),
        ((one.label, one.currency, one.shop, one.account, one.difference) for one in report.money),
    )


def _besides(title: str, label: str, table: Sequence[Beside]) -> str:
    several = len({one.currency for one in table}) > 1
    return _table(
        title,
        (label, *(f"*{side}" for side in _SIDES)),
        (
            (
                f"{one.label} ({one.currency})" if several and one.label != one.currency
                else one.label,
                *_three(one.shop), *_three(one.account), *_three(one.difference),
            )
            for one in table
        ),
    )  # fmt: skip


def _vat_documents(title: str, found: Sequence[VatDifference]) -> str:
    return _table(
        title,
        (
            "Order", "Document", "Shop day", "Invoice", "KashFlow day", "*Net", "*VAT", "*Gross",
            "Why",
        ),
        (
            (
                one.order, one.number, one.shop_day, one.invoice_number, one.account_day,
                *_three(one.delta),
                " ".join(one.messages) + (" In a filed return." if one.is_filed else ""),
            )
            for one in found
        ),
    )  # fmt: skip


def _four(counted: Counted | None) -> tuple[Decimal | None, ...]:
    """The columns of figures and money; empty where there is no such document."""
    if counted is None:
        return (None,) * len(_COUNTED)
    return (*_three(counted.figures), counted.paid)


def _three(figures: Figures) -> tuple[Decimal, Decimal, Decimal]:
    return figures.net, figures.vat, figures.gross


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with its title; nothing where there is no row. A * marks columns of numbers."""
    numeric = [head.startswith("*") for head in heads]
    body = "".join(
        "<tr>" + "".join(_cell("td", value, n) for value, n in zip(row, numeric)) + "</tr>\n"
        for row in rows
    )
    if not body:
        return ""
    head = "".join(_cell("th", text.lstrip("*"), n) for text, n in zip(heads, numeric))
    return (
        f"<h2>{escape(title)}</h2>\n<table><thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}</tbody></table>\n"
    )


def _cell(tag: str, value: object, is_number: bool) -> str:
    mark = ' class="n"' if is_number else ""
    return f"<{tag}{mark}>{escape('' if value is None else str(value))}</{tag}>"


def _page(title: str, *parts: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n{''.join(parts)}</body></html>\n"
    )
