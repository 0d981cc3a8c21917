"""Payments of the two sides: matched by token, then by likeness; what differs, named.

Works on all pairs together, because a payment may stand on another invoice than its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from attrs import frozen

from kashmag.reconciliation.accepted import accepted_of, as_left, as_settled
from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import (
    AccountDocument,
    AccountPayment,
    Agreed,
    Memory,
    PaymentStanding,
    ShopDocument,
    ShopPayment,
)
from kashmag.reconciliation.elsewhere import Elsewhere
from kashmag.reconciliation.figures import ZERO, Period, pence
from kashmag.reconciliation.generations import agreed_on, invoice_key
from kashmag.reconciliation.missing_money import Missing, missed, of_another_amount
from kashmag.reconciliation.money import Money, of_line, of_payment, payment_title
from kashmag.reconciliation.moved_money import invoices_of, is_left_behind, match_moved
from kashmag.reconciliation.pairing import Pair, documents_of, generation_in, settled_of


@frozen
class _Compared:
    """A pair whose payments are compared one by one; `tokens` are those of all the shop."""

    pair: Pair
    shop: ShopDocument
    account: AccountDocument
    memory: Memory
    tokens: frozenset[str]

    def agreed(self, invoice: AccountDocument) -> Agreed | None:
        """What was posted as one of its invoices."""
        key = invoice_key(self.shop.key, generation_in(self.pair, invoice))
        return agreed_on(self.memory, key)

    def was_posted(self, payment: ShopPayment) -> bool:
        """Tell that a payment was posted on one of its invoices."""
        keys = (invoice_key(self.shop.key, nth + 1) for nth in range(self.pair.generation))
        posted = (agreed_on(self.memory, key) for key in keys)
        return any(payment.token in one.payment_dates for one in posted if one is not None)

    def awaited_until(self, payment: ShopPayment) -> date | None:
        """Until when a run has said that an import is awaited."""
        known = self.memory.get(self.shop.key)
        return known.awaited.get(payment.token) if known is not None else None


def match_money(
    pairs: Sequence[Pair], memory: Memory, period: Period, *, today: date | None = None
) -> Money:
    """Compare all payments; `left` keeps those of documents that are not compared."""
    money = Money(period, today)
    for pair in pairs:
        for document in documents_of(pair):
            money.lay_out(document)
    compared = tuple(_compared(pairs, memory))
    missing: list[Missing] = []
    for one in compared:
        match_moved(one.pair, money)
        missing += _own(money, one)
    if missing:
        money.differences += _missed(money, missing, Elsewhere.of(money, pairs, compared[0].tokens))
    for one in compared:
        for document in (one.account, *settled_of(one.pair)):
            money.differences += _leftovers(money, one, document)
    return money


def _missed(money: Money, missing: Sequence[Missing], elsewhere: Elsewhere) -> Iterator[Difference]:
    """Where missing payments stand; what stands nowhere was perhaps imported otherwise."""
    nowhere: list[Missing] = []
    for one in missing:
        place = elsewhere.find(one.payment, one.account)
        if place is None:
            nowhere.append(one)
        else:
            yield from _settled(one, missed(money, one, place))
    for one in nowhere:
        line = elsewhere.of_another_amount(one.payment, one.account)
        if line is None or one.was_posted:
            yield from _settled(one, missed(money, one, None))
        else:
            yield from _settled(one, of_another_amount(money, one, line))


def _settled(one: Missing, found: Iterable[Difference]) -> Iterator[Difference]:
    for each in found:
        yield as_settled(each, one.shop, one.payment, one.account.number, one.accepted)


def _compared(pairs: Sequence[Pair], memory: Memory) -> Iterator[_Compared]:
    tokens = frozenset(
        payment.token for pair in pairs if pair.shop is not None for payment in pair.shop.payments
    )
    for pair in pairs:
        if pair.shop is not None and pair.account is not None and pair.is_compared:
            yield _Compared(pair, pair.shop, pair.account, memory, tokens)


def _own(money: Money, one: _Compared) -> list[Missing]:
    """Match a document's own payments, by token first; those not found."""
    shop = one.shop
    waiting = [each for each in shop.payments if not _took(money, one, each, by_token=True)]
    return [
        Missing(
            shop,
            one.account,
            each,
            one.was_posted(each),
            one.awaited_until(each),
            accepted_of(one.memory, shop),
        )
        for each in waiting
        if not _took(money, one, each, by_token=False)
    ]


def _took(money: Money, one: _Compared, payment: ShopPayment, *, by_token: bool) -> bool:
    """Match one payment with a line of the order's invoices; tell whether there is one."""
    for invoice in invoices_of(one.pair):
        left = money.left[invoice.number]
        if by_token:
            found = next((line for line in left if payment.token in line.tokens), None)
        else:
            found = _alike(payment, left, one.tokens)
        if found is not None:
            left.remove(found)
            accepted = accepted_of(one.memory, one.shop)
            money.differences += (
                as_settled(each, one.shop, payment, invoice.number, accepted)
                for each in _differing(money, one, invoice, payment, found)
            )
            return True
    return False


