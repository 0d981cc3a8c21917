"""Reconcile: every shop document beside its account document, every difference named by cause.

For each currency the differences add up to what the account's totals differ by from the shop's;
a test of `reconcile` proves it for whatever the two sides hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import evolve

from kashmag.planner.likeness import Evidence
from kashmag.plans.references import is_ours, nth_reference, reversal_reference
from kashmag.reconciliation.accepted import (
    accepted_of,
    as_accepted,
    as_another,
    as_gone,
    as_skipped,
    as_withdrawn,
)
from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.credits_by_hand import of_credits
from kashmag.reconciliation.differing import differing
from kashmag.reconciliation.documents import (
    BEFORE_GO_LIVE,
    AccountDocument,
    Agreed,
    DocumentKind,
    Memory,
    Remembered,
    ShopDocument,
    Standing,
)
from kashmag.reconciliation.figures import NOTHING, ZERO, Period
from kashmag.reconciliation.generations import agreed_on, invoice_key, reversal_key
from kashmag.reconciliation.money import Money
from kashmag.reconciliation.money_matching import match_money
from kashmag.reconciliation.other_currency import other_currency
from kashmag.reconciliation.pairing import Pair, pair_up
from kashmag.reconciliation.report import Report, report_of
from kashmag.reconciliation.reversals import of_former
from kashmag.reconciliation.sentences import about, sentence, title_of
from kashmag.reconciliation.typed_by_hand import evidence_of

_UNREMEMBERED = Remembered()


def reconcile(
    shop: Sequence[ShopDocument],
    account: Iterable[AccountDocument],
    memory: Memory,
    period: Period,
    *,
    today: date | None = None,
) -> Report:
    """Compare the two sides over a period, from what the logbook remembers of each deed.

    Either side may hold documents of other days; they count only where a counterpart or a
    payment of theirs falls into the period. `today` tells which imports are still awaited.
    """
    pairs = pair_up(shop, account, memory)
    money = match_money(pairs, memory, period, today=today)
    found: list[Difference] = []
    for pair in pairs:
        found += _of_pair(pair, memory, period, money)
    found += money.differences
    return report_of(pairs, tuple(found), period)


def _of_pair(pair: Pair, memory: Memory, period: Period, money: Money) -> Iterator[Difference]:
    shop, account = pair.shop, pair.account
    for double in pair.doubles:
        yield from _double(shop, account, double, memory, period, money)
    if shop is None:
        if account is not None:
            yield from _unknown(account, period, money)
        return
    yield from of_former(pair, memory, period, money)
    yield from of_credits(pair, period, money)
    remembered = _with_its_order(shop, _remembered(pair, shop, memory), memory)
    accepted = accepted_of(memory, shop)
    if account is None:
        posted_with = nth_reference(shop.reference, pair.generation)
        for one in _absent(pair, shop, remembered, period):
            yield as_gone(one, posted_with, remembered.agreed, accepted)
        return
    if shop.currency != account.currency:
        yield from other_currency(shop, account, remembered.agreed, period, money)
        return
    if shop.is_owed and shop.dated_on in period and shop.rounding:
        yield _rounding(shop, account)
    if pair.by_hand is not None:
        for one in _typed(pair, shop, account, period, money):
            yield _stands_for(one, account, remembered)
        return
    gone = agreed_on(memory, reversal_key(shop.key, pair.generation))
    reversed_with = reversal_reference(shop.reference, pair.generation)
    if not shop.is_owed:
        for one in _withdrawn(shop, account, gone, period, money):
            told = as_gone(one, reversed_with, gone, accepted)
            yield told if gone is not None else as_withdrawn(one, shop, accepted)
        return
    agreed = remembered.agreed
    found = tuple(
        as_skipped(as_accepted(one, shop, agreed), shop, remembered)
        for one in differing(pair, agreed, period)
    )
    yield from found
    if account.issued_on not in period:
        return
    if gone is not None:
        message = f"{title_of(shop)}: {_gone(gone, account)}"
        unreversed = about(Cause.DELETED, message, shop, account)
        yield as_gone(unreversed, reversed_with, gone, accepted)
    if remembered.dispute and not any(one.needs_a_person for one in found):
        message = f"{title_of(shop)} is disputed: {sentence(remembered.dispute)}"
        yield about(Cause.CHANGED_IN_KASHFLOW, message, shop, account)


def _gone(reversal: Agreed, account: AccountDocument) -> str:
    return (
        f"credit note {reversal.number}, which reversed invoice {account.number}, "
        "is not there any more."
    )


def _remembered(pair: Pair, shop: ShopDocument, memory: Memory) -> Remembered:
    """What the logbook knows of the order, and of the generation that counts."""
    known = memory.get(shop.key, _UNREMEMBERED)
    if pair.generation == 1:
        return known
    live = memory.get(invoice_key(shop.key, pair.generation), _UNREMEMBERED)
    return evolve(known, agreed=live.agreed, dispute=live.dispute)


def _with_its_order(shop: ShopDocument, known: Remembered, memory: Memory) -> Remembered:
    """A memo of an order that a person has skipped is skipped with it, read by a run or not."""
    order = memory.get(shop.order_key, _UNREMEMBERED)
    if shop.kind is DocumentKind.INVOICE or known.is_decided or not order.is_decided:
        return known
    return evolve(known, is_decided=True, reason=f"its order is {order.reason}")


def _absent(
    pair: Pair, shop: ShopDocument, remembered: Remembered, period: Period
) -> Iterator[Difference]:
    """Nothing in the account for a document that is owed: one difference for all of it."""
    paid = sum((one.amount for one in shop.payments if one.paid_on in period), ZERO)
    counts = shop.dated_on in period
    if not shop.is_owed or not (counts or paid):
        return
    cause, message = _why_absent(pair, shop, remembered)
    delta = -shop.headline if counts else NOTHING
    yield evolve(about(cause, message, shop), delta=delta, paid=-paid)


def _why_absent(pair: Pair, shop: ShopDocument, remembered: Remembered) -> tuple[Cause, str]:
    title, again = title_of(shop), " again" if pair.generation > 1 else ""
    reason = remembered.reason or shop.reason
    if remembered.agreed is not None and remembered.agreed.number is not None:
        number = remembered.agreed.number
        return Cause.DELETED, f"{title} was posted{again} as {number}, which is not there any more."
    # Of before `go_live`, and untouched since as far as the shop tells; yet a run has read it.
    is_waiting = remembered.outcome == "held" and shop.codes == BEFORE_GO_LIVE
    if remembered.is_decided or (shop.standing is Standing.SKIPPED and not is_waiting):
        told = reason if reason.startswith("skipped") else f"skipped: {reason}"
        return Cause.SKIPPED, f"{title} is {sentence(told)}"
    if remembered.outcome == "held" or shop.standing is Standing.HELD:
        return Cause.HELD, f"{title} is held: {sentence(reason)}"
    if remembered.outcome == "failed":
        return Cause.NOT_POSTED, f"{title} is not posted{again}; it failed: {sentence(reason)}"
    if again:
        return Cause.NOT_POSTED, f"{title} was reversed and is not posted again yet."
    return Cause.NOT_POSTED, f"{title} is not posted yet."


def _unknown(account: AccountDocument, period: Period, money: Money) -> Iterator[Difference]:
    """A document of the account that belongs to none of the shop's."""
    paid, counts = money.left_over(account), account.issued_on in period
    if not (counts or paid):
        return
    if is_ours(account.reference):
        cause = Cause.CHANGED_IN_SHOP
        message = f"Invoice {account.number} carries {account.reference}, which the shop has not."
    else:
        about = f" ({account.reference})" if account.reference else ""
        cause, told = Cause.TYPED_BY_HAND, "was typed by hand, for no order that is known."
        if account.left:
            cause, told = Cause.NOT_OF_THE_SHOP, f"is not of the shop: {sentence(account.left)}"
        what = "Credit note" if account.figures.gross < 0 else "Invoice"
        message = f"{what} {account.number}{about} {told}"
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
    paid = money.left_over(account) - money.paid_in_shop(shop)
    if shop.dated_on not in period and account.issued_on not in period and not paid:
        return
    evidence = pair.by_hand.value if pair.by_hand else ""
    same = shop.figures == account.figures
    figures = "" if same else f", with {account.figures.gross} for {shop.headline.gross}"
    message = f"{title_of(shop)} was typed by hand as {account.number}{figures} ({evidence})."
    yield evolve(
        about(Cause.TYPED_BY_HAND, message, shop, account), delta=counts - counted, paid=paid
    )


