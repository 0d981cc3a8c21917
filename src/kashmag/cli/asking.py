"""Asking a far end one question after another: told as it goes, and given up where it is down.

A set-up command asks a dozen things once, with somebody looking on. So it repeats less than a run
does, and a far end that fails twice in a row is not asked the rest.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Final, Generic, TypeVar

from attrs import evolve, field, frozen

from kashmag.assembly import PARTS, Parts
from kashmag.cli.output import Output
from kashmag.errors import (
    BrokenError,
    KashmagError,
    NoAnswerError,
    RateLimitedError,
    UnreachableError,
)
from kashmag.rest.retry import RetryPolicy

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
FAILURES_IN_A_ROW: Final = 2
RETRY: Final = RetryPolicy(
    retries=2, first_wait=timedelta(seconds=1), longest_wait=timedelta(seconds=3)
)
TIMEOUT: Final = timedelta(seconds=10)
DOWN: Final = UnreachableError | NoAnswerError | BrokenError | RateLimitedError
LOG: Final = logging.getLogger("kashmag.rest")


@frozen
class Told(Generic[T_co]):
    """An answer, or the error in its place."""

    answer: T_co
    error: KashmagError | None = field(default=None, kw_only=True)


class Asking:
    """Asks one far end, and gives up on one that is down: the rest has the error that was met.

    One that has answered is given up after failures in a row. Before its first answer, one failure
    is enough where it has taken its time. A refusal is an answer: a permission may be missing.
    """

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._has_answered = False
        self._in_a_row = 0
        self._gave_up: KashmagError | None = None

    async def ask(self, name: str, question: Callable[[], Awaitable[T]], instead: T) -> Told[T]:
        """What comes of a question; an error of the world is kept as the answer."""
        if self._gave_up is not None:
            return Told(instead, error=self._gave_up)
        self._told(name)
        try:
            answer = await question()
        except KashmagError as error:
            self._note(error)
            return Told(instead, error=error)
        self._has_answered, self._in_a_row = True, 0
        return Told(answer)

    def _note(self, error: KashmagError) -> None:
        if not isinstance(error, DOWN):
            self._has_answered, self._in_a_row = True, 0
            return
        self._in_a_row += 1
        is_slow = isinstance(error, UnreachableError | NoAnswerError)
        if self._in_a_row >= FAILURES_IN_A_ROW or (is_slow and not self._has_answered):
            self._gave_up = error


def hurried(parts: Parts = PARTS) -> Parts:
    """The parts of a command that somebody waits for."""
    return evolve(parts, retry=RETRY, options=evolve(parts.options, http_timeout=TIMEOUT))


@contextlib.contextmanager
def shown(side: str, output: Output) -> Iterator[Asking]:
    """An asking whose questions are shown on a terminal, and whose repetitions everywhere."""
    output.say(f"asking {side}")
    with output.progress() as progress, _telling_repetitions(output):
        task = progress.add_task(side, total=None)
        yield Asking(lambda name: progress.update(task, description=f"{side}: {name}"))


@contextlib.contextmanager
def _telling_repetitions(output: Output) -> Iterator[None]:
    """Tell in words, while this lasts, that something is asked again, and why."""
    handler, level = _Repetitions(output), LOG.level
    if LOG.isEnabledFor(logging.INFO):  # it is shown already: --debug
        yield
        return
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOG.setLevel(level)
        LOG.removeHandler(handler)


class _Repetitions(logging.Handler):
    """Tells of what the callers log about their repetitions."""

    def __init__(self, output: Output) -> None:
        super().__init__(logging.INFO)
        self._output = output

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it in one sentence."""
        self._output.say(f"  {record.getMessage()}")
