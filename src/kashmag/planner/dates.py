"""On which day a document is dated: its own, unless the books are closed on it."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from attrs import evolve

from kashmag import kashflow
from kashmag.planner.findings import Findings, stated, troubled
from kashmag.plans.payment_problems import (
    bank_account_locked,
    payment_in_closed_books,
    payment_in_filed_return,
)
from kashmag.plans.policy import ClosedPeriod, Policy, Terms
from kashmag.plans.problems import (
    dated_in_future,
    period_closed,
    period_filed,
)
from kashmag.plans.questions import AccountVat, Answers, FiledMonth


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


def first_open(day: date, policy: Policy) -> date:
    """The day, or the first after it that no setting says is closed or filed."""
    ends = (policy.books_closed_until, policy.vat_returns_filed_until)
    last = max((end for end in ends if end is not None and day <= end), default=None)
    return day if last is None else last + timedelta(days=1)


def filed_until(day: date, policy: Policy, answers: Answers | None) -> date | None:
    """The end of what is filed from a day on: as the policy states, or as documents show."""
    told = policy.vat_returns_filed_until
    is_told = told is not None and day <= told
    begin = first_open(day, policy)
    found = (answers.get(one) for one in filing_questions(begin, answers)) if answers else ()
    shown = max((end for end in found if end is not None), default=None)
    return shown or (told if is_told else None)


def is_paid_when_due(answers: Answers) -> bool:
    """Tell an account on cash accounting: there the day of the payment decides the return."""
    vat = answers.get(AccountVat())
    return bool(vat and vat.cash_accounting and vat.cash_accounting.is_invoice_on_cash_accounting)


def issue_day(
    document: str, day: date, policy: Policy, today: date, answers: Answers | None = None
) -> tuple[date, Findings]:
    """The day to date a document on; in closed books it is held, or moved by policy."""
    # A shop east of this machine may be a day ahead; two days are a wrong clock.
    if day > today + timedelta(days=1):
        return day, troubled(dated_in_future(document, day, today))
    closed, told = policy.books_closed_until, policy.vat_returns_filed_until
    is_closed = closed is not None and day <= closed
    # Where the books are closed further than what is filed, the first open day may be filed too.
    filed = filed_until(day, policy, answers)
    if not is_closed and filed is None:
        return day, Findings()
    if policy.closed_period is ClosedPeriod.HOLD:
        if closed is not None and is_closed:
            return day, troubled(period_closed(document, day, closed))
        assert filed is not None
        if told is not None and day <= told:
            return day, troubled(period_filed(document, day, told, stated=True))
        return day, troubled(period_filed(document, day, filed))
    last = max(end for end in (filed, closed if is_closed else None) if end is not None)
    because = (
        f"the VAT return until {last} is filed"
        if last == filed
        else f"the books are closed until {last}"
    )
    moved = last + timedelta(days=1)
    said = f"{moved}, not {day}, as its first line says"
    return moved, stated(f"date of {document}", said, because=because)


def with_own_day(
    lines: tuple[kashflow.LineDraft, ...], day: date, issued_on: date
) -> tuple[kashflow.LineDraft, ...]:
    """The lines of a document; where it is dated otherwise than its own day, the first says so.

    KashFlow's notes stand beside a document and are sent after it; this is sent within it, at once.
    """
    if issued_on == day or not lines:
        return lines
    first, *others = lines
    told = f"{first.description} (of {day}, dated {issued_on})"
    return (evolve(first, description=told), *others)


def payment_day(
    title: str,
    day: date,
    account: kashflow.BankAccount | None,
    policy: Policy,
    answers: Answers | None = None,
) -> tuple[date, Findings]:
    """The day to date a payment line on: its own, unless books or bank account are closed on it.

    Under cash accounting a filed VAT return closes its days for payments too.
    """
    closed, moved, why = policy.books_closed_until, day, ""
    filed = filed_until(day, policy, answers) if answers and is_paid_when_due(answers) else None
    if closed is not None and day <= closed:
        if policy.closed_period is ClosedPeriod.HOLD:
            return day, troubled(payment_in_closed_books(title, day, closed))
        moved, why = closed + timedelta(days=1), f"the books are closed until {closed}"
    if filed is not None and moved <= filed:
        if policy.closed_period is ClosedPeriod.HOLD:
            return day, troubled(payment_in_filed_return(title, day, filed))
        moved, why = filed + timedelta(days=1), f"the VAT return until {filed} is filed"
    locked = account.transaction_lock_date if account and account.transaction_lock_enabled else None
    if account is not None and locked is not None and moved <= locked:
        if policy.locked_bank is ClosedPeriod.HOLD:
            return day, troubled(bank_account_locked(title, account.account_name, day, locked))
        moved, why = locked + timedelta(days=1), f"the bank account is locked until {locked}"
    if moved == day:
        return day, Findings()
    return moved, stated(
        f"date of {title[0].lower()}{title[1:]}", f"{moved}, not {day}", because=why
    )


def due_day(
    issued_on: date, policy: Policy, terms: kashflow.PaymentTerms | None
) -> tuple[date, Findings]:
    """The day on which an invoice is due: after the policy's days, or by the customer's terms.

    Terms of a type that is not known (`AfterIssuedDate` and `AfterMonthEnd` are) count as none.
    """
    days = policy.payment_days
    day, because = issued_on + timedelta(days=days), f"policy.payment_days is {days}"
    if policy.terms is Terms.CUSTOMER and terms is not None and terms.days is not None:
        told = f"policy.terms is customer, whose terms are {terms.days} days after the"
        if terms.type == "AfterIssuedDate":
            day, because = issued_on + timedelta(days=terms.days), f"{told} issue date"
        elif terms.type == "AfterMonthEnd":
            last = calendar.monthrange(issued_on.year, issued_on.month)[1]
            day = issued_on.replace(day=last) + timedelta(days=terms.days)
            because = f"{told} month's end"
    return day, stated("due date", str(day), because=because)
