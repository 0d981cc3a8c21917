"""The percentage of every line: from its row, from the order's taxes, or proved by the sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from attrs import evolve

from kashmag.accounting.vat import plain_rate
from kashmag.magento.reading.figures import (
    C,
    ExactLine,
    Figure,
    OrderFigures,
    RowFigures,
    TaxFigures,
    summed,
)

# A line whose percentage the documents do not tell.
UNKNOWN: Final = Decimal(-1)
_CENT: Final = Decimal("0.01")
_HALF: Final = Decimal("0.0051")


def percent_of(taxes: Sequence[TaxFigures[C]]) -> Decimal:
    """The percentages of one row's taxes together, as Magento's `tax_percent` has them."""
    return plain_rate(sum((tax.percent for tax in taxes), Decimal(0)))


def rate_of_row(order: OrderFigures[C], row: RowFigures[C]) -> Decimal:
    """The row's percentage; 0 where it carries no VAT, UNKNOWN where only the sums can tell."""
    if row.tax_percent:
        return plain_rate(row.tax_percent)
    listed = [
        tax
        for tax in order.item_taxes
        if tax.item_id == row.item_id is not None and tax.kind in ("", "product")
    ]
    return _rate(percent_of(listed), row.tax)


def rate_of_kind(order: OrderFigures[C], kind: str, vat: Figure[C]) -> Decimal:
    """The percentage of shipping, or of another thing that the taxes list by its kind."""
    return _rate(percent_of([tax for tax in order.item_taxes if tax.kind == kind]), vat)


def _rate(told: Decimal, vat: Figure[C]) -> Decimal:
    return told if told or not vat else UNKNOWN


def stacked(order: OrderFigures[C]) -> tuple[str, ...]:
    """Name what carries more than one tax: the items' ids, and other kinds."""
    per_thing: dict[tuple[str, int | None], int] = {}
    for tax in order.item_taxes:
        if tax.percent:
            thing = (tax.kind, tax.item_id)
            per_thing[thing] = per_thing.get(thing, 0) + 1
    return tuple(
        f"item {item_id}" if item_id is not None else kind
        for (kind, item_id), taxes in per_thing.items()
        if taxes > 1
    )


def vat_per_rate(lines: Sequence[ExactLine[C]]) -> Mapping[Decimal, Figure[C]]:
    """The VAT of the lines at each percentage."""
    totals: dict[Decimal, Figure[C]] = {}
    for line in lines:
        totals[line.rate] = line.vat + totals[line.rate] if line.rate in totals else line.vat
    return totals


def applied_per_rate(order: OrderFigures[C]) -> Mapping[Decimal, Figure[C]]:
    """The VAT that the order lists at each percentage; a 0 % rate leaves no trace."""
    totals: dict[Decimal, Figure[C]] = {}
    for tax in order.applied_taxes:
        rate = plain_rate(tax.percent)
        totals[rate] = tax.amount + totals[rate] if rate in totals else tax.amount
    return totals


def with_rates_proved(
    order: OrderFigures[C], lines: Sequence[ExactLine[C]]
) -> tuple[ExactLine[C], ...]:
    """Give lines of UNKNOWN rate the one that the sums leave; they keep UNKNOWN without proof."""
    missing = [line for line in lines if line.rate == UNKNOWN]
    if not missing:
        return tuple(lines)
    known = vat_per_rate([line for line in lines if line.rate != UNKNOWN])
    applied = applied_per_rate(order)
    left = {
        rate: amount - known[rate] if rate in known else amount for rate, amount in applied.items()
    }
    rates = sorted({*applied, *known} - {Decimal(0)})
    proved: dict[str, Decimal] = {}
    for line in missing:
        fitting = [r for r in rates if abs(line.net.value * r / 100 - line.vat.value) <= _CENT]
        if len(missing) == 1:
            by_sum = [r for r in left if left[r] and abs((left[r] - line.vat).value) <= _HALF]
            fitting = by_sum if len(by_sum) == 1 else fitting
        if len(fitting) == 1:
            proved[line.key] = fitting[0]
    return tuple(evolve(line, rate=proved.get(line.key, line.rate)) for line in lines)


def unlike_applied(
    order: OrderFigures[C], lines: Sequence[ExactLine[C]]
) -> tuple[tuple[Decimal, Figure[C], Figure[C]], ...]:
    """Percentages at which the lines' VAT is not what the order lists: rate, lines', listed.

    Half a penny is allowed: with decimal quantities and VAT per unit the two are rounded apart
    (money.md: 9 of 1,273 orders). Nothing is compared where the order lists no taxes.
    """
    applied = applied_per_rate(order)
    if not applied or stacked(order):
        return ()
    found = vat_per_rate(lines)
    nothing: Figure[C] = summed(())
    return tuple(
        (rate, found.get(rate, nothing), applied.get(rate, nothing))
        for rate in sorted({*found, *applied}, reverse=True)
        if abs((found.get(rate, nothing) - applied.get(rate, nothing)).value) > _HALF
    )
