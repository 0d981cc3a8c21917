"""Which rows of an order are owed for, and the known meanings of their totals.

`row_total` has had four meanings between 2.3.0 and 2.4.8, `row_total_incl_tax` two, and shops
change them: money.md, section 3. A meaning here is only proposed; the order's own sums prove it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, TypeAlias

from kashmag.magento.reading.figures import C, Figure, RowFigures, summed

# Goods with VAT after discount, without fixed product taxes; None where the row does not tell.
RowReading: TypeAlias = Callable[[RowFigures[C]], Figure[C] | None]
_BUNDLE: Final = "bundle"
_PENNY: Final = Decimal("0.01")


def money_rows(rows: Sequence[RowFigures[C]]) -> tuple[RowFigures[C], ...]:
    """The rows that are owed for: a dynamic bundle's children, every other kind's parents.

    A bundle is dynamic exactly when a child has a price (money.md: right in all 300 bundle rows).
    A configurable's child is a row of zeros.
    """
    children = _children(rows)
    dynamic = {
        row.item_id
        for row in rows
        if row.product_type == _BUNDLE and any(kid.price for kid in children.get(row.item_id, ()))
    }
    return tuple(
        row
        for row in rows
        if (row.parent_item_id in dynamic if _is_child(row) else row.item_id not in dynamic)
    )


def other_structures(rows: Sequence[RowFigures[C]]) -> tuple[tuple[RowFigures[C], ...], ...]:
    """What customised product types may mean: only parents, only leaves, or every row."""
    children = _children(rows)
    paid_for_by_parts = {
        parent for parent, kids in children.items() if any(kid.row_total or kid.tax for kid in kids)
    }
    usual = money_rows(rows)
    known = {_keys(usual)}
    others = []
    for one in (
        tuple(row for row in rows if not _is_child(row)),
        tuple(
            row
            for row in rows
            if (
                row.parent_item_id in paid_for_by_parts
                if _is_child(row)
                else row.item_id not in paid_for_by_parts
            )
        ),
        tuple(rows),
    ):
        if _keys(one) not in known:
            known.add(_keys(one))
            others.append(one)
    return tuple(others)


def _keys(rows: Sequence[RowFigures[C]]) -> frozenset[str]:
    return frozenset(row.key for row in rows)


def _is_child(row: RowFigures[C]) -> bool:
    return bool(row.parent_item_id)


def _children(rows: Sequence[RowFigures[C]]) -> Mapping[int | None, list[RowFigures[C]]]:
    children: dict[int | None, list[RowFigures[C]]] = {}
    for row in rows:
        if _is_child(row):
            children.setdefault(row.parent_item_id, []).append(row)
    return children


def fixed_tax_gross(row: RowFigures[C]) -> Figure[C]:
    """The row's fixed product taxes with their VAT."""
    return summed(levy.gross for levy in row.fixed_taxes)


def served(row: RowFigures[C]) -> Figure[C] | None:
    """2.3.1 and later: `row_total_incl_tax` is after discount, with fixed product taxes."""
    told = row.row_total_incl_tax
    return None if told is None else told - fixed_tax_gross(row)


def served_with_one_levy(row: RowFigures[C]) -> Figure[C] | None:
    """The same in base currency, where the levies of one unit only are in it (money.md)."""
    told = row.row_total_incl_tax
    return None if told is None else told - summed(levy.unit_gross for levy in row.fixed_taxes)


def served_without_levies(row: RowFigures[C]) -> Figure[C] | None:
    """`row_total_incl_tax` after discount, fixed product taxes beside it."""
    return row.row_total_incl_tax


def stored(row: RowFigures[C]) -> Figure[C] | None:
    """2.3.0, and the database: `row_total` before discount."""
    told = row.row_total
    return None if told is None else told - row.discount + row.compensation + row.tax


def discounted(row: RowFigures[C]) -> Figure[C] | None:
    """2.3.1 to 2.4.7: `row_total` after discount, the compensation beside it."""
    told = row.row_total
    return None if told is None else told + row.compensation + row.tax


