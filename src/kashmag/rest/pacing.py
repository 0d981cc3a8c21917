"""How many calls may be under way at once: bounded, and less where the far end struggles.

The theory: additive increase, multiplicative decrease, as in TCP. `Pace` is the pure part: a
window that halves on time-outs, 429 and faults of the far end, shrinks a little when calls take
much longer than they used to, and grows by one per window of good answers. A burst of failures of
calls that started together halves once. `Pacing` is the waiting part, one per client.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from enum import Enum
from typing import Final

from attrs import evolve, field, frozen

from kashmag.rest.clock import Clock

MOST_NAMES: Final = 256


class Outcome(Enum):
    """How a call ended, as far as the pace is concerned."""

    GOOD = "good"
    OVERLOADED = "overloaded"
    NEITHER = "neither"


@frozen(kw_only=True)
class PacingPolicy:
    """`most` calls at once at best, never fewer than one.

    An answer is slow when it took `slow_factor` times what this operation usually takes, and at
    least `slow_floor` longer.
    """

    most: int = 6
    slow_factor: float = 3.0
    slow_floor: timedelta = timedelta(milliseconds=500)


@frozen(kw_only=True)
class Pace:
    """How fast we may go, and what we know of the far end's speed."""

    window: float
    reduced_at: float = float("-inf")
    usual: Mapping[str, float] = field(factory=dict)

    @property
    def allowed(self) -> int:
        """How many calls may be under way."""
        return max(1, int(self.window))


def after(
    pace: Pace, policy: PacingPolicy, *, name: str, began: float, ended: float, outcome: Outcome
) -> Pace:
    """The pace after one call of the operation `name`, times in seconds of one clock."""
    if outcome is Outcome.NEITHER:
        return pace
    if outcome is Outcome.OVERLOADED:
        return _reduced(pace, began=began, ended=ended, factor=0.5)
    took = ended - began
    usual = pace.usual.get(name)
    told = evolve(pace, usual=_learnt(pace.usual, name, took))
    if usual is not None and took > max(
        usual * policy.slow_factor, usual + policy.slow_floor.total_seconds()
    ):
        return _reduced(told, began=began, ended=ended, factor=0.8)
    return evolve(told, window=min(float(policy.most), told.window + 1 / told.window))


def _reduced(pace: Pace, *, began: float, ended: float, factor: float) -> Pace:
    if began < pace.reduced_at:
        return pace  # it set out before we slowed down, and says nothing about the slower pace
    return evolve(pace, window=max(1.0, pace.window * factor), reduced_at=ended)


def _learnt(usual: Mapping[str, float], name: str, took: float) -> Mapping[str, float]:
    known = usual.get(name)
    if known is None and len(usual) >= MOST_NAMES:
        return usual
    # Fast answers are believed at once, slow ones only slowly: this is what it takes unhindered.
    share = 1.0 if known is None else (0.3 if took < known else 0.05)
    return {**usual, name: took if known is None else known + share * (took - known)}


class Pacing:
    """Lets calls through, first come first served; shared by all users of one client."""

    def __init__(self, policy: PacingPolicy | None = None, clock: Clock | None = None) -> None:
        self._policy = policy or PacingPolicy()
        self._clock = clock or Clock()
        self._pace = Pace(window=float(self._policy.most))
        self._running = 0
        self._line: deque[asyncio.Future[None]] = deque()
        self._quiet_until = float("-inf")

    @property
    def pace(self) -> Pace:
        """How fast we go now."""
        return self._pace

    @property
    def running(self) -> int:
        """How many calls are under way."""
        return self._running

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a place, hold it for the block, give it on."""
        await self._enter()
        try:
            await self._wait_out_quiet()
            yield
        finally:
            self._leave()

    def told(self, name: str, *, began: float, outcome: Outcome) -> None:
        """Learn from a call that has ended."""
        self._pace = after(
            self._pace,
            self._policy,
            name=name,
            began=began,
            ended=self._clock.seconds(),
            outcome=outcome,
        )
        self._let_in()

    def be_quiet(self, duration: timedelta) -> None:
        """Send nothing for so long: the far end has asked for it."""
        until = self._clock.seconds() + duration.total_seconds()
        self._quiet_until = max(self._quiet_until, until)

    async def _wait_out_quiet(self) -> None:
        while (left := self._quiet_until - self._clock.seconds()) > 0:
            await self._clock.sleep(left)

    async def _enter(self) -> None:
        if self._running < self._pace.allowed and not self._line:
            self._running += 1
            return
        place = asyncio.get_running_loop().create_future()
        self._line.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._leave()  # the place was given to us in the moment we were cancelled
            else:
                self._line.remove(place)
            raise

    def _leave(self) -> None:
        self._running -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._line and self._running < self._pace.allowed:
            place = self._line.popleft()
            if not place.done():
                self._running += 1
                place.set_result(None)
