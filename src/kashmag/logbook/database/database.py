"""The logbook of `kashmag.logbook.logbook`, on SQLite and PostgreSQL: its parts put together."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from kashmag.errors import LogbookError
from kashmag.logbook.database import claiming, opening
from kashmag.logbook.database.binding_book import BindingBook
from kashmag.logbook.database.claim_book import ClaimBook
from kashmag.logbook.database.memory_book import MemoryBook
from kashmag.logbook.database.plan_book import PlanBook
from kashmag.logbook.database.trail_book import TrailBook
from kashmag.logbook.database.worker import MOST_AT_ONCE, Worker
from kashmag.logbook.instants import Instants, machine_instants
from kashmag.logbook.owners import new_owner

LOG: Final = logging.getLogger("kashmag.logbook")


async def open_logbook(
    url: str, *, owner: str | None = None, instants: Instants | None = None
) -> DatabaseLogbook:
    """Open the logbook at `sqlite:///PATH` or `postgresql://...`, making or migrating its tables.

    `owner` must be new at every process start, which is what it is when left out. `instants` is
    for tests: without it SQLite goes by this machine's clock and PostgreSQL by its server's.

    Raises:
        LogbookError: it cannot be opened, or was written by a newer version.
        LogbookBusyError: another process kept it locked for half a minute.
    """
    parsed = opening.parse_url(url)
    writing = opening.connect(parsed, to_write=True)
    try:
        await asyncio.to_thread(opening.migrate, writing)
    except BaseException:
        writing.dispose()
        raise
    sqlite = opening.is_sqlite(parsed)
    # PostgreSQL locks rows, and the rows of many jobs in one transaction could lock each other out.
    writer = Worker(writing, "kashmag-logbook-writer", together=MOST_AT_ONCE if sqlite else 1)
    reader = writer
    if not opening.is_in_memory(parsed):
        reader = Worker(opening.connect(parsed, to_write=False), "kashmag-logbook-reader")
    if instants is None and sqlite:
        instants = machine_instants()
    return DatabaseLogbook(writer, reader, owner=owner or new_owner(), instants=instants)


class DatabaseLogbook(ClaimBook, PlanBook, BindingBook, MemoryBook, TrailBook):
    """A `Logbook`; made by `open_logbook`."""

    async def aclose(self) -> None:
        """Finish what was begun and let go of every claim of this process."""
        try:
            await self._writer.run(lambda connection: claiming.release_all(connection, self._owner))
        except LogbookError as error:
            # They lapse by themselves, and what was done before must not end as a failure.
            LOG.warning("claims were not let go of: %s", error)
        finally:
            await self._writer.aclose()
            if self._reader is not self._writer:
                await self._reader.aclose()
