"""Problems of money: to which method and bank account, on which invoice, and whether it is there.

Most hold the payment only, and the invoice is posted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from kashmag.accounting.money import Money
from kashmag.accounting.payment import Payment
from kashmag.accounting.problems import Holds, Problem
from kashmag.kashflow.payment_records import PaymentLine
from kashmag.plans.cures import cure, posting

NONE_KNOWN: Final[Mapping[int, str]] = MappingProxyType({})
_ACCEPT: Final = "accept it with a reason (kashmag errors accept)"


def unmapped_payment_method(
    method: str, document: str, *, bank_accounts: Mapping[int, str] = NONE_KNOWN
) -> Problem:
    """The method is in no table: the payment is held, the invoice is not."""
    return Problem(
        "unmapped_payment_method",
        f"Money by {method or 'no method'} for {document} has no row in policy.payments.",
        remedy=f'Add [policy.payments] {method or "METHOD"} = {{ action = "post", method = ID, '
        'bank_account = ID }, or action = "match", or "leave".',
        holds=Holds.PAYMENT,
        document=document,
        settings=cure("policy.payments", **{method: posting(bank_accounts)}) if method else "",
    )


def incomplete_payment_rule(
    method: str, *, bank_accounts: Mapping[int, str] = NONE_KNOWN
) -> Problem:
    """A row says post, but not where to."""
    return Problem(
        "incomplete_payment_rule",
        f"policy.payments.{method} says post, but not to which method and bank account.",
        remedy="Give it method = ID and bank_account = ID.",
        holds=Holds.PAYMENT,
        settings=cure("policy.payments", **{method: posting(bank_accounts)}),
    )


def bank_account_missing(
    method: str, account: int, *, bank_accounts: Mapping[int, str] = NONE_KNOWN
) -> Problem:
    """The account does not have this bank account."""
    return Problem(
        "bank_account_missing",
        f"policy.payments.{method} names bank account {account}, which KashFlow does not have.",
        remedy="Correct the bank_account of that row.",
        holds=Holds.PAYMENT,
        settings=cure("policy.payments", **{method: posting(bank_accounts)}),
    )


def bank_account_locked(account: str, day: date, locked_until: date) -> Problem:
    """The bank account takes nothing on or before a day."""
    return Problem(
        "bank_account_locked",
        f"Bank account {account} is locked until {locked_until}; the payment is of {day}.",
        remedy='Move the lock in KashFlow, set policy.locked_bank = "first_open_day", or add the '
        "payment by hand.",
        holds=Holds.PAYMENT,
        settings=cure("policy", locked_bank='"first_open_day"'),
    )


def unmapped_credit(
    kind: str, amount: Money, *, bank_accounts: Mapping[int, str] = NONE_KNOWN
) -> Problem:
    """Part was settled by credit with the shop, and nobody said where that is booked."""
    return Problem(
        "unmapped_credit",
        f"{amount} was settled by {kind.replace('_', ' ')}, which has no row in policy.credits.",
        remedy=f'Add [policy.credits] {kind} = {{ action = "post", method = ID, '
        "bank_account = ID }.",
        holds=Holds.PAYMENT,
        settings=cure("policy.credits", **{kind: posting(bank_accounts, others='or "leave"')}),
    )


def payment_moved(invoice: int, amount: Decimal) -> Problem:
    """We posted this payment, and a person has taken it off: it is never posted a second time."""
    return Problem(
        "payment_moved",
        f"The payment of {amount:.2f} was posted on invoice {invoice} and is not there any more: "
        "somebody removed it, or moved it to another document.",
        remedy=f"Put it back in KashFlow; or, if it is right so, {_ACCEPT}.",
        holds=Holds.PAYMENT,
    )


def entered_by_hand(payment: Payment, line: PaymentLine, invoice: int) -> Problem:
    """The money stands there already, without our mark: it is never entered a second time."""
    on = f" of {line.date}" if line.date else ""
    return Problem(
        "entered_by_hand",
        f"The payment {payment.key} of {payment.amount} looks entered by hand: invoice {invoice} "
        f"shows {payment.amount}{on} without the mark of kashmag.",
        remedy=f"If it is this payment, {_ACCEPT}; if it is other money, take that line off the "
        "invoice in KashFlow, and the next run posts the payment.",
        holds=Holds.PAYMENT,
    )


def payment_missing(number: str, owed: Money, paid: Money) -> Problem:
    """The order counts as paid, but the money is not proved."""
    return Problem(
        "payment_missing",
        f"Order {number} counts as paid, but of {owed} only {paid} is proved by Magento invoices.",
        remedy=f"Look for the Magento invoice; or record the payment in KashFlow, and {_ACCEPT}.",
        holds=Holds.PAYMENT,
    )


def payment_exceeds(number: str, invoice: int, open_amount: Decimal, amount: Decimal) -> Problem:
    """More money than the invoice has room for."""
    return Problem(
        "payment_exceeds",
        f"A payment of {amount:.2f} for order {number} exceeds the {open_amount:.2f} open on "
        f"invoice {invoice}.",
        remedy=f"Match the payments of that invoice by hand; then {_ACCEPT}.",
        holds=Holds.PAYMENT,
    )
