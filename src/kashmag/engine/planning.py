"""Having a plan made for one order: questions and answers in turn, until nothing new is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from attrs import evolve

from kashmag import planner
from kashmag.accounting.problems import Holds, Problem
from kashmag.engine import causes
from kashmag.engine.gathering import Gathering
from kashmag.engine.items import accepted_by
from kashmag.engine.orders import Bundle
from kashmag.engine.posted import (
    NOW,
    is_settled,
    is_visible_by_now,
    payment_entry,
    settled_in,
    was_made,
)
from kashmag.errors import PluginError
from kashmag.hooks.hooks import Hooks
from kashmag.logbook import Binding, Logbook
from kashmag.planner.drifting import by_policy, resolvable
from kashmag.plans.acceptances import let_go
from kashmag.plans.actions import (
    Action,
    AddNote,
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    DocumentId,
)
from kashmag.plans.customer_problems import buyers_account_gone
from kashmag.plans.drift_problems import may_be_late, posted_is_gone
from kashmag.plans.payment_problems import Named, payment_moved
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.plans.proposals import Drift, Proposal, Way
from kashmag.plans.questions import Answers, InvoiceByNumber
from kashmag.plans.references import memo_of
from kashmag.rest.clock import Clock

MOST_ROUNDS = 20
Document: TypeAlias = CreateInvoice | CreateCreditNote


class Planning:
    """Makes plans: the pure planner with the answers that it asks for."""

    def __init__(
        self,
        gathering: Gathering,
        logbook: Logbook,
        hooks: Hooks,
        policy: Policy,
        clock: Clock,
        *,
        settled_after: timedelta,
    ) -> None:
        self._gathering = gathering
        self._logbook = logbook
        self._hooks = hooks
        self._policy = policy
        self._clock = clock
        self._settled_after = settled_after

    def open_case(self, bundle: Bundle) -> planner.Case:
        """Read an order under the policy of its store."""
        return planner.open_case(
            bundle.order, bundle.invoices, bundle.credit_memos, self._policy, bundle.store_code
        )

    def document_of(self, bundle: Bundle) -> DocumentId:
        """Which document an order is."""
        return planner.document_of(bundle.order, self._policy, bundle.store_code)

    async def plan(self, case: planner.Case) -> Plan:
        """The plan of a case, with what our own logbook has against it."""
        answers = Answers()
        for _ in range(MOST_ROUNDS):
            questions = planner.asking(case, answers, self._hooks)
            if not questions:
                plan = planner.plan(case, answers, self._hooks, today=self._today(case))
                plan = evolve(plan, assumed=tuple(self._gathering.assumed))
                return await self._checked(plan, case.policy)
            answers = await self._gathering.answer(questions, answers)
        raise PluginError(
            f"after {MOST_ROUNDS} rounds there are still new questions about order "
            f"{case.document.number}: a plugin's kashmag_ask never ends"
        )

    def _today(self, case: planner.Case) -> date:
        return self._clock.now().astimezone(ZoneInfo(case.policy.time_zone)).date()

    async def _checked(self, plan: Plan, policy: Policy) -> Plan:
        """Hold a plan that would post again what we have posted, or adopt what is another's."""
        plan = await self._without_accepted(await self._without_moved_money(plan))
        gone = await self._bound(plan.actions)
        found = [await self._gone(one.reference, tie, policy) for one, tie in gone]
        found += [one async for one in self._tied_otherwise(plan)]
        found += [one async for one in self._without_account(plan)]
        has_proposals = bool(plan.proposals)
        plan = evolve(plan, problems=plan.problems + tuple(found))
        plan = await self._proposing_anew(plan, policy)
        if not gone or has_proposals:  # one drift after the other
            return plan
        for action, bound in gone:
            if not await self._is_gone_for_good(action.reference, bound):
                return plan
        return by_policy(_post_anew(plan, [action for action, _ in gone]), policy)

    async def _proposing_anew(self, plan: Plan, policy: Policy) -> Plan:
        """The plan whose ways out do once more what was done before, and is gone for good."""
        problems, proposals = list(plan.problems), []
        for proposal in plan.proposals:
            done = await self._bound(proposal.actions)
            told = [await self._gone(one.reference, tie, policy) for one, tie in done]
            are_gone = [await self._is_gone_for_good(one.reference, tie) for one, tie in done]
            if all(are_gone):
                told = [resolvable(one, plan.document.number, proposal.way) for one in told]
                proposals.append(_anew(proposal, [action for action, _ in done], told))
            problems += [one for one in told if one not in problems]
        return evolve(plan, problems=tuple(problems), proposals=tuple(proposals))

    async def _is_gone_for_good(self, reference: str, bound: Binding) -> bool:
        """Tell that a document that the logbook knows is not there, and not merely late."""
        question = InvoiceByNumber(int(bound.target))
        found = (await self._gathering.answer([question], Answers()))[question]
        if found is not None and found.deleted_at is None:
            return False
        return await self._certain_in(reference, bound) <= NOW

    async def _certain_in(self, reference: str, bound: Binding) -> timedelta:
        """How long it takes until a document that is not shown is certainly not there."""
        kinds = CreateInvoice.kind, CreateCreditNote.kind
        return await settled_in(
            self._logbook, bound.source, reference, *kinds, settled_after=self._settled_after
        )

    async def _gone(self, reference: str, bound: Binding, policy: Policy) -> Problem:
        """The problem of a document that is not shown, and from when on that is certain."""
        problem = posted_is_gone(reference, bound.target)
        left = await self._certain_in(reference, bound)
        if left <= NOW:
            return problem
        until = (self._clock.now() + left).astimezone(ZoneInfo(policy.time_zone))
        return may_be_late(problem, until)

    async def _bound(self, actions: Iterable[Action]) -> list[tuple[Document, Binding]]:
        """Which documents of a plan our logbook says are posted already, and as what."""
        found = []
        for action in actions:
            if isinstance(action, CreateInvoice | CreateCreditNote):
                bound = await self._logbook.binding(action.key)
                found += [(action, bound)] if bound is not None else []
        return found

    async def _without_moved_money(self, plan: Plan) -> Plan:
        """Without payments that we have posted: a person has moved them, or none shows them yet."""
        kept: list[Action] = []
        told: list[Problem] = []
        for action in plan.actions:
            entry = None
            if isinstance(action, AddPayment):
                entry = await payment_entry(self._logbook, plan.document.whole, action)
                if entry and await is_visible_by_now(self._logbook, entry, self._settled_after):
                    told.append(payment_moved(_named(plan, action), action.invoice_number))
            kept += [action] if entry is None else []
        if len(kept) == len(plan.actions):
            return plan
        because = "" if kept or plan.is_held else "already posted"
        return evolve(
            plan,
            actions=tuple(kept),
            problems=(*plan.problems, *told),
            skipped_because=plan.skipped_because or because,
        )

    async def _without_accepted(self, plan: Plan) -> Plan:
        """The plan with those payments let go that a person said are settled as they are."""
        if all(one.holds is not Holds.PAYMENT for one in plan.problems):
            return plan
        accepted = accepted_by(await self._logbook.decisions(plan.document.whole))
        told = tuple(
            let_go(one, accepted) if one.holds is Holds.PAYMENT else one for one in plan.problems
        )
        return evolve(plan, problems=told)

    async def _without_account(self, plan: Plan) -> AsyncIterator[Problem]:
        """A problem where the buyer's account was made by us and is not there any more."""
        for action in plan.actions:
            if not isinstance(action, CreateCustomer) or not await was_made(self._logbook, action):
                continue
            if await is_settled(
                self._logbook,
                action.key,
                action.reference,
                action.kind,
                settled_after=self._settled_after,
            ):
                yield buyers_account_gone(plan.document.number, action.draft.code)

    async def _tied_otherwise(self, plan: Plan) -> AsyncIterator[Problem]:
        for adoption in plan.adoptions:
            tied = await self._logbook.bound_to("invoice", str(adoption.number))
            known = await self._logbook.binding(adoption.key)
            is_anothers = tied is not None and tied.source != adoption.key
            stood_elsewhere = known is not None and known.target != str(adoption.number)
            if stood_elsewhere and known is not None and not is_anothers:
                # What stood for it before is gone, and this has taken its place.
                stood_elsewhere = not await self._is_gone_for_good(adoption.reference, known)
            if is_anothers or stood_elsewhere:
                yield Problem(
                    causes.BOUND_OTHERWISE,
                    f"{adoption.reference} stands on {adoption.number}, but the logbook ties "
                    "them otherwise.",
                    remedy="Look at both documents and put the reference right in KashFlow; or "
                    f"say which is right: kashmag errors adopt {plan.document.number} NUMBER.",
                )


