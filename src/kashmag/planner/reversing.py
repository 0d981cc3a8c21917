"""Bringing a posted invoice to nothing: the credit note that does it, and where its money goes.

Pure. A posted document is frozen, so what is wrong about it is reversed as it stands, line by line,
by a credit note of today. Money on it is returned on the credit note and put on the further
invoice on the same day, by the same method and bank account: the account as a whole comes to the
same, and no line that a bookkeeper may have reconciled is touched. Products are not named: their
stock was moved by the first invoice, and how a credit moves it is unpublished.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from attrs import evolve

from kashmag import kashflow
from kashmag.accounting.money import shown
from kashmag.planner.cases import Case
from kashmag.planner.customers import in_archive
from kashmag.planner.dates import issue_day, payment_day, with_own_day
from kashmag.planner.generations import Live
from kashmag.planner.numbers import further_number, without_number
from kashmag.planner.recomputed import recomputed_vat
from kashmag.plans.actions import CreateCreditNote
from kashmag.plans.certificate import certify_reversal
from kashmag.plans.policy import Numbering
from kashmag.plans.questions import Answers, Assumptions, BankAccounts, HomeCurrency


def plan_reversal(
    case: Case, live: Live, answers: Answers, *, today: date
) -> CreateCreditNote | str:
    """The credit note that brings the live invoice to nothing, or why there is none."""
    invoice = live.posted[0]
    day, found = issue_day(f"The reversal of {invoice.number}", today, case.policy, today, answers)
    if found.problems:
        return found.problems[0].message
    archived = in_archive(f"The reversal of {invoice.number}", invoice.customer_code or "", answers)
    if archived.problems:
        return archived.problems[0].message
    if against := next(_against(case, invoice, answers, day), ""):
        return against
    number = further_number(live.reversal_key, answers)
    if number is None and case.policy.numbering is Numbering.ORDER:
        return without_number(case.policy)
    currency = _foreign(invoice, answers)
    lines = tuple(_negative(line) for line in invoice.line_items)
    code = currency.code if currency else _home(invoice, answers)
    certificate = certify_reversal(invoice, lines, code)
    if not certificate.exact:
        return f"no lines bring invoice {invoice.number} to nothing exactly"
    if _is_recomputed(answers) and any(recomputed_vat(one) != one.vat_amount for one in lines):
        return "KashFlow computes VAT itself in this account, and would not reverse it exactly"
    draft = kashflow.InvoiceDraft(
        invoice.customer_code or "",
        live.document.reversal_reference(live.number),
        issued_date=day,
        due_date=day,
        line_items=with_own_day(lines, today, day),
        payment_lines=tuple(_returned(invoice, line, day) for line in invoice.payment_lines),
        number=number,
        currency=currency,
        automatic_credit_control_enabled=False,
    )
    return CreateCreditNote(
        live.reversal_key, draft, certificate=certificate, original=invoice.number
    )


def carried_over(live: Live, day: date) -> tuple[kashflow.PaymentDraft, ...]:
    """The money that the last reversal returned, as the further invoice takes it up again."""
    if not live.settled:
        return ()
    last = live.settled[-1]
    notes = {line.note for line in last.reversal.payment_lines}
    return tuple(
        taken_over(last.invoice, line, day)
        for line in last.invoice.payment_lines
        if _moved(last.invoice, line) in notes
    )


def with_first_dates(live: Live) -> kashflow.Invoice:
    """The live invoice with its money on the days on which it first came, before it was moved."""
    days = {
        (line.note, line.amount): line.date
        for one in reversed(live.settled)
        for line in one.invoice.payment_lines
    }
    invoice = live.posted[0]
    lines = (
        evolve(line, date=days.get((line.note, line.amount), line.date))
        for line in invoice.payment_lines
    )
    return evolve(invoice, payment_lines=tuple(lines))


def taken_over(
    invoice: kashflow.Invoice, line: kashflow.PaymentLine, day: date
) -> kashflow.PaymentDraft:
    """A payment of a reversed invoice on the one after it; its own note finds it again."""
    return kashflow.PaymentDraft(
        day,
        line.amount,
        method=line.method or 0,
        account_id=line.account_id or 0,
        note=line.note or _moved(invoice, line),
    )


def _against(case: Case, invoice: kashflow.Invoice, answers: Answers, day: date) -> Iterator[str]:
    number = invoice.number
    if not invoice.line_items or any(line.nominal_code is None for line in invoice.line_items):
        yield f"KashFlow does not tell the lines of invoice {number}"
    lines_gross = sum((line.gross for line in invoice.line_items), Decimal(0))
    if _foreign(invoice, answers) is None and lines_gross != invoice.gross_amount:
        yield (
            f"the lines of invoice {number} come to {shown(lines_gross)}, not "
            f"{shown(invoice.gross_amount)}"
        )
    if invoice.payment_lines or invoice.total_paid_amount:
        yield from _against_money(case, invoice, answers, day)


def _against_money(
    case: Case, invoice: kashflow.Invoice, answers: Answers, day: date
) -> Iterator[str]:
    number, paid = invoice.number, sum((p.amount for p in invoice.payment_lines), Decimal(0))
    if _foreign(invoice, answers) is not None:
        yield f"invoice {number} has payments in a foreign currency"
    if paid != invoice.total_paid_amount:
        yield f"KashFlow does not tell all payments of invoice {number}"
    if abs(paid) > abs(invoice.gross_amount) or paid * invoice.gross_amount < 0:
        yield (
            f"invoice {number} is paid with {shown(paid)}, more than the "
            f"{shown(invoice.gross_amount)} on it"
        )
    accounts = {one.id: one for one in answers.get(BankAccounts()) or ()}
    for line in invoice.payment_lines:
        amount = shown(line.amount)
        if line.is_payment_credit_note or not (line.method and line.account_id):
            yield f"a payment of {amount} on invoice {number} is no money in a bank account"
        account = accounts.get(line.account_id or 0)
        moved_to, found = payment_day(f"The {amount}", day, account, case.policy)
        if found.problems or moved_to != day:
            yield f"the bank account of a payment of {amount} is closed on {day}"


def _negative(line: kashflow.LineItem) -> kashflow.LineDraft:
    return kashflow.LineDraft(
        f"Reversed: {line.description or ''}".rstrip(": "),
        quantity=line.quantity,
        rate=-line.rate,
        vat_level=line.vat_level,
        vat_amount=-line.vat_amount,
        nominal_code=line.nominal_code or 0,
        vat_exempt=bool(line.vat_exempt),
        tax_code=line.tax_code,
    )


def _returned(
    invoice: kashflow.Invoice, line: kashflow.PaymentLine, day: date
) -> kashflow.PaymentDraft:
    return kashflow.PaymentDraft(
        day,
        -line.amount,
        method=line.method or 0,
        account_id=line.account_id or 0,
        note=_moved(invoice, line),
    )


def _moved(invoice: kashflow.Invoice, line: kashflow.PaymentLine) -> str:
    words = (line.note or "").split()
    return f"moved:{invoice.number}:{words[-1] if words else line.id}"


def _foreign(invoice: kashflow.Invoice, answers: Answers) -> kashflow.CurrencyRef | None:
    """The currency of an invoice that is not in the account's own."""
    currency, home = invoice.currency, answers.get(HomeCurrency())
    if currency is None or home is None or currency.code == home:
        return None
    return kashflow.CurrencyRef(currency.code, currency.exchange_rate)


def _home(invoice: kashflow.Invoice, answers: Answers) -> str:
    return answers.get(HomeCurrency()) or (invoice.currency.code if invoice.currency else "GBP")


def _is_recomputed(answers: Answers) -> bool:
    assumptions = answers.get(Assumptions()) or kashflow.Assumptions()
    return assumptions.line_vat == "recomputed"
