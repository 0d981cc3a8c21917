"""One run over all that is due: many documents at once, streaming, with counts that add up.

They are pulled from the shop only when a worker is free, so memory does not grow with the
backlog. What must wait (an unknown fate, a record not yet visible, another worker's claim) is put
aside and taken up again when it is due, while others go on; at most so many at a time, then
nothing new is read until they are decided. What is done with a document is its flow's.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Final, Generic
from uuid import uuid4

from attrs import define, field

from kashmag.accounting import Problem
from kashmag.engine import causes
from kashmag.engine.applying import Step
from kashmag.engine.flows import Flow, U
from kashmag.engine.handling import Terms
from kashmag.engine.happenings import event_of
from kashmag.engine.isolating import Unreadable
from kashmag.engine.later import LaterError
from kashmag.engine.limits import has_limits, over_limits, worth
from kashmag.engine.outcomes import Handled, finished
from kashmag.engine.walking import Walking
from kashmag.engine.wishes import Parts, Wish
from kashmag.errors import LogbookError
from kashmag.logbook import Entry
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import (
    DocumentFinished,
    Event,
    Outcome,
    RunFinished,
    RunStarted,
)

GLIMPSE: Final = 0.25
LONGER: Final = 1.5
LONGEST: Final = 16.0
SECOND_CHANCE: Final = 2.0


@define(order=True)
class _Aside(Generic[U]):
    """A document put aside until it is due."""

    due: float
    number: int
    unit: U = field(eq=False)
    first: float = field(eq=False)
    times: int = field(eq=False)


class Run(Generic[U]):
    """One run; `events` yields what happens, the last being RunFinished."""

    def __init__(
        self,
        parts: Parts,
        wish: Wish,
        flow: Flow[U],
        *,
        missing: Sequence[str] = (),
        walking: Walking | None = None,
    ) -> None:
        self._parts = parts
        self._wish = wish
        self._flow = flow
        self.id = uuid4().hex[:12]
        self.gave_up = ""
        self.is_complete = False
        self.failed: BaseException | None = None
        self._counts: Counter[Outcome] = Counter()
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(1000)
        self._source: AsyncIterator[U | Unreadable] = flow.due()
        self._exhausted = False
        self._aside: list[_Aside[U]] = []
        self._asides = 0
        self._in_hand = 0
        self._streak = 0
        self._pulling = asyncio.Lock()
        self._changed = asyncio.Event()
        self._refusal: Problem | None = None
        self._walking = walking
        self._missing = missing

    async def events(self) -> AsyncIterator[Event]:
        """Everything that happens in this run, as it happens.

        Raises:
            RemoteError: the shop's list cannot be read at all; what was begun has been finished.
            LogbookError: nothing can be remembered any more.
        """
        work = asyncio.create_task(self._work())
        try:
            while (event := await self._queue.get()) is not None:
                if isinstance(event, DocumentFinished) and event.document.entity_id:
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
        expected = await self._flow.expected()
        self._tell(RunStarted(parts.clock.now(), run=self.id, expected=expected))
        if not wish.approved:
            self._refusal = await self._over_limits()
        for number in self._missing:
            self._count(self._not_there(number))
        self._source = self._flow.due()
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
        self.failed = failed
        self.is_complete = failed is None and not self.gave_up and not self._flow.is_cut_short
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

    async def _next(self) -> _Aside[U] | U | Unreadable | None:
        """The next document to handle: one put aside that is due, else a new one."""
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

    async def _one(self, taken: _Aside[U] | U | Unreadable) -> None:
        flow = self._flow
        first, times = (taken.first, taken.times) if isinstance(taken, _Aside) else (None, 0)
        read = taken.unit if isinstance(taken, _Aside) else taken
        if isinstance(read, Unreadable):
            await self._finish(flow.unreadable(read), None)
            return
        found = await flow.known(read)
        if found is not None:
            await self._finish(found, read)
            return
        try:
            handled = await flow.handle(read, self._terms(flow.document_of(read)))
        except LaterError as later:
            wait = later.seconds
            if later.code == causes.BUSY:
                wait *= min(LONGER**times, LONGEST)  # whoever has it may have it for long
            if self._put_aside(read, wait, first=first, times=times):
                return
            handled = flow.given_up(read, later)
        if self._deserves_another(handled, times):
            self._mind(handled)
            if self._put_aside(read, SECOND_CHANCE * 2**times, first=first, times=times):
                return
        await self._finish(handled, read)

    def _put_aside(self, unit: U, wait: float, *, first: float | None, times: int) -> bool:
        """Put a document aside for a while; False when it has waited for long enough."""
        now = self._parts.clock.seconds()
        first = now if first is None else first
        patience = self._parts.options.patience.total_seconds()
        if self._wish.dry_run or self.gave_up or now - first >= patience:
            return False
        self._asides += 1
        heapq.heappush(self._aside, _Aside(now + wait, self._asides, unit, first, times + 1))
        return True

    def _deserves_another(self, handled: Handled, times: int) -> bool:
        if handled.outcome is not Outcome.FAILED or times >= self._parts.options.second_chances:
            return False
        return bool(causes.WORLD.intersection(handled.codes))

    async def _finish(self, handled: Handled, unit: U | None) -> None:
        if not self._wish.dry_run:
            await self._flow.remember(handled, unit, run=self.id)
        if self._walking is not None:
            await self._walking.decided(handled.document.entity_id)
        for one in self._flow.counted(handled, unit):
            await self._room.acquire()
            self._count(one)
        self._mind(handled)

    def _count(self, unit: Handled) -> None:
        self._counts[unit.outcome] += 1
        self._tell(finished(unit, self._parts.clock.now()))

    def _not_there(self, number: str) -> Handled:
        # Nothing is remembered of it: it is a slip of the pen, and no document.
        document = DocumentId(self._parts.policy.shop, "order", entity_id="", number=number)
        reason = f"the shop has no order {number}"
        return Handled(document, Outcome.FAILED, reason=reason, codes=(causes.NOT_FOUND,))

    def _mind(self, handled: Handled) -> None:
        """Give up when the world is down: one document after another would fail the same way."""
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

    async def _heartbeat(self) -> None:
        lease = self._parts.options.claimed_for
        while True:
            # Real time, whatever clock the engine has: this process is alive or it is not.
            await asyncio.sleep(lease.total_seconds() / 3)
            await self._parts.logbook.keep(lease=lease)

    async def _over_limits(self) -> Problem | None:
        """Why the run as a whole is refused: it would change more than the policy allows."""
        limits = self._parts.policy.limits
        if not has_limits(limits):
            return None
        worths = []
        async for read in self._flow.due():
            if not isinstance(read, Unreadable):
                plan = (await self._flow.handle(read, Terms(dry_run=True))).plan
                if plan is not None and plan.actions and not plan.is_held:
                    worths.append(worth(plan))
        return over_limits(worths, limits)
