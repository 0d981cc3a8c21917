"""Whether there is news for a person after a run, and whom it has reached.

What each receiver was told is remembered in the logbook, for each alone, and only when it has taken
it: every process and every run knows what is still owed to whom, and brings it together with
whatever is new. An alert is announced there before it leaves: where the fate of one is unknown (a
death on the way, a receiver that did not answer in time) it is told anew, and none is lost.
Observers are told as one, and cannot fail. A run without news stays silent. What is news:
`engine.alert_news`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import evolve, frozen

from kashmag.engine import causes
from kashmag.engine.alert_news import Told, dumped, loaded, news, on_its_way
from kashmag.engine.delivering import Deliveries
from kashmag.engine.grouping import Group, what_to_do
from kashmag.engine.wishes import Parts
from kashmag.errors import KashmagError, Remedy
from kashmag.hooks.receivers import Receiver
from kashmag.logbook import Logbook
from kashmag.logbook.claims import Claim
from kashmag.plans.events import AlertFailed, AlertRaised, Event
from kashmag.rest.codec import dumps, loads

LOG: Final = logging.getLogger("kashmag.alerts")
MEMORY: Final = "alerts"
FAILED: Final = "run_failed:"
NOT_TAKEN: Final = "alert_not_taken:"
GLIMPSE: Final = 0.5


class Alerting:
    """Tells observers and receivers what is news to them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._logbook = parts.logbook
        self._deliveries = Deliveries(parts.options.alert_deadline)

    async def tell(
        self, read: Callable[[], Awaitable[Sequence[Group]]], *, gave_up: str = ""
    ) -> tuple[Event, ...]:
        """Tell everybody what is news to them, and remember what was taken.

        Returns the alert that observers were told, if any, and who could not be told. `read` tells
        what waits, when it is our turn to tell.
        """
        claim = await self._alone()
        if claim is None:
            LOG.info("another run is telling the news; what it leaves, the next run tells")
            return ()
        try:
            groups, now = await read(), self._parts.clock.now()
            alert, seen = await self._observed(groups, now, gave_up)
            failed = await asyncio.gather(
                *(
                    self._delivered(receiver, _News(groups, seen, at=now, gave_up=gave_up))
                    for receiver in self._parts.hooks.receivers()
                )
            )
        finally:
            await self._logbook.release(claim)
        for event in failed:
            if event is not None:
                self._parts.hooks.observe(event)
        return tuple(event for event in (alert, *failed) if event is not None)

    async def _alone(self) -> Claim | None:
        """The claim to tell news: of two runs that end together, one tells, and then the other."""
        lease = 2 * self._parts.options.alert_deadline + timedelta(seconds=1)
        for _ in range(int(lease.total_seconds() / GLIMPSE) + 1):
            if (claim := await self._logbook.claim(MEMORY, lease=lease)) is not None:
                return claim
            await self._parts.clock.sleep(GLIMPSE)
        return None

    async def _observed(
        self, groups: Sequence[Group], now: datetime, gave_up: str
    ) -> tuple[AlertRaised | None, Mapping[str, Told]]:
        before = loaded(await self._logbook.recall(MEMORY))
        alert, after = news(groups, before, now=now)
        if alert is not None:
            alert = evolve(alert, stopped=gave_up)
            await self._logbook.remember(MEMORY, dumped(on_its_way(before, alert)))
            self._parts.hooks.observe(alert)
        if after != before:
            await self._logbook.remember(MEMORY, dumped(after))
        return alert, after

    async def _delivered(self, receiver: Receiver, told: _News) -> AlertFailed | None:
        memory = f"{MEMORY}:{receiver.identity}"
        before = loaded(await self._logbook.recall(memory))
        alert, after = news(told.groups, before, now=told.at, seen=told.seen)
        if alert is not None:
            alert = evolve(alert, stopped=told.gave_up)
            await self._logbook.remember(memory, dumped(on_its_way(before, alert)))
            if failure := await self._deliveries.failure(receiver, alert):
                if failure.was_refused:
                    await self._logbook.remember(memory, dumped(before))
                return await self._not_taken(receiver, failure.said, told.at)
        if after != before:
            await self._logbook.remember(memory, dumped(after))
        await note_delivery(self._logbook, receiver, "", at=told.at)
        return None

    async def _not_taken(self, receiver: Receiver, said: str, at: datetime) -> AlertFailed:
        await note_delivery(self._logbook, receiver, said, at=at)
        LOG.error(
            "an alert was not taken by %s: %s; it is owed, and sent again by the next run "
            "(to try it: kashmag doctor --send-test-alert)",
            receiver.name,
            said,
        )
        return AlertFailed(at, receiver=receiver.name, message=said)


@frozen
class _News:
    """What everybody is to be told of."""

    groups: Sequence[Group]
    seen: Mapping[str, Told]
    at: datetime
    gave_up: str


@frozen
class NotTaken:
    """Since when a receiver takes no alerts, and what it said last."""

    since: str
    said: str


async def note_delivery(logbook: Logbook, receiver: Receiver, said: str, *, at: datetime) -> None:
    """Remember why something is owed to a receiver, and since when; empty when nothing is."""
    before = await not_taken(logbook, receiver)
    after = NotTaken(before.since if before else at.isoformat(), said) if said else None
    if after != before:
        told = dumps({"since": after.since, "said": after.said}).decode() if after else ""
        await logbook.remember(NOT_TAKEN + receiver.identity, told)


async def not_taken(logbook: Logbook, receiver: Receiver) -> NotTaken | None:
    """That alerts are owed to a receiver; None when it has taken all there was to tell."""
    told = loads(await logbook.recall(NOT_TAKEN + receiver.identity) or "null")
    return NotTaken(str(told["since"]), str(told["said"])) if isinstance(told, dict) else None


async def note_run(logbook: Logbook, flow: str, error: BaseException | None) -> None:
    """Remember that a run of this flow could not begin, or not go on; None when it could."""
    told = ""
    if error is not None:
        code = causes.code_of(error) if isinstance(error, KashmagError) else causes.BUG
        told = dumps({"code": code, "said": str(error)}).decode()
    if told != (await logbook.recall(FAILED + flow) or ""):
        await logbook.remember(FAILED + flow, told)


async def failing_runs(logbook: Logbook, flows: Iterable[str]) -> tuple[Group, ...]:
    """A group for each flow whose last run could not begin, or not go on, as `run:orders`."""
    found = []
    for flow in flows:
        told = loads(await logbook.recall(FAILED + flow) or "null")
        if isinstance(told, dict):
            code = str(told["code"])
            found.append(
                Group(
                    f"run:{flow}",
                    count=1,
                    remedy=what_to_do(code),
                    what_to_do=causes.remedy_of([code]) or Remedy.ASK_A_PERSON,
                    example=str(told["said"]),
                    numbers=(),
                )
            )
    return tuple(found)
