"""What became of a document, as a value, and how it is told. Pure; `handling` brings it about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve, field, frozen

from kashmag import magento
from kashmag.accounting.problems import Holds, Problem
from kashmag.engine import causes
from kashmag.engine.applying import Applied
from kashmag.engine.naming import record_about
from kashmag.logbook import DocumentRecord, Entry, State
from kashmag.planner import Case
from kashmag.plans.actions import CreateInvoice, DocumentId
from kashmag.plans.deeds import NOUNS, Deed, deed_of, deeds_of
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.plan import Plan
from kashmag.rest.codec import Json


@frozen
class Handled:
    """What became of a document; `codes` are the causes, `memos` what became of its memos.

    `is_decided` tells that a person has said so. `case` is the whole order as it was read for it.
    """

    document: DocumentId
    outcome: Outcome
    reason: str = field(default="", kw_only=True)
    codes: tuple[str, ...] = field(default=(), kw_only=True)
    problems: tuple[dict[str, Json], ...] = field(default=(), kw_only=True)
    plan: Plan | None = field(default=None, kw_only=True, repr=False)
    made: tuple[Entry, ...] = field(default=(), kw_only=True, repr=False)
    is_decided: bool = field(default=False, kw_only=True)
    deeds: tuple[Deed, ...] = field(default=(), kw_only=True, repr=False)
    case: Case | None = field(default=None, kw_only=True, repr=False)
    memos: tuple[Handled, ...] = field(default=(), kw_only=True)


def finished(handled: Handled, at: datetime) -> DocumentFinished:
    """What is told of it."""
    return DocumentFinished(
        at,
        document=handled.document,
        outcome=handled.outcome,
        reason=handled.reason,
        codes=handled.codes,
        deeds=handled.deeds,
        advice=tuple(
            dict.fromkeys(c for one in handled.problems if (c := str(one["code"])) in causes.ADVICE)
        ),
    )


def is_final(handled: Handled) -> bool:
    """Tell an order that is posted, with nothing left to do until the shop changes it."""
    if handled.codes or handled.outcome not in {Outcome.POSTED, Outcome.SKIPPED}:
        return False
    return handled.outcome is Outcome.POSTED or bool(handled.plan and handled.plan.adoptions)


def record_of(handled: Handled, *, run: str, revision: str = "", order: str = "") -> DocumentRecord:
    """What the logbook remembers of it."""
    return evolve(
        record_about(handled.document),
        order=order,
        revision=revision,
        outcome=handled.outcome.value,
        reason=handled.reason,
        codes=handled.codes,
        problems=handled.problems,
        run=run,
    )


def without_actions(plan: Plan) -> Handled:
    """The outcome of a plan by which nothing is done: held, or skipped."""
    told = _problems(plan)
    if plan.is_held:
        held = [one for one in plan.problems if one.holds is Holds.PLAN]
        reason = " ".join(one.message for one in held)
        return Handled(
            plan.document,
            Outcome.HELD,
            reason=reason,
            codes=codes_of(plan),
            problems=told,
            plan=plan,
        )
    return Handled(
        plan.document,
        Outcome.SKIPPED,
        reason=_with_held_payments(plan.skipped_because or "nothing is to be done", plan),
        codes=codes_of(plan),
        problems=told,
        plan=plan,
    )


def refused(plan: Plan, against: Problem) -> Handled:
    """The outcome of a plan that could be carried out, and must not be."""
    return Handled(
        plan.document,
        Outcome.HELD,
        reason=against.message,
        codes=(against.code,),
        problems=(_told(against),),
        plan=plan,
    )


def posts_first(plan: Plan) -> bool:
    """Tell a plan that posts an order which never was posted, and resolves no drift thereby."""
    first = plan.document.key("invoice")
    is_due = any(isinstance(one, CreateInvoice) and one.key == first for one in plan.actions)
    return is_due and not (plan.is_held or plan.is_resolving)


def left_to_orders(plan: Plan) -> Handled:
    """The outcome of an order that a run of another flow finds not posted yet."""
    return Handled(
        plan.document,
        Outcome.SKIPPED,
        reason="not posted yet: kashmag sync orders posts it",
        codes=(causes.LEFT_TO_ORDERS,),
        plan=evolve(plan, actions=()),
    )


def posted(plan: Plan, made: Sequence[Entry]) -> Handled:
    """The outcome of a plan that was carried out."""
    said = ", ".join(f"{NOUNS.get(e.kind, e.kind)} {e.number}" for e in made if not e.is_adopted)
    return Handled(
        plan.document,
        Outcome.POSTED,
        reason=_with_held_payments(said or "found as it should be", plan),
        codes=codes_of(plan),
        problems=_problems(plan),
        plan=plan,
        made=tuple(made),
        deeds=_done(made, plan),
    )


def would(plan: Plan) -> Handled:
    """The outcome of a dry run: what the plan would do, and nothing done."""
    deeds = deeds_of(plan.actions)
    said = ", ".join(f"{NOUNS.get(one.kind, one.kind)} {one.reference}" for one in deeds)
    return Handled(
        plan.document,
        Outcome.SKIPPED,
        reason=_with_held_payments(f"dry run: would post {said}", plan),
        codes=codes_of(plan),
        problems=_problems(plan),
        plan=plan,
        deeds=deeds,
    )


def _done(made: Sequence[Entry], plan: Plan | None) -> tuple[Deed, ...]:
    """What entries came to; of those of an earlier plan nothing but their names is known."""
    planned = {one.key: deed_of(one) for one in plan.actions} if plan else {}
    return tuple(
        evolve(planned.get(one.key) or Deed(one.kind, one.reference), number=one.number)
        for one in made
        if one.state is State.DONE and not one.is_adopted
    )


def stopped(document: DocumentId, applied: Applied, plan: Plan | None = None) -> Handled:
    """The outcome of a plan that stopped at an entry."""
    entry = applied.stopped_at
    assert entry is not None
    code = {
        State.REFUSED: causes.REFUSED,
        State.DISPUTED: causes.DISPUTED,
        State.UNKNOWN: causes.FATE_UNKNOWN,
    }.get(entry.state, entry.code or causes.REFUSED)
    return Handled(
        document,
        Outcome.FAILED,
        reason=f"{entry.kind} {entry.reference} is {entry.state.value}: {entry.message}",
        codes=(code,),
        plan=plan,
        made=applied.made,
        deeds=_done(applied.made, plan),
    )


def codes_of(plan: Plan) -> tuple[str, ...]:
    """The codes of all problems that hold something back, and of money that is awaited."""
    counting = (
        one.code
        for one in plan.problems
        if one.holds is not Holds.NOTHING or one.code in causes.AWAITED
    )
    return tuple(dict.fromkeys(counting))


def _problems(plan: Plan) -> tuple[dict[str, Json], ...]:
    return tuple(_told(one) for one in plan.problems)


def _told(problem: Problem) -> dict[str, Json]:
    return {
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
        "holds": problem.holds.value,
        "document": problem.document,
        "payment": problem.payment,
        "settings": problem.settings,
    }


def _with_held_payments(reason: str, plan: Plan) -> str:
    held: Iterable[str] = (one.message for one in plan.problems if one.holds is Holds.PAYMENT)
    said = " ".join(held)
    reason = f"{reason}; payment held: {said}" if said else reason
    awaited = " ".join(one.message for one in plan.problems if one.code in causes.AWAITED)
    return f"{reason}; waiting: {awaited}" if awaited else reason


def memo_outcomes(handled: Handled, memos: Sequence[magento.CreditMemo]) -> tuple[Handled, ...]:
    """What became of an order's credit memos: a note of its own, a problem, or the order's fate.

    What else was done for the order is told with the first of them: where memos are what a run is
    about, nothing else tells it.
    """
    found = tuple(_memo_outcome(handled, memo) for memo in memos)
    own = {deed for one in found for deed in one.deeds}
    others = tuple(deed for deed in handled.deeds if deed not in own)
    if not found or not others:
        return found
    return (evolve(found[0], deeds=others + found[0].deeds), *found[1:])


def memo_document(order: DocumentId, memo: magento.CreditMemo) -> DocumentId:
    """Which document a memo of an order is."""
    return DocumentId(
        order.shop,
        "credit_memo",
        entity_id=str(memo.entity_id),
        number=memo.increment_id or str(memo.entity_id),
        store_id=order.store_id,
    )


def memo_key(order: DocumentId, memo: magento.CreditMemo) -> str:
    """The key of the deed that posts a memo of an order."""
    return order.key(f"credit_note:{memo.entity_id}")


def of_skipped_order(number: str, reason: str) -> str:
    """How it is told of a memo that a person has skipped its order."""
    return f"its order {number} is {reason}"


def said_of_accepted(reason: str) -> str:
    """How it is told of a document that a person has accepted it."""
    return f"accepted as it is: {reason}"


def _memo_outcome(handled: Handled, memo: magento.CreditMemo) -> Handled:
    order = handled.document
    document, key = memo_document(order, memo), memo_key(order, memo)
    number = document.number
    made = next((e for e in handled.made if e.key == key and e.state is State.DONE), None)
    plan = handled.plan
    if made is not None and made.is_confirmed:
        reason = f"credit note {made.number}"
        return Handled(document, Outcome.POSTED, reason=reason, deeds=_done([made], plan))
    against = [
        p for p in (plan.problems if plan else ()) if p.document == number and p.holds is Holds.PLAN
    ]
    if against:
        return Handled(
            document,
            Outcome.HELD,
            reason=" ".join(p.message for p in against),
            codes=tuple(dict.fromkeys(p.code for p in against)),
            problems=tuple(_told(p) for p in against),
        )
    adopted = next((a for a in plan.adoptions if a.key == key), None) if plan else None
    if adopted is not None:
        return Handled(document, Outcome.SKIPPED, reason=f"already posted as {adopted.number}")
    if handled.outcome in {Outcome.HELD, Outcome.FAILED}:
        return Handled(
            document,
            handled.outcome,
            reason=f"its order {order.number}: {handled.reason}",
            codes=handled.codes,
        )
    if handled.is_decided:
        reason = of_skipped_order(order.number, handled.reason)
        return Handled(document, Outcome.SKIPPED, reason=reason, is_decided=True)
    due = [one for one in (plan.actions if plan and handled.deeds else ()) if one.key == key]
    if due and plan is not None:
        return evolve(would(evolve(plan, actions=tuple(due))), document=document, plan=None)
    return Handled(document, Outcome.SKIPPED, reason=handled.reason)
