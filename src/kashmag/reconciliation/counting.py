"""What counts towards a VAT return, by the scheme: which part of a document, in home currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from attrs import field, frozen

from kashmag.accounting.money import round_money
from kashmag.reconciliation.documents import AccountDocument, ShopDocument
from kashmag.reconciliation.figures import NOTHING, ZERO, Bands, Figures, Period, in_order


class VatScheme(Enum):
    """How the account stands to VAT, and so what counts when."""

    NOT_REGISTERED = "not_registered"
    STANDARD = "standard"  # what is invoiced, on its date
    CASH = "cash"  # what is paid, on the day it is paid
    FLAT_RATE = "flat_rate"  # a percentage of the turnover, VAT included


_TITLES: Final = {
    VatScheme.NOT_REGISTERED: "not registered for VAT, nothing is due",
    VatScheme.STANDARD: "standard accounting, by date of invoice",
    VatScheme.CASH: "cash accounting, by date of payment",
}


@frozen
class Scheme:
    """The scheme, with its percentage where it is the flat rate.

    The flat rate knows two turnovers (VAT Notice 733): basic, what is invoiced; and cash based,
    what is paid.
    """

    kind: VatScheme = VatScheme.STANDARD
    percent: Decimal = ZERO
    is_cash_based: bool = field(default=False, kw_only=True)

    def at(self, flat_rate: Decimal | None) -> Scheme:
        """The scheme of an account of this one that is at a flat rate as well.

        KashFlow tells neither flat rate nor turnover. An account that counts its invoices when
        they are paid does so at the flat rate, too.
        """
        if flat_rate is None or self.kind is VatScheme.NOT_REGISTERED:
            return self
        is_cash = self.kind is VatScheme.CASH
        return Scheme(VatScheme.FLAT_RATE, flat_rate, is_cash_based=is_cash)

    @property
    def counts_money(self) -> bool:
        """Tell whether what is paid counts, on the day it is paid."""
        return self.kind is VatScheme.CASH or self.is_cash_based

    @property
    def title(self) -> str:
        """The scheme in words."""
        if self.kind is not VatScheme.FLAT_RATE:
            return _TITLES[self.kind]
        turnover = "cash based turnover, by date of payment"
        basic = "basic turnover, by date of invoice"
        return f"flat rate {self.percent} %, {turnover if self.is_cash_based else basic}"

    @property
    def box_6(self) -> str:
        """What stands in box 6: at the flat rate VAT is in it (VAT Notice 733)."""
        is_flat = self.kind is VatScheme.FLAT_RATE
        return "flat rate turnover, VAT included" if is_flat else "sales without VAT"


STANDARD: Final = Scheme()


def of_shop(shop: ShopDocument, period: Period, scheme: Scheme) -> dict[str, Figures]:
    """What a document of the shop counts in a period."""
    if not shop.is_owed:
        return {}
    bands = at_home(shop.headline_bands, shop.exchange_rate)
    if not scheme.counts_money:
        return bands if shop.dated_on in period else {}
    money = [(one.paid_on, one.amount) for one in shop.payments]
    return _received(bands, money, shop.figures.gross, period)


def of_account(document: AccountDocument, period: Period, scheme: Scheme) -> dict[str, Figures]:
    """What a document of the account counts in a period."""
    bands = at_home(document.bands, document.exchange_rate)
    if not scheme.counts_money:
        return bands if document.issued_on in period else {}
    money = [(one.paid_on, one.amount) for one in document.payments if one.paid_on]
    return _received(bands, money, document.figures.gross, period)


def _received(
    bands: Bands, money: Sequence[tuple[date, Decimal]], gross: Decimal, period: Period
) -> dict[str, Figures]:
    """The part of a document that was paid in the period; parts of all periods come to it whole."""
    before = sum((amount for day, amount in money if day < period.first), ZERO)
    until = sum((amount for day, amount in money if day <= period.last), ZERO)
    return less(_paid_part(bands, until, gross), _paid_part(bands, before, gross))


def _paid_part(bands: Bands, paid: Decimal, gross: Decimal) -> Bands:
    """Each band's share of what is paid so far; more than is owed is no supply yet."""
    if not gross:
        return {}
    share = min(max(paid / gross, ZERO), Decimal(1))
    if share == 1:
        return bands
    return {band: Figures(home_pence(one.net * share), home_pence(one.vat * share))
            for band, one in bands.items()}  # fmt: skip


def at_home(bands: Bands, exchange_rate: Decimal) -> dict[str, Figures]:
    """Figures in home currency; the rate is foreign units per home unit."""
    if exchange_rate in (0, 1):
        return dict(bands)
    return {
        band: Figures(home_pence(one.net / exchange_rate), home_pence(one.vat / exchange_rate))
        for band, one in bands.items()
    }


def home_pence(amount: Decimal) -> Decimal:
    """An amount in whole pence, half up."""
    return round_money(amount, "GBP").amount


def less(bands: Bands, other: Bands) -> dict[str, Figures]:
    """What one has more than the other, by band; bands without a difference do not appear."""
    both = {
        band: bands.get(band, NOTHING) - other.get(band, NOTHING)
        for band in in_order({*bands, *other})
    }
    return {band: figures for band, figures in both.items() if figures}
