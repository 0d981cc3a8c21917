"""What the rows of an order mean, proved by its own sums.

The meaning that is stable over all versions is tried first (money.md, section 4): `served`, with
the rows that REST floored at nothing solved by the total. If it does not come to the grand total,
the known other meanings are tried, then totals of extensions that the document names. Where two
meanings fit and differ, the order is ambiguous, and where none fits, it says by how much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Generic

from attrs import evolve, field, frozen

from kashmag.accounting.problems import Problem
from kashmag.magento.reading import problems, rows
from kashmag.magento.reading.figures import (
    C,
    ExactLine,
    FeeFigures,
    Figure,
    OrderFigures,
    RowFigures,
    allowance,
    summed,
)
from kashmag.magento.reading.order_lines import lines_of_order, shipping_net
from kashmag.magento.reading.strange_totals import called, explain

_STEP = Decimal("0.0001")


@frozen
class Proof(Generic[C]):
    """The lines of an order, proved, or the problem that there is no proof."""

    lines: tuple[ExactLine[C], ...] = ()
    problem: Problem | None = field(default=None, kw_only=True)


@frozen
class _Meaning(Generic[C]):
    """Rows and the gross of each, as one of the known meanings has them."""

    rows: tuple[RowFigures[C], ...]
    grosses: tuple[Figure[C], ...]
    fees: tuple[FeeFigures[C], ...] = ()

    @property
    def total(self) -> Figure[C]:
        return summed(self.grosses) + summed(fee.net + fee.tax for fee in self.fees)

    def per_row(self) -> dict[str, Figure[C]]:
        """The rows that carry anything."""
        told = zip(self.rows, self.grosses, strict=True)
        return {row.key: gross for row, gross in told if gross or row.tax}


def prove(order: OrderFigures[C], due: Figure[C]) -> Proof[C]:
    """Read an order's rows so that everything comes to `due`, its total before credits."""
    target = due - _beside_goods(order)
    usual = rows.money_rows(order.rows)
    fitting: list[_Meaning[C]] = []
    stable: tuple[rows.RowReading[C], ...] = rows.stable_meanings()
    for reading in stable:
        meaning = _served(usual, target, reading)
        if meaning is not None and _comes_to(meaning, target):
            if all(rows.bears_out_served(row) for row in usual):
                return _proof(order, meaning)
            fitting.append(meaning)
    if fitting:
        others = _fitting(rows.told_meanings(), (usual,), target)
        return _only_one(order, [*fitting, *others], target)
    return _otherwise(order, usual, due)


def _otherwise(
    order: OrderFigures[C], usual: tuple[RowFigures[C], ...], due: Figure[C]
) -> Proof[C]:
    target = due - _beside_goods(order)
    for structures in ((usual,), rows.other_structures(order.rows)):
        fitting = _fitting(rows.told_meanings(), structures, target)
        if fitting:
            return _only_one(order, fitting, target)
    computed = _fitting(rows.computed_meanings(), (usual,), target)
    # Prices are rounded: one computed meaning alone may be pennies off on two lines at once.
    if len(computed) > 1:
        return _only_one(order, computed, target)
    explained = _with_strangers(order, usual, target)
    if explained:
        return _only_one(order, explained, target)
    return Proof(problem=_unproved(order, usual, due))


def _fitting(
    readings: Sequence[rows.RowReading[C]],
    structures: Sequence[tuple[RowFigures[C], ...]],
    target: Figure[C],
) -> list[_Meaning[C]]:
    """Every meaning that comes to the target."""
    return [
        meaning
        for structure in structures
        for reading in readings
        if (meaning := _read(structure, reading)) is not None and _comes_to(meaning, target)
    ]


def _read(
    structure: tuple[RowFigures[C], ...], reading: Callable[[RowFigures[C]], Figure[C] | None]
) -> _Meaning[C] | None:
    grosses = []
    for row in structure:
        gross = reading(row)
        if gross is None:
            return None
        grosses.append(gross)
    return _Meaning(structure, tuple(grosses))


def _comes_to(meaning: _Meaning[C], target: Figure[C]) -> bool:
    return abs((meaning.total - target).value) <= allowance(len(meaning.rows))


def _served(
    usual: tuple[RowFigures[C], ...], target: Figure[C], reading: rows.RowReading[C]
) -> _Meaning[C] | None:
    """A stable meaning, with floored rows put below nothing again where the total needs it."""
    meaning = _read(usual, reading)
    if meaning is None or _comes_to(meaning, target):
        return meaning
    short = target - meaning.total
    floored = [row for row in usual if rows.is_floored(row)]
    if short.value > 0 or not floored:
        return meaning
    unfloored = _unfloored(floored, short)
    return _Meaning(
        usual,
        tuple(
            unfloored.get(row.key, gross) for row, gross in zip(usual, meaning.grosses, strict=True)
        ),
    )


