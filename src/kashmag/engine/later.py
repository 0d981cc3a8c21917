"""Not now: what can only be decided after a while, or has to be planned anew, as exceptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from kashmag.rest.clock import Clock

# Where somebody else has it in hand just now.
SOON: Final = 0.5


class LaterError(Exception):
    """Come back after `seconds`; meanwhile other work goes on. `code` says what is waited for."""

    def __init__(self, seconds: float, code: str, message: str) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.code = code
        self.message = message


class PlanAnewError(Exception):
    """What is stored builds on something that is otherwise: it is dropped, and planned anew."""


def later_than(clock: Clock, within: timedelta) -> Callable[[], bool]:
    """Whether more than so much has passed since now, by either clock.

    The one that only grows stands still while a machine is asleep; the other does not.
    """
    seconds, now = clock.seconds(), clock.now()

    def is_late() -> bool:
        passed = max(clock.seconds() - seconds, (clock.now() - now).total_seconds())
        return passed > within.total_seconds()

    return is_late
