"""Figures: net and VAT of anything, in one currency, and the bands (rates) they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.accounting.vat import plain_rate

ZERO: Final = Decimal("0.00")

# Bands that are no percentage. `ROUNDING` holds what the shop's own totals differ by from the
# sum of its rates; `UNKNOWN` what could not be divided into rates.
EXEMPT: Final = "exempt"
UNKNOWN: Final = "unknown"
ROUNDING: Final = "rounding in the shop"
_ZERO_RATE: Final = "0"
_LAST: Final = (EXEMPT, UNKNOWN, ROUNDING)


@frozen
class Figures:
    """Net and VAT; a credit note's are negative."""

    net: Decimal = ZERO
    vat: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        """Both together."""
        return self.net + self.vat

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.net + other.net, self.vat + other.vat)

    def __sub__(self, other: Figures) -> Figures:
        return Figures(self.net - other.net, self.vat - other.vat)

    def __neg__(self) -> Figures:
        return Figures(-self.net, -self.vat)

    def __bool__(self) -> bool:
        return bool(self.net or self.vat)


NOTHING: Final = Figures()


@frozen
class Counted:
    """What counts in a period: net and VAT that are invoiced, and money that is paid."""

    figures: Figures = NOTHING
    paid: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """What is invoiced without VAT."""
        return self.figures.net

    @property
    def vat(self) -> Decimal:
        """The VAT of it."""
        return self.figures.vat

    @property
    def gross(self) -> Decimal:
        """What is invoiced with VAT."""
        return self.figures.gross

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.figures + other.figures, self.paid + other.paid)

    def __sub__(self, other: Counted) -> Counted:
        return Counted(self.figures - other.figures, self.paid - other.paid)


Bands = Mapping[str, Figures]


@frozen
class Period:
    """From one day to another, both included."""

    first: date
    last: date

    def __attrs_post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period cannot end on {self.last} and begin on {self.first}")

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


@frozen
class Banded:
    """Figures at one rate, as documents are read line by line."""

    rate: Decimal
    figures: Figures = field(kw_only=True)
    is_exempt: bool = field(default=False, kw_only=True)


def pence(amount: Decimal) -> Decimal:
    """The same amount with two decimals, where it has no more: as sums of money are written."""
    rounded = amount.quantize(Decimal("0.01"))
    return rounded if rounded == amount else amount


def band_of(rate: Decimal, *, is_exempt: bool = False) -> str:
    """The band of a line: its percentage as text, or `exempt`."""
    return EXEMPT if is_exempt and not rate else format(plain_rate(rate), "f")


def bands_of(lines: Iterable[Banded]) -> dict[str, Figures]:
    """The figures of lines by band, highest rate first; bands of nothing do not appear."""
    found: dict[str, Figures] = {}
    for line in lines:
        band = band_of(line.rate, is_exempt=line.is_exempt)
        found[band] = found.get(band, NOTHING) + line.figures
    return {band: found[band] for band in in_order(found) if found[band]}


def without_exemption(bands: Bands) -> Bands:
    """The same with what is exempt among what is zero-rated."""
    free = bands.get(EXEMPT, NOTHING) + bands.get(_ZERO_RATE, NOTHING)
    rest = {band: one for band, one in bands.items() if band not in (EXEMPT, _ZERO_RATE)}
    return {**rest, _ZERO_RATE: free} if free else rest


def by_nominal(lines: Iterable[tuple[int | None, Decimal]]) -> dict[int, Decimal] | None:
    """The net amounts of lines by nominal code; None where a line does not tell its own."""
    found: dict[int, Decimal] = {}
    for code, net in lines:
        if code is None:
            return None
        found[code] = found.get(code, ZERO) + net
    return {code: net for code, net in sorted(found.items()) if net}


def in_order(bands: Iterable[str]) -> list[str]:
    """Bands from the highest rate to the lowest, then those that are no rate."""
    return sorted(set(bands), key=_rank)


def _rank(band: str) -> tuple[int, Decimal]:
    if band in _LAST:
        return (1 + _LAST.index(band), ZERO)
    return (0, -Decimal(band))


def sum_of(figures: Iterable[Figures]) -> Figures:
    """All of them together."""
    total = NOTHING
    for one in figures:
        total += one
    return total
