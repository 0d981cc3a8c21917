"""Time and chance as parameters: the only place of this room that knows the real ones."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from attrs import frozen


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def _real_sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)


@frozen(kw_only=True)
class Clock:
    """Where a caller gets time and chance from; tests pass one that they turn themselves.

    `seconds` only ever grows and is for measuring. `now` is the time of day in UTC. `chance`
    yields a number in [0, 1).
    """

    seconds: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc_now
    sleep: Callable[[float], Awaitable[None]] = _real_sleep
    chance: Callable[[], float] = random.random
