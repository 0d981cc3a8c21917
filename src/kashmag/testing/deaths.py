"""A process that dies at one of its calls to the account, before or after the call took effect.

with suppress(DiedError):
    async with world.engine(around=Mortal(7).around) as engine:
        ...                                  # dies at its seventh step, and is dead for good
async with world.engine() as engine:
    ...                                      # the next process: nothing lost, nothing twice
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, TypeVar

from kashmag.logbook import Logbook
from kashmag.rest.transport import Transport
from kashmag.rest.wire import Request, Response

P = ParamSpec("P")
T = TypeVar("T")
# What a process writes in its logbook, each in a transaction of its own.
WRITES: Final = (
    "claim",
    "take_up",
    "release",
    "open_plan",
    "finish_plan",
    "send",
    "move",
    "done",
    "confirm",
    "finish",
    "bind",
    "adopt",
    "give_up",
    "drop_plan",
    "remember",
)


class DiedError(BaseException):
    """The process was killed here; no handler of kashmag's runs."""


class Mortal:
    """The life of a process, in steps: each call has one before it takes effect and one after."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.is_dead = False

    def around(self, inner: Transport) -> Transport:
        """The way to the account, on which this life is spent."""
        return _Way(inner, self)

    def at_the_logbook(self, logbook: Logbook) -> None:
        """Spend this life on what is written in an open logbook, too."""
        for name in WRITES:
            setattr(logbook, name, self._spent_on(getattr(logbook, name)))

    def _spent_on(self, write: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        def written(*told: P.args, **named: P.kwargs) -> Awaitable[T]:
            return self.through(lambda: write(*told, **named))

        return written

    async def through(self, doing: Callable[[], Awaitable[T]]) -> T:
        """Do it; or die before it, or after it took effect and nobody heard.

        Raises:
            DiedError: now, or before.
        """
        self._step()
        done = await doing()
        self._step()
        return done

    def _step(self) -> None:
        self.steps -= 1
        self.is_dead = self.is_dead or self.steps < 0
        if self.is_dead:
            raise DiedError


class _Way:
    def __init__(self, inner: Transport, life: Mortal) -> None:
        self._inner = inner
        self._life = life

    async def send(self, request: Request) -> Response:
        return await self._life.through(lambda: self._inner.send(request))

    async def aclose(self) -> None:
        await self._inner.aclose()
