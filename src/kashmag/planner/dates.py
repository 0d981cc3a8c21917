"""On which day a document is dated: its own, unless the books are closed on it."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from kashmag import kashflow
from kashmag.planner.findings import Findings, stated, troubled
from kashmag.plans.policy import ClosedPeriod, Policy, Terms
from kashmag.plans.problems import (
    bank_account_locked,
    dated_in_future,
    payment_in_closed_books,
    period_closed,
    period_filed,
)
from kashmag.plans.questions import Answers, FiledMonth


def filing_questions(day: date, answers: Answers) -> Iterator[FiledMonth]:
    """The months to be asked about: the day's own, and the next while one is filed."""
    first = day.replace(day=1)
    while True:
        question = FiledMonth(first)
        yield question
        filed = answers.get(question)
        if filed is None:
            return
        first = filed + timedelta(days=1)


def filed_until(day: date, answers: Answers) -> date | None:
    """The end of the filed months that begin with the day's own; None where it is open."""
    found = (answers.get(question) for question in filing_questions(day, answers))
    return max((end for end in found if end is not None), default=None)


def issue_day(
    document: str, day: date, policy: Policy, today: date, answers: Answers | None = None
) -> tuple[date, Findings]:
    """The day to date a document on; in closed books it is held, or moved by policy."""
    # A shop east of this machine may be a day ahead; two days are a wrong clock.
    if day > today + timedelta(days=1):
        return day, troubled(dated_in_future(document, day, today))
    closed = policy.books_closed_until
    is_closed = closed is not None and day <= closed
    # Where the books are closed further than what is filed, the first open day may be filed too.
    begin = closed + timedelta(days=1) if closed is not None and is_closed else day
    filed = filed_until(begin, answers) if answers is not None else None
    if not is_closed and filed is None:
        return day, Findings()
    if policy.closed_period is ClosedPeriod.HOLD:
        if closed is not None and is_closed:
            return day, troubled(period_closed(document, day, closed))
        assert filed is not None
        return day, troubled(period_filed(document, day, filed))
    last = filed or closed
    assert last is not None
    first_open = last + timedelta(days=1)
    because = (
        f"the VAT return until {filed} is filed"
        if filed
        else f"the books are closed until {closed}"
    )
    return first_open, stated(f"date of {document}", f"{first_open}, not {day}", because=because)


def payment_day(
    title: str, day: date, account: kashflow.BankAccount | None, policy: Policy
) -> tuple[date, Findings]:
    """The day to date a payment line on: its own, unless books or bank account are closed on it."""
    closed = policy.books_closed_until
    if closed is not None and day <= closed:
        if policy.closed_period is ClosedPeriod.HOLD:
            return day, troubled(payment_in_closed_books(title, day, closed))
        moved, why = closed + timedelta(days=1), f"the books are closed until {closed}"
    else:
        moved, why = day, ""
    locked = account.transaction_lock_date if account and account.transaction_lock_enabled else None
    if account is not None and locked is not None and moved <= locked:
        if policy.locked_bank is ClosedPeriod.HOLD:
            return day, troubled(bank_account_locked(account.account_name, day, locked))
        moved, why = locked + timedelta(days=1), f"the bank account is locked until {locked}"
    if moved == day:
        return day, Findings()
    return moved, stated(
        f"date of {title[0].lower()}{title[1:]}", f"{moved}, not {day}", because=why
    )


def due_day(issued_on: date, policy: Policy, terms: kashflow.PaymentTerms | None) -> date:
    """The day on which an invoice is due: after the policy's days, or by the customer's terms.

    Terms of a type that is not known (`AfterIssuedDate` and `AfterMonthEnd` are) count as none.
    """
    if policy.terms is Terms.CUSTOMER and terms is not None and terms.days is not None:
        if terms.type == "AfterIssuedDate":
            return issued_on + timedelta(days=terms.days)
        if terms.type == "AfterMonthEnd":
            last = calendar.monthrange(issued_on.year, issued_on.month)[1]
            return issued_on.replace(day=last) + timedelta(days=terms.days)
    return issued_on + timedelta(days=policy.payment_days)
