"""The problems of money that the account imports itself, worded in one place."""

from __future__ import annotations

from datetime import date
from typing import Final

from kashmag.accounting.payment import Payment
from kashmag.accounting.problems import Holds, Problem
from kashmag.kashflow.payment_records import PaymentLine
from kashmag.plans.cures import cure

# Further from its payment than a quarter, a line of the same amount is another payment's.
MOST_DAYS: Final = 92


def payment_awaited(payment: Payment, until: date, *, memo: str = "") -> Problem:
    """The account imports the money itself, and has some days left for it: nothing is wrong."""
    return Problem(
        "payment_awaited",
        f"Payment {payment.key} of {payment.amount} is awaited from the account's own import "
        f"until {until}.",
        remedy="Nothing is to be done: the next run looks again.",
        holds=Holds.NOTHING,
        document=memo,
    )


def payment_not_imported(payment: Payment, invoice: int, *, days: int, memo: str = "") -> Problem:
    """The account was to import the money itself, and has not."""
    return Problem(
        "payment_not_imported",
        f"Payment {payment.key} of {payment.amount} by {payment.method} of {payment.paid_on} is "
        f"left to the account's own import, and {days} days later invoice {invoice} does not "
        "show it.",
        remedy="Match it in KashFlow with this invoice; `kashmag reconcile --remote` tells if it "
        "stands on another.",
        holds=Holds.PAYMENT,
        document=memo,
    )


def payment_differs(
    payment: Payment, line: PaymentLine, invoice: int, *, days: int, memo: str = ""
) -> Problem:
    """The account has imported money for the invoice that is not this payment."""
    on = f" of {line.date}" if line.date else ""
    is_same = line.amount == payment.amount.amount
    far = f", which is more than {days} days away" if is_same else ""
    shown = payment.amount if is_same else f"{line.amount.normalize():f}"
    return Problem(
        "payment_differs",
        f"Payment {payment.key} of {payment.amount} by {payment.method} of {payment.paid_on} is "
        f"left to the account's own import, but invoice {invoice} shows {shown}{on}{far}.",
        remedy="Match the payments of that invoice by hand in KashFlow, or raise "
        "policy.match_within_days.",
        holds=Holds.PAYMENT,
        document=memo,
        settings=cure("policy", match_within_days=min(2 * days or 7, MOST_DAYS)) if is_same else "",
    )
