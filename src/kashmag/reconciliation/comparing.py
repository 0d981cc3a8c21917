"""Reconcile: every shop document beside its account document, every difference named by cause.

For each currency the differences add up to what the account's totals differ by from the shop's;
a test of `reconcile` proves it for whatever the two sides hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from attrs import evolve

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import (
    AccountDocument,
    Agreed,
    Memory,
    Remembered,
    ShopDocument,
    Standing,
)
from kashmag.reconciliation.figures import NOTHING, ZERO, Bands, Period, sum_of
from kashmag.reconciliation.money_matching import Money, match_money
from kashmag.reconciliation.pairing import Pair, pair_up
from kashmag.reconciliation.report import Report, report_of
from kashmag.reconciliation.typed_by_hand import is_ours

_UNREMEMBERED = Remembered()


def reconcile(
    shop: Sequence[ShopDocument],
    account: Iterable[AccountDocument],
    memory: Memory,
    period: Period,
) -> Report:
    """Compare the two sides over a period, from what the logbook remembers of each deed.

    Either side may hold documents of other days; they count only where a counterpart or a
    payment of theirs falls into the period.
    """
    pairs = pair_up(shop, account, memory)
    money = match_money(pairs, memory, period)
    found: list[Difference] = []
    for pair in pairs:
        found += _of_pair(pair, memory, period, money)
    found += money.differences
    return report_of(pairs, tuple(found), period)


def _of_pair(pair: Pair, memory: Memory, period: Period, money: Money) -> Iterator[Difference]:
    shop, account = pair.shop, pair.account
    for double in pair.doubles:
        yield from _double(shop, account, double, period, money)
    if shop is None:
        if account is not None:
            yield from _unknown(account, period, money)
        return
    remembered = memory.get(shop.key, _UNREMEMBERED)
    if account is None:
        yield from _absent(shop, remembered, period)
        return
    if shop.currency != account.currency:
        yield from _other_currency(shop, account, period, money)
        return
    if shop.is_owed and shop.dated_on in period and shop.rounding:
        yield _rounding(shop, account)
    if pair.by_hand is not None:
        yield from _typed(pair, shop, account, period, money)
    elif not shop.is_owed:
        yield from _withdrawn(shop, account, period, money)
    else:
        found = tuple(_differing(shop, account, remembered.agreed, period))
        yield from found
        if remembered.dispute and not found and account.issued_on in period:
            message = f"{_title(shop)} is disputed: {_sentence(remembered.dispute)}"
            yield _about(Cause.CHANGED_IN_KASHFLOW, message, shop, account)


def _absent(shop: ShopDocument, remembered: Remembered, period: Period) -> Iterator[Difference]:
    """Nothing in the account for a document that is owed: one difference for all of it."""
    paid = sum((one.amount for one in shop.payments if one.paid_on in period), ZERO)
    counts = shop.dated_on in period
    if not shop.is_owed or not (counts or paid):
        return
    cause, message = _why_absent(shop, remembered)
    delta = -shop.headline if counts else NOTHING
    yield evolve(_about(cause, message, shop), delta=delta, paid=-paid)


def _why_absent(shop: ShopDocument, remembered: Remembered) -> tuple[Cause, str]:
    title = _title(shop)
    reason = remembered.reason or shop.reason
    if remembered.agreed is not None and remembered.agreed.number is not None:
        number = remembered.agreed.number
        return Cause.DELETED, f"{title} was posted as {number}, which is not there any more."
    if remembered.is_decided or shop.standing is Standing.SKIPPED:
        return Cause.SKIPPED, f"{title} is skipped: {_sentence(reason)}"
    if remembered.outcome == "held" or shop.standing is Standing.HELD:
        return Cause.HELD, f"{title} is held: {_sentence(reason)}"
    if remembered.outcome == "failed":
        return Cause.NOT_POSTED, f"{title} is not posted; it failed: {_sentence(reason)}"
    return Cause.NOT_POSTED, f"{title} is not posted yet."


def _sentence(reason: str) -> str:
    told = reason.strip() or "no reason is remembered"
    return told if told.endswith((".", "!", "?")) else f"{told}."


def _unknown(account: AccountDocument, period: Period, money: Money) -> Iterator[Difference]:
    """A document of the account that belongs to none of the shop's."""
    paid, counts = money.left_over(account), account.issued_on in period
    if not (counts or paid):
        return
    if is_ours(account.reference):
        cause = Cause.CHANGED_IN_SHOP
        message = f"Invoice {account.number} carries {account.reference}, which the shop has not."
    else:
        cause = Cause.TYPED_BY_HAND
        about = f" ({account.reference})" if account.reference else ""
        message = f"Invoice {account.number}{about} was typed by hand, for no order that is known."
    yield Difference(
        cause,
        message,
        number=account.reference,
        invoice_number=account.number,
        day=account.issued_on,
        currency=account.currency,
        delta=account.figures if counts else NOTHING,
        paid=paid,
    )


