"""A run knows nothing of orders: whatever its flow yields is read only as fast as it is handled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from attrs import define, field, frozen

from kashmag.engine.handling import Terms
from kashmag.engine.isolating import Unreadable
from kashmag.engine.later import LaterError
from kashmag.engine.outcomes import Handled
from kashmag.engine.running import Run
from kashmag.engine.wishes import Wish
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import DocumentFinished, Outcome, RunFinished
from kashmag.testing.worlds import World

MANY = 5_000


@frozen
class Thing:
    entity_id: str


@define
class Things:
    """A flow of many things, some of which must wait once; it counts what is under way."""

    is_cut_short: bool = False
    read: int = 0
    ended: int = 0
    most: int = 0
    waited: set[str] = field(factory=set)

    async def expected(self) -> int | None:
        return MANY

    async def due(self) -> AsyncIterator[Thing | Unreadable]:
        for number in range(MANY):
            self.read += 1
            self.most = max(self.most, self.read - self.ended)
            yield Thing(str(number))

    def document_of(self, unit: Thing) -> DocumentId:
        return DocumentId("M", "thing", entity_id=unit.entity_id, number=unit.entity_id)

    async def known(self, unit: Thing) -> Handled | None:
        del unit
        return None

    async def handle(self, unit: Thing, terms: Terms) -> Handled:
        del terms
        if int(unit.entity_id) % 500 == 0 and unit.entity_id not in self.waited:
            self.waited.add(unit.entity_id)
            raise LaterError(1.0, "busy", "not now")
        return Handled(self.document_of(unit), Outcome.SKIPPED)

    def unreadable(self, read: Unreadable) -> Handled:
        raise AssertionError(read)

    def given_up(self, unit: Thing, later: LaterError) -> Handled:
        raise AssertionError(later)

    async def remember(self, handled: Handled, unit: Thing | None, *, run: str) -> None:
        del handled, unit, run

    def counted(self, handled: Handled, unit: Thing | None) -> Sequence[Handled]:
        del unit
        return (handled,)


async def test_however_many_are_due_few_are_held_at_once(tmp_path: Path) -> None:
    things = Things()
    async with World(tmp_path) as world, world.engine() as engine:
        run = Run(engine._parts, Wish(flow="things", waiting=False), things)
        async for event in run.events():
            things.ended += isinstance(event, DocumentFinished)
    assert isinstance(event, RunFinished)
    assert (event.read, event.skipped, len(things.waited)) == (MANY, MANY, MANY // 500)
    # What is in hand, what is put aside, and the events that nobody has taken yet.
    assert things.most < 1500
