"""Having a plan made for one order: questions and answers in turn, until nothing new is asked."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from attrs import evolve

from kashmag import planner
from kashmag.accounting.problems import Problem
from kashmag.engine import causes
from kashmag.engine.gathering import Gathering
from kashmag.engine.orders import Bundle
from kashmag.errors import PluginError
from kashmag.hooks.hooks import Hooks
from kashmag.logbook import Logbook
from kashmag.plans.actions import CreateCreditNote, CreateInvoice, DocumentId
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.plans.questions import Answers
from kashmag.rest.clock import Clock

MOST_ROUNDS = 20


class Planning:
    """Makes plans: the pure planner with the answers that it asks for."""

    def __init__(
        self, gathering: Gathering, logbook: Logbook, hooks: Hooks, policy: Policy, clock: Clock
    ) -> None:
        self._gathering = gathering
        self._logbook = logbook
        self._hooks = hooks
        self._policy = policy
        self._clock = clock

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
                return await self._checked(evolve(plan, assumed=tuple(self._gathering.assumed)))
            answers = await self._gathering.answer(questions, answers)
        raise PluginError(
            f"after {MOST_ROUNDS} rounds there are still new questions about order "
            f"{case.document.number}: a plugin's kashmag_ask never ends"
        )

    def _today(self, case: planner.Case) -> date:
        return self._clock.now().astimezone(ZoneInfo(case.policy.time_zone)).date()

    async def _checked(self, plan: Plan) -> Plan:
        """Hold a plan that would post again what we have posted, or adopt what is another's."""
        found: list[Problem] = []
        for action in plan.actions:
            if not isinstance(action, CreateInvoice | CreateCreditNote):
                continue
            bound = await self._logbook.binding(action.key)
            if bound is not None:
                found.append(
                    Problem(
                        causes.POSTED_IS_GONE,
                        f"{action.reference} was posted as {bound.target}, which KashFlow no "
                        "longer shows.",
                        remedy="Find out who deleted it; then drop the binding to post it anew, "
                        "or skip the order.",
                    )
                )
        for adoption in plan.adoptions:
            tied = await self._logbook.bound_to("invoice", str(adoption.number))
            known = await self._logbook.binding(adoption.key)
            if (tied is not None and tied.source != adoption.key) or (
                known is not None and known.target != str(adoption.number)
            ):
                found.append(
                    Problem(
                        causes.BOUND_OTHERWISE,
                        f"{adoption.reference} stands on {adoption.number}, but the logbook ties "
                        "them otherwise.",
                        remedy="Look at both documents and put the reference right in KashFlow.",
                    )
                )
        return evolve(plan, problems=plan.problems + tuple(found)) if found else plan
