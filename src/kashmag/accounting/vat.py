"""VAT as it is carried: a treatment, a percentage, totals per rate. Nothing computes tax here."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Protocol

from attrs import field, frozen

from kashmag.accounting.money import Money


class VatTreatment(Enum):
    """How a supply stands to VAT; at 0 % only this tells them apart.

    ZERO_RATED supplies are taxable at 0 %. EXEMPT ones are not taxable. OUTSIDE_SCOPE is no
    supply in this country's VAT at all (a liability line, a voucher).
    """

    STANDARD = "standard"
    ZERO_RATED = "zero_rated"
    EXEMPT = "exempt"
    OUTSIDE_SCOPE = "outside_scope"


class Taxed(Protocol):
    """What has a rate, a net and a VAT."""

    @property
    def vat_rate(self) -> Decimal:
        """The percentage: 20 for 20 %."""
        ...

    @property
    def net(self) -> Money:
        """What is owed without VAT."""
        ...

    @property
    def vat(self) -> Money:
        """The VAT on it."""
        ...


@frozen
class VatTotal:
    """Net and VAT of everything at one percentage."""

    rate: Decimal
    net: Money
    vat: Money = field(kw_only=True)

    @property
    def gross(self) -> Money:
        """Net and VAT together."""
        return self.net + self.vat


def plain_rate(percent: Decimal) -> Decimal:
    """The percentage without needless zeros: 20.0000 becomes 20."""
    whole = percent.to_integral_value()
    return whole if percent == whole else percent.normalize()


def shown_rate(percent: Decimal) -> str:
    """The percentage in a sentence: `20`, `17.5`."""
    return format(plain_rate(percent), "f")


def by_rate(lines: Iterable[Taxed]) -> tuple[VatTotal, ...]:
    """Totals per percentage, highest first; rates at which nothing stands do not appear."""
    totals: dict[Decimal, VatTotal] = {}
    for line in lines:
        rate = plain_rate(line.vat_rate)
        so_far = totals.get(rate)
        totals[rate] = (
            VatTotal(rate, line.net, vat=line.vat)
            if so_far is None
            else VatTotal(rate, so_far.net + line.net, vat=so_far.vat + line.vat)
        )
    return tuple(totals[rate] for rate in sorted(totals, reverse=True))
