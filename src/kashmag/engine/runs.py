"""Runs of every flow: where they begin, what they go on with, and what is told at their end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve

from kashmag.engine.alerting import Alerting, failing_runs, note_run
from kashmag.engine.customer_flow import CustomerFlow
from kashmag.engine.customer_handling import CustomerHandling
from kashmag.engine.customers import CUSTOMER, Customers, Person
from kashmag.engine.deciding import Deciding
from kashmag.engine.finding import DRIFT
from kashmag.engine.grouping import UNFINISHED, Group
from kashmag.engine.happenings import one_after_the_other
from kashmag.engine.isolating import unless_broken
from kashmag.engine.order_flow import OrderFlow
from kashmag.engine.orders import FLOWS, Bundle
from kashmag.engine.running import Run
from kashmag.engine.walking import CURSOR, Walk, Walking, walk_left_behind
from kashmag.engine.wishes import Parts, Wish
from kashmag.errors import LogbookError, RemoteError, SettingsError
from kashmag.plans.events import Event, RunFinished

CUSTOMERS: Final = "customers"


class Runs:
    """Makes runs, whole flows or chosen documents, and raises the alert that follows one."""

    def __init__(
        self,
        parts: Parts,
        deciding: Deciding,
        *,
        customers: Customers,
        customer_handling: CustomerHandling,
    ) -> None:
        self._parts = parts
        self._logbook = parts.logbook
        self._deciding = deciding
        self._alerting = Alerting(parts)
        self._customers = customers
        self._customer_handling = customer_handling

    async def of_flow(
        self,
        flow: str,
        *,
        since: datetime | None,
        until: datetime | None,
        limit: int | None,
        dry_run: bool,
        approved: str,
    ) -> AsyncIterator[Event]:
        """A run over all that is due in a flow; see `Engine.sync`."""
        if flow not in (*FLOWS, CUSTOMERS, DRIFT):
            known = ", ".join((*FLOWS, CUSTOMERS, DRIFT))
            raise SettingsError(f"there is no flow {flow!r}; there are {known}")
        begin = since if since is not None or flow == DRIFT else await self._begin(flow)
        wish = Wish(
            flow=flow,
            since=begin,
            until=until,
            limit=limit,
            dry_run=dry_run,
            approved=approved,
            waiting=since is None,
        )
        has_ended = False
        try:
            async for event in self._sync(wish):
                has_ended = has_ended or isinstance(event, RunFinished)
                yield event
        except RemoteError as error:
            # That a run cannot even begin is news for a person, as a document that waits is.
            if not (has_ended or dry_run):
                for event in await self.alert(flow, error):
                    yield event
            raise

    def of_orders(
        self, ids: tuple[str, ...], *, missing: Sequence[str], dry_run: bool
    ) -> AsyncIterator[Event]:
        """A run over these orders; `missing` are numbers that the shop does not have."""
        wish = Wish(flow="orders", only=ids, waiting=False, dry_run=dry_run)
        return self._run(wish, missing=missing).events()

    def of_documents(self, chosen: Mapping[str, tuple[str, ...]]) -> AsyncIterator[Event]:
        """Runs over chosen documents by kind, one after the other."""
        runs = (
            self._run(
                Wish(flow=CUSTOMERS if kind == CUSTOMER else "orders", only=ids, waiting=False)
            )
            for kind, ids in chosen.items()
        )
        return one_after_the_other(*(run.events() for run in runs))

    async def alert(
        self, flow: str, failed: BaseException | None = None, *, gave_up: str = ""
    ) -> tuple[Event, ...]:
        """Tell whoever is to be told what is news after a run; returns what came of it."""
        await note_run(self._logbook, flow, failed)
        return await self._alerting.tell(self._waiting, gave_up=gave_up)

    async def _waiting(self) -> tuple[Group, ...]:
        """Everything that a person is told of."""
        return (
            *await failing_runs(self._logbook, (*FLOWS, CUSTOMERS, DRIFT)),
            # What another run is at, or died at, is gone on with by the next: no news for a person.
            *(one for one in await self._deciding.groups() if one.code != UNFINISHED),
        )

    async def _sync(self, wish: Wish) -> AsyncIterator[Event]:
        walk = None
        if wish.since is not None and wish.waiting and wish.until is None:
            walk = await self._walk(wish.flow, wish.since)
            wish = evolve(wish, reach=walk.reach if walk else 0)
        walking = Walking(self._logbook, walk) if walk and not wish.dry_run else None
        run = self._run(wish, walking=walking)
        async for event in run.events():
            # Where the logbook is lost, nothing more is asked of it: what was done is told.
            if isinstance(event, RunFinished) and not isinstance(run.failed, LogbookError):
                if walking is not None:
                    await (walking.complete() if run.is_complete else walking.note())
                if not wish.dry_run:
                    for news in await self.alert(wish.flow, run.failed, gave_up=run.gave_up):
                        yield news
            yield event

    def _run(
        self, wish: Wish, *, missing: Sequence[str] = (), walking: Walking | None = None
    ) -> Run[Bundle] | Run[Person]:
        parts = self._parts
        if wish.flow != CUSTOMERS:
            flow = OrderFlow(parts, wish, walking)
            return Run(parts, wish, flow, missing=missing, walking=walking)
        people = CustomerFlow(
            parts,
            wish,
            customers=self._customers,
            handling=self._customer_handling,
            walking=walking,
        )
        return Run(parts, wish, people, walking=walking)

    async def _newest_change(self, flow: str) -> datetime | None:
        """How new the newest is; None leaves the cursor where it is: the next run looks again."""
        if flow == CUSTOMERS:
            return await unless_broken(self._customers.newest_change())
        return await unless_broken(self._parts.orders.newest_change(flow))

    async def _walk(self, flow: str, begin: datetime) -> Walk | None:
        """The walk that goes on, or a new one; None when the shop has nothing to walk through."""
        left = await walk_left_behind(self._logbook, flow, begin)
        if left is not None:
            return left
        newest = await self._newest_change(flow)
        # A document from the future must not take the cursor with it: what comes until then
        # would be missed.
        return Walk(flow, begin, min(newest, self._parts.clock.now())) if newest else None

    async def _begin(self, flow: str) -> datetime:
        cursor = await self._logbook.recall(CURSOR + flow)
        if cursor is not None:
            # Orders are stamped when they are written and seen when they are committed: look back.
            return datetime.fromisoformat(cursor) - self._parts.options.overlap
        go_live = self._parts.policy.go_live
        if go_live is None:
            raise SettingsError(
                f"sync {flow} does not know where to begin: say --since, or set policy.go_live"
            )
        zone = ZoneInfo(self._parts.policy.time_zone)
        return datetime.combine(go_live, time.min, tzinfo=zone).astimezone(UTC)