def _unfloored(floored: Sequence[RowFigures[C]], short: Figure[C]) -> dict[str, Figure[C]]:
    """What the floored rows truly are: as invoiced, as priced, or the only one by the total."""
    readings: tuple[rows.RowReading[C], ...] = rows.estimates()
    for reading in readings:
        told = {row.key: gross for row in floored if (gross := reading(row)) is not None}
        below = {key: gross for key, gross in told.items() if gross.value < 0}
        if len(told) == len(floored) and abs((summed(below.values()) - short).value) <= _STEP * len(
            floored
        ):
            return below
    estimates = {row.key: rows.priced(row) for row in floored}
    candidates = [
        row
        for row in floored
        if (guess := estimates[row.key]) is not None
        and abs((guess - short).value) <= _rounding_of(row)
    ]
    others_fine = [row for row in floored if row not in candidates]
    if len(candidates) == 1 and all(_may_be_nothing(row) for row in others_fine):
        return {candidates[0].key: short}
    return {}


def _rounding_of(row: RowFigures[C]) -> Decimal:
    """How far a price rounded to pence leads a row astray: half a penny for each unit."""
    return Decimal("0.005") * abs(row.quantity or Decimal(0)) + Decimal("0.01")


def _may_be_nothing(row: RowFigures[C]) -> bool:
    guess = rows.priced(row)
    return guess is not None and guess.value > -_rounding_of(row)


def _only_one(
    order: OrderFigures[C], fitting: Sequence[_Meaning[C]], target: Figure[C]
) -> Proof[C]:
    """The one meaning that fits; what fits to the last digit beats what fits nearly."""
    nearest = min(abs(one.total - target) for one in fitting)
    first, *others = [one for one in fitting if abs(one.total - target) == nearest]
    for other in others:
        here, there = first.per_row(), other.per_row()
        for key in {**here, **there}:
            one, two = here.get(key), there.get(key)
            if one is None or two is None or abs((one - two).value) > _STEP:
                zero = Decimal(0)
                return Proof(
                    problem=problems.ambiguous(
                        order.number,
                        one.value if one else zero,
                        two.value if two else zero,
                        key,
                    )
                )
    return _proof(order, first)


def _beside_goods(order: OrderFigures[C]) -> Figure[C]:
    """Everything that is owed beside the rows' goods: levies, shipping, fees."""
    levies = [rows.fixed_tax_gross(row) for row in rows.money_rows(order.rows)]
    fees = [fee.net + fee.tax for fee in order.fees]
    return summed(levies) + shipping_net(order) + order.shipping_tax + summed(fees)


def _told_vat(order: OrderFigures[C], money: Sequence[RowFigures[C]]) -> Figure[C]:
    """The VAT of everything that the order names."""
    levies = summed(levy.gross - levy.net for row in money for levy in row.fixed_taxes)
    fees = summed(fee.tax for fee in order.fees)
    return summed(row.tax for row in money) + order.shipping_tax + levies + fees


def _with_strangers(
    order: OrderFigures[C], usual: tuple[RowFigures[C], ...], target: Figure[C]
) -> list[_Meaning[C]]:
    """The meanings that come to the target with fees of extensions that the document names."""
    vat = order.tax - _told_vat(order, usual)
    if abs(vat.value) <= allowance(len(usual)):
        vat = summed(())
    meanings = []
    readings: list[rows.RowReading[C]] = []
    readings.extend(rows.stable_meanings())
    readings.extend(rows.told_meanings())
    for reading in readings:
        meaning = _read(usual, reading)
        if meaning is None:
            continue
        fees = explain(order.strangers, target - meaning.total, vat)
        if fees:
            meanings.append(evolve(meaning, fees=fees))
    return meanings


def _unproved(order: OrderFigures[C], usual: tuple[RowFigures[C], ...], due: Figure[C]) -> Problem:
    """Say by how much, and whether it is the order's totals that leave it or its rows."""
    told = _read(usual, rows.served) or _read(usual, rows.stored)
    found = (told.total if told else summed(())) + _beside_goods(order)
    left = due - found
    if order.subtotal is not None:
        fees = summed(fee.net for fee in order.fees)
        own = (
            order.subtotal
            + order.discount
            + order.tax
            + order.compensation
            + order.shipping
            + order.shipping_compensation
            + fees
        )
        extra = due - own
        if abs(extra.value) > allowance(len(usual)) and extra == left:
            hint = called(order.strangers, extra)
            return problems.unknown_total(order.number, extra.value, order.currency, named=hint)
    hint = called(order.strangers, left)
    if hint:
        return problems.unknown_total(order.number, left.value, order.currency, named=hint)
    return problems.rows_do_not_meet(order.number, found.value, due.value, order.currency)


def _proof(order: OrderFigures[C], meaning: _Meaning[C]) -> Proof[C]:
    return Proof(lines_of_order(order, meaning.rows, meaning.grosses, meaning.fees))
