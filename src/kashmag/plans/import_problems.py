"""The problems of money that the account imports itself, worded in one place."""

from __future__ import annotations

from datetime import date
from typing import Final

from kashmag.accounting.money import shown
from kashmag.accounting.payment import Payment
from kashmag.accounting.problems import Holds, Problem
from kashmag.kashflow.payment_records import PaymentLine
from kashmag.plans.cures import cure

# Further from its payment than a quarter, a line of the same amount is another payment's.
MOST_DAYS: Final = 92


def payment_awaited(
    payment: Payment, order: str, until: date, *, invoice: int | None = None, memo: str = ""
) -> Problem:
    """The account imports the money itself, and has some days left for it: nothing is wrong."""
    on = f"invoice {invoice}" if invoice is not None else "the document that is only being posted"
    return Problem(
        "payment_awaited",
        f"{_title(payment, order)} is awaited from the account's own import on {on} until {until}.",
        remedy="Nothing is to be done: the next run looks again.",
        holds=Holds.NOTHING,
        document=memo,
        payment=payment.key,
    )


def payment_not_imported(
    payment: Payment, order: str, invoice: int, *, days: int, memo: str = ""
) -> Problem:
    """The account was to import the money itself, and has not."""
    return Problem(
        "payment_not_imported",
        f"{_title(payment, order)} is left to the account's own import, and {days} days later "
        f"invoice {invoice} does not show it.",
        remedy="Match it in KashFlow with this invoice; `kashmag reconcile --remote` tells if it "
        "stands on another.",
        holds=Holds.PAYMENT,
        document=memo,
        payment=payment.key,
    )


def payment_differs(
    payment: Payment, order: str, line: PaymentLine, invoice: int, *, days: int, memo: str = ""
) -> Problem:
    """The account has imported money for the invoice that is not this payment."""
    on = f" of {line.date}" if line.date else ""
    is_same = line.amount == payment.amount.amount
    far = f", which is more than {days} days away" if is_same else ""
    return Problem(
        "payment_differs",
        f"{_title(payment, order)} is left to the account's own import, but invoice {invoice} "
        f"shows {shown(line.amount)}{on}{far}.",
        remedy="Match the payments of that invoice by hand in KashFlow, or raise "
        "policy.match_within_days.",
        holds=Holds.PAYMENT,
        document=memo,
        payment=payment.key,
        settings=cure("policy", match_within_days=min(2 * days or 7, MOST_DAYS)) if is_same else "",
    )


def awaited_until(message: str) -> date | None:
    """Until when one of these sentences says that a payment is awaited; None where it is not."""
    until = message.removesuffix(".").rpartition(" until ")[2]
    try:
        return date.fromisoformat(until)
    except ValueError:
        return None


def _title(payment: Payment, order: str) -> str:
    return (
        f"Payment {payment.key} of {payment.amount} by {payment.method} of {payment.paid_on} "
        f"for order {order}"
    )
