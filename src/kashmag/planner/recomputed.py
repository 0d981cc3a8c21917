"""Shapes for an account whose KashFlow computes VAT itself: round half up per line.

Whether it does is unproved until the first invoice is read back (`Assumptions`, the canary). There
a line's VAT is what rounding makes of its net, so lines are divided until the roundings come to
the VAT that the shop charged, per percentage; where no division does, there is no shape and the
order is held. A net that KashFlow would round at exactly half a penny is avoided where possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from attrs import evolve, frozen

from kashmag.accounting.money import round_money
from kashmag.accounting.sale import SaleLine
from kashmag.accounting.vat import plain_rate
from kashmag.kashflow.invoice_records import LineDraft
from kashmag.planner.lines import Placement, Sign, shape

# An invoice of more lines than this for one thing sold is no invoice that anybody reads.
MOST_PARTS: Final = 8
_PENNY: Final = Decimal("0.01")
_HALF: Final = Decimal("0.5")


def recomputed_vat(line: LineDraft) -> Decimal:
    """What such a KashFlow makes of a line: quantity x rate x percentage, half up to pence."""
    exact = line.quantity * line.rate * line.vat_level / 100
    return round_money(exact, "GBP").amount


def shape_recomputed(
    lines: Sequence[tuple[SaleLine, Placement]], *, rate_decimals: int, sign: Sign = 1
) -> tuple[LineDraft, ...] | None:
    """Say lines so that recomputed VAT is what was charged at each percentage; else None.

    Every line's `vat_amount` is what KashFlow will make of it, so it does not matter whether it
    does. VAT moves between lines of one percentage by pennies, never between percentages.
    """
    done: dict[int, tuple[LineDraft, ...]] = {}
    for rate in sorted({plain_rate(line.vat_rate) for line, _ in lines}):
        group = [at for at, (line, _) in enumerate(lines) if plain_rate(line.vat_rate) == rate]
        due = sum((sign * lines[at][0].vat.amount for at in group), Decimal(0))
        pieces = [
            _Piece(at, line, placement, _with_own_vat(drafts))
            for at in group
            for line, placement in [lines[at]]
            for drafts in [shape(line, placement, rate_decimals=rate_decimals, sign=sign)]
        ]
        shaped = _shape_group(pieces, due)
        if shaped is None:
            return None
        done |= shaped
    return tuple(draft for at in range(len(lines)) for draft in done[at])


@frozen
class _Piece:
    """One line of a sale and the drafts that say it."""

    at: int
    line: SaleLine
    placement: Placement
    drafts: tuple[LineDraft, ...]

    @property
    def vat(self) -> Decimal:
        return sum((draft.vat_amount for draft in self.drafts), Decimal(0))


def _with_own_vat(drafts: Sequence[LineDraft]) -> tuple[LineDraft, ...]:
    return tuple(evolve(draft, vat_amount=recomputed_vat(draft)) for draft in drafts)


def _shape_group(pieces: list[_Piece], due: Decimal) -> dict[int, tuple[LineDraft, ...]] | None:
    """Divide the largest lines first until the roundings come to what is due."""
    missing = due - sum((piece.vat for piece in pieces), Decimal(0))
    by_size = sorted(range(len(pieces)), key=lambda i: (-abs(pieces[i].line.net.amount), i))
    for index in by_size:
        if not missing:
            break
        divided = _divided(pieces[index], missing)
        missing -= divided.vat - pieces[index].vat
        pieces[index] = divided
    return None if missing else {piece.at: piece.drafts for piece in pieces}


def _divided(piece: _Piece, missing: Decimal) -> _Piece:
    """The piece divided so that it takes as much of what is missing as it can."""
    best = piece
    for drafts in _divisions(piece):
        other = evolve(piece, drafts=_with_own_vat(drafts))
        gained, so_far = other.vat - piece.vat, best.vat - piece.vat
        if abs(missing - gained) < abs(missing - so_far):
            best = other
        if gained == missing:
            break
    return best


def _divisions(piece: _Piece) -> Iterator[tuple[LineDraft, ...]]:
    """Ways to say the same line in more parts, fewest parts first."""
    first = piece.drafts[0]
    whole = piece.placement.keeps_whole_units and first.product_code is not None
    if whole:
        yield from _by_units(piece.drafts)
    else:
        yield from _by_amount(piece, first)


def _by_units(drafts: tuple[LineDraft, ...]) -> Iterator[tuple[LineDraft, ...]]:
    """Divide whole units of one price among several lines."""
    for at, draft in enumerate(drafts):
        units = int(draft.quantity)
        for parts in range(2, min(MOST_PARTS, units) + 1):
            for size in _sizes(units, parts):
                counts = [size] * (parts - 1) + [units - size * (parts - 1)]
                split = [evolve(draft, quantity=Decimal(count)) for count in counts]
                yield (*drafts[:at], *split, *drafts[at + 1 :])


def _sizes(units: int, parts: int) -> Iterator[int]:
    yield from range(1, (units - 1) // (parts - 1) + 1)


def _by_amount(piece: _Piece, first: LineDraft) -> Iterator[tuple[LineDraft, ...]]:
    """Divide the net among lines of one unit each; the quantity is in the text."""
    net = sum((draft.net for draft in piece.drafts), Decimal(0))
    text = piece.line.description
    if piece.line.quantity != 1:
        text = f"{format(piece.line.quantity.normalize(), 'f')} x {text}"
    pennies = int(abs(net) / _PENNY)
    sign = 1 if net > 0 else -1
    for parts in range(2, min(MOST_PARTS, pennies) + 1):
        for size in _near(pennies, parts, first.vat_level):
            amounts = [size] * (parts - 1) + [pennies - size * (parts - 1)]
            yield tuple(
                evolve(
                    first,
                    description=f"{text} (part {number} of {parts})",
                    quantity=Decimal(1),
                    rate=sign * amount * _PENNY,
                )
                for number, amount in enumerate(amounts, start=1)
            )


def _near(pennies: int, parts: int, percent: Decimal) -> list[int]:
    """Sizes of a part whose roundings are all there are: one period of the percentage."""
    middle = (Decimal(pennies) / parts).to_integral_value(ROUND_FLOOR)
    period = _period(percent)
    low = max(1, int(middle) - period)
    high = min(int(middle) + period, (pennies - 1) // (parts - 1))
    sizes = range(low, high + 1)
    # Halves last: which way they go is the least certain.
    return sorted(sizes, key=lambda size: (_is_half(size, percent), abs(size - int(middle))))


def _period(percent: Decimal) -> int:
    """After how many pennies the roundings of a percentage repeat: 5 for 20 %, 20 for 5 %."""
    for period in (5, 8, 10, 20, 40, 50, 100, 200):
        if (period * percent / 100) % 1 == 0:
            return period
    return 200


def _is_half(size: int, percent: Decimal) -> bool:
    return (size * percent / 100) % 1 == _HALF