def finished(row: RowFigures[C]) -> Figure[C] | None:
    """Customised shops: `row_total` is the net that is owed, after everything."""
    told = row.row_total
    return None if told is None else told + row.tax


def stored_with_tax(row: RowFigures[C]) -> Figure[C] | None:
    """`row_total_incl_tax` before discount, the discount taken on prices with VAT."""
    told = row.row_total_incl_tax
    return None if told is None else told - row.discount


def invoiced(row: RowFigures[C]) -> Figure[C] | None:
    """`row_invoiced`: the stored total, before discount, once all of the row is invoiced."""
    if row.row_invoiced is None or row.quantity is None or row.quantity_invoiced != row.quantity:
        return None
    return row.row_invoiced - row.discount + row.compensation + row.tax


def priced(row: RowFigures[C]) -> Figure[C] | None:
    """From the price of one, where row totals are missing or useless (2.4.8)."""
    if row.quantity is None:
        return None
    return row.price.times(row.quantity) - row.discount + row.compensation + row.tax


def priced_with_tax(row: RowFigures[C]) -> Figure[C] | None:
    """From the price of one with VAT, where row totals are missing or useless (2.4.8)."""
    if row.quantity is None or row.price_incl_tax is None:
        return None
    return row.price_incl_tax.times(row.quantity) - row.discount


def priced_in_pence(row: RowFigures[C]) -> Figure[C] | None:
    """From the price of one, the row rounded to pence as the row and total algorithms do."""
    if row.quantity is None:
        return None
    whole = _in_pence(row.price.times(row.quantity))
    return whole - row.discount + row.compensation + row.tax


def priced_with_tax_in_pence(row: RowFigures[C]) -> Figure[C] | None:
    """From the price of one with VAT, the row rounded to pence."""
    if row.quantity is None or row.price_incl_tax is None:
        return None
    return _in_pence(row.price_incl_tax.times(row.quantity)) - row.discount


def _in_pence(amount: Figure[C]) -> Figure[C]:
    return Figure(amount.value.quantize(_PENNY, ROUND_HALF_UP))


def estimates() -> tuple[RowReading[C], ...]:
    """What a row that REST floored at nothing may truly be, the surest first."""
    return (invoiced, priced, priced_with_tax, priced_in_pence, priced_with_tax_in_pence)


def stable_meanings() -> tuple[RowReading[C], ...]:
    """What has been true of every release since 2.3.1, in one currency and in the other."""
    return (served, served_with_one_levy)


def told_meanings() -> tuple[RowReading[C], ...]:
    """What the fields of a row may mean outright, beside `served`."""
    return (
        served_without_levies,
        stored,
        discounted,
        finished,
        stored_with_tax,
        invoiced,
    )


def computed_meanings() -> tuple[RowReading[C], ...]:
    """What the rounded prices of one make of a row: the last resort."""
    return (priced, priced_with_tax)


def is_floored(row: RowFigures[C]) -> bool:
    """Tell a row that REST may have raised to nothing (2.4.5 and later): a discount above it."""
    told = row.row_total_incl_tax
    return told is not None and not told.value and row.discount.value > 0


def bears_out_served(row: RowFigures[C]) -> bool:
    """Tell that the row's other fields agree with `served`, as a known version prints them."""
    told, base = row.row_total_incl_tax, row.row_total
    if told is None or base is None or is_floored(row):
        return True
    parts = base + row.tax + row.compensation
    levies = {fixed_tax_gross(row), summed(levy.unit_gross for levy in row.fixed_taxes)}
    if any(told == parts + levy for levy in levies):
        return True
    # 2.4.8 and 2.4.8-p1: the price of one less the whole discount, never below nothing (#39984);
    # where the shop shows prices with tax, less the tax from the price with it.
    broken = {row.price - row.discount}
    if row.price_incl_tax is not None:
        broken.add(row.price_incl_tax - row.discount - row.tax)
    return base in broken or (not base and any(one.value < 0 for one in broken))
