"""Payments of the shop that their own invoice does not show: they stand elsewhere, or nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import frozen

from kashmag.plans.acceptances import Acceptance
from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import (
    AccountDocument,
    AccountPayment,
    PaymentStanding,
    ShopDocument,
    ShopPayment,
)
from kashmag.reconciliation.elsewhere import Place
from kashmag.reconciliation.figures import pence
from kashmag.reconciliation.money import Money, of_payment, payment_title


@frozen
class Missing:
    """A payment of the shop that its own invoice does not show, and what is remembered of it.

    Perhaps it was posted there once; or a run has told until when its import is awaited.
    """

    shop: ShopDocument
    account: AccountDocument
    payment: ShopPayment
    was_posted: bool
    awaited_until: date | None
    accepted: tuple[Acceptance, ...] = ()


def missed(money: Money, one: Missing, place: Place | None) -> Iterator[Difference]:
    """Say where a missing payment stands instead; else it is missing."""
    if place is not None:
        number, found = place
        money.left[number].remove(found)
        if found.paid_on not in money.period and one.payment.paid_on not in money.period:
            return
        delta = money.counted(found) - money.counted_in_shop(one.payment)
        text = (
            f"{payment_title(one.shop, one.payment)} stands on invoice {number}, "
            f"not on {one.account.number}."
        )
        yield of_payment(Cause.PAYMENT_ELSEWHERE, text, one.shop, one.account, one.payment, delta)
        return
    if one.payment.paid_on in money.period:
        yield _missing(one, money.today)


def of_another_amount(money: Money, one: Missing, line: AccountPayment) -> Iterator[Difference]:
    """Say that the account has imported another amount for a payment: one thing, told once."""
    money.left[one.account.number].remove(line)
    payment = one.payment
    if line.paid_on not in money.period and payment.paid_on not in money.period:
        return
    text = (
        f"{payment_title(one.shop, payment)} by {payment.method or 'no method'} of "
        f"{payment.paid_on} was imported as {pence(line.amount)} on invoice {one.account.number}."
    )
    delta = money.counted(line) - money.counted_in_shop(payment)
    yield of_payment(Cause.OTHER_AMOUNT, text, one.shop, one.account, payment, delta)


def _missing(one: Missing, today: date | None) -> Difference:
    payment = one.payment
    title = f"{payment_title(one.shop, payment)} by {payment.method or 'no method'}"
    if one.was_posted:
        text = f"{title} was posted on {one.account.number}, which does not show it any more."
        return of_payment(Cause.DELETED, text, one.shop, one.account, payment, -payment.amount)
    match payment.standing:
        case PaymentStanding.HELD:
            cause, text = Cause.HELD, f"{title} is held. {payment.reason}".strip()
        case PaymentStanding.LEAVE | PaymentStanding.MATCH:
            cause, text = _not_imported(one, title, today)
        case PaymentStanding.POST:
            cause, text = Cause.PAYMENT_MISSING, f"{title} is not on its invoice."
    return of_payment(cause, text, one.shop, one.account, payment, -payment.amount)


def _not_imported(one: Missing, title: str, today: date | None) -> tuple[Cause, str]:
    """Money that the account imports itself: awaited for some days, and then missing."""
    payment, account = one.payment, one.account
    told = f"{title} of {payment.paid_on}"
    # An import cannot find an invoice before there is one.
    since = max(payment.paid_on, account.made_on or payment.paid_on)
    until = since + timedelta(days=payment.within_days or 0)
    until = max(until, one.awaited_until or until)
    if payment.within_days is not None and today is not None and today <= until:
        on = f"on invoice {account.number} until {until}"
        return Cause.IMPORT_AWAITED, f"{told} is awaited from the account's own import {on}."
    return (
        Cause.PAYMENT_MISSING,
        f"{told} is left to the account's own import, and invoice {account.number} does not "
        "show it.",
    )
