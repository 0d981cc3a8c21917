"""What is proposed where a posted invoice and its order have come apart. Pure.

Three things are set side by side: the order as it is, the invoice as it is, and what the logbook
remembers of its posting. Only where two of them agree is it certain who changed; and only then may
the policy decide in a person's place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias, assert_never

from attrs import evolve

from kashmag import kashflow
from kashmag.accounting import Holds, Problem
from kashmag.planner.cases import Case
from kashmag.planner.edited import edited_references, edits
from kashmag.planner.findings import Findings, stated, troubled
from kashmag.planner.generations import Live
from kashmag.planner.reversing import plan_reversal
from kashmag.plans.acceptances import acceptance_of
from kashmag.plans.actions import CreateCreditNote, CreateInvoice
from kashmag.plans.certificate import Certificate, confirm
from kashmag.plans.plan import DRIFT, Plan
from kashmag.plans.policy import OnDrift, Policy
from kashmag.plans.problems import posted_twice, reversal_differs, void_but_posted
from kashmag.plans.proposals import Drift, Proposal, Way
from kashmag.plans.questions import Accepted, Answers, AsPosted

_INVOICE: Final = "invoice"
_AS_IT_IS: Final = "as it is"
Reissue: TypeAlias = Callable[[Live], tuple[CreateInvoice, Findings]]


def unsettled(live: Live) -> Findings:
    """A problem for each earlier invoice that its reversal does not bring to nothing."""
    found = Findings()
    for one in live.settled:
        if left := one.left:
            found += troubled(reversal_differs(one.invoice.number, one.reversal.number, left))
    if len(live.posted) > 1:
        numbers = [one.number for one in live.posted]
        found += troubled(posted_twice(live.reference, numbers))
    return found


def who_changed(live: Live, certificate: Certificate, answers: Answers) -> Drift:
    """Which side is no longer what was posted; unknown where both are, or nobody remembers."""
    posted = answers.get(AsPosted(live.key))
    if posted is None:
        return Drift.UNKNOWN
    in_books = bool(confirm(posted.certificate, live.posted[0]))
    in_shop = _figures(posted.certificate) != _figures(certificate)
    if in_books and in_shop:
        return Drift.UNKNOWN
    return Drift.CHANGED_IN_KASHFLOW if in_books else Drift.CHANGED_IN_SHOP


def of_a_changed_order(
    case: Case,
    live: Live,
    drift: Drift,
    answers: Answers,
    *,
    today: date,
    problems: tuple[Problem, ...],
    reissue: Reissue,
) -> Findings:
    """The drift of an order that is due: its invoice reversed, and posted again as it is now.

    The first of the problems is about its figures; the others, about edits of the same invoice,
    are cured with it.
    """
    invoice, number = live.posted[0], case.document.number
    problem, *edited = problems
    if against := _not_surely_ours(case, live, answers):
        return troubled(_without_a_way(problem, against), *edited)
    reversal = plan_reversal(case, live, answers, today=today)
    if isinstance(reversal, str):
        return troubled(_without_a_way(problem, reversal), *edited)
    again, found = reissue(live.reversed_by(_as_if_posted(reversal)))
    holding = (one.message for one in found.problems if one.holds is Holds.PLAN)
    if against := next(holding, ""):
        return troubled(_without_a_way(problem, against), *edited)
    return troubled(*edited) + _proposing(
        problem,
        Proposal(
            Way.CREDIT_AND_REISSUE,
            drift,
            f"Reverse invoice {invoice.number} by a credit note of {reversal.draft.issued_date}, "
            f"and post order {number} as it is now, for {again.certificate.gross}"
            + (", with the money that is on it." if reversal.draft.payment_lines else "."),
            actions=(reversal, again),
            cures=tuple(one.message for one in problems),
            certificate=again.certificate,
        ),
        number,
    )


def of_a_cancelled_order(
    case: Case, live: Live, answers: Answers, *, is_credited: bool, today: date
) -> Findings:
    """The drift of an order that is owed no longer: its invoice brought to nothing."""
    invoice, number = live.posted[0], case.document.number
    problem = void_but_posted(number, invoice.number, case.order.relation_child_real_id or "")
    if against := _not_surely_ours(case, live, answers):
        return troubled(_without_a_way(problem, against))
    if is_credited:
        return troubled(_without_a_way(problem, "credit memos of it are posted already"))
    if invoice.payment_lines or invoice.total_paid_amount:
        return troubled(_without_a_way(problem, f"invoice {invoice.number} has money on it"))
    reversal = plan_reversal(case, live, answers, today=today)
    if isinstance(reversal, str):
        return troubled(_without_a_way(problem, reversal))
    return _proposing(
        problem,
        Proposal(
            Way.CREDIT,
            Drift.CANCELLED,
            f"Bring invoice {invoice.number} to nothing by a credit note of "
            f"{reversal.draft.issued_date}.",
            actions=(reversal,),
            cures=(problem.message,),
            certificate=reversal.certificate,
        ),
        number,
    )


def _not_surely_ours(case: Case, live: Live, answers: Answers) -> str:
    """Why nothing is made of an invoice that is known by its number alone; empty where all is well.

    Somebody may have made another document of it. Whoever accepts its reference says that it is
    the order's, and so does whoever adopts it.
    """
    invoice, posted = live.posted[0], answers.get(AsPosted(live.key))
    edits = edited_references(invoice, posted.draft) if posted is not None else ()
    accepted = answers.get(Accepted(case.document.whole)) or ()
    if all(acceptance_of(one, accepted) for one in edits):
        return ""
    return f"invoice {invoice.number} has lost its reference: give it back {live.reference}"


def taken_as_it_is(
    problem: Problem, invoice: kashflow.Invoice, drift: Drift, case: Case, answers: Answers
) -> Findings:
    """The decision by which a drift is right as it is, a person's or the policy's; or nothing."""
    answer = f"{_INVOICE} {invoice.number} {_AS_IT_IS}"
    said = acceptance_of(problem, answers.get(Accepted(case.document.whole)) or ())
    if said is not None:
        return stated(DRIFT, answer, because=said.because, rule="person")
    if rule_for(drift, case.policy) is OnDrift.ACCEPT:
        return stated(DRIFT, answer, because=f"policy.drift.{drift.value} is accept")
    return Findings()


def accepted_as_it_is(plan: Plan) -> dict[int, str]:
    """Which posted documents a plan takes as they are, by number, and because of what."""
    found: dict[int, str] = {}
    for note in plan.decisions:
        number = note.answer.removeprefix(f"{_INVOICE} ").removesuffix(f" {_AS_IT_IS}")
        if note.question == DRIFT and number.isdecimal():
            found[int(number)] = note.because
    return found


def of_edits(case: Case, key: str, invoice: kashflow.Invoice, answers: Answers) -> Findings:
    """What a person changed on a posted document beside its figures: accepted, or a problem."""
    found = Findings()
    for problem in edits(key, invoice, answers):
        taken = taken_as_it_is(problem, invoice, Drift.CHANGED_IN_KASHFLOW, case, answers)
        found += taken if taken.decisions else troubled(problem)
    return found


def by_policy(plan: Plan, policy: Policy) -> Plan:
    """The plan in which the policy's way out of a drift is taken, where it names one."""
    for proposal in plan.proposals:
        if rule_for(proposal.drift, policy).value == proposal.way.value:
            because = f"policy.drift.{proposal.drift.value} is {proposal.way.value}"
            return plan.taking(proposal, because=because, rule="policy")
    return plan


