"""Boxes 1 and 6 of the VAT return as the shop sees them, beside what KashFlow's documents say.

Only sales; filing stays in KashFlow. Box 1 is the VAT due on sales, box 6 their value without VAT
(zero-rated and exempt sales included). VAT of other countries is in neither: it is shown apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from kashmag import kashflow
from kashmag.accounting.money import round_money
from kashmag.planner.vat_rules import is_uk_rate
from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.comparing import reconcile
from kashmag.reconciliation.documents import AccountDocument, Memory, ShopDocument
from kashmag.reconciliation.figures import (
    NOTHING,
    ROUNDING,
    ZERO,
    Bands,
    Figures,
    Period,
    in_order,
    sum_of,
)
from kashmag.reconciliation.pairing import Pair, documents_of, pair_up
from kashmag.reconciliation.report import Beside


class VatScheme(Enum):
    """How the account stands to VAT, and so what counts when."""

    NOT_REGISTERED = "not_registered"
    STANDARD = "standard"  # what is invoiced, on its date
    CASH = "cash"  # what is paid, on the day it is paid
    FLAT_RATE = "flat_rate"  # a percentage of everything invoiced, VAT included


@frozen
class Scheme:
    """The scheme, with its percentage where it is the flat rate."""

    kind: VatScheme = VatScheme.STANDARD
    percent: Decimal = ZERO


STANDARD = Scheme()


@frozen
class Boxes:
    """What goes into the return; foreign VAT does not."""

    box_1: Decimal
    box_6: Decimal


@frozen
class VatDifference:
    """One document by which the two sides differ, with the figures per rate that it makes.

    `is_filed` tells that KashFlow's document sits in a VAT return already: a correction goes
    into a later one.
    """

    order: str
    number: str
    invoice_number: int | None = field(kw_only=True)
    shop_day: date | None = field(kw_only=True)
    account_day: date | None = field(kw_only=True)
    bands: Bands = field(kw_only=True)
    causes: tuple[Cause, ...] = field(kw_only=True)
    messages: tuple[str, ...] = field(kw_only=True)
    straddles: bool = field(kw_only=True)
    is_filed: bool = field(default=False, kw_only=True)

    @property
    def delta(self) -> Figures:
        """The account's figures less the shop's."""
        return sum_of(self.bands.values())


@frozen
class VatReport:
    """The two boxes on both sides, by rate, and every document that makes a difference."""

    period: Period
    scheme: Scheme = field(kw_only=True)
    currency: str = field(kw_only=True)
    shop: Boxes = field(kw_only=True)
    account: Boxes = field(kw_only=True)
    by_rate: tuple[Beside, ...] = field(kw_only=True)
    foreign: tuple[Beside, ...] = field(kw_only=True)
    differences: tuple[VatDifference, ...] = field(kw_only=True)

    @property
    def straddling(self) -> tuple[VatDifference, ...]:
        """The documents that count on one side of the cut-off in the shop, on the other here."""
        return tuple(one for one in self.differences if one.straddles)

    @property
    def balances(self) -> bool:
        """Tell that the documents listed come to exactly what the two sides differ by, per rate."""
        listed: dict[str, Figures] = {}
        for one in self.differences:
            for band, figures in one.bands.items():
                listed[band] = listed.get(band, NOTHING) + figures
        tables = (*self.by_rate, *self.foreign)
        found = {one.label: one.difference for one in tables if one.difference}
        return {band: figures for band, figures in listed.items() if figures} == found

    @property
    def is_clean(self) -> bool:
        """Tell whether the two sides agree."""
        return not self.differences


def scheme_of(settings: kashflow.VatSettings, flat_rate: Decimal | None = None) -> Scheme:
    """The scheme of the account; KashFlow does not tell a flat rate, so the policy does."""
    if settings.is_vat_registered is False:
        return Scheme(VatScheme.NOT_REGISTERED)
    if flat_rate is not None:
        return Scheme(VatScheme.FLAT_RATE, flat_rate)
    cash = settings.cash_accounting
    return Scheme(VatScheme.CASH) if cash and cash.is_invoice_on_cash_accounting else STANDARD


def vat_report(
    shop: Sequence[ShopDocument],
    account: Iterable[AccountDocument],
    memory: Memory,
    period: Period,
    *,
    scheme: Scheme = STANDARD,
    home: str = "GBP",
) -> VatReport:
    """Add up both sides by the scheme, in the home currency, and list what differs."""
    held = tuple(account)
    reported = reconcile(shop, held, memory, period).differences
    shop_total: dict[str, Figures] = {}
    account_total: dict[str, Figures] = {}
    differences: list[VatDifference] = []
    for pair in pair_up(shop, held, memory):
        ours = _of_shop(pair.shop, period, scheme) if pair.shop is not None else {}
        _add(shop_total, ours)
        for at, document in enumerate(documents_of(pair)):
            theirs = _of_account(document, period, scheme)
            _add(account_total, theirs)
            delta = _less(theirs, ours if not at else {})
            if delta:
                differences.append(_difference(pair, document, delta, reported, period))
        if pair.account is None and any(ours.values()):
            differences.append(_difference(pair, None, _less({}, ours), reported, period))
    tables = _tables(shop_total, account_total, home)
    uk = tuple(one for one in tables if _is_uk(one.label, period))
    return VatReport(
        period,
        scheme=scheme,
        currency=home,
        shop=_boxes((one.shop for one in uk), scheme),
        account=_boxes((one.account for one in uk), scheme),
        by_rate=uk,
        foreign=tuple(one for one in tables if one not in uk),
        differences=tuple(differences),
    )


def _of_shop(shop: ShopDocument, period: Period, scheme: Scheme) -> dict[str, Figures]:
    if not shop.is_owed:
        return {}
    bands = _at_home(shop.headline_bands, shop.exchange_rate)
    if scheme.kind is not VatScheme.CASH:
        return bands if shop.dated_on in period else {}
    money = [(one.paid_on, one.amount) for one in shop.payments]
    return _received(bands, money, shop.figures.gross, period)


def _of_account(document: AccountDocument, period: Period, scheme: Scheme) -> dict[str, Figures]:
    bands = _at_home(document.bands, document.exchange_rate)
    if scheme.kind is not VatScheme.CASH:
        return bands if document.issued_on in period else {}
    money = [(one.paid_on, one.amount) for one in document.payments if one.paid_on]
    return _received(bands, money, document.figures.gross, period)


def _received(
    bands: Bands, money: Sequence[tuple[date, Decimal]], gross: Decimal, period: Period
) -> dict[str, Figures]:
    """The part of a document that was paid in the period; parts of all periods come to it whole."""
    before = sum((amount for day, amount in money if day < period.first), ZERO)
    until = sum((amount for day, amount in money if day <= period.last), ZERO)
    return _less(_paid_part(bands, until, gross), _paid_part(bands, before, gross))


def _paid_part(bands: Bands, paid: Decimal, gross: Decimal) -> Bands:
    """Each band's share of what is paid so far; more than is owed is no supply yet."""
    if not gross:
        return {}
    share = min(max(paid / gross, ZERO), Decimal(1))
    if share == 1:
        return bands
    return {band: Figures(_pence(one.net * share), _pence(one.vat * share))
            for band, one in bands.items()}  # fmt: skip


