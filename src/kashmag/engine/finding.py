"""Finding what is due for a run: what is left over, what has changed, or what was chosen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, Generic

from kashmag.engine.flows import Source, U
from kashmag.engine.isolating import Unreadable
from kashmag.engine.wishes import Parts, Wish

DRIFT: Final = "drift"


class Finding(Generic[U]):
    """Yields the documents of one run; `is_cut_short` tells that the limit has kept some back."""

    def __init__(self, parts: Parts, wish: Wish, source: Source[U]) -> None:
        self._parts = parts
        self._wish = wish
        self._source = source
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
        source, wish = self._source, self._wish
        if wish.only is not None:
            async for read in source.by_ids(wish.only):
                yield read
            return
        if wish.flow == DRIFT:
            async for batch in self._posted():
                async for read in source.by_ids(batch):
                    yield read
            return
        seen: set[str] = set()
        async for batch in self._left_over():
            fresh = [one for one in batch if one not in seen]
            seen.update(fresh)
            async for read in source.by_ids(fresh):
                yield read
        async for read in source.due(wish.flow, since=wish.since, until=wish.until):
            if read.entity_id not in seen:
                yield read

    async def _left_over(self) -> AsyncIterator[list[str]]:
        """Ids of documents that earlier runs have not finished with, in batches."""
        logbook, size = self._parts.logbook, self._parts.options.batch
        opened: list[str] = []
        if not self._wish.dry_run:
            async for plan in logbook.opened_plans():
                _, kind, entity_id = plan.document.rsplit(":", 2)
                if kind == self._source.kind:
                    opened.append(entity_id)
                if len(opened) >= size:
                    yield opened
                    opened = []
        if opened:
            yield opened
        after = 0
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
        """Ids of all orders that are posted, in batches."""
        logbook, size, after = self._parts.logbook, self._parts.options.batch, 0
        while batch := await logbook.documents_with(
            "posted", "skipped", kind="order", after=after, limit=size
        ):
            after = batch[-1].seq
            yield [one.entity_id for one in batch]
