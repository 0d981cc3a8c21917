"""What becomes of one order: an open plan is finished first, then a new one is made and done.

Every way through here ends in one `Handled`: posted, skipped, held or failed, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, field, frozen

from kashmag import planner
from kashmag.accounting.problems import Holds, Problem
from kashmag.engine import causes
from kashmag.engine.applying import Applying, Step, Told
from kashmag.engine.isolating import Unreadable
from kashmag.engine.items import accepted_by
from kashmag.engine.later import LaterError
from kashmag.engine.left_out import skipped_by_person, without_skipped_memos
from kashmag.engine.new_accounts import Alone, is_not_begun
from kashmag.engine.options import EngineOptions
from kashmag.engine.orders import Bundle
from kashmag.engine.outcomes import (
    Handled,
    codes_of,
    left_to_orders,
    memo_outcomes,
    posted,
    posts_first,
    refused,
    said_of_accepted,
    stopped,
    without_actions,
    would,
)
from kashmag.engine.planning import Planning
from kashmag.engine.surviving import BUSY_WAIT, survived
from kashmag.engine.tying import tie
from kashmag.errors import StalePlanError
from kashmag.logbook import Entry, Logbook, Standing, State
from kashmag.logbook.documents import PersonDecision, Verb
from kashmag.plans.acceptances import acceptance_key
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import Outcome
from kashmag.plans.plan import Plan
from kashmag.plans.proposals import Way

Allows = Callable[[Plan], Problem | None]


def _everything(_: Plan) -> None:
    """Nothing is against it."""


def _silence(_: Step, __: Entry) -> None:
    """Tell nobody."""


@frozen
class Resolution:
    """Which way out of a drift a person has chosen, and why."""

    way: Way
    reason: str = field(kw_only=True)
    who: str = field(default="", kw_only=True)


@frozen(kw_only=True)
class Terms:
    """On which terms an order is handled.

    `dry_run` writes nothing anywhere. `allows` gives the problem for which a plan must not be
    carried out, None when it may. `digest` is the only plan that may be carried out.
    `resolution` is what a person has decided about a drift. `may_post_first` tells that an order
    that never was posted may be, and not only gets what it lacks.
    """

    dry_run: bool = False
    allows: Allows = _everything
    told: Told = _silence
    digest: str = ""
    resolution: Resolution | None = None
    may_post_first: bool = True


class Handling:
    """Handles orders one by one; any number at the same time."""

    def __init__(
        self, logbook: Logbook, planning: Planning, applying: Applying, options: EngineOptions
    ) -> None:
        self._logbook = logbook
        self._planning = planning
        self._applying = applying
        self._options = options

    async def handle(self, bundle: Bundle, terms: Terms) -> Handled:
        """Bring an order as far as it goes now.

        Raises:
            LaterError: something is decided later; call again.
            StalePlanError: the plan is not the one that the terms ask for.
        """
        order = self._planning.document_of(bundle)
        bundle, skipped = await without_skipped_memos(self._logbook, bundle, order)
        case = self._planning.open_case(bundle)
        attempt = self._claimed(case, terms)
        handled = await survived(self._logbook, case.document, attempt)
        memos = (*memo_outcomes(handled, bundle.credit_memos), *skipped)
        return evolve(handled, memos=memos, case=None if skipped else case)

    def open_case(self, bundle: Bundle) -> planner.Case:
        """Read an order under the policy of its store."""
        return self._planning.open_case(bundle)

    def document_of(self, bundle: Bundle) -> DocumentId:
        """Which document an order is."""
        return self._planning.document_of(bundle)

    async def plan(self, bundle: Bundle) -> Plan:
        """The plan of an order as things stand; nothing is written."""
        order = self._planning.document_of(bundle)
        bundle, _ = await without_skipped_memos(self._logbook, bundle, order)
        return await self._planning.plan(self._planning.open_case(bundle))

    def unreadable(self, read: Unreadable, shop: str) -> Handled:
        """The outcome of an order that cannot be read."""
        document = DocumentId(
            shop, "order", entity_id=read.entity_id, number=read.number, store_id=read.store_id
        )
        return Handled(document, Outcome.FAILED, reason=read.reason, codes=(read.code,))

    def given_up(self, bundle: Bundle, later: LaterError) -> Handled:
        """The outcome of an order that could not be decided within the run's patience."""
        document = self._planning.document_of(bundle)
        handled = Handled(document, Outcome.FAILED, reason=later.message, codes=(later.code,))
        return evolve(handled, memos=memo_outcomes(handled, bundle.credit_memos))

    async def _claimed(self, case: planner.Case, terms: Terms) -> Handled:
        key = case.document.whole
        if terms.dry_run:
            return await self._dry(case, key, terms)
        standing = await self._logbook.take_up(key, lease=self._options.claimed_for)
        if standing is None:
            raise LaterError(BUSY_WAIT, causes.BUSY, f"another worker has order {key}")
        try:
            held_for = self._options.claimed_for
            async with Alone(self._logbook, case.document, case.policy, lease=held_for) as alone:
                return await self._under(case, key, standing, terms, alone)
        finally:
            await self._logbook.release(standing.claim)

    async def _dry(self, case: planner.Case, key: str, terms: Terms) -> Handled:
        decisions = await self._logbook.decisions(key)
        if skipped := skipped_by_person(case.document, decisions):
            return skipped
        if stored := await self._logbook.opened_plan(key):
            left = ", ".join(e.kind for e in stored.entries if e.state is not State.DONE)
            return Handled(
                case.document,
                Outcome.SKIPPED,
                reason=f"dry run: would finish an open plan: {left}",
            )
        plan = await self._planning.plan(case)
        if plan.is_held or not plan.actions:
            return without_actions(plan)
        if not terms.may_post_first and posts_first(plan):
            return left_to_orders(plan)
        against = terms.allows(plan)
        return refused(plan, against) if against else would(plan)

    async def _under(
        self,
        case: planner.Case,
        key: str,
        standing: Standing,
        terms: Terms,
        alone: Alone,
    ) -> Handled:
        made: list[Entry] = []
        claim, stored = standing.claim, standing.plan
        if (
            stored is not None
            and is_not_begun(stored)
            and (await self._planned(case, alone)).digest != stored.digest
        ):
            await self._logbook.drop_plan(stored, claim, reason="not begun, and outdated")
            stored = None
        if stored is None and (skipped := skipped_by_person(case.document, standing.decisions)):
            return skipped
        if stored is not None:
            applied = await self._applying.carry_out(stored, claim, looked=False, told=terms.told)
            if not applied.is_done:
                return stopped(case.document, applied)
            made += applied.made
        plan = await self._planned(case, alone)
        if terms.resolution is not None:
            plan, terms = (
                await self._resolved(plan, terms, terms.resolution),
                evolve(terms, digest=""),
            )
        if not terms.may_post_first and posts_first(plan):
            return left_to_orders(plan)
        if not plan.is_held and plan.actions:
            if made and terms.digest and plan.digest != terms.digest:
                return evolve(posted(plan, made), codes=codes_of(plan))
            if terms.digest and plan.digest != terms.digest:
                raise StalePlanError(
                    f"the plan of order {case.document.number} is no longer the one that was "
                    "shown: plan again and look"
                )
            if against := terms.allows(plan):
                return refused(plan, against)
            for deed in plan.releases:
                await self._logbook.give_up(deed, reason=plan.decisions[-1].because)
            stored = await self._applying.open(plan, claim)
            # Whoever resolves a drift looks again before each step: people are at these documents.
            looked = not plan.is_resolving
            applied = await self._applying.carry_out(stored, claim, looked=looked, told=terms.told)
            if not applied.is_done:
                return stopped(case.document, applied, plan)
            made += applied.made
        await self._bind(plan, key)
        handled = await self._accepted(without_actions(plan), key)
        if made and handled.outcome is Outcome.SKIPPED:
            return posted(plan, made)
        return posted(plan, made) if plan.actions and not plan.is_held else handled

    async def _planned(self, case: planner.Case, alone: Alone) -> Plan:
        """The plan as things stand; what makes an account is planned while nobody else makes it."""
        plan = await self._planning.plan(case)
        while await alone.has_to_look_again(plan):
            plan = await self._planning.plan(case)
        return plan

    async def _resolved(self, plan: Plan, terms: Terms, wanted: Resolution) -> Plan:
        """The plan with the proposal that a person has chosen; the choice is remembered first."""
        number = plan.document.number
        if terms.digest and plan.digest != terms.digest:
            raise StalePlanError(
                f"order {number} is no longer as it was shown: plan again and look"
            )
        proposal = plan.proposal(wanted.way)
        if proposal is None and not plan.is_held and await self._was_resolved(plan, wanted.way):
            return plan  # done before: whoever asked did not hear the end
        if proposal is None:
            others = ", ".join(one.way.value for one in plan.proposals) or "nothing"
            raise StalePlanError(
                f"{wanted.way.value} is not proposed for order {number}; what is: {others}"
            )
        await self._logbook.decide(
            PersonDecision(
                plan.document.whole,
                Verb.RESOLVE,
                reason=wanted.reason,
                who=wanted.who,
                key=wanted.way.value,
            )
        )
        because = f"{wanted.who or 'a person'} said so: {wanted.reason}"
        return plan.taking(proposal, because=because, rule="person")

    async def _was_resolved(self, plan: Plan, way: Way) -> bool:
        decisions = await self._logbook.decisions(plan.document.whole)
        return any(one.verb is Verb.RESOLVE and one.key == way.value for one in decisions)

    async def _bind(self, plan: Plan, key: str) -> None:
        if plan.is_held:
            return
        for adoption in plan.adoptions:
            known = await self._logbook.binding(adoption.key)
            if known is None or known.target != str(adoption.number):
                because = f"{adoption.number} stands for it now"
                await tie(self._logbook, adoption, document=key, because=because)

    async def _accepted(self, handled: Handled, key: str) -> Handled:
        """A drift that a person has accepted as it is waits no longer; another one does."""
        if handled.outcome is not Outcome.HELD or not causes.is_drift(handled.codes):
            return handled
        accepted = {one.key: one.because for one in accepted_by(await self._logbook.decisions(key))}
        held = [one for one in handled.problems if one["holds"] == Holds.PLAN.value]
        wanted = [acceptance_key(str(one["message"])) for one in held]
        if not accepted.keys() >= set(wanted):
            return handled
        reasons = dict.fromkeys(accepted[one] for one in wanted)
        return Handled(
            handled.document,
            Outcome.SKIPPED,
            reason=said_of_accepted("; ".join(reasons)),
            codes=tuple(code for code in handled.codes if code in causes.AWAITED),
            plan=handled.plan,
        )
