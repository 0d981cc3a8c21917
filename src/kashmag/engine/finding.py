"""Finding what is due for a run: what is left over, what has changed, or what was chosen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, Generic

from attrs import evolve

from kashmag.engine.flows import Source, U
from kashmag.engine.isolating import Unreadable
from kashmag.engine.judged import judged_otherwise
from kashmag.engine.seen import Seen
from kashmag.engine.walking import Beyond, Walking
from kashmag.engine.wishes import Parts, Wish
from kashmag.plans.keys import kind_and_id

DRIFT: Final = "drift"
ORDERS: Final = "orders"
# Posted before, maybe: it is tied to a document, or is not.
_WAITING: Final = frozenset({"held", "failed"})


class Finding(Generic[U]):
    """Yields the documents of one run; `is_cut_short` tells that the limit has kept some back."""

    def __init__(
        self, parts: Parts, wish: Wish, source: Source[U], walking: Walking | None = None
    ) -> None:
        self._parts = parts
        self._wish = wish
        self._source = source
        self._walking = walking
        self.is_cut_short = False

    async def due(self) -> AsyncIterator[U | Unreadable]:
        """Everything that is due, each document once, up to the limit."""
        wish, count = self._wish, 0
        self.is_cut_short = False
        async for read in self._all_due():
            if wish.limit is not None and count >= wish.limit:
                self.is_cut_short = True
                return
            count += 1
            yield read

    async def _all_due(self) -> AsyncIterator[U | Unreadable]:
        source, wish, parts = self._source, self._wish, self._parts
        if wish.only is not None:
            async for read in source.by_ids(wish.only):
                yield read
            return
        if wish.flow == DRIFT:
            async for batch in self._posted():
                async for read in source.by_ids(batch):
                    yield read
            return
        seen = Seen()
        # What waits comes last: it must not use up a limit, or the time until the next kill, before
        # anything new is read.
        for found in (
            self._again(self._opened(), seen),
            self._changed(seen),
            self._again(judged_otherwise(parts, wish), seen),
            self._again(self._waiting(), seen),
        ):
            async for read in found:
                yield read

    async def _again(
        self, batches: AsyncIterator[list[str]], seen: Seen
    ) -> AsyncIterator[U | Unreadable]:
        async for batch in batches:
            fresh = [one for one in batch if seen.is_news(one)]
            async for read in self._source.by_ids(fresh):
                yield read

    async def _changed(self, seen: Seen) -> AsyncIterator[U | Unreadable]:
        parts, wish, walking = self._parts, self._wish, self._walking
        beyond = Beyond(wish.reach, at_once=wish.limit or parts.options.batch)
        if walking is not None:
            beyond = evolve(beyond, reached=walking.reach_to)
        due = self._source.due(wish.flow, since=wish.since, until=wish.until, beyond=beyond)
        async for read in due:
            # What was seen before is in the logbook, whatever becomes of it: the walk goes past it.
            if seen.is_news(read.entity_id):
                if walking is not None:
                    walking.take_up(read.entity_id)
                yield read

    async def _opened(self) -> AsyncIterator[list[str]]:
        """Ids of documents whose plans are open, in batches."""
        size = self._parts.options.batch
        opened: list[str] = []
        if self._wish.dry_run:
            return
        async for plan in self._parts.logbook.opened_plans():
            kind, entity_id = kind_and_id(plan.document)
            if kind == self._source.kind:
                opened.append(entity_id)
            if len(opened) >= size:
                yield opened
                opened = []
        if opened:
            yield opened

    async def _waiting(self) -> AsyncIterator[list[str]]:
        """Ids of documents that earlier runs have left held, failed or unfinished, in batches."""
        logbook, size, after = self._parts.logbook, self._parts.options.batch, 0
        while self._wish.waiting:
            waiting = await logbook.troubled(kind=self._source.kind, after=after, limit=size)
            if not waiting:
                break
            after = waiting[-1].seq
            yield [one.entity_id for one in waiting]
        if self._wish.waiting:
            async for batch in self._source.changed_elsewhere():
                yield batch

    async def _posted(self) -> AsyncIterator[list[str]]:
        """Ids of all orders that are posted, in batches; those that wait since then, too."""
        logbook, size, after = self._parts.logbook, self._parts.options.batch, 0
        while batch := await logbook.documents_with(
            "posted", "skipped", "held", "failed", kind="order", after=after, limit=size
        ):
            after = batch[-1].seq
            yield [
                one.entity_id
                for one in batch
                if one.outcome not in _WAITING or await logbook.bindings_of(one.key)
            ]
