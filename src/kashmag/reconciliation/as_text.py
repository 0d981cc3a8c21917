"""Reports as lines for a terminal: the figures in the same columns throughout, the words after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from kashmag.reconciliation.figures import Figures, pence
from kashmag.reconciliation.report import Beside, Report, Sum
from kashmag.reconciliation.sentences import verdict
from kashmag.reconciliation.vat import VatDifference, VatReport

_WIDTH: Final = 12
_FIGURES: Final = ("net", "VAT", "gross")
_COUNTED: Final = (*_FIGURES, "paid")


def report_text(report: Report, *, whence: str) -> str:
    """A reconciliation: what both sides come to, and every difference by its cause."""
    return "\n".join(_report_lines(report, whence))


def vat_text(report: VatReport, *, unread: Sequence[str] = ()) -> str:
    """The VAT view: boxes, rates, and the documents that make a difference."""
    return "\n".join(_vat_lines(report, unread))


def _report_lines(report: Report, whence: str) -> Iterator[str]:
    several = len(report.sums) > 1
    yield f"Reconciliation {report.period} ({whence})"
    yield _line(_COUNTED)
    for one in report.sums:
        yield from _sum(one)
    if len(report.by_rate) > 1:
        yield from _besides("by rate:", report.by_rate)
    for cause, found in report.by_cause.items():
        yield f"{cause.value}: {sum(not one.is_other_side for one in found)}"
        for difference in found:
            money = f" ({difference.currency})" if several else ""
            cells = (*_three(difference.delta), difference.paid)
            yield _line(cells, difference.message + money)
    if report.waiting:
        yield f"orders that are not due yet: {report.waiting}"
    waits = sum(one.needs_a_person for one in report.differences)
    yield from report.remarks
    yield verdict(report.differences, waits=waits, unread=report.unread, remarks=report.remarks)


def _vat_lines(report: VatReport, unread: Sequence[str]) -> Iterator[str]:
    yield f"VAT on sales {report.period} ({report.scheme.title}; {report.currency})"
    yield _line(("shop", "KashFlow", "difference"))
    for name, shop, account in (
        ("box 1, VAT due on sales", report.shop.box_1, report.account.box_1),
        (f"box 6, {report.scheme.box_6}", report.shop.box_6, report.account.box_6),
    ):
        yield _line((shop, account, account - shop), name)
    yield from _besides("by rate:", report.by_rate)
    yield from _besides("VAT of other countries, in no box:", report.foreign)
    yield from _documents("Either side of the cut-off:", report.straddling)
    for title, found in (
        ("Documents that make a difference and need a person:", report.waiting),
        ("Documents whose difference is explained:", report.explained),
    ):
        yield from _documents(title, [one for one in found if not one.straddles])
    yield from report.remarks
    waits = len(report.waiting)
    yield verdict(report.differences, waits=waits, unread=unread, remarks=report.remarks)


def _sum(one: Sum) -> Iterator[str]:
    for name, side in (
        ("shop", one.shop),
        ("KashFlow", one.account),
        ("difference", one.difference),
    ):
        yield _line((*_three(side.figures), side.paid), f"{one.currency} {name}")


def _besides(title: str, table: Sequence[Beside]) -> Iterator[str]:
    if not table:
        return
    yield title
    yield _line(_FIGURES)
    several = len({one.currency for one in table}) > 1
    for one in table:
        label = f"{one.label} {one.currency}" if several else one.label
        yield _line(_three(one.shop), f"{label}: shop")
        yield _line(_three(one.account), f"{label}: KashFlow")
        yield _line(_three(one.difference), f"{label}: difference")


def _documents(title: str, found: Sequence[VatDifference]) -> Iterator[str]:
    if not found:
        return
    yield title
    yield _line(_FIGURES)
    for one in found:
        filed = " (in a filed return)" if one.is_filed else ""
        said = " ".join(one.messages) or f"invoice {one.invoice_number}"
        yield _line(_three(one.delta), said + filed)


def _three(figures: Figures) -> tuple[Decimal, Decimal, Decimal]:
    return figures.net, figures.vat, figures.gross


def _line(cells: Iterable[object], words: str = "") -> str:
    told = (pence(cell) if isinstance(cell, Decimal) else cell for cell in cells)
    return ("".join(f"{cell!s:>{_WIDTH}}" for cell in told) + f"  {words}").rstrip()
