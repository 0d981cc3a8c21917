"""Carrying out a stored plan: its actions in order, each on what the ones before it yielded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import assert_never

from attrs import field, frozen

from kashmag.engine import causes
from kashmag.engine.later import SOON, LaterError, PlanAnewError
from kashmag.engine.naming import record_about
from kashmag.engine.numbering import give_numbers
from kashmag.engine.options import EngineOptions
from kashmag.engine.performing import Performing
from kashmag.engine.posted import plan_in
from kashmag.errors import HeldError, LogbookError
from kashmag.logbook import Claim, Entry, Logbook, NewEntry, State, StoredPlan
from kashmag.plans.actions import (
    Action,
    AddNote,
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    CreateProduct,
    Pending,
    UpdateCustomer,
    UpdateShopCustomer,
)
from kashmag.plans.plan import Plan
from kashmag.rest.codec import dumps

CANARY = "canary"


class Step(Enum):
    """What can be told of an action while a plan is carried out."""

    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


Told = Callable[[Step, Entry], None]


@frozen
class Applied:
    """What became of a stored plan: every entry done, or the one that it stopped at."""

    entries: tuple[Entry, ...]
    stopped_at: Entry | None = field(default=None, kw_only=True)

    @property
    def is_done(self) -> bool:
        """Tell whether everything was done and proved."""
        return self.stopped_at is None

    @property
    def made(self) -> tuple[Entry, ...]:
        """The entries that were done."""
        return tuple(entry for entry in self.entries if entry.state is State.DONE)


class Applying:
    """Carries out plans in one account; shared by all documents of a run."""

    def __init__(self, logbook: Logbook, performing: Performing, options: EngineOptions) -> None:
        self._logbook = logbook
        self._performing = performing
        self._options = options
        self._is_confirmed = False
        self._canary = asyncio.Lock()

    async def open(self, plan: Plan, claim: Claim) -> StoredPlan:
        """Store a plan; from here on it is finished, or dropped by a person.

        Raises:
            HeldError: the plan is held, or an invoice of it has no exact certificate.
            LaterError: another order was given a number of it meanwhile: plan anew.
        """
        if plan.is_held:
            raise HeldError(f"the plan of order {plan.document.number} is held")
        for action in plan.actions:
            exact = not isinstance(action, CreateInvoice | CreateCreditNote) or (
                action.certificate.exact
            )
            if not exact:
                raise HeldError(f"{action.key} has no exact certificate")
        entries = [
            NewEntry(one.key, one.kind, reference=one.reference, fingerprint=one.fingerprint)
            for one in plan.actions
        ]
        await give_numbers(self._logbook, plan.actions)
        return await self._logbook.open_plan(
            record_about(plan.document),
            entries,
            digest=plan.digest,
            content=dumps(plan.to_json()).decode(),
            claim=claim,
        )

    async def carry_out(
        self, stored: StoredPlan, claim: Claim, *, looked: bool, told: Told
    ) -> Applied:
        """Perform what is left of a stored plan, and close it when all of it is done.

        Raises:
            LaterError: something can only be decided after a while; call again.
            RemoteError: something could not be done now; nothing is lost, call again.
            HeldError: the account is disputed: nothing is written until a person has looked.
        """
        await self._refuse_disputed(stored)
        if not await self._canary_is_over():
            async with self._canary:
                return await self._as_canary(stored, claim, looked=looked, told=told)
        return await self._steps(stored, claim, looked=looked, told=told)

    async def _as_canary(
        self, stored: StoredPlan, claim: Claim, *, looked: bool, told: Told
    ) -> Applied:
        """Alone in the account, until the first certificate has been confirmed."""
        if await self._canary_is_over():
            return await self._steps(stored, claim, looked=looked, told=told)
        await self._refuse_disputed(stored)
        alone = await self._logbook.claim(CANARY, lease=self._options.claimed_for)
        if alone is None:
            raise LaterError(SOON, causes.BUSY, "the account's first document is on its way")
        try:
            applied = await self._steps(stored, claim, looked=looked, told=told)
            if any(_proves(entry) for entry in applied.entries):
                await self._logbook.remember(CANARY, stored.document)
                self._is_confirmed = True
            return applied
        finally:
            await self._logbook.release(alone)

    async def _canary_is_over(self) -> bool:
        if not self._is_confirmed:
            self._is_confirmed = await self._logbook.recall(CANARY) is not None
        return self._is_confirmed

    async def _refuse_disputed(self, stored: StoredPlan) -> None:
        for entry in await self._logbook.entries_in(State.DISPUTED, limit=2):
            if entry.plan != stored.seq:
                raise HeldError(
                    f"nothing is written while {entry.key} is disputed: {entry.message}"
                )

    async def _steps(
        self, stored: StoredPlan, claim: Claim, *, looked: bool, told: Told
    ) -> Applied:
        entries = list(stored.entries)
        actions = read_actions(stored)
        for position, (entry, action) in enumerate(zip(stored.entries, actions, strict=True)):
            before = entry.state
            resolved = await self._resolved(action, entries)
            try:
                entry = await self._step(entry, resolved, claim, looked=looked, told=told)  # noqa: PLW2901
                _plan_anew_where_its_number_is_taken(entry)
            except PlanAnewError as anew:
                await self._logbook.drop_plan(stored, claim, reason=str(anew))
                raise LaterError(SOON, causes.BUSY, f"{anew}: it is planned anew") from anew
            entries[position] = entry
            if entry.state is State.DROPPED:
                continue
            if entry.state is not State.DONE:
                told(Step.FAILED, entry)
                return Applied(tuple(entries), stopped_at=entry)
            if before is not State.DONE or not stored.entries[position].is_confirmed:
                told(Step.DONE, entry)
        await self._logbook.finish_plan(stored, claim)
        return Applied(tuple(entries))

    async def _step(
        self, entry: Entry, action: Action, claim: Claim, *, looked: bool, told: Told
    ) -> Entry:
        if entry.state in {State.DROPPED, State.REFUSED, State.DISPUTED} or (
            entry.state is State.DONE and entry.is_confirmed
        ):
            return entry
        names = tuple(_touched(action))
        if not names:
            return await self._perform(entry, action, claim, looked=looked, told=told)
        also = await self._logbook.claim(*names, lease=self._options.claimed_for)
        if also is None:
            raise LaterError(SOON, causes.BUSY, f"another worker has {', '.join(names)}")
        both = Claim(claim.owner, claim.names + also.names, claim.tokens + also.tokens)
        try:
            return await self._perform(entry, action, both, looked=looked, told=told)
        finally:
            await self._logbook.release(also)

    async def _perform(
        self, entry: Entry, action: Action, claim: Claim, *, looked: bool, told: Told
    ) -> Entry:
        return await self._performing.perform(
            entry, action, claim, looked=looked, announced=lambda one: told(Step.SENT, one)
        )

    async def _resolved(self, action: Action, entries: Sequence[Entry]) -> Action:
        """The action with the numbers that earlier ones yielded."""
        match action:
            case CreateCreditNote(original=Pending(key)) | AddNote(invoice=Pending(key)):
                pass
            case _:
                return action
        number = next((e.number for e in entries if e.key == key and e.number), "")
        if not number:
            bound = await self._logbook.binding(key)
            number = bound.target if bound else ""
        if not number.isdecimal():
            raise LogbookError(f"{action.key} needs the number of {key}, and nobody knows it")
        return action.resolved({key: int(number)})


def read_actions(stored: StoredPlan) -> tuple[Action, ...]:
    """The actions of a stored plan."""
    plan = plan_in(stored)
    if plan is None:
        raise LogbookError(f"the plan of {stored.document} was erased and cannot be carried out")
    return plan.actions


def _touched(action: Action) -> Iterator[str]:
    """What nobody else may write about meanwhile, besides the order itself."""
    match action:
        case CreateCustomer():
            yield f"customer:{action.draft.code.casefold()}"
        case UpdateCustomer():
            yield f"customer:{action.code.casefold()}"
        case UpdateShopCustomer():
            yield f"shop-customer:{action.customer_id}"
        case CreateProduct():
            yield f"product:{action.reference.casefold()}"
        case AddPayment():
            yield f"invoice:{action.invoice_number}"
        case AddNote():
            yield f"invoice:{action.invoice}"
        case CreateInvoice() | CreateCreditNote():
            if action.draft.number is not None:
                yield f"invoice:{action.draft.number}"
        case _:
            assert_never(action)


def _proves(entry: Entry) -> bool:
    """Tell whether this entry is a certificate that was confirmed by reading back."""
    return entry.is_confirmed and entry.kind in {CreateInvoice.kind, CreateCreditNote.kind}


def _plan_anew_where_its_number_is_taken(entry: Entry) -> None:
    if entry.code == causes.NUMBER_TAKEN and entry.state is State.REFUSED:
        raise PlanAnewError(f"the number of {entry.key} was taken by another document")
