"""What the nouns of one client share: who sends, what is assumed, and who holds which document."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Hashable
from typing import TypeVar

from attrs import field, frozen

from kashmag.errors import NotFoundError
from kashmag.kashflow.assumptions import Assumptions
from kashmag.rest.caller import Caller
from kashmag.rest.clock import Clock
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options

T = TypeVar("T")

# How long to wait before looking again for what was just written, in seconds.
_WAITS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


class Claims:
    """At most one of this client's tasks at a time has a document in hand."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._users: dict[Hashable, int] = {}

    @contextlib.asynccontextmanager
    async def of(self, document: Hashable) -> AsyncIterator[None]:
        """Hold the document for the block, after all who asked before."""
        lock = self._locks.setdefault(document, asyncio.Lock())
        self._users[document] = self._users.get(document, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[document] -= 1
            if not self._users[document]:
                del self._users[document], self._locks[document]


@frozen
class Connection:
    """One client's way to one account."""

    caller: Caller
    assumptions: Assumptions
    claims: Claims = field(factory=Claims)
    clock: Clock = field(factory=Clock)

    async def call(self, operation: Operation[T], options: Options | None = None) -> T:
        """Send an operation."""
        return await self.caller.call(operation, options)

    async def looks(self) -> AsyncIterator[int]:
        """Count looks at something that may not be visible yet, waiting longer between them.

        The last look is at the end of the account's lag (`Assumptions.lag`).
        """
        left = self.assumptions.lag.total_seconds()
        for number, wait in enumerate(_WAITS):
            yield number
            if left <= 0:
                return
            await self.clock.sleep(min(wait, left))
            left -= wait
        yield len(_WAITS)

    async def call_once_visible(self, operation: Operation[T], options: Options | None = None) -> T:
        """Read a record that was just created: not found only counts when the lag has passed."""
        missing: NotFoundError | None = None
        async for _ in self.looks():
            try:
                return await self.call(operation, options)
            except NotFoundError as error:
                missing = error
        raise missing or NotFoundError("nothing was looked for")