def _typed(
    pair: Pair, shop: ShopDocument, account: AccountDocument, period: Period, money: Money
) -> Iterator[Difference]:
    counted = shop.figures if shop.dated_on in period else NOTHING
    counts = account.figures if account.issued_on in period else NOTHING
    paid = money.left_over(account) - _paid_in_shop(shop, money)
    if shop.dated_on not in period and account.issued_on not in period and not paid:
        return
    evidence = pair.by_hand.value if pair.by_hand else ""
    same = shop.figures == account.figures
    figures = "" if same else f", with {account.figures.gross} for {shop.headline.gross}"
    message = f"{_title(shop)} was typed by hand as {account.number}{figures} ({evidence})."
    yield evolve(
        _about(Cause.TYPED_BY_HAND, message, shop, account), delta=counts - counted, paid=paid
    )


def _withdrawn(
    shop: ShopDocument, account: AccountDocument, period: Period, money: Money
) -> Iterator[Difference]:
    """Posted, and then cancelled in the shop."""
    paid, counts = money.left_over(account), account.issued_on in period
    if not (counts or paid):
        return
    now = "cancelled" if shop.standing is Standing.VOID else "waiting again"
    message = f"{_title(shop)} is posted as {account.number} and {now} in the shop."
    yield evolve(
        _about(Cause.CHANGED_IN_SHOP, message, shop, account),
        delta=account.figures if counts else NOTHING,
        paid=paid,
    )


def _other_currency(
    shop: ShopDocument, account: AccountDocument, period: Period, money: Money
) -> Iterator[Difference]:
    """Two currencies never add: one difference in each."""
    message = (
        f"{_title(shop)} is in {shop.currency}, invoice {account.number} in {account.currency}."
    )
    one = _about(Cause.DIFFERENT, message, shop, account)
    yield evolve(
        one,
        delta=-shop.headline if shop.is_owed and shop.dated_on in period else NOTHING,
        paid=-_paid_in_shop(shop, money) if shop.is_owed else ZERO,
    )
    yield evolve(
        one,
        currency=account.currency,
        delta=account.figures if account.issued_on in period else NOTHING,
        paid=money.left_over(account),
    )


def _differing(
    shop: ShopDocument, account: AccountDocument, agreed: Agreed | None, period: Period
) -> Iterator[Difference]:
    counts, counted = account.issued_on in period, shop.dated_on in period
    if not (counts or counted):
        return
    # In the period on one side only: the date explains all of the shop's figures, and the
    # figures' own difference counts where the account has it.
    yield from _dates(shop, account, agreed, straddles=(counts, counted))
    for one in _figures(shop, account, agreed):
        yield one if counts else evolve(one, delta=NOTHING)