def _stands_for(one: Difference, account: AccountDocument, known: Remembered) -> Difference:
    """The difference about what was typed by hand, where a person has skipped the order for it."""
    if not known.is_decided:
        return one
    told = f"It is {sentence(known.reason)} Invoice {account.number} stands for it."
    return evolve(one, cause=Cause.SKIPPED, message=f"{one.message} {told}")


def _withdrawn(
    shop: ShopDocument,
    account: AccountDocument,
    reversal: Agreed | None,
    period: Period,
    money: Money,
) -> Iterator[Difference]:
    """Posted, and then cancelled in the shop; its `reversal` is gone, if there was one."""
    paid, counts = money.left_over(account), account.issued_on in period
    if not (counts or paid):
        return
    message = f"{title_of(shop)} is posted as {account.number} and cancelled in the shop."
    cause = Cause.CHANGED_IN_SHOP
    if reversal is not None:
        cause = Cause.DELETED
        message = f"{message.rstrip('.')}; {_gone(reversal, account)}"
    yield evolve(
        about(cause, message, shop, account),
        delta=account.figures if counts else NOTHING,
        paid=paid,
    )


def _double(  # noqa: PLR0917
    shop: ShopDocument | None,
    account: AccountDocument | None,
    double: AccountDocument,
    memory: Memory,
    period: Period,
    money: Money,
) -> Iterator[Difference]:
    paid, counts = money.left_over(double), double.issued_on in period
    if shop is None or account is None or not (counts or paid):
        return
    evidence = None if is_ours(double.reference) else evidence_of(shop, double)
    told = f" ({evidence.value})" if evidence is not None else ""
    likely = ", it seems" if evidence is Evidence.LIKENESS else ""
    message = (
        f"{title_of(shop)} stands twice{likely}: as {account.number} and as {double.number}{told}."
    )
    found = evolve(
        about(Cause.DOUBLE, message, shop, double),
        currency=double.currency,
        delta=double.figures if counts else NOTHING,
        paid=paid,
    )
    accepted = accepted_of(memory, shop)
    yield as_another(found, shop, double, evidence, accepted) if evidence else found


def _rounding(shop: ShopDocument, account: AccountDocument) -> Difference:
    message = (
        f"{title_of(shop)}: the shop's own totals have {shop.headline.vat} VAT, its rates come to "
        f"{shop.figures.vat}."
    )
    return evolve(about(Cause.ROUNDING, message, shop, account), delta=-shop.rounding)
