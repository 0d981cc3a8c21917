"""The discounts of a document's lines: which figures tell them. The proof: `discount_proofs`.

What a line comes to after discount never hangs on anything here: a discount that is not proved is
a doubt, and its line is what it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve

from kashmag.magento.reading.discount_proofs import Discounted, apart, taken_off
from kashmag.magento.reading.figures import (
    C,
    DiscountFigures,
    DocumentFigures,
    DocumentRow,
    ExactLine,
    Figure,
    OrderFigures,
    RowFigures,
    allowance,
    summed,
)


def of_order(
    order: OrderFigures[C], lines: Sequence[ExactLine[C]], invoices: Sequence[DocumentFigures[C]]
) -> tuple[ExactLine[C], ...]:
    """The lines of a whole order with their discounts; its Magento invoices help to prove them."""
    rows = {row.key: row for row in order.rows}
    doubt = _doubt_of_order(order, [rows[line.key] for line in lines if line.key in rows])
    return tuple(
        evolve(line, discount=_doubted(found, doubt))
        if (found := _of_line(order, line, rows, invoices))
        else line
        for line in lines
    )


def _of_line(
    order: OrderFigures[C],
    line: ExactLine[C],
    rows: Mapping[str, RowFigures[C]],
    invoices: Sequence[DocumentFigures[C]],
) -> DiscountFigures[C] | None:
    if line.key == "shipping":
        shipping = Discounted(
            line=line,
            discount=order.shipping_discount,
            compensation=order.shipping_compensation,
            net_before=order.shipping,
            gross_before=order.shipping_incl_tax,
        )
        return taken_off(shipping, order.discount_label)
    row = rows.get(line.key)
    if row is None:
        return None
    about_gross = None if row.price_incl_tax is None else row.price_incl_tax.times(line.quantity)
    told = Discounted(
        line=line,
        discount=row.discount,
        compensation=row.compensation,
        about_net=row.price.times(line.quantity),
        about_gross=about_gross,
    )
    before = _as_invoiced(told, row, invoices)
    if before is None and line.quantity == 1 and row.price == told.net:
        before = about_gross  # the price of one is the row
    return taken_off(evolve(told, gross_before=before), order.discount_label)


def _as_invoiced(
    told: Discounted[C], row: RowFigures[C], invoices: Sequence[DocumentFigures[C]]
) -> Figure[C] | None:
    """What the row came to before discount with VAT, where it is invoiced as it was ordered."""
    parts = [
        part
        for invoice in invoices
        for part in invoice.rows
        if part.order_item_id == row.item_id is not None
    ]
    grosses = [part.row_total_incl_tax for part in parts if part.row_total_incl_tax is not None]
    nets = [part.row_total for part in parts if part.row_total is not None]
    if sum(part.quantity for part in parts) != row.quantity or len(grosses) != len(parts):
        return None
    pairs = (
        (summed(nets), told.net),
        (summed(part.discount for part in parts), told.discount),
        (summed(part.tax for part in parts), told.line.vat),
    )
    as_ordered = all(apart(*pair) <= allowance(len(parts)) for pair in pairs)
    return summed(grosses) if as_ordered else None


def _doubt_of_order(order: OrderFigures[C], rows: Sequence[RowFigures[C]]) -> str:
    """The order's own totals of discount and compensation, against those of its rows."""
    pairs = (
        (summed(row.discount for row in rows) + order.shipping_discount, -order.discount),
        (summed(row.compensation for row in rows), order.compensation),
    )
    fine = all(apart(*pair) <= allowance(len(rows)) for pair in pairs)
    return "" if fine else "the discounts of the rows do not come to the order's"


def _doubted(found: DiscountFigures[C], doubt: str) -> DiscountFigures[C]:
    if not doubt or found.doubt:
        return found
    nothing: Figure[C] = summed(())
    return evolve(found, net=nothing, vat=nothing, doubt=doubt)


def of_document_row(
    row: DocumentRow[C], line: ExactLine[C], label: str
) -> DiscountFigures[C] | None:
    """The discount of an invoice's or credit memo's row, whose totals are before it."""
    told = Discounted(
        line=line,
        discount=row.discount,
        compensation=row.compensation,
        net_before=row.row_total or summed(()),
        gross_before=row.row_total_incl_tax,
    )
    return taken_off(told, label)


def of_document_shipping(
    document: DocumentFigures[C], line: ExactLine[C], *, discount: Figure[C], label: str
) -> DiscountFigures[C] | None:
    """The discount of an invoice's or credit memo's shipping: `discount` is shipping's share."""
    told = Discounted(
        line=line,
        discount=discount,
        compensation=line.net + discount - document.shipping,
        net_before=document.shipping,
        gross_before=document.shipping_incl_tax,
    )
    return taken_off(told, label)
