"""The invoice of a sale: created, or found posted and compared; with the payments that are due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from attrs import evolve, frozen

from kashmag import kashflow
from kashmag.accounting import Sale
from kashmag.hooks.hooks import Hooks
from kashmag.hooks.postal import sent_elsewhere
from kashmag.planner.cases import Case
from kashmag.planner.customers import in_archive, plan_customer, terms_of
from kashmag.planner.dates import due_day, issue_day, with_own_day
from kashmag.planner.drafting import Drafted, draft_lines
from kashmag.planner.drifting import (
    of_a_changed_order,
    of_edits,
    taken_as_it_is,
    unsettled,
    who_changed,
)
from kashmag.planner.edited import is_adopted
from kashmag.planner.entered_by_hand import Shown
from kashmag.planner.findings import Findings, stated, troubled
from kashmag.planner.generations import Live, live_invoice
from kashmag.planner.lookalikes import lookalikes
from kashmag.planner.numbers import further_number, numbered, order_number
from kashmag.planner.payments import later_payments, postings
from kashmag.planner.reversing import carried_over, with_first_dates
from kashmag.plans.actions import CreateInvoice, Pending
from kashmag.plans.certificate import Certificate, confirm
from kashmag.plans.dating_problems import no_invoice_day
from kashmag.plans.numbering_problems import reissue_unnumbered
from kashmag.plans.plan import Adoption
from kashmag.plans.policy import IssueDate, Numbering
from kashmag.plans.problems import (
    currency_not_home,
    overpaid_reissue,
    posted_differs,
)
from kashmag.plans.questions import Answers, HomeCurrency


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
    live = live_invoice(case.document, answers)
    if found := unsettled(live).problems:
        return _held(live, drafted, Findings(problems=found))
    if live.posted:
        return _posted(case, sale, live, drafted, answers, hooks, today)
    if live.settled:
        action, findings = reissue(case, sale, live, drafted, answers, hooks, today)
    else:
        action, findings = _created(case, sale, live, drafted, answers, hooks, today)
    number = action.draft.number
    return Invoiced(
        number if number is not None else Pending(action.key),
        action.draft.customer_code,
        drafted.certificate,
        findings + Findings(actions=(action,)),
    )


def _held(live: Live, drafted: Drafted, findings: Findings) -> Invoiced:
    invoice = live.posted[0] if live.posted else live.settled[-1].invoice
    return Invoiced(invoice.number, invoice.customer_code or "", drafted.certificate, findings)


def _posted(  # noqa: PLR0917
    case: Case,
    sale: Sale,
    live: Live,
    drafted: Drafted,
    answers: Answers,
    hooks: Hooks,
    today: date,
) -> Invoiced:
    invoice, accepted = live.posted[0], of_edits(case, live.key, live.posted[0], answers)
    if differences := confirm(drafted.certificate, invoice):
        problem = posted_differs(live.reference, invoice.number, differences)
        drift = who_changed(live, drafted.certificate, answers)
        taken = taken_as_it_is(problem, invoice, drift, case, answers)
        if not taken.decisions:
            found = of_a_changed_order(
                case,
                live,
                drift,
                answers,
                today=today,
                problems=(problem, *accepted.problems),
                reissue=lambda new: reissue(case, sale, new, drafted, answers, hooks, today),
            )
            return _held(live, drafted, found)
        accepted += taken
    paid_on = with_first_dates(live)
    shown = Shown(paid_on, is_adopted=is_adopted(live.key, live.reference, invoice, answers))
    wanted, told = postings(case, sale, answers, hooks, today=today, posted=shown)
    adoption = Adoption(live.key, invoice.number, reference=live.reference)
    findings = Findings(adoptions=(adoption,)) + accepted + told
    findings += later_payments(case, invoice, wanted, answers, deed="payment")
    return _held(live, drafted, findings)


def _created(  # noqa: PLR0917
    case: Case,
    sale: Sale,
    live: Live,
    drafted: Drafted,
    answers: Answers,
    hooks: Hooks,
    today: date,
) -> tuple[CreateInvoice, Findings]:
    """The order's first invoice, on its own day by the policy."""
    customer_code, findings = plan_customer(case, sale, answers, hooks)
    title = f"Order {sale.number}"
    day, dated = _own_day(case, sale)
    issued_on, told = issue_day(title, day, case.policy, today, answers)
    payments, paid = postings(case, sale, answers, hooks, today=today)
    document = case.document
    own = order_number(document.number)
    number, told_number = numbered(own, document.number, document.reference, case.policy, answers)
    action, due = _invoice(
        case,
        sale,
        live,
        evolve(drafted, lines=with_own_day(drafted.lines, day, issued_on)),
        answers,
        customer_code=customer_code,
        issued_on=issued_on,
        payments=tuple(posting.line for posting in payments),
        number=number,
    )
    findings += drafted.findings + dated + told + due + paid + told_number
    findings += lookalikes(case, sale, customer_code, answers)
    return action, findings + _currency(case, sale, answers)