def _alike(
    payment: ShopPayment, left: Sequence[AccountPayment], tokens: frozenset[str]
) -> AccountPayment | None:
    """A line of the same amount that carries nobody's token; of the same day if there is one."""
    fitting = [one for one in left if one.amount == payment.amount and not tokens & set(one.tokens)]
    return min(fitting, key=lambda one: one.paid_on != payment.paid_on, default=None)


def _differing(
    money: Money,
    one: _Compared,
    invoice: AccountDocument,
    payment: ShopPayment,
    found: AccountPayment,
) -> Iterator[Difference]:
    counts = found.paid_on in money.period
    counted = payment.paid_on in money.period
    if not (counts or counted):
        return
    shop, title = one.shop, payment_title(one.shop, payment)
    if is_left_behind(one.pair, invoice, found):
        paid = money.counted(found) - money.counted_in_shop(payment)
        text = (
            f"{title} stands on invoice {invoice.number}, which is reversed, "
            f"not on {one.account.number}."
        )
        yield of_payment(Cause.PAYMENT_ELSEWHERE, text, shop, invoice, payment, paid)
        return
    if found.amount != payment.amount:
        delta = found.amount - payment.amount if counts else ZERO
        yield of_payment(
            Cause.CHANGED_IN_KASHFLOW, f"{title} stands as {pence(found.amount)}.",
            shop, invoice, payment, delta,
        )  # fmt: skip
    moved = payment.amount * (counts - counted)
    # When money that the account imports itself is dated, is the bank's affair.
    is_dated_by_us = payment.standing is PaymentStanding.POST
    if found.paid_on != payment.paid_on and (is_dated_by_us or moved):
        yield from _of_date(one, invoice, payment, found, moved)
    if is_dated_by_us and found.place != (payment.kashflow_method, payment.bank_account):
        method, bank = found.place
        text = (
            f"{title} stands with method {method} on bank account {bank}, not with method "
            f"{payment.kashflow_method} on bank account {payment.bank_account}."
        )
        yield of_payment(Cause.PAYMENT_ELSEWHERE, text, shop, invoice, payment, ZERO)


def _of_date(
    one: _Compared,
    invoice: AccountDocument,
    payment: ShopPayment,
    found: AccountPayment,
    moved: Decimal,
) -> Iterator[Difference]:
    """A payment line of another day than the shop's; by policy it is told where that counts."""
    title = payment_title(one.shop, payment)
    if _is_near_enough(payment, found):
        text = f"{title} of {payment.paid_on} was imported with the date {found.paid_on}."
        yield of_payment(Cause.IMPORT_DATED, text, one.shop, invoice, payment, moved)
        return
    agreed, cause = one.agreed(invoice), Cause.MOVED_DATE
    posted_on = agreed.payment_dates.get(payment.token) if agreed else None
    known = {posted_on or payment.post_on}
    if generation_in(one.pair, invoice) > 1 and found.paid_on != payment.post_on:
        known, cause = known | {invoice.issued_on}, Cause.REISSUED
    if found.paid_on not in known:
        text = f"{title} is dated {found.paid_on}, not {payment.paid_on}."
        yield of_payment(Cause.WRONG_DATE, text, one.shop, invoice, payment, moved)
    elif moved:
        text = f"{title} of {payment.paid_on} was posted with the date {found.paid_on}."
        yield of_payment(cause, text, one.shop, invoice, payment, moved)


def _is_near_enough(payment: ShopPayment, found: AccountPayment) -> bool:
    """Tell an import of the account whose day a run takes for the payment's."""
    if payment.standing is PaymentStanding.POST or payment.within_days is None:
        return False
    if found.paid_on is None:
        return False
    return abs((found.paid_on - payment.paid_on).days) <= payment.within_days


def _leftovers(money: Money, one: _Compared, document: AccountDocument) -> Iterator[Difference]:
    """Payments of a compared document that the shop does not know there."""
    for line in money.left[document.number]:
        if line.paid_on in money.period:
            cause, text = _why_left(one, document, line)
            found = of_line(cause, text, one.shop, document, line)
            yield as_left(found, one.shop, accepted_of(one.memory, one.shop))


def _why_left(one: _Compared, document: AccountDocument, line: AccountPayment) -> tuple[Cause, str]:
    title = f"Payment of {pence(line.amount)} ({line.note or 'without a note'})"
    on, agreed = f"on invoice {document.number}", one.agreed(document)
    if line.returns and line in _reversal_lines(one.pair, document):
        live = one.account.number
        return Cause.PAYMENT_MISSING, f"{title} was returned {on}, and not taken up on {live}."
    if one.tokens & set(line.tokens) or any(p.amount == line.amount for p in one.shop.payments):
        return Cause.DOUBLE, f"{title} stands {on} a second time."
    if agreed is not None and line.mark in agreed.payment_dates:
        return Cause.CHANGED_IN_SHOP, f"{title} stands {on}; the shop has it no longer."
    return Cause.TYPED_BY_HAND, f"{title} stands {on} and is not known to the shop."


def _reversal_lines(pair: Pair, document: AccountDocument) -> tuple[AccountPayment, ...]:
    is_reversal = any(one.reversal.number == document.number for one in pair.settled)
    return document.payments if is_reversal else ()
