"""Boxes 1 and 6 of the VAT return as the shop sees them, beside what KashFlow's documents say.

Only sales; filing stays in KashFlow. Box 1 is the VAT due on sales, box 6 their value without VAT
(zero-rated and exempt sales included), at a flat rate with VAT. VAT of other countries is in
neither: it is shown apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from kashmag import kashflow
from kashmag.planner.vat_rules import is_uk_rate
from kashmag.reconciliation.causes import EXPLAINED, Cause, Difference
from kashmag.reconciliation.comparing import reconcile
from kashmag.reconciliation.counting import (
    STANDARD,
    Scheme,
    VatScheme,
    at_home,
    home_pence,
    less,
    of_account,
    of_shop,
)
from kashmag.reconciliation.differing import reissued
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
from kashmag.reconciliation.generations import Settled, both
from kashmag.reconciliation.pairing import Pair, pair_up
from kashmag.reconciliation.report import Beside
from kashmag.reconciliation.reversals import reversed_on


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

    @property
    def needs_a_person(self) -> bool:
        """Tell whether anybody has to do something about it: all its causes must be explained."""
        return not self.causes or not EXPLAINED.issuperset(self.causes)


@frozen
class VatReport:
    """The two boxes on both sides, by rate, and every document that makes a difference.

    `remarks` are said of the account as a whole; see `registration`.
    """

    period: Period
    scheme: Scheme = field(kw_only=True)
    currency: str = field(kw_only=True)
    shop: Boxes = field(kw_only=True)
    account: Boxes = field(kw_only=True)
    by_rate: tuple[Beside, ...] = field(kw_only=True)
    foreign: tuple[Beside, ...] = field(kw_only=True)
    differences: tuple[VatDifference, ...] = field(kw_only=True)
    remarks: tuple[str, ...] = field(default=(), kw_only=True)

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
    def explained(self) -> tuple[VatDifference, ...]:
        """The differences that ask nobody to do anything, such as an order that is skipped."""
        return tuple(one for one in self.differences if not one.needs_a_person)

    @property
    def waiting(self) -> tuple[VatDifference, ...]:
        """The differences about which somebody has to do something."""
        return tuple(one for one in self.differences if one.needs_a_person)

    @property
    def is_clean(self) -> bool:
        """Tell whether nobody has to do anything; where `reconcile` is clean, this is."""
        return not self.waiting and not self.remarks


def scheme_of(settings: kashflow.VatSettings) -> Scheme:
    """The scheme that the account tells; it tells no flat rate (see `Scheme.at`)."""
    if settings.is_vat_registered is False:
        return Scheme(VatScheme.NOT_REGISTERED)
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
    today: date | None = None,
) -> VatReport:
    """Add up both sides by the scheme, in the home currency, and list what differs."""
    held = tuple(account)
    reported = reconcile(shop, held, memory, period, today=today).differences
    shop_total: dict[str, Figures] = {}
    account_total: dict[str, Figures] = {}
    differences: list[VatDifference] = []
    for pair in pair_up(shop, held, memory):
        ours = of_shop(pair.shop, period, scheme) if pair.shop is not None else {}
        _add(shop_total, ours)
        for part in _parts(pair):
            theirs: dict[str, Figures] = {}
            for document in part.documents:
                _add(theirs, of_account(document, period, scheme))
            _add(account_total, theirs)
            delta = less(theirs, ours if part.is_counterpart else {})
            if delta:
                differences.append(_difference(pair, part, delta, reported, period))
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


def _add(total: dict[str, Figures], bands: Bands) -> None:
    for band, figures in bands.items():
        total[band] = total.get(band, NOTHING) + figures


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
            return Boxes(home_pence(total.gross * scheme.percent / 100), total.gross)
        case _:
            return Boxes(total.vat, total.net)


@frozen
class _Part:
    """What makes one difference: a document, or a reversed invoice together with its reversal.

    `is_counterpart` tells that it is what the shop's document is set beside, or that there is
    nothing to set beside it.
    """

    documents: tuple[AccountDocument, ...]
    is_counterpart: bool = field(default=False, kw_only=True)
    settled: Settled | None = field(default=None, kw_only=True)

    def shown(self, period: Period) -> AccountDocument | None:
        """The document that is named: the last of those that are dated in the period."""
        dated = [one for one in self.documents if one.issued_on in period]
        return next(iter((*reversed(dated), *reversed(self.documents))), None)

    @property
    def is_settled(self) -> bool:
        """Tell that its two documents come to nothing, so that only their days can differ."""
        bands = [at_home(one.bands, one.exchange_rate) for one in self.documents]
        return self.settled is not None and not both(*bands)


def _parts(pair: Pair) -> Iterator[_Part]:
    yield _Part(tuple(one for one in (pair.account,) if one is not None), is_counterpart=True)
    for double in pair.doubles:
        yield _Part((double,))
    for one in pair.settled:
        yield _Part((one.invoice, one.reversal), settled=one)
    others = (*(one.document for one in pair.strays), *(one.account for one in pair.credits))
    yield from (_Part((one,)) for one in others)


def _difference(
    pair: Pair, part: _Part, bands: Bands, reported: Sequence[Difference], period: Period
) -> VatDifference:
    shop, document = pair.shop, part.shown(period)
    why = _why(pair, part, bands, reported)
    causes = tuple(dict.fromkeys(cause for cause, _ in why))
    days = (shop.dated_on if shop else None, document.issued_on if document else None)
    straddles = None not in days and (days[0] in period) != (days[1] in period)
    if part.settled is not None:
        straddles = part.is_settled
    return VatDifference(
        shop.order if shop else "",
        shop.number if shop else (document.reference if document else ""),
        invoice_number=document.number if document else None,
        shop_day=days[0],
        account_day=days[1],
        bands=bands,
        causes=causes,
        messages=tuple(dict.fromkeys(message for _, message in why)),
        straddles=straddles or causes == (Cause.REISSUED,),
        is_filed=document is not None and document.is_in_vat_return,
    )


def _why(
    pair: Pair, part: _Part, bands: Bands, reported: Sequence[Difference]
) -> tuple[tuple[Cause, str], ...]:
    """What was reported of it; what only the day of its money tells (cash accounting), too."""
    found = tuple(
        (one.cause, one.message)
        for one in reported
        if _concerns(one, pair.shop, part.documents)
        and (one.cause is not Cause.ROUNDING or ROUNDING in bands)
    )
    if found or pair.shop is None:
        return found
    if part.settled is not None:
        return ((Cause.REVERSED, reversed_on(pair.shop, part.settled)),)
    if part.is_counterpart and pair.account is not None and pair.generation > 1:
        return ((Cause.REISSUED, reissued(pair, pair.shop, pair.account)),)
    return ()


def _concerns(
    one: Difference, shop: ShopDocument | None, documents: Sequence[AccountDocument]
) -> bool:
    if one.key != (shop.key if shop else ""):
        return False
    numbers = [document.number for document in documents]
    return one.invoice_number in numbers if numbers else one.invoice_number is None
