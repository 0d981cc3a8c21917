"""One plan per order: its buyer, invoice, payments and credit notes, against what exists already.

Pure: the same case, answers, hooks and day give the same plan and digest.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from attrs import evolve

from kashmag.accounting import Problem, Sale
from kashmag.accounting.money import shown
from kashmag.hooks.hooks import Hooks
from kashmag.planner.cases import Case
from kashmag.planner.checks import checked
from kashmag.planner.credited_by_hand import credited_by_hand
from kashmag.planner.drafting import draft_lines
from kashmag.planner.drifting import by_policy, of_a_cancelled_order, unsettled
from kashmag.planner.findings import Findings, noted, stated, troubled
from kashmag.planner.generations import Live, live_invoice, what_is_left
from kashmag.planner.going_live import under_go_live
from kashmag.planner.notes import invoice_note
from kashmag.planner.outcomes import ON_HOLD, decide_outcome, test_order_reason
from kashmag.planner.payments import proved_total
from kashmag.planner.refunds import plan_credit_notes
from kashmag.planner.sales import plan_invoice
from kashmag.planner.unreadable import as_posted
from kashmag.planner.vat_rules import advise
from kashmag.plans.decisions import Decision
from kashmag.plans.payment_problems import (
    payment_missing,
)
from kashmag.plans.plan import DRIFT, Adoption, Plan
from kashmag.plans.policy import CurrencyChoice, ForeignVat, OrderOutcome
from kashmag.plans.problems import (
    unknown_state,
)
from kashmag.plans.questions import Answers, InvoicesByReference

# What the two mean for an order that is due; the others say themselves what they mean.
_SAID: Final = {
    OrderOutcome.UNPAID: "to be invoiced, with the money that is proved",
    OrderOutcome.PAID: "to be invoiced, and to be paid",
}


def plan(case: Case, answers: Answers, hooks: Hooks, *, today: date) -> Plan:
    """Everything that follows from one order. `answers` are those to this case's own questions."""
    planned = _plan_of_order(case, answers, hooks, today=today)
    return under_go_live(as_posted(planned, case, answers), case, answers)


def _plan_of_order(case: Case, answers: Answers, hooks: Hooks, *, today: date) -> Plan:
    outcome = decide_outcome(case, answers, hooks)
    if outcome is None:
        order = case.order
        return _held(case, unknown_state(case.document.number, order.state, order.status))
    said = _SAID.get(outcome.value, outcome.value.value)
    told = noted("status", said, outcome) + _of_an_edit(case) + _of_cancelled_parts(case)
    if outcome.value is OrderOutcome.VOID:
        return _void(case, told, answers, today)
    sale = case.reading.sale
    if sale is None:
        skipped = "" if case.reading.problems else "nothing is owed on it"
        return _plan(case, told, skipped_because=skipped)
    if outcome.value is OrderOutcome.WAIT:
        return _waiting(case, sale, told, outcome, answers, hooks)
    if reason := test_order_reason(case):
        rule = stated("test order", "yes", because=reason)
        return _plan(case, told + rule, skipped_because=reason)
    return _due(case, sale, told, outcome, answers, hooks, today)


def _due(  # noqa: PLR0917
    case: Case,
    sale: Sale,
    told: Findings,
    outcome: Decision[OrderOutcome],
    answers: Answers,
    hooks: Hooks,
    today: date,
) -> Plan:
    invoiced = plan_invoice(case, sale, answers, hooks, today=today)
    findings = told + invoiced.findings + _missing_money(case, sale, outcome)
    findings += plan_credit_notes(case, sale, invoiced, answers, hooks, today=today)
    findings += invoice_note(case, sale, invoiced)
    holds_foreign = case.policy.foreign_vat is ForeignVat.HOLD
    findings += troubled(*advise(sale, foreign_vat_holds=holds_foreign))
    planned = _plan(case, findings)
    planned = evolve(planned, certificate=invoiced.certificate)
    objections = hooks.objections(planned, sale, answers=answers, policy=case.policy)
    planned = evolve(planned, problems=planned.problems + objections)
    planned = checked(by_policy(planned, case.policy), sale)
    if planned.actions or planned.is_held:
        return planned
    return evolve(planned, skipped_because=_nothing_to_do(planned))


