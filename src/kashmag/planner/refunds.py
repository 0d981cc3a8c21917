"""The credit note of a refund: a negative invoice with the memo's own figures, tied to the sale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from attrs import evolve

from kashmag import kashflow
from kashmag.accounting import (
    LineKind,
    Money,
    Refund,
    Sale,
    SaleLine,
    round_money,
    spread,
)
from kashmag.accounting.vat import shown_rate
from kashmag.hooks.hooks import Hooks
from kashmag.planner.cases import Case
from kashmag.planner.customers import in_archive
from kashmag.planner.dates import issue_day, with_own_day
from kashmag.planner.drafting import Drafted, draft_lines
from kashmag.planner.drifting import of_edits, taken_as_it_is
from kashmag.planner.edited import is_adopted
from kashmag.planner.entered_by_hand import Shown
from kashmag.planner.findings import Findings, stated, troubled
from kashmag.planner.numbers import credit_number, numbered
from kashmag.planner.payments import later_payments, refund_posting
from kashmag.planner.sales import Invoiced, currency_of
from kashmag.plans.actions import CreateCreditNote, DocumentId
from kashmag.plans.certificate import confirm
from kashmag.plans.plan import Adoption
from kashmag.plans.policy import Adjustments, Policy
from kashmag.plans.problems import adjustment_held, posted_differs, posted_twice
from kashmag.plans.proposals import Drift
from kashmag.plans.questions import Answers, HomeCurrency, InvoicesByReference

STANDARD_RATE = Decimal(20)  # United Kingdom, since 4 January 2011 (VATA 1994, section 2)


def plan_credit_notes(
    case: Case, sale: Sale, invoiced: Invoiced, answers: Answers, hooks: Hooks, *, today: date
) -> Findings:
    """What follows from every credit memo of the order, in the order of the memos."""
    findings = Findings()
    for refund in case.reading.refunds:
        findings += _plan_one(case, sale, refund, invoiced, answers, hooks, today)
    return findings


def _plan_one(  # noqa: PLR0917
    case: Case,
    sale: Sale,
    refund: Refund,
    invoiced: Invoiced,
    answers: Answers,
    hooks: Hooks,
    today: date,
) -> Findings:
    whole, findings = with_adjustment(refund, sale, case.policy)
    if whole is None:
        return findings
    drafted = draft_lines(case, sale, whole, answers, hooks)
    reference = case.document.credit_reference(refund.number)
    posted = answers.get(InvoicesByReference(reference)) or ()
    if posted:
        return _posted(case, sale, whole, posted, drafted, answers, hooks, today)
    return findings + _created(case, sale, whole, invoiced, drafted, answers, hooks, today)


def _posted(  # noqa: PLR0917
    case: Case,
    sale: Sale,
    refund: Refund,
    posted: Sequence[kashflow.Invoice],
    drafted: Drafted,
    answers: Answers,
    hooks: Hooks,
    today: date,
) -> Findings:
    note, reference = posted[0], case.document.credit_reference(refund.number)
    if len(posted) > 1:
        return troubled(posted_twice(reference, [one.number for one in posted]))
    key, taken = credit_note_key(case.document, refund), Findings()
    if differences := confirm(drafted.certificate, note):
        problem = posted_differs(reference, note.number, differences)
        taken = taken_as_it_is(problem, note, Drift.UNKNOWN, case, answers)
        if not taken.decisions:
            return troubled(problem)
    shown = Shown(note, is_adopted=is_adopted(key, reference, note, answers))
    wanted, findings = refund_posting(case, sale, refund, answers, hooks, today=today, posted=shown)
    adoption = Adoption(key, note.number, reference=reference)
    findings += taken + of_edits(case, key, note, answers)
    deed = f"credit_note:{refund.source_id}:payment"
    return (
        Findings(adoptions=(adoption,))
        + findings
        + later_payments(case, note, wanted, answers, deed=deed)
    )


def _created(  # noqa: PLR0917
    case: Case,
    sale: Sale,
    refund: Refund,
    invoiced: Invoiced,
    drafted: Drafted,
    answers: Answers,
    hooks: Hooks,
    today: date,
) -> Findings:
    title = f"Credit memo {refund.number}"
    issued_on, findings = issue_day(title, refund.refunded_on, case.policy, today, answers)
    returned, told = refund_posting(case, sale, refund, answers, hooks, today=today)
    reference = case.document.credit_reference(refund.number)
    own = credit_number(refund.number, case.policy)
    number, told_number = numbered(own, refund.number, reference, case.policy, answers)
    findings += in_archive(title, invoiced.customer_code, answers)
    what = f"Refund of invoice {invoiced.number} (order {sale.number})"
    lines = tuple(evolve(line, description=f"{what}: {line.description}") for line in drafted.lines)
    draft = kashflow.InvoiceDraft(
        invoiced.customer_code,
        reference,
        issued_date=issued_on,
        due_date=issued_on,
        line_items=with_own_day(lines, refund.refunded_on, issued_on),
        payment_lines=tuple(posting.line for posting in returned),
        number=number,
        currency=currency_of(sale, answers.get(HomeCurrency())),
        automatic_credit_control_enabled=False,
    )
    action = CreateCreditNote(
        credit_note_key(case.document, refund),
        draft,
        certificate=drafted.certificate,
        original=invoiced.number,
    )
    return findings + drafted.findings + told + told_number + Findings(actions=(action,))


def credit_note_key(document: DocumentId, refund: Refund) -> str:
    """The key of the deed that posts a refund."""
    return document.key(f"credit_note:{refund.source_id}")


def with_adjustment(refund: Refund, sale: Sale, policy: Policy) -> tuple[Refund | None, Findings]:
    """The refund with its adjustment in its lines, as the policy says; None while that is held."""
    adjustment = refund.adjustment
    if not adjustment:
        return evolve(refund, adjustment=None), Findings()
    is_ruled = policy.adjustments is not Adjustments.HOLD
    has_nominal = policy.nominals.adjustments is not None
    if not (is_ruled and has_nominal):
        problem = adjustment_held(
            refund.number, adjustment, is_ruled=is_ruled, has_nominal=has_nominal
        )
        return None, troubled(problem)
    lines = _adjustment_lines(adjustment, sale, policy.adjustments)
    because = f"policy.adjustments is {policy.adjustments.value}"
    answer = ", ".join(f"{line.gross} at {shown_rate(line.vat_rate)} %" for line in lines)
    whole = evolve(refund, lines=refund.lines + lines, adjustment=None)
    return whole, stated(f"VAT of the adjustment of {refund.number}", answer, because=because)


def _adjustment_lines(adjustment: Money, sale: Sale, rule: Adjustments) -> tuple[SaleLine, ...]:
    match rule:
        case Adjustments.PRO_RATA:
            totals = [total for total in sale.by_rate if total.gross]
            gross = sum((total.gross.amount for total in totals), Decimal(0))
            shares = [adjustment.amount * total.gross.amount / gross for total in totals]
            parts = tuple(
                (total.rate, part) for total, part in zip(totals, spread(adjustment, shares))
            )
        case Adjustments.STANDARD:
            parts = ((STANDARD_RATE, adjustment),)
        case _:
            parts = ((Decimal(0), adjustment),)
    return tuple(_adjustment_line(rate, part) for rate, part in parts if part)


def _adjustment_line(rate: Decimal, gross: Money) -> SaleLine:
    # An adjustment is an amount in the hand: the VAT is in it, the fraction of HMRC's guidance
    # (Notice 700, section 7.3: rate over hundred plus rate).
    vat = round_money(gross.amount * rate / (100 + rate), gross.currency)
    return SaleLine(
        f"adjustment:{rate}",
        "Adjustment",
        net=gross - vat,
        vat=vat,
        vat_rate=rate,
        kind=LineKind.ADJUSTMENT,
    )
