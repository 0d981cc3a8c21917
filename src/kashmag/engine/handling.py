"""What becomes of one order: an open plan is finished first, then a new one is made and done.

Every way through here ends in one `Handled`: posted, skipped, held or failed, with the reason.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from attrs import evolve, frozen

from kashmag import planner
from kashmag.engine import causes
from kashmag.engine.applying import Applying, Step, Told
from kashmag.engine.later import LaterError
from kashmag.engine.options import EngineOptions
from kashmag.engine.orders import Bundle, Unreadable
from kashmag.engine.outcomes import (
    Handled,
    codes_of,
    drift_key,
    key_of,
    memo_outcomes,
    posted,
    stopped,
    without_actions,
)
from kashmag.engine.planning import Planning
from kashmag.errors import (
    ClaimLostError,
    HeldError,
    KashmagError,
    LogbookBusyError,
    RemoteError,
    StalePlanError,
)
from kashmag.logbook import Binding, Claim, Entry, Logbook, State
from kashmag.logbook.documents import Verb
from kashmag.logbook.states import may_have_happened
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import Outcome
from kashmag.plans.plan import Plan

LOG: Final = logging.getLogger("kashmag.engine")
BUSY_WAIT: Final = 1.0
Allows = Callable[[Plan], str]


def _everything(_: Plan) -> str:
    return ""


def _silence(_: Step, __: Entry) -> None:
    """Tell nobody."""


@frozen(kw_only=True)
class Terms:
    """On which terms an order is handled.

    `dry_run` writes nothing anywhere. `allows` gives the reason for which a plan must not be
    carried out, empty when it may. `digest` is the only plan that may be carried out.
    """

    dry_run: bool = False
    allows: Allows = _everything
    told: Told = _silence
    digest: str = ""


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
        case = self._planning.open_case(bundle)
        try:
            handled = await self._claimed(case, terms)
        except (ClaimLostError, LogbookBusyError) as error:
            raise LaterError(BUSY_WAIT, causes.BUSY, str(error)) from error
        except StalePlanError:
            raise
        except HeldError as error:
            handled = Handled(
                case.document,
                Outcome.FAILED,
                reason=str(error),
                codes=(causes.ACCOUNT_DISPUTED,),
            )
        except KashmagError as error:
            codes = await self._codes_of(error, case)
            handled = Handled(case.document, Outcome.FAILED, reason=str(error), codes=codes)
        except LaterError:
            raise
        except Exception as error:
            # A fault of ours in one order must not cost the others; it is told, never swallowed.
            LOG.exception("order %s could not be handled", case.document.number)
            handled = Handled(
                case.document,
                Outcome.FAILED,
                reason=f"a fault in kashmag: {type(error).__name__}: {error}",
                codes=(causes.BUG,),
            )
        return evolve(handled, memos=memo_outcomes(handled, bundle.credit_memos))

    def document_of(self, bundle: Bundle) -> DocumentId:
        """Which document an order is."""
        return self._planning.document_of(bundle)

    async def plan(self, bundle: Bundle) -> Plan:
        """The plan of an order as things stand; nothing is written."""
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

    async def _codes_of(self, error: KashmagError, case: planner.Case) -> tuple[str, ...]:
        """The cause of the failure; beside it, if something has been sent whose fate is unknown."""
        codes: tuple[str, ...] = (causes.code_of(error),)
        if isinstance(error, RemoteError):
            stored = await self._logbook.opened_plan(key_of(case.document))
            entries = stored.entries if stored else ()
            if any(may_have_happened(entry.state) for entry in entries):
                codes += (causes.FATE_UNKNOWN,)
        return tuple(dict.fromkeys(codes))

    async def _claimed(self, case: planner.Case, terms: Terms) -> Handled:
        key = key_of(case.document)
        if terms.dry_run:
            return await self._dry(case, key)
        claim = await self._logbook.claim(key, lease=self._options.lease)
        if claim is None:
            raise LaterError(BUSY_WAIT, causes.BUSY, f"another worker has order {key}")
        try:
            return await self._under(case, key, claim, terms)
        finally:
            await self._logbook.release(claim)

    async def _dry(self, case: planner.Case, key: str) -> Handled:
        if skipped := await self._skipped_by_person(case.document, key):
            return skipped
        if stored := await self._logbook.opened_plan(key):
            would = ", ".join(e.kind for e in stored.entries if e.state is not State.DONE)
            return Handled(
                case.document,
                Outcome.SKIPPED,
                reason=f"dry run: would finish an open plan: {would}",
            )
        plan = await self._planning.plan(case)
        if plan.is_held or not plan.actions:
            return without_actions(plan)
        would = ", ".join(f"{one.kind} {one.reference}" for one in plan.actions)
        return Handled(plan.document, Outcome.SKIPPED, reason=f"dry run: would {would}", plan=plan)

    async def _under(self, case: planner.Case, key: str, claim: Claim, terms: Terms) -> Handled:
        made: list[Entry] = []
        stored = await self._logbook.opened_plan(key)
        if stored is None and (skipped := await self._skipped_by_person(case.document, key)):
            return skipped
        if stored is not None:
            applied = await self._applying.carry_out(stored, claim, looked=False, told=terms.told)
            if not applied.is_done:
                return stopped(case.document, applied)
            made += applied.made
        plan = await self._planning.plan(case)
        if not plan.is_held and plan.actions:
            if made and terms.digest and plan.digest != terms.digest:
                return evolve(posted(plan, made), codes=codes_of(plan))
            if terms.digest and plan.digest != terms.digest:
                raise StalePlanError(
                    f"the plan of order {case.document.number} is no longer the one that was "
                    "shown: plan again and look"
                )
            if against := terms.allows(plan):
                return Handled(
                    case.document,
                    Outcome.HELD,
                    reason=against,
                    codes=(causes.OVER_LIMITS,),
                    plan=plan,
                )
            stored = await self._applying.open(plan, claim)
            applied = await self._applying.carry_out(stored, claim, looked=True, told=terms.told)
            if not applied.is_done:
                return stopped(case.document, applied, plan)
            made += applied.made
        await self._bind(plan, key)
        handled = await self._accepted(without_actions(plan), key)
        if made and handled.outcome is Outcome.SKIPPED:
            return posted(plan, made)
        return posted(plan, made) if plan.actions and not plan.is_held else handled

    async def _bind(self, plan: Plan, key: str) -> None:
        for adoption in plan.adoptions:
            if await self._logbook.binding(adoption.key) is None and not plan.is_held:
                await self._logbook.bind(
                    Binding(
                        adoption.key,
                        "invoice",
                        target=str(adoption.number),
                        document=key,
                        is_adopted=True,
                    )
                )

    async def _accepted(self, handled: Handled, key: str) -> Handled:
        """A drift that a person has accepted as it is waits no longer; another one does."""
        if handled.outcome is not Outcome.HELD or not causes.DRIFT.issuperset(handled.codes):
            return handled
        wanted = drift_key(handled.reason)
        for decision in await self._logbook.decisions(key):
            if decision.verb is Verb.ACCEPT and decision.key == wanted:
                return Handled(
                    handled.document,
                    Outcome.SKIPPED,
                    reason=f"accepted as it is: {decision.reason}",
                )
        return handled

    async def _skipped_by_person(self, document: DocumentId, key: str) -> Handled | None:
        decisions = await self._logbook.decisions(key)
        last = next((one for one in reversed(decisions) if one.verb in _LASTING), None)
        if last is None or last.verb is not Verb.SKIP:
            return None
        who = f" by {last.who}" if last.who else ""
        return Handled(document, Outcome.SKIPPED, reason=f"skipped{who}: {last.reason}")


_LASTING: Final = frozenset({Verb.SKIP, Verb.RETRY})