def _nothing_to_do(planned: Plan) -> str:
    reasons = dict.fromkeys(
        one.because for one in planned.decisions if (one.question, one.rule) == (DRIFT, "person")
    )
    if reasons:
        return f"accepted as it is: {'; '.join(reasons)}"
    numbers = ", ".join(str(adoption.number) for adoption in planned.adoptions)
    return f"already posted as {numbers}"


def _waiting(  # noqa: PLR0917
    case: Case,
    sale: Sale,
    told: Findings,
    outcome: Decision[OrderOutcome],
    answers: Answers,
    hooks: Hooks,
) -> Plan:
    """Nothing is done yet, but the figures can be proved already."""
    certificate = draft_lines(case, sale, sale, answers, hooks).certificate
    live, why = live_invoice(case.document, answers), f"waiting: {outcome.because}"
    if live.posted:
        number = live.posted[0].number
        told += Findings(adoptions=(Adoption(live.key, number, reference=live.reference),))
        waits = "on hold in the shop" if case.order.state == ON_HOLD else why
        why = f"{waits}: posted as {number}, and nothing is changed meanwhile"
    waiting = _plan(case, told, skipped_because=why)
    return evolve(waiting, certificate=certificate)


def _of_an_edit(case: Case) -> Findings:
    """Which order this one replaces: an edit in the shop cancels one and makes another."""
    parent = case.order.relation_parent_real_id
    if not parent:
        return Findings()
    return stated("replaces", f"order {parent}", because="it was edited in the shop", rule="shop")


def _of_cancelled_parts(case: Case) -> Findings:
    """How much of an order is owed no longer, where the rest of it is."""
    is_base = case.policy.currency is CurrencyChoice.BASE
    gone = case.order.base_total_canceled if is_base else case.order.total_canceled
    if not gone or case.reading.sale is None:
        return Findings()
    why = "that part of the order was cancelled in the shop"
    return stated("cancelled in part", f"{shown(gone)} is not invoiced", because=why, rule="shop")


def _void(case: Case, told: Findings, answers: Answers, today: date) -> Plan:
    live = live_invoice(case.document, answers)
    credited = [
        note
        for refund in case.reading.refunds
        for note in answers.get(InvoicesByReference(case.document.credit_reference(refund.number)))
        or ()
    ]
    if not credited:
        live, found = credited_by_hand(live, answers)
        told += found
    left = what_is_left(live) + sum(one.gross_amount for one in credited)
    if live.posted and left:
        told += unsettled(live) + of_a_cancelled_order(
            case, live, answers, is_credited=bool(credited), today=today
        )
        return by_policy(_plan(case, told, of_reading=False), case.policy)
    told += unsettled(live)
    return _plan(case, told, skipped_because=_owed_no_longer(case, live), of_reading=False)


def _owed_no_longer(case: Case, live: Live) -> str:
    successor = case.order.relation_child_real_id
    now = f"replaced by order {successor}" if successor else "cancelled"
    credited = ", ".join(
        f"invoice {one.invoice.number} is credited by {one.reversal.number}" for one in live.settled
    )
    return f"{now}: {credited}" if credited else f"{now}: nothing is owed on it"


def _missing_money(case: Case, sale: Sale, outcome: Decision[OrderOutcome]) -> Findings:
    """An order that counts as paid must show its money."""
    paid = proved_total(case.reading.payments, sale.currency)
    if outcome.value is not OrderOutcome.PAID or paid >= sale.owed:
        return Findings()
    return troubled(payment_missing(sale.number, sale.owed, paid))


def _held(case: Case, *problems: Problem) -> Plan:
    return _plan(case, troubled(*problems))


def _plan(
    case: Case, findings: Findings, *, skipped_because: str = "", of_reading: bool = True
) -> Plan:
    read = case.reading.problems if of_reading else ()
    return Plan(
        case.document,
        actions=findings.actions,
        decisions=findings.decisions,
        problems=tuple(dict.fromkeys(read + findings.problems)),
        adoptions=findings.adoptions,
        proposals=findings.proposals,
        skipped_because=skipped_because,
    )
