"""One thread that runs jobs against a database, many to a transaction.

Group commit: whatever is waiting when a transaction begins is committed with it. Where a job fails,
all of them are rolled back and each is run alone, so that it takes nobody else along: a job may run
more than once, and does nothing but through its connection. A job's future is resolved after the
commit: who awaits it knows that it is durable. All that one commit answers wakes the event loop
once.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from attrs import frozen
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from kashmag.errors import LogbookBusyError, LogbookError
from kashmag.logbook.database import opening

T = TypeVar("T")
MOST_AT_ONCE: Final = 200
TRIES: Final = 5
# PostgreSQL: serialization failure, deadlock, lock not available.
_PASSING: Final = frozenset({"40001", "40P01", "55P03"})
# PostgreSQL: unique violation. A job looks before it inserts, so somebody has inserted in between;
# the next time it sees what they have written.
_OVERTAKEN: Final = "23505"
# PostgreSQL: connection exceptions; shut down, crashed, cannot connect now; too many connections.
_GONE: Final = ("08", "57P", "53300")
# psycopg's own words where no connection comes about, and no server gives a code.
_UNREACHED: Final = ("connection failed", "connection is bad", "connection timeout expired")
# What the database says of its machine, and what to do about it.
_REMEDIES: Final = (
    ("is full", "make room and run again; what was written before is whole"),
    ("No space left", "make room and run again; what was written before is whole"),
    ("disk I/O error", "the disk is full, at a quota or failing: see to it and run again"),
    ("readonly", "let the user that kashmag runs as write the file and its folder"),
    ("malformed", "the file is damaged: stop, and restore it from a backup"),
    ("not a database", "the file is damaged or another's: stop, and restore it from a backup"),
)


@frozen(eq=False)
class _Job(Generic[T]):
    run: Callable[[Connection], T]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[T]

    def answer(self, result: T | Exception) -> None:
        """Tell whoever still waits for it; nobody may."""
        if self.future.done():
            return
        if isinstance(result, Exception):
            self.future.set_exception(result)
        else:
            self.future.set_result(result)


class Worker:
    """Runs jobs in order on one connection of `engine`, from a thread of its own."""

    def __init__(self, engine: Engine, name: str, *, together: int = MOST_AT_ONCE) -> None:
        self._engine = engine
        self._together = together
        self._queue: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, job: Callable[[Connection], T]) -> T:
        """Run a job in a transaction; committed when this returns."""
        if self._closed:
            raise LogbookError("the logbook is closed")
        loop = asyncio.get_running_loop()
        asked: _Job[T] = _Job(job, loop, loop.create_future())
        # A job that has been asked for is done, whether or not anybody still waits for it.
        self._queue.put(asked)
        return await asked.future

    async def scrub(self) -> None:
        """Let nothing stand in the database's files that is no row any more; SQLite only.

        Raises:
            LogbookBusyError: another process was at them for half a minute.
            LogbookError: there is no room on the disk for a second copy.
        """
        if opening.is_sqlite(self._engine.url) and not opening.is_in_memory(self._engine.url):
            await asyncio.to_thread(opening.scrub, self._engine.url)

    async def aclose(self) -> None:
        """Finish what is waiting, then end the thread."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        ended = False
        while not ended:
            first = self._queue.get()
            jobs: list[_Job[Any]] = []
            ended = first is None
            if first is not None:
                jobs.append(first)
            while not ended and len(jobs) < self._together:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                ended = more is None
                if more is not None:
                    jobs.append(more)
            if jobs:
                self._together_or_alone(jobs)
        self._engine.dispose()

    def _together_or_alone(self, jobs: list[_Job[Any]]) -> None:
        answers = list(zip(jobs, self._transaction(jobs), strict=True))
        for loop in {job.loop for job in jobs}:
            # Who has closed the loop meanwhile waits for nothing.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_tell, [one for one in answers if one[0].loop is loop])

    def _transaction(self, jobs: list[_Job[Any]]) -> list[Any]:
        for attempt in range(1, TRIES + 1):
            try:
                with self._engine.connect() as connection, connection.begin():
                    return [job.run(connection) for job in jobs]
            except Exception as error:  # noqa: BLE001 - handed to whoever awaits the job
                if attempt < TRIES and _deserves_another(error):
                    continue
                told = _translated(error) if isinstance(error, DBAPIError) else error
                if len(jobs) > 1 and not isinstance(told, LogbookBusyError):
                    return [one for job in jobs for one in self._transaction([job])]
                return [told] * len(jobs)
        raise AssertionError("the last try returns")


def _tell(answers: list[tuple[_Job[Any], Any]]) -> None:
    for job, result in answers:
        job.answer(result)


def _deserves_another(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and (_is_passing(error) or _is_overtaken(error))


def _is_passing(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _PASSING


def _is_overtaken(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == _OVERTAKEN


def _translated(error: DBAPIError) -> LogbookError:
    said = " ".join(str(error.orig).split())
    if "locked" in said or "busy" in said or _is_passing(error):
        return LogbookBusyError(f"another process keeps the logbook locked: {said}")
    is_gone = str(getattr(error.orig, "sqlstate", "")).startswith(_GONE)
    # It was there when the logbook was opened: a server that is not reached now is restarting.
    if error.connection_invalidated or is_gone or said.startswith(_UNREACHED):
        return LogbookBusyError(f"the connection to the logbook was lost: {said}")
    for sign, remedy in _REMEDIES:
        if sign in said:
            return LogbookError(f"the logbook cannot be written ({said}): {remedy}")
    return LogbookError(f"the logbook cannot be read or written: {said}")
