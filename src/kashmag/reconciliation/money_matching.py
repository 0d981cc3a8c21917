"""Payments of the two sides: matched by token, then by likeness; what differs, named.

Works on all pairs together, because a payment may stand on another invoice than its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from attrs import define, field

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import (
    AccountDocument,
    AccountPayment,
    Agreed,
    Memory,
    PaymentStanding,
    Remembered,
    ShopDocument,
    ShopPayment,
)
from kashmag.reconciliation.elsewhere import Elsewhere, Place
from kashmag.reconciliation.figures import ZERO, Period
from kashmag.reconciliation.pairing import Pair, documents_of

_NOTHING = Remembered()


@define
class Money:
    """The state of one matching: what is left over, whose token is whose, and what was found."""

    period: Period
    left: dict[int, list[AccountPayment]] = field(factory=dict)
    differences: list[Difference] = field(factory=list)

    def counted(self, payment: AccountPayment) -> Decimal:
        """What a payment of the account counts in the period."""
        return payment.amount if payment.paid_on in self.period else ZERO

    def counted_in_shop(self, payment: ShopPayment) -> Decimal:
        """What a payment of the shop counts in the period."""
        return payment.amount if payment.paid_on in self.period else ZERO

    def left_over(self, document: AccountDocument) -> Decimal:
        """What the unmatched payments of a document count in the period."""
        return sum((self.counted(one) for one in self.left[document.number]), ZERO)


@define
class _Open:
    """A payment of the shop that its own invoice does not show."""

    shop: ShopDocument
    account: AccountDocument
    payment: ShopPayment


def is_compared(pair: Pair) -> bool:
    """Tell the pairs whose payments are compared one by one."""
    return (
        pair.shop is not None
        and pair.account is not None
        and pair.by_hand is None
        and pair.shop.is_owed
        and pair.shop.currency == pair.account.currency
    )


def match_money(pairs: Sequence[Pair], memory: Memory, period: Period) -> Money:
    """Compare all payments; `left` keeps those of documents that are not compared."""
    money = Money(period)
    for pair in pairs:
        for document in documents_of(pair):
            money.left[document.number] = list(document.payments)
    tokens = {p.token for pair in pairs if pair.shop is not None for p in pair.shop.payments}
    missing: list[_Open] = []
    for pair in pairs:
        if pair.shop is not None and pair.account is not None and is_compared(pair):
            agreed = memory.get(pair.shop.key, _NOTHING).agreed
            missing += _own(money, pair.shop, pair.account, agreed, tokens)
    elsewhere = Elsewhere.of(money.left, pairs, tokens) if missing else None
    for one in missing:
        _elsewhere(money, one, elsewhere.find(one.payment, one.account) if elsewhere else None)
    for pair in pairs:
        if pair.shop is not None and pair.account is not None and is_compared(pair):
            money.differences += _leftovers(money, pair.shop, pair.account, tokens)
    return money


def _own(
    money: Money,
    shop: ShopDocument,
    account: AccountDocument,
    agreed: Agreed | None,
    tokens: set[str],
) -> list[_Open]:
    """Match a document's own payments, by token first; those not found."""
    left, waiting = money.left[account.number], list[ShopPayment]()
    for payment in shop.payments:
        found = next((one for one in left if payment.token in one.tokens), None)
        if found is None:
            waiting.append(payment)
            continue
        left.remove(found)
        money.differences += _differing(money, shop, account, payment, found, agreed)
    missing: list[_Open] = []
    for payment in waiting:
        found = _alike(payment, left, tokens)
        if found is None:
            missing.append(_Open(shop, account, payment))
            continue
        left.remove(found)
        money.differences += _differing(money, shop, account, payment, found, agreed)
    return missing


def _alike(
    payment: ShopPayment, left: Sequence[AccountPayment], tokens: set[str]
) -> AccountPayment | None:
    """A line of the same amount that carries nobody's token; of the same day if there is one."""
    fitting = [one for one in left if one.amount == payment.amount and not tokens & set(one.tokens)]
    return min(fitting, key=lambda one: one.paid_on != payment.paid_on, default=None)


