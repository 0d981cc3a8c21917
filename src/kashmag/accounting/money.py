"""Money: an exact amount of one currency, and the only ways to round or divide it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from attrs import field, frozen

# ISO 4217; every currency not named here has two.
_NO_MINOR_UNITS: Final = frozenset({"JPY", "KRW", "CLP", "ISK", "VND", "XAF", "XOF", "XPF", "PYG"})
_THREE_MINOR_UNITS: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def minor_units(currency: str) -> int:
    """The decimals that an amount of this currency has: 2 for GBP, 0 for JPY."""
    if currency in _NO_MINOR_UNITS:
        return 0
    return 3 if currency in _THREE_MINOR_UNITS else 2


@frozen(order=False)
class Money:
    """An amount in whole minor units (pennies) of one currency.

    Amounts of two currencies neither add nor compare: that is a TypeError. A fraction of a penny
    cannot be built: `round_money` decides what becomes of it.
    """

    amount: Decimal = field()
    currency: str = field()

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"money is counted in Decimal, not {type(self.amount).__name__}")
        if not self.amount.is_finite():
            raise ValueError(f"{self.amount} is no amount of money")
        exact = self.amount.quantize(Decimal(1).scaleb(-minor_units(self.currency)))
        if exact != self.amount:
            raise ValueError(f"{self.amount} {self.currency} has a fraction of a minor unit")
        # Pennies are always shown, and there is no minus nothing: equal amounts print alike.
        object.__setattr__(self, "amount", exact + 0)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, of this currency."""
        return cls(Decimal(0), currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"money meets {type(other).__name__}")
        if other.currency != self.currency:
            raise TypeError(f"{self.currency} meets {other.currency}")
        return other.amount


def round_money(amount: Decimal, currency: str) -> Money:
    """Round half up (away from zero at the half) to the currency's minor unit, as Magento does."""
    unit = Decimal(1).scaleb(-minor_units(currency))
    return Money(amount.quantize(unit, ROUND_HALF_UP), currency)


def total_of(amounts: Iterable[Money], currency: str) -> Money:
    """Add up amounts of one currency; nothing adds up to zero."""
    total = Money.zero(currency)
    for amount in amounts:
        total += amount
    return total


def spread(total: Money, shares: Sequence[Decimal]) -> tuple[Money, ...]:
    """Round exact shares to pennies so that they come to `total`, by cumulative rounding.

    Each part is within a penny of its share when the shares come to `total` within half a penny;
    what they miss `total` by is carried by the last share that is not zero.
    """
    if not shares:
        if total:
            raise ValueError(f"{total} cannot be spread over nothing")
        return ()
    parts: list[Money] = []
    exact, given = Decimal(0), Money.zero(total.currency)
    for share in shares:
        exact += share
        reached = round_money(exact, total.currency)
        parts.append(reached - given)
        given = reached
    if rest := total - given:
        last = max((i for i, share in enumerate(shares) if share), default=len(shares) - 1)
        parts[last] += rest
    return tuple(parts)


def shown(amount: Decimal) -> str:
    """An amount with at least its pence, without needless zeros behind them."""
    pence = amount.quantize(Decimal("0.01"))
    return format(pence if pence == amount else amount.normalize(), "f")
