"""The invoice of a sale: created, or found posted and compared; with the payments that are due."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from kashmag import kashflow
from kashmag.accounting import Sale
from kashmag.hooks.hooks import Hooks
from kashmag.hooks.postal import sent_elsewhere
from kashmag.planner.cases import Case
from kashmag.planner.customers import plan_customer, terms_of
from kashmag.planner.dates import due_day, issue_day
from kashmag.planner.drafting import Drafted, draft_lines
from kashmag.planner.findings import Findings, troubled
from kashmag.planner.numbers import LARGEST, order_number
from kashmag.planner.payments import Posting, later_payments, postings
from kashmag.plans.actions import CreateInvoice, Pending
from kashmag.plans.certificate import Certificate, confirm
from kashmag.plans.plan import Adoption
from kashmag.plans.policy import Numbering
from kashmag.plans.problems import (
    before_go_live,
    currency_not_home,
    number_taken,
    posted_differs,
    posted_twice,
    unusable_number,
)
from kashmag.plans.questions import Answers, HomeCurrency, InvoiceByNumber, InvoicesByReference


@frozen
class Invoiced:
    """The invoice of a sale, posted or planned: what its credit notes refer to."""

    number: int | Pending
    customer_code: str
    certificate: Certificate
    findings: Findings


def plan_invoice(
    case: Case, sale: Sale, answers: Answers, hooks: Hooks, *, today: date
) -> Invoiced:
    """Create the invoice, or compare the one that is there and add what payments it lacks."""
    drafted = draft_lines(case, sale, sale, answers, hooks)
    posted = answers.get(InvoicesByReference(case.document.reference)) or ()
    if posted:
        return _posted(case, sale, posted, drafted.certificate, answers, hooks, today)
    return _created(case, sale, drafted, answers, hooks, today)


def _posted(  # noqa: PLR0917
    case: Case,
    sale: Sale,
    posted: tuple[kashflow.Invoice, ...],
    certificate: Certificate,
    answers: Answers,
    hooks: Hooks,
    today: date,
) -> Invoiced:
    invoice, reference = posted[0], case.document.reference
    if len(posted) > 1:
        numbers = [one.number for one in posted]
        findings = troubled(posted_twice(reference, numbers))
    elif differences := confirm(certificate, invoice):
        findings = troubled(posted_differs(reference, invoice.number, differences))
    else:
        wanted, told = postings(case, sale, answers, hooks, today=today, invoice=invoice)
        key = case.document.key("invoice")
        adoption = Adoption(key, invoice.number, reference=reference)
        findings = Findings(adoptions=(adoption,)) + told + later_payments(case, invoice, wanted)
    return Invoiced(invoice.number, invoice.customer_code or "", certificate, findings)


def _created(  # noqa: PLR0917
    case: Case, sale: Sale, drafted: Drafted, answers: Answers, hooks: Hooks, today: date
) -> Invoiced:
    policy, document = case.policy, case.document
    customer_code, findings = plan_customer(case, sale, answers, hooks)
    issued_on, told = issue_day(f"Order {sale.number}", sale.ordered_on, policy, today, answers)
    payments, paid = postings(case, sale, answers, hooks, today=today)
    number, numbered = _number(case, answers)
    findings += drafted.findings + told + paid + numbered
    findings += _go_live(case, sale) + _currency(case, sale, answers)
    home, delivery = answers.get(HomeCurrency()), sent_elsewhere(sale)
    draft = kashflow.InvoiceDraft(
        customer_code,
        document.reference,
        issued_date=issued_on,
        due_date=due_day(issued_on, policy, terms_of(customer_code, answers)),
        line_items=drafted.lines,
        payment_lines=tuple(posting.line for posting in payments),
        number=number,
        currency=currency_of(sale, home),
        use_custom_delivery_address=True if delivery else None,
        delivery_address=delivery,
        automatic_credit_control_enabled=policy.credit_control and not _is_paid(sale, payments),
    )
    action = CreateInvoice(document.key("invoice"), draft, certificate=drafted.certificate)
    return Invoiced(
        number if number is not None else Pending(action.key),
        customer_code,
        drafted.certificate,
        findings + Findings(actions=(action,)),
    )


def _is_paid(sale: Sale, payments: tuple[Posting, ...]) -> bool:
    return sum(posting.line.amount for posting in payments) >= sale.gross.amount


def currency_of(sale: Sale, home: str | None) -> kashflow.CurrencyRef | None:
    """What to send as currency: nothing in the home currency, else code and rate."""
    if home is None or sale.currency == home:
        return None
    return kashflow.CurrencyRef(sale.currency, sale.exchange_rate)


def number_findings(number: int, reference: str, answers: Answers) -> Findings:
    """A problem where another document has this number."""
    holder = answers.get(InvoiceByNumber(number))
    if holder is None or holder.customer_reference == reference:
        return Findings()
    return troubled(number_taken(number, holder.customer_reference))


def _number(case: Case, answers: Answers) -> tuple[int | None, Findings]:
    if case.policy.numbering is Numbering.ACCOUNT:
        return None, Findings()
    number = order_number(case.document.number)
    if number is None:
        return None, troubled(unusable_number(case.document.number, LARGEST))
    return number, number_findings(number, case.document.reference, answers)


def _go_live(case: Case, sale: Sale) -> Findings:
    go_live = case.policy.go_live
    if go_live is None or sale.ordered_on >= go_live:
        return Findings()
    return troubled(before_go_live(sale.number, sale.ordered_on, go_live))


def _currency(case: Case, sale: Sale, answers: Answers) -> Findings:
    home = answers.get(HomeCurrency())
    base = case.order.base_currency_code or sale.currency
    # A foreign sale carries its rate to the base currency, so that one must be the home currency.
    if home is None or home in (sale.currency, base):
        return Findings()
    return troubled(currency_not_home(sale.number, (sale.currency, base), home))