def _named(plan: Plan, action: AddPayment) -> Named:
    """A payment that is to be added, as sentences name it."""
    *_, token = (action.payment.note or "").split() or [""]
    memo = memo_of(action.invoice_reference)
    return Named(token, action.payment.amount, order=plan.document.number, memo=memo)


def _anew(proposal: Proposal, gone: Sequence[Document], told: Sequence[Problem]) -> Proposal:
    """The way out that first gives up what it has done before, if it has."""
    if not gone:
        return proposal
    references = ", ".join(action.reference for action in gone)
    return evolve(
        proposal,
        message=f"{proposal.message} What was deleted of {references} is given up.",
        cures=(*proposal.cures, *(one.message for one in told)),
        releases=(*proposal.releases, *(action.key for action in gone)),
    )


def _on_it(action: Action) -> bool:
    """Tell what stood on the deleted document and went with it."""
    return isinstance(action, AddNote)


def _post_anew(plan: Plan, gone: Sequence[Document]) -> Plan:
    """The plan with the proposal that what was deleted is posted once more."""
    cured = [one for one in plan.problems if one.code == causes.POSTED_IS_GONE]
    number = plan.document.number
    told = tuple(
        resolvable(one, number, Way.POST_ANEW) if one in cured else one for one in plan.problems
    )
    references = ", ".join(action.reference for action in gone)
    proposal = Proposal(
        Way.POST_ANEW,
        Drift.DELETED_IN_KASHFLOW,
        f"Post {references} once more; what was deleted is given up.",
        actions=plan.actions,
        cures=tuple(one.message for one in cured),
        certificate=plan.certificate,
        releases=(*(one.key for one in gone), *(one.key for one in plan.actions if _on_it(one))),
    )
    return evolve(plan, problems=told, proposals=(proposal,))