def reissue(  # noqa: PLR0917
    case: Case,
    sale: Sale,
    live: Live,
    drafted: Drafted,
    answers: Answers,
    hooks: Hooks,
    today: date,
) -> tuple[CreateInvoice, Findings]:
    """The order once more, as it is now, after its last invoice was reversed: dated today.

    It stays with the account of the reversed one, takes up the money that was on it, and names
    no products: their stock was moved by the first invoice.
    """
    last = live.settled[-1].invoice
    title = f"Order {sale.number}, posted again"
    issued_on, findings = issue_day(title, today, case.policy, today, answers)
    findings += in_archive(title, last.customer_code or "", answers)
    taken = carried_over(live, issued_on)
    posted = Shown(last, is_adopted=last.customer_reference != live.reference_before)
    payments, paid = postings(case, sale, answers, hooks, today=today, posted=posted)
    lines = (*taken, *(posting.line for posting in payments))
    money = sum((line.amount for line in lines), Decimal(0))
    if money > sale.gross.amount:
        findings += troubled(overpaid_reissue(sale.number, last.number, sale.gross, money))
    number = further_number(live.key, answers)
    if number is None and case.policy.numbering is Numbering.ORDER:
        findings += troubled(reissue_unnumbered(sale.number))
    unnamed = tuple(evolve(line, product_code=None) for line in drafted.lines)
    action, due = _invoice(
        case,
        sale,
        live,
        evolve(drafted, lines=with_own_day(unnamed, today, issued_on)),
        answers,
        customer_code=last.customer_code or "",
        issued_on=issued_on,
        payments=lines,
        number=number,
    )
    return action, drafted.findings + findings + due + paid + _currency(case, sale, answers)


def _invoice(
    case: Case,
    sale: Sale,
    live: Live,
    drafted: Drafted,
    answers: Answers,
    *,
    customer_code: str,
    issued_on: date,
    payments: tuple[kashflow.PaymentDraft, ...],
    number: int | None = None,
) -> tuple[CreateInvoice, Findings]:
    """The invoice to be created, and why it is due when it is."""
    policy, delivery = case.policy, sent_elsewhere(sale)
    due_on, due = due_day(issued_on, policy, terms_of(customer_code, answers))
    paid = sum((line.amount for line in payments), Decimal(0))
    draft = kashflow.InvoiceDraft(
        customer_code,
        live.reference,
        issued_date=issued_on,
        due_date=due_on,
        line_items=drafted.lines,
        payment_lines=payments,
        number=number,
        currency=currency_of(sale, answers.get(HomeCurrency())),
        use_custom_delivery_address=True if delivery else None,
        delivery_address=delivery,
        automatic_credit_control_enabled=policy.credit_control and paid < sale.gross.amount,
    )
    return CreateInvoice(live.key, draft, certificate=drafted.certificate), due


def _own_day(case: Case, sale: Sale) -> tuple[date, Findings]:
    """The day that dates the first invoice, and whose day that is where it is not the order's."""
    day = case.dated_on
    if day is None:
        return sale.ordered_on, troubled(no_invoice_day(sale.number))
    if case.policy.issue_date is IssueDate.ORDER:
        return day, Findings()
    return day, stated(
        "issue date",
        f"{day}, the day of its first Magento invoice (ordered on {sale.ordered_on})",
        because="policy.issue_date is invoice",
    )


def currency_of(sale: Sale, home: str | None) -> kashflow.CurrencyRef | None:
    """What to send as currency: nothing in the home currency, else code and rate."""
    if home is None or sale.currency == home:
        return None
    return kashflow.CurrencyRef(sale.currency, sale.exchange_rate)


def _currency(case: Case, sale: Sale, answers: Answers) -> Findings:
    home = answers.get(HomeCurrency())
    base = case.order.base_currency_code or sale.currency
    # A foreign sale carries its rate to the base currency, so that one must be the home currency.
    if home is None or home in (sale.currency, base):
        return Findings()
    return troubled(currency_not_home(sale.number, (sale.currency, base), home))
