"""Problems of money: to which method and bank account, on which invoice, and whether it is there.

Most hold the payment only, and the invoice is posted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from attrs import field, frozen

from kashmag.accounting.money import Money, shown
from kashmag.accounting.problems import Holds, Problem
from kashmag.kashflow.payment_records import PaymentLine
from kashmag.plans.cures import OPEN_DAY, cure, posting

NONE_KNOWN: Final[Mapping[int, str]] = MappingProxyType({})
_ACCEPT: Final = "accept it with a reason (kashmag errors accept)"


@frozen
class Named:
    """A payment as sentences name it: by its token (what its line's note says) and its order.

    `memo` is the credit memo by which it is given back.
    """

    token: str
    amount: Decimal
    order: str = field(kw_only=True)
    memo: str = field(default="", kw_only=True)

    def __str__(self) -> str:
        if not self.memo:
            return f"Payment {self.token} of {shown(self.amount)} for order {self.order}"
        token = "" if self.token == self.memo else f" {self.token}"
        by = f"by credit memo {self.memo} for order {self.order}"
        return f"Refund{token} of {shown(-self.amount)} {by}"


def _about(named: Named, code: str, message: str, *, remedy: str, settings: str = "") -> Problem:
    """A problem of one payment, which is held."""
    return Problem(
        code,
        message,
        remedy=remedy,
        holds=Holds.PAYMENT,
        document=named.memo,
        payment=named.token,
        settings=settings,
    )


def unmapped_payment_method(
    named: Named, method: str, *, bank_accounts: Mapping[int, str] = NONE_KNOWN
) -> Problem:
    """The method is in no table: the payment is held, the invoice is not."""
    return _about(
        named,
        "unmapped_payment_method",
        f"{named} is by {method or 'no method'}, which has no row in policy.payments.",
        remedy=f'Add [policy.payments] {method or "METHOD"} = {{ action = "post", method = ID, '
        'bank_account = ID }, or action = "match", or "leave".',
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


def bank_account_locked(title: str, account: str, day: date, locked_until: date) -> Problem:
    """The bank account takes nothing on or before a day."""
    return Problem(
        "bank_account_locked",
        f"{title} is of {day}, and bank account {account} is locked until {locked_until}.",
        remedy='Move the lock in KashFlow, set policy.locked_bank = "first_open_day", or add the '
        "payment by hand.",
        holds=Holds.PAYMENT,
        settings=cure("policy", locked_bank='"first_open_day"'),
    )


def unmapped_credit(
    named: Named, kind: str, *, bank_accounts: Mapping[int, str] = NONE_KNOWN
) -> Problem:
    """Part was settled by credit with the shop, and nobody said where that is booked."""
    return _about(
        named,
        "unmapped_credit",
        f"Of order {named.order}, {shown(named.amount)} was settled by {kind.replace('_', ' ')}, "
        "which has no row in policy.credits.",
        remedy=f'Add [policy.credits] {kind} = {{ action = "post", method = ID, '
        "bank_account = ID }.",
        settings=cure("policy.credits", **{kind: posting(bank_accounts, others='or "leave"')}),
    )


def payment_moved(named: Named, invoice: int) -> Problem:
    """We posted this payment, and a person has taken it off: it is never posted a second time."""
    return _about(
        named,
        "payment_moved",
        f"{named} was posted on invoice {invoice} and is not there any more: somebody removed it, "
        "or moved it to another document.",
        remedy=f"Put it back in KashFlow; or, if it is right so, {_ACCEPT}.",
    )


def entered_by_hand(named: Named, line: PaymentLine, invoice: int) -> Problem:
    """The money stands there already, without our mark: it is never entered a second time."""
    on = f" of {line.date}" if line.date else ""
    return _about(
        named,
        "entered_by_hand",
        f"{named} looks entered by hand: invoice {invoice} shows {shown(named.amount)}{on} without "
        "the mark of kashmag.",
        remedy=f"If it is this payment, {_ACCEPT}; if it is other money, take that line off the "
        "invoice in KashFlow, and the next run posts the payment.",
    )


def payment_missing(number: str, owed: Money, paid: Money) -> Problem:
    """The order counts as paid, but the money is not proved."""
    return Problem(
        "payment_missing",
        f"Order {number} counts as paid, but of {owed} only {paid} is proved by Magento invoices.",
        remedy=f"Look for the Magento invoice; or record the payment in KashFlow, and {_ACCEPT}.",
        holds=Holds.PAYMENT,
    )


def payment_exceeds(named: Named, invoice: int, open_amount: Decimal) -> Problem:
    """More money than the invoice has room for."""
    return _about(
        named,
        "payment_exceeds",
        f"{named} exceeds the {shown(open_amount)} open on invoice {invoice}.",
        remedy=f"Match the payments of that invoice by hand; then {_ACCEPT}.",
    )


def document_locked(named: Named, invoice: int, why: str) -> Problem:
    """Money for a document that must not be written to any more."""
    return _about(
        named,
        "document_locked",
        f"{named} belongs on invoice {invoice}, which is not changed: {why}.",
        remedy=f"Record the payment by hand in KashFlow, by a bulk payment; then {_ACCEPT}.",
    )


def payment_in_closed_books(title: str, day: date, closed_until: date) -> Problem:
    """The payment would be dated in closed books."""
    return Problem(
        "payment_in_closed_books",
        f"{title} is of {day}, and the books are closed until {closed_until}.",
        remedy='Reopen the books, or set policy.closed_period = "first_open_day".',
        holds=Holds.PAYMENT,
        settings=OPEN_DAY,
    )


def payment_in_filed_return(title: str, day: date, filed_until: date) -> Problem:
    """Under cash accounting the payment would add VAT to a return that is filed."""
    return Problem(
        "payment_in_filed_return",
        f"{title} is of {day}, the account is on cash accounting, and the VAT return until "
        f"{filed_until} is filed.",
        remedy='Post it by hand with a correction, or set policy.closed_period = "first_open_day".',
        holds=Holds.PAYMENT,
        settings=OPEN_DAY,
    )
