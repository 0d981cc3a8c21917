"""How far a walk through a backlog has come, remembered so that the next run goes on from there.

The theory. A regular run reads all that changed since `begin`, by id. The walk's *reach* is an id:
everything of the walk up to it has an outcome in the logbook. A run that dies, or that stops at its
limit, leaves the walk behind; the next one with the same beginning goes on beyond its reach.
Nothing is lost by it. What is held, has failed or is half done is found in the logbook, by every
run. What the shop changed below the reach meanwhile, was changed after `newest`, which is the
newest change *as of the walk's first start*: when the walk is complete, the cursor moves there and
no further, so the next walk reads it. And what was stamped before `newest` but committed after the
walk had passed its id is found as ever: the next walk begins an overlap before the cursor.

Two runs at once may walk at the same time. Each writes beginning, newest and reach in one breath,
true of its own walk; whichever stands there last is a true one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final

from attrs import evolve, frozen

from kashmag.logbook import Logbook
from kashmag.rest.codec import Json, dumps, loads

CURSOR: Final = "cursor:"
WALK: Final = "walk:"
EVERY: Final = 50


@frozen
class Walk:
    """A walk through what one flow finds changed since `begin`, done up to `reach`."""

    flow: str
    begin: datetime
    newest: datetime
    reach: int = 0


async def walk_left_behind(logbook: Logbook, flow: str, begin: datetime) -> Walk | None:
    """The walk with this beginning that an earlier run has not completed, if there is one."""
    told = loads(await logbook.recall(WALK + flow) or "null")
    if not isinstance(told, dict):
        return None
    left = Walk(
        flow,
        datetime.fromisoformat(str(told["begin"])),
        datetime.fromisoformat(str(told["newest"])),
        int(str(told["reach"])),
    )
    return left if left.begin == begin else None


def _nowhere(_: int) -> None:
    """Tell nobody."""


@frozen
class Beyond:
    """From where on documents are read: beyond which id, and how many at once at the most.

    `reached` is told an id as soon as everything up to it has been yielded.
    """

    reach: int = 0
    reached: Callable[[int], None] = _nowhere
    at_once: int = 1000


class Walking:
    """One run's part of a walk: which documents are in hand, and how far that reaches."""

    def __init__(self, logbook: Logbook, walk: Walk) -> None:
        self._logbook = logbook
        self._walk = walk
        # Ids as they were taken up and, between them, how far it reaches once those are decided.
        self._line: deque[str | int] = deque()
        self._in_hand: set[str] = set()
        self._noted = walk.reach
        self._passed = 0

    @property
    def reach(self) -> int:
        """Up to where everything has an outcome."""
        return self._walk.reach

    def take_up(self, entity_id: str) -> None:
        """Know that a document is in hand from now on."""
        self._in_hand.add(entity_id)
        self._line.append(entity_id)

    def reach_to(self, reach: int) -> None:
        """Know that all of the walk up to here has been taken up."""
        self._line.append(reach)

    async def decided(self, entity_id: str) -> None:
        """Know that a document has its outcome; remember the reach every so often."""
        self._in_hand.discard(entity_id)
        self._advance()
        if self._passed >= EVERY:
            await self.note()

    async def note(self) -> None:
        """Remember how far the walk has come."""
        self._advance()
        if self.reach > self._noted:
            self._noted, self._passed = self.reach, 0
            told: dict[str, Json] = {
                "begin": self._walk.begin.isoformat(),
                "newest": self._walk.newest.isoformat(),
                "reach": self.reach,
            }
            await self._logbook.remember(WALK + self._walk.flow, dumps(told).decode())

    async def complete(self) -> None:
        """Move the cursor to where the next walk shall begin, and forget this one."""
        flow = self._walk.flow
        await self._logbook.remember(CURSOR + flow, self._walk.newest.isoformat())
        if await self._logbook.recall(WALK + flow):
            await self._logbook.remember(WALK + flow, "")

    def _advance(self) -> None:
        while self._line and self._line[0] not in self._in_hand:
            passed = self._line.popleft()
            if isinstance(passed, int):
                self._walk = evolve(self._walk, reach=max(self.reach, passed))
            else:
                self._passed += 1