def _at_home(bands: Bands, exchange_rate: Decimal) -> dict[str, Figures]:
    """In home currency; the rate is foreign units per home unit."""
    if exchange_rate in (0, 1):
        return dict(bands)
    return {
        band: Figures(_pence(one.net / exchange_rate), _pence(one.vat / exchange_rate))
        for band, one in bands.items()
    }


def _pence(amount: Decimal) -> Decimal:
    return round_money(amount, "GBP").amount


def _add(total: dict[str, Figures], bands: Bands) -> None:
    for band, figures in bands.items():
        total[band] = total.get(band, NOTHING) + figures


def _less(bands: Bands, other: Bands) -> dict[str, Figures]:
    both = {
        band: bands.get(band, NOTHING) - other.get(band, NOTHING)
        for band in in_order({*bands, *other})
    }
    return {band: figures for band, figures in both.items() if figures}


def _tables(
    shop: Mapping[str, Figures], account: Mapping[str, Figures], home: str
) -> tuple[Beside, ...]:
    return tuple(
        Beside(band, home, shop=shop.get(band, NOTHING), account=account.get(band, NOTHING))
        for band in in_order({*shop, *account})
    )


def _is_uk(band: str, period: Period) -> bool:
    if not band[0].isdecimal():
        return True
    rate = Decimal(band)
    return is_uk_rate(rate, period.first) or is_uk_rate(rate, period.last)


def _boxes(figures: Iterable[Figures], scheme: Scheme) -> Boxes:
    total = sum_of(figures)
    match scheme.kind:
        case VatScheme.NOT_REGISTERED:
            return Boxes(ZERO, ZERO)
        case VatScheme.FLAT_RATE:
            return Boxes(_pence(total.gross * scheme.percent / 100), total.gross)
        case _:
            return Boxes(total.vat, total.net)


def _difference(
    pair: Pair,
    document: AccountDocument | None,
    bands: Bands,
    reported: Sequence[Difference],
    period: Period,
) -> VatDifference:
    shop = pair.shop
    found = [one for one in reported if _concerns(one, shop, document)]
    rounds = [one for one in found if one.cause is not Cause.ROUNDING or ROUNDING in bands]
    days = (shop.dated_on if shop else None, document.issued_on if document else None)
    return VatDifference(
        shop.order if shop else "",
        shop.number if shop else (document.reference if document else ""),
        invoice_number=document.number if document else None,
        shop_day=days[0],
        account_day=days[1],
        bands=bands,
        causes=tuple(dict.fromkeys(one.cause for one in rounds)),
        messages=tuple(one.message for one in rounds),
        straddles=None not in days and (days[0] in period) != (days[1] in period),
        is_filed=document is not None and document.is_in_vat_return,
    )


def _concerns(one: Difference, shop: ShopDocument | None, document: AccountDocument | None) -> bool:
    if shop is None:
        return document is not None and not one.key and one.invoice_number == document.number
    if document is None:
        return one.key == shop.key
    return one.key == shop.key and one.invoice_number in (document.number, None)
