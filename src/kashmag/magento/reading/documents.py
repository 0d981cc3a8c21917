"""The lines of a Magento invoice or credit memo: its own figures, which REST does not rewrite.

Here `row_total` is before discount in every version of Magento (customised shops differ: the
document's own total decides), the document's discount has shipping's share in it, and on memos the
compensation has shipping's share too (money.md, section 5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Generic

from attrs import evolve, frozen

from kashmag.accounting.sale import LineKind
from kashmag.magento.reading import discount_proofs, discounts
from kashmag.magento.reading.figures import (
    C,
    DocumentFigures,
    DocumentRow,
    ExactLine,
    Figure,
    RowFigures,
    allowance,
    summed,
)
from kashmag.magento.reading.rates import UNKNOWN
from kashmag.magento.reading.strange_totals import explain


@frozen
class OrderLines(Generic[C]):
    """The order's own lines by key, and its rows by id, to which documents refer."""

    lines: Mapping[str, ExactLine[C]]
    rows: Mapping[int | None, RowFigures[C]]
    discount_label: str = ""


def lines_of(document: DocumentFigures[C], known: OrderLines[C]) -> tuple[ExactLine[C], ...]:
    """The document's lines: rows, their levies, shipping, fees; unproved until they meet.

    Where Magento's own meaning of `row_total` does not come to the document's total, the one
    other meaning that does is taken; two that differ are none.
    """
    usual = _lines(document, known, _before_discount)
    if meets(document, usual):
        return usual
    others = {
        lines
        for net_of in (_after_discount, _finished)
        if meets(document, lines := _lines(document, known, net_of))
    }
    return others.pop() if len(others) == 1 else usual


def _before_discount(row: DocumentRow[C]) -> Figure[C]:
    return _row_total(row) - row.discount + row.compensation


def _after_discount(row: DocumentRow[C]) -> Figure[C]:
    return _row_total(row) + row.compensation


def _finished(row: DocumentRow[C]) -> Figure[C]:
    return _row_total(row)


def _row_total(row: DocumentRow[C]) -> Figure[C]:
    return row.row_total or summed(())


def _lines(
    document: DocumentFigures[C],
    known: OrderLines[C],
    net_of: Callable[[DocumentRow[C]], Figure[C]],
) -> tuple[ExactLine[C], ...]:
    merged: dict[str, ExactLine[C]] = {}
    for row in document.rows:
        for line in _row_lines(row, known, net_of(row)):
            merged[line.key] = joined(merged[line.key], line) if line.key in merged else line
    for line in (*_shipping(document, known), *_fees(document, known)):
        merged[line.key] = line
    lines = tuple(merged.values())
    return lines + _strange(document, lines, known)


def joined(one: ExactLine[C], other: ExactLine[C]) -> ExactLine[C]:
    """Two parts of one line as one."""
    return evolve(
        one,
        quantity=one.quantity + other.quantity,
        net=one.net + other.net,
        vat=one.vat + other.vat,
        discount=discount_proofs.joined(one.discount, other.discount),
    )


def lines_gross(lines: Sequence[ExactLine[C]]) -> Figure[C]:
    """What lines come to with VAT."""
    return summed(line.gross for line in lines)


def due_of(document: DocumentFigures[C]) -> Figure[C]:
    """The document's total before credits, without its adjustment: what its lines come to."""
    total: Figure[C] = document.grand_total or summed(())
    return total + summed(one.amount for one in document.credits) - document.adjustment


def meets(document: DocumentFigures[C], lines: Sequence[ExactLine[C]]) -> bool:
    """Tell that a document's lines come to its total."""
    missed = lines_gross(lines) - due_of(document)
    return abs(missed.value) <= allowance(len(lines))


def _row_lines(row: DocumentRow[C], known: OrderLines[C], net: Figure[C]) -> list[ExactLine[C]]:
    key = f"item:{row.order_item_id}"
    original = known.lines.get(key)
    if not net and not row.tax and not original:
        return []
    goods = ExactLine(
        key=key,
        description=original.description if original else row.name or key,
        net=net,
        vat=row.tax,
        rate=_rate(original, row.tax),
        quantity=row.quantity,
        sku=row.sku,
        product_type=original.product_type if original else "",
    )
    discount = discounts.of_document_row(row, goods, known.discount_label)
    lines = [evolve(goods, discount=discount)]
    for at, levy in enumerate(row.fixed_taxes):
        levied = known.lines.get(f"{key}:fpt:{at}")
        lines.append(
            ExactLine(
                key=f"{key}:fpt:{at}",
                description=levied.description if levied else f"{levy.title}: {row.name}",
                net=levy.net,
                vat=levy.gross - levy.net,
                rate=_rate(levied, levy.gross - levy.net),
                kind=LineKind.FEE,
            )
        )
    return lines


def _rate(original: ExactLine[C] | None, vat: Figure[C]) -> Decimal:
    if original is not None:
        return original.rate
    return UNKNOWN if vat else Decimal(0)


def _shipping(document: DocumentFigures[C], known: OrderLines[C]) -> list[ExactLine[C]]:
    """Shipping, with the shares of discount and compensation that are not its rows'."""
    discount = -document.discount - summed(row.discount for row in document.rows)
    compensation = document.compensation - summed(row.compensation for row in document.rows)
    net = document.shipping - discount + compensation + document.shipping_compensation
    if not net and not document.shipping_tax and not discount:
        return []
    original = known.lines.get("shipping")
    line = ExactLine(
        key="shipping",
        description=original.description if original else "Shipping",
        net=net,
        vat=document.shipping_tax,
        rate=_rate(original, document.shipping_tax),
        kind=LineKind.CARRIAGE,
    )
    found = discounts.of_document_shipping(
        document, line, discount=discount, label=known.discount_label
    )
    return [evolve(line, discount=found)]


def _fees(document: DocumentFigures[C], known: OrderLines[C]) -> list[ExactLine[C]]:
    return [
        ExactLine(
            key=f"fee:{fee.key}",
            description=fee.title,
            net=fee.net,
            vat=fee.tax,
            rate=_rate(known.lines.get(f"fee:{fee.key}"), fee.tax),
            kind=LineKind.FEE,
        )
        for fee in document.fees
    ]


def _strange(
    document: DocumentFigures[C], lines: Sequence[ExactLine[C]], known: OrderLines[C]
) -> tuple[ExactLine[C], ...]:
    """Totals of extensions that the document names and that are what its lines lack."""
    if meets(document, lines):
        return ()
    vat = document.tax - summed(line.vat for line in lines)
    if abs(vat.value) <= allowance(len(lines)):
        vat = summed(())
    gap = due_of(document) - lines_gross(lines)
    return tuple(
        ExactLine(
            key=f"fee:{fee.key}",
            description=fee.title,
            net=fee.net,
            vat=fee.tax,
            rate=_rate(known.lines.get(f"fee:{fee.key}"), fee.tax),
            kind=LineKind.FEE,
        )
        for fee in explain(document.strangers, gap, vat)
    )
