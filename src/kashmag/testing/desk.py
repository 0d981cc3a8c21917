"""An engine on the desk, for tests that do not wait: each call is a process of its own.

What it remembers lies in the world's logbook, so that two calls after each other are two starts of
a process on the same books. The world itself, for async tests, is `worlds`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from attrs import field, frozen

from kashmag.engine.engine import Engine
from kashmag.plans.events import DocumentFinished, Event, Outcome, RunFinished
from kashmag.plans.plan import Plan
from kashmag.testing.worlds import BEGINNING, World


@frozen
class Ran:
    """A run: the four counts, and every document's outcome."""

    counts: RunFinished
    documents: tuple[DocumentFinished, ...]

    def outcome_of(self, number: str) -> DocumentFinished:
        """What became of this order.

        Raises:
            KeyError: it was not read in this run.
        """
        for one in self.documents:
            if one.document.number == number and one.document.kind == "order":
                return one
        raise KeyError(f"order {number} was not read in this run")

    def numbers(self, outcome: Outcome) -> tuple[str, ...]:
        """The orders that ended so."""
        return tuple(one.document.number for one in self.documents if one.outcome is outcome)


@frozen
class Desk:
    """An engine between a shop and an account; in async tests use `opened`."""

    world: World
    plugins: Sequence[object] = field(default=(), kw_only=True)

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[Engine]:
        """The engine itself."""
        async with self.world.engine(plugins=self.plugins) as engine:
            yield engine

    def plan(self, number: str, *, store: str | None = None) -> Plan:
        """The plan of one order; nothing is written."""

        async def work() -> Plan:
            async with self.opened() as engine:
                return await engine.plan_order(number, store=store)

        return asyncio.run(work())

    def apply(self, number: str, *, store: str | None = None) -> DocumentFinished:
        """Plan one order and carry it out."""

        async def work() -> DocumentFinished:
            async with self.opened() as engine:
                return await engine.apply(await engine.plan_order(number, store=store))

        return asyncio.run(work())

    def sync(self, flow: str = "orders") -> Ran:
        """Plan and carry out everything that the shop has."""

        async def work() -> Ran:
            async with self.opened() as engine:
                return await followed(engine.sync(flow, since=BEGINNING))

        return asyncio.run(work())


async def followed(events: AsyncIterator[Event]) -> Ran:
    """Follow a run to its end."""
    documents: list[DocumentFinished] = []
    counts: RunFinished | None = None
    async for event in events:
        if isinstance(event, DocumentFinished):
            documents.append(event)
        elif isinstance(event, RunFinished):
            counts = event
    assert counts is not None, "a run ends with RunFinished"
    return Ran(counts, tuple(documents))