def _differing(  # noqa: PLR0917
    money: Money,
    shop: ShopDocument,
    account: AccountDocument,
    payment: ShopPayment,
    found: AccountPayment,
    agreed: Agreed | None,
) -> Iterator[Difference]:
    counts = found.paid_on in money.period
    counted = payment.paid_on in money.period
    if not (counts or counted):
        return
    title = f"Payment {payment.token} of {payment.amount}"
    if found.amount != payment.amount:
        delta = found.amount - payment.amount if counts else ZERO
        yield _difference(
            Cause.CHANGED_IN_KASHFLOW, f"{title} stands as {found.amount}.",
            shop, account, payment, delta,
        )  # fmt: skip
    agreed_on = agreed.payment_dates.get(payment.token) if agreed else None
    # When money that the account imports itself is dated, is the bank's affair.
    is_dated_by_us = payment.standing is PaymentStanding.POST
    moved = payment.amount * (counts - counted)
    by_policy = (payment.paid_on, payment.post_on, agreed_on)
    if found.paid_on not in by_policy and (is_dated_by_us or moved):
        text = f"{title} is dated {found.paid_on}, not {payment.paid_on}."
        yield _difference(Cause.WRONG_DATE, text, shop, account, payment, moved)
    elif moved:
        text = f"{title} of {payment.paid_on} was posted with the date {found.paid_on}."
        yield _difference(Cause.MOVED_DATE, text, shop, account, payment, moved)
    if is_dated_by_us and _place(found) != (payment.kashflow_method, payment.bank_account):
        method, bank = _place(found)
        text = (
            f"{title} stands with method {method} on bank account {bank}, not with method "
            f"{payment.kashflow_method} on bank account {payment.bank_account}."
        )
        yield _difference(Cause.PAYMENT_ELSEWHERE, text, shop, account, payment, ZERO)


def _place(payment: AccountPayment) -> tuple[int | None, int | None]:
    return payment.method, payment.bank_account


def _elsewhere(money: Money, one: _Open, place: Place | None) -> None:
    """Say where a missing payment stands instead; else it is missing."""
    if place is not None:
        number, found = place
        money.left[number].remove(found)
        if found.paid_on not in money.period and one.payment.paid_on not in money.period:
            return
        delta = money.counted(found) - money.counted_in_shop(one.payment)
        text = (
            f"Payment {one.payment.token} of {one.payment.amount} stands on invoice {number}, "
            f"not on {one.account.number}."
        )
        money.differences.append(
            _difference(Cause.PAYMENT_ELSEWHERE, text, one.shop, one.account, one.payment, delta)
        )
        return
    if one.payment.paid_on in money.period:
        money.differences.append(_missing(one))


def _missing(one: _Open) -> Difference:
    payment = one.payment
    title = f"Payment {payment.token} of {payment.amount} by {payment.method or 'no method'}"
    match payment.standing:
        case PaymentStanding.HELD:
            cause, text = Cause.HELD, f"{title} is held. {payment.reason}".strip()
        case PaymentStanding.LEAVE | PaymentStanding.MATCH:
            cause = Cause.PAYMENT_MISSING
            text = f"{title} is left to the account's own import, which has not brought it."
        case PaymentStanding.POST:
            cause, text = Cause.PAYMENT_MISSING, f"{title} is not on its invoice."
    return _difference(cause, text, one.shop, one.account, payment, -payment.amount)


def _leftovers(
    money: Money, shop: ShopDocument, account: AccountDocument, tokens: set[str]
) -> Iterator[Difference]:
    """Payments of a compared document that the shop does not know there."""
    for line in money.left[account.number]:
        if line.paid_on not in money.period:
            continue
        known = next((token for token in line.tokens if token in tokens), "")
        again = known or any(one.amount == line.amount for one in shop.payments)
        cause = Cause.DOUBLE if again else Cause.TYPED_BY_HAND
        text = (
            f"Payment of {line.amount} ({line.note or 'without a note'}) stands on invoice "
            f"{account.number} {'a second time' if again else 'and is not known to the shop'}."
        )
        yield Difference(
            cause,
            text,
            key=shop.key,
            order=shop.order,
            number=shop.number,
            invoice_number=account.number,
            day=line.paid_on,
            currency=account.currency,
            paid=line.amount,
            is_payment=True,
        )


def _difference(  # noqa: PLR0917
    cause: Cause,
    message: str,
    shop: ShopDocument,
    account: AccountDocument,
    payment: ShopPayment,
    paid: Decimal,
) -> Difference:
    return Difference(
        cause,
        message,
        key=shop.key,
        order=shop.order,
        number=shop.number,
        invoice_number=account.number,
        day=payment.paid_on,
        currency=shop.currency,
        paid=paid,
        is_payment=True,
    )