def rule_for(drift: Drift, policy: Policy) -> OnDrift:
    """What the policy says of a drift; where nobody knows who changed, a person is asked.

    What it says of orders from before `go_live` is a word of its own: `planner.going_live`.
    """
    rules = policy.drift
    match drift:
        case Drift.CHANGED_IN_SHOP:
            return rules.changed_in_shop
        case Drift.CHANGED_IN_KASHFLOW:
            return rules.changed_in_kashflow
        case Drift.CANCELLED:
            return rules.cancelled
        case Drift.DELETED_IN_KASHFLOW:
            return rules.deleted_in_kashflow
        case Drift.BEFORE_GO_LIVE | Drift.UNKNOWN:
            return OnDrift.HOLD
        case _:
            assert_never(drift)


def resolvable(problem: Problem, number: str, way: Way) -> Problem:
    """The problem with the command that takes this way out of it."""
    command = f"kashmag errors resolve {number} --by {way.value} --reason WHY"
    return evolve(problem, remedy=f"{command}; or {problem.remedy[0].lower()}{problem.remedy[1:]}")


def _proposing(problem: Problem, proposal: Proposal, number: str) -> Findings:
    told = resolvable(problem, number, proposal.way)
    return Findings(problems=(told,), proposals=(proposal,))


def _without_a_way(problem: Problem, why: str) -> Problem:
    return evolve(problem, remedy=f"{problem.remedy} Not by itself: {why.rstrip('.')}.")


def _as_if_posted(reversal: CreateCreditNote) -> kashflow.Invoice:
    """The reversal as it will be found, as far as what comes after it needs to know."""
    draft = reversal.draft
    return kashflow.Invoice(
        0,
        customer_code=draft.customer_code,
        customer_reference=draft.customer_reference,
        net_amount=draft.net,
        vat_amount=draft.vat,
        gross_amount=draft.gross,
        total_paid_amount=sum((line.amount for line in draft.payment_lines), Decimal(0)),
        payment_lines=tuple(
            kashflow.PaymentLine(at, line.amount, date=line.date, note=line.note)
            for at, line in enumerate(draft.payment_lines, start=1)
        ),
        line_items=(),
    )


def _figures(certificate: Certificate) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
    """What a certificate says at each rate, whatever zeros stand behind its pence."""
    return tuple(
        sorted((one.rate, one.net, one.vat) for one in certificate.by_rate if one.net or one.vat)
    )
