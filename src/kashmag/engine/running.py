"""One run over all that is due: many orders at once, streaming, with counts that add up.

Orders are pulled from the shop only when a worker is free, so memory does not grow with the
backlog. What must wait (an unknown fate, a record not yet visible, another worker's claim) is put
aside and taken up again when it is due, while other orders go on; at most so many at a time, then
nothing new is read until they are decided.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import uuid4

from attrs import define, evolve, field, frozen

from kashmag.engine import causes
from kashmag.engine.applying import Step
from kashmag.engine.handling import Handling, Terms
from kashmag.engine.later import LaterError
from kashmag.engine.options import EngineOptions
from kashmag.engine.orders import Bundle, Orders, Read
from kashmag.engine.outcomes import Handled, is_final, key_of, record_of
from kashmag.engine.reconciling import beside
from kashmag.errors import LogbookError
from kashmag.hooks.hooks import Hooks
from kashmag.logbook import DocumentRecord, Entry, Logbook
from kashmag.plans.actions import AddPayment, CreateCreditNote, CreateInvoice, DocumentId
from kashmag.plans.events import (
    ActionDone,
    ActionFailed,
    ActionSent,
    DocumentFinished,
    Event,
    Outcome,
    RunFinished,
    RunStarted,
)
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.rest.clock import Clock

GLIMPSE: Final = 0.25
LONGER: Final = 1.5
LONGEST: Final = 16.0
SECOND_CHANCE: Final = 2.0


@frozen(kw_only=True)
class Wish:
    """What a run shall do.

    `since` and `until` bound when the shop changed the document. `limit` is the most documents
    to read. `approved` is the reason for which a person lets the run exceed the policy's limits.
    `waiting` takes up what earlier runs left held, failed or unfinished, too.
    """

    flow: str
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    dry_run: bool = False
    approved: str = ""
    waiting: bool = True
    only: tuple[str, ...] = ()


@frozen(kw_only=True)
class Parts:
    """What a run works with."""

    orders: Orders
    handling: Handling
    logbook: Logbook
    hooks: Hooks
    policy: Policy
    options: EngineOptions
    clock: Clock


@define(order=True)
class _Aside:
    """An order put aside until it is due."""

    due: float
    number: int
    bundle: Bundle = field(eq=False)
    first: float = field(eq=False)
    times: int = field(eq=False)


class Run:
    """One run; `events` yields what happens, the last being RunFinished."""

    def __init__(self, parts: Parts, wish: Wish) -> None:
        self._parts = parts
        self._wish = wish
        self.id = uuid4().hex[:12]
        self.gave_up = ""
        self.is_complete = False
        self._counts: Counter[Outcome] = Counter()
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(1000)
        self._source: AsyncIterator[Read] = _nothing()
        self._exhausted = False
        self._aside: list[_Aside] = []
        self._asides = 0
        self._in_hand = 0
        self._streak = 0
        self._pulling = asyncio.Lock()
        self._changed = asyncio.Event()
        self._refusal = ""

    async def events(self) -> AsyncIterator[Event]:
        """Everything that happens in this run, as it happens.

        Raises:
            RemoteError: the shop's list cannot be read at all; what was begun has been finished.
            LogbookError: nothing can be remembered any more.
        """
        work = asyncio.create_task(self._work())
        try:
            while (event := await self._queue.get()) is not None:
                if isinstance(event, DocumentFinished):
                    self._room.release()
                yield event
            await work
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await work

    async def _work(self) -> None:
        try:
            await self._run()
        finally:
            self._queue.put_nowait(None)

    async def _run(self) -> None:
        parts, wish = self._parts, self._wish
        expected = None
        if wish.flow == "orders" and not wish.only:
            expected = await parts.orders.count(since=wish.since, until=wish.until)
        self._tell(RunStarted(parts.clock.now(), run=self.id, expected=expected))
        if not wish.dry_run and not wish.approved:
            self._refusal = await self._over_limits()
        self._source = self._due()
        beat = asyncio.create_task(self._heartbeat())
        workers = [
            asyncio.create_task(self._worker()) for _ in range(parts.options.documents_at_once)
        ]
        failed: BaseException | None = None
        try:
            done, _ = await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
            failed = next((error for task in done if (error := task.exception())), None)
            if isinstance(failed, LogbookError):
                for task in workers:
                    task.cancel()
            self._exhausted = True
            await asyncio.gather(*workers, return_exceptions=True)
        finally:
            for task in (*workers, beat):
                task.cancel()
            await asyncio.gather(*workers, beat, return_exceptions=True)
        self.is_complete = failed is None and not self.gave_up
        read = self._counts.total()
        self._tell(
            RunFinished(
                parts.clock.now(),
                run=self.id,
                read=read,
                posted=self._counts[Outcome.POSTED],
                skipped=self._counts[Outcome.SKIPPED],
                held=self._counts[Outcome.HELD],
                failed=self._counts[Outcome.FAILED],
            )
        )
        if failed is not None:
            raise failed

    async def _worker(self) -> None:
        while (taken := await self._next()) is not None:
            try:
                await self._one(taken)
            finally:
                self._in_hand -= 1
                self._changed.set()

    async def _next(self) -> _Aside | Read | None:
        """The next order to handle: one put aside that is due, else a new one."""
        clock, most = self._parts.clock, self._parts.options.put_aside_at_most
        while True:
            async with self._pulling:
                if self._aside and self._aside[0].due <= clock.seconds():
                    self._in_hand += 1
                    return heapq.heappop(self._aside)
                if not self._exhausted and len(self._aside) < most:
                    try:
                        read = await anext(self._source)
                    except StopAsyncIteration:
                        self._exhausted = True
                        continue
                    self._in_hand += 1
                    return read
                if not self._aside and (self._exhausted and not self._in_hand):
                    return None
                if not self._in_hand:
                    # Nothing but waiting is left to do, and one worker waits for all.
                    await clock.sleep(max(0.0, self._aside[0].due - clock.seconds()))
                    continue
                self._changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), GLIMPSE)

    async def _one(self, taken: _Aside | Read) -> None:
        handling = self._parts.handling
        first, times = (taken.first, taken.times) if isinstance(taken, _Aside) else (None, 0)
        read = taken.bundle if isinstance(taken, _Aside) else taken
        if not isinstance(read, Bundle):
            await self._finish(handling.unreadable(read, self._parts.policy.shop), None)
            return
        known = await self._known(read)
        if known is not None:
            await self._finish(known, read)
            return
        try:
            handled = await handling.handle(read, self._terms(handling.document_of(read)))
        except LaterError as later:
            wait = later.seconds
            if later.code == causes.BUSY:
                wait *= min(LONGER**times, LONGEST)  # whoever has it may have it for long
            if self._put_aside(read, wait, first=first, times=times):
                return
            handled = handling.given_up(read, later)
        if self._deserves_another(handled, times):
            self._mind(handled)
            if self._put_aside(read, SECOND_CHANCE * 2**times, first=first, times=times):
                return
        await self._finish(handled, read)

    def _put_aside(self, bundle: Bundle, wait: float, *, first: float | None, times: int) -> bool:
        """Put an order aside for a while; False when it has waited for long enough."""
        now = self._parts.clock.seconds()
        first = now if first is None else first
        patience = self._parts.options.patience.total_seconds()
        if self._wish.dry_run or self.gave_up or now - first >= patience:
            return False
        self._asides += 1
        heapq.heappush(self._aside, _Aside(now + wait, self._asides, bundle, first, times + 1))
        return True

    def _deserves_another(self, handled: Handled, times: int) -> bool:
        if handled.outcome is not Outcome.FAILED or times >= self._parts.options.second_chances:
            return False
        return bool(causes.WORLD.intersection(handled.codes))

    async def _known(self, bundle: Bundle) -> Handled | None:
        """The outcome of an order that is posted and has not changed since: nothing is asked."""
        if self._wish.only:
            return None
        document = self._parts.handling.document_of(bundle)
        record = await self._parts.logbook.document(key_of(document))
        if record is None or not record.revision or record.revision != bundle.revision:
            return None
        reason = record.reason
        if record.outcome == Outcome.POSTED.value:
            reason = f"already posted: {reason}"
        return Handled(document, Outcome.SKIPPED, reason=reason)

    async def _finish(self, handled: Handled, bundle: Bundle | None) -> None:
        if not self._wish.dry_run:
            await self._remember(handled, bundle)
        units = handled.memos if self._wish.flow == "refunds" and bundle else (handled,)
        for unit in units:
            self._counts[unit.outcome] += 1
            await self._room.acquire()
            self._tell(
                DocumentFinished(
                    self._parts.clock.now(),
                    document=unit.document,
                    outcome=unit.outcome,
                    reason=unit.reason,
                    codes=unit.codes,
                )
            )
        self._mind(handled)

    async def _remember(self, handled: Handled, bundle: Bundle | None) -> None:
        order = key_of(handled.document)
        revision = bundle.revision if bundle and is_final(handled) else ""
        for one in (handled, *handled.memos):
            own = revision if one is handled else ""
            record = record_of(
                one, run=self.id, revision=own, order="" if one is handled else order
            )
            before = await self._parts.logbook.document(record.key)
            if before and before.outcome == Outcome.POSTED.value and _is_still_posted(one):
                # Posted stays posted: that a later run finds it so is no news about it.
                record = evolve(record, outcome=before.outcome)
                if not record.codes:
                    record = evolve(record, reason=before.reason)
            if before is None or _news(before) != _news(record):
                await self._parts.logbook.finish(record)
        if bundle is not None and handled.plan is not None:
            parts = self._parts
            told = beside(bundle, parts.policy, parts.hooks, now=parts.clock.now())
            await parts.logbook.remember(*told)

    def _mind(self, handled: Handled) -> None:
        """Give up when the world is down: an order after another would fail the same way."""
        if causes.SIGN_IN_REFUSED in handled.codes:
            self._give_up(handled.reason)
        if not causes.WORLD.intersection(handled.codes):
            self._streak = 0
            return
        self._streak += 1
        if self._streak >= self._parts.options.failures_in_a_row:
            self._give_up(f"{self._streak} in a row failed, the last: {handled.reason}")

    def _give_up(self, reason: str) -> None:
        self.gave_up = self.gave_up or reason
        self._exhausted = True

    def _terms(self, document: DocumentId) -> Terms:
        def told(step: Step, entry: Entry) -> None:
            self._tell(event_of(step, entry, document, self._parts.clock.now()))

        return Terms(dry_run=self._wish.dry_run, allows=lambda _: self._refusal, told=told)

    def _tell(self, event: Event) -> None:
        self._queue.put_nowait(event)
        self._parts.hooks.observe(event)

    async def _due(self) -> AsyncIterator[Read]:
        """Everything that is due, each order once, up to the limit."""
        wish, count = self._wish, 0
        async for read in self._all_due():
            if wish.limit is not None and count >= wish.limit:
                self.gave_up = self.gave_up or f"the limit of {wish.limit} documents is reached"
                return
            count += 1
            yield read

    async def _all_due(self) -> AsyncIterator[Read]:
        parts, wish = self._parts, self._wish
        if wish.only:
            async for read in parts.orders.by_ids(wish.only):
                yield read
            return
        seen: set[str] = set()
        async for batch in self._left_over():
            fresh = [one for one in batch if one not in seen]
            seen.update(fresh)
            async for read in parts.orders.by_ids(fresh):
                yield read
        async for read in parts.orders.due(wish.flow, since=wish.since, until=wish.until):
            if read.entity_id not in seen:
                yield read

    async def _left_over(self) -> AsyncIterator[list[str]]:
        """Ids of orders that earlier runs have not finished with, in batches."""
        logbook, size = self._parts.logbook, self._parts.options.batch
        opened: list[str] = []
        if not self._wish.dry_run:
            async for plan in logbook.opened_plans():
                opened.append(plan.document.rpartition(":")[2])
                if len(opened) >= size:
                    yield opened
                    opened = []
        if opened:
            yield opened
        after = 0
        while self._wish.waiting:
            waiting = await logbook.troubled(kind="order", after=after, limit=size)
            if not waiting:
                return
            after = waiting[-1].seq
            yield [one.entity_id for one in waiting]

    async def _heartbeat(self) -> None:
        lease = self._parts.options.lease
        while True:
            # Real time, whatever clock the engine has: this process is alive or it is not.
            await asyncio.sleep(lease.total_seconds() / 3)
            await self._parts.logbook.keep(lease=lease)

    async def _over_limits(self) -> str:
        """Why the run as a whole is refused: it would change more than the policy allows."""
        limits = self._parts.policy.limits
        if limits.documents is None and limits.money is None:
            return ""
        documents, money = 0, Decimal(0)
        async for read in self._due():
            if not isinstance(read, Bundle) or await self._known(read) is not None:
                continue
            plan = (await self._parts.handling.handle(read, Terms(dry_run=True))).plan
            if plan is None or plan.is_held or not plan.actions:
                continue
            documents, money = documents + 1, money + worth(plan)
        over = []
        if limits.documents is not None and documents > limits.documents:
            over.append(f"{documents} documents, where {limits.documents} are allowed")
        if limits.money is not None and money > limits.money:
            over.append(f"{money} in money, where {limits.money} is allowed")
        return f"the run as a whole would change {' and '.join(over)}" if over else ""


def worth(plan: Plan) -> Decimal:
    """How much money a plan moves, whatever the direction."""
    total = Decimal(0)
    for action in plan.actions:
        match action:
            case CreateInvoice() | CreateCreditNote():
                total += abs(action.certificate.gross)
            case AddPayment():
                total += abs(action.payment.amount)
            case _:
                pass
    return total


def event_of(step: Step, entry: Entry, document: DocumentId, at: datetime) -> Event:
    """An entry's step as an event."""
    match step:
        case Step.SENT:
            return ActionSent(at, document=document, key=entry.key, kind=entry.kind)
        case Step.DONE:
            return ActionDone(
                at, document=document, key=entry.key, kind=entry.kind, number=entry.number
            )
        case Step.FAILED:
            return ActionFailed(
                at,
                document=document,
                key=entry.key,
                kind=entry.kind,
                state=entry.state.value,
                message=entry.message,
            )


def _news(record: DocumentRecord) -> tuple[object, ...]:
    return record.outcome, record.reason, record.codes, record.problems, record.revision


def _is_still_posted(handled: Handled) -> bool:
    if handled.outcome is not Outcome.SKIPPED:
        return False
    return handled.plan is None or bool(handled.plan.adoptions)


async def _nothing() -> AsyncIterator[Read]:
    none: tuple[Read, ...] = ()
    for read in none:
        yield read