def _dates(
    shop: ShopDocument,
    account: AccountDocument,
    agreed: Agreed | None,
    *,
    straddles: tuple[bool, bool],
) -> Iterator[Difference]:
    if account.issued_on == shop.dated_on:
        return
    counts, counted = straddles
    delta = NOTHING
    if counts != counted:
        delta = shop.figures if counts else -shop.figures
    by_policy = {shop.issue_on, agreed.issued_on if agreed else None}
    cause = Cause.MOVED_DATE if account.issued_on in by_policy else Cause.WRONG_DATE
    message = (
        f"{_title(shop)} of {shop.dated_on} is dated {account.issued_on} "
        f"as {account.number}{', by policy' if cause is Cause.MOVED_DATE else ''}."
    )
    yield evolve(_about(cause, message, shop, account), delta=delta)


def _figures(
    shop: ShopDocument, account: AccountDocument, agreed: Agreed | None
) -> Iterator[Difference]:
    if shop.bands == account.bands:
        return
    posted = agreed.bands if agreed else None
    if posted is None:
        unknown = Cause.WRONG_RATE if _other_rate(shop.bands, account.bands) else Cause.DIFFERENT
        yield _changed(unknown, shop, account, shop.bands, account.bands)
        return
    if posted != shop.bands:
        yield _changed(Cause.CHANGED_IN_SHOP, shop, account, shop.bands, posted)
    if posted != account.bands:
        wrong = _other_rate(posted, account.bands)
        cause = Cause.WRONG_RATE if wrong else Cause.CHANGED_IN_KASHFLOW
        yield _changed(cause, shop, account, posted, account.bands)


def _other_rate(before: Bands, after: Bands) -> bool:
    """Tell that net moved between rates while the net or the gross as a whole stayed."""
    nets = {band: one.net for band, one in before.items() if one.net}
    if nets == {band: one.net for band, one in after.items() if one.net}:
        return False
    was, now = sum_of(before.values()), sum_of(after.values())
    return was.net == now.net or was.gross == now.gross


def _changed(
    cause: Cause, shop: ShopDocument, account: AccountDocument, before: Bands, after: Bands
) -> Difference:
    shop_side = cause is Cause.CHANGED_IN_SHOP
    told = _said(after if shop_side else before), _said(before if shop_side else after)
    message = f"{_title(shop)} ({account.number}): {cause.value} from {told[0]} to {told[1]}."
    delta = sum_of(after.values()) - sum_of(before.values())
    return evolve(_about(cause, message, shop, account), delta=delta)


def _said(bands: Bands) -> str:
    return ", ".join(
        f"{one.net} + {one.vat} VAT at {band}{' %' if band[0].isdecimal() else ''}"
        for band, one in bands.items()
    ) or "nothing"  # fmt: skip


def _double(
    shop: ShopDocument | None,
    account: AccountDocument | None,
    double: AccountDocument,
    period: Period,
    money: Money,
) -> Iterator[Difference]:
    paid, counts = money.left_over(double), double.issued_on in period
    if shop is None or account is None or not (counts or paid):
        return
    message = f"{_title(shop)} stands twice: as {account.number} and as {double.number}."
    yield evolve(
        _about(Cause.DOUBLE, message, shop, double),
        currency=double.currency,
        delta=double.figures if counts else NOTHING,
        paid=paid,
    )


def _rounding(shop: ShopDocument, account: AccountDocument) -> Difference:
    message = (
        f"{_title(shop)}: the shop's own totals have {shop.headline.vat} VAT, its rates come to "
        f"{shop.figures.vat}."
    )
    return evolve(_about(Cause.ROUNDING, message, shop, account), delta=-shop.rounding)


def _paid_in_shop(shop: ShopDocument, money: Money) -> Decimal:
    return sum((money.counted_in_shop(one) for one in shop.payments), ZERO)


def _title(shop: ShopDocument) -> str:
    if shop.number == shop.order and shop.kind.value == "invoice":
        return f"Order {shop.order}"
    return f"Credit memo {shop.number} of order {shop.order}"


def _about(
    cause: Cause, message: str, shop: ShopDocument, account: AccountDocument | None = None
) -> Difference:
    return Difference(
        cause,
        message,
        key=shop.key,
        order=shop.order,
        number=shop.number,
        invoice_number=account.number if account else None,
        day=shop.dated_on,
        currency=shop.currency,
    )
