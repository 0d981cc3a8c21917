"""Exit codes: what a command ends with, and which one where several apply."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kashmag.errors import KashmagError, Remedy

DONE: Final = 0
WAITS: Final = Remedy.ASK_A_PERSON.exit_code
USAGE: Final = Remedy.CORRECT_SETTINGS.exit_code
LATER: Final = Remedy.TRY_LATER.exit_code
FATE_UNKNOWN: Final = Remedy.PROBE.exit_code
BUG: Final = Remedy.REPORT_BUG.exit_code

# By the custom of shells: 128 and the number of the signal.
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141

_PRECEDENCE: Final = (BUG, USAGE, FATE_UNKNOWN, LATER, WAITS)


def worst(codes: Iterable[int]) -> int:
    """The code that a command ends with where several apply: 5, 2, 4, 3, 1, else 0."""
    found = set(codes)
    return next((code for code in _PRECEDENCE if code in found), DONE)


def code_of(error: BaseException) -> int:
    """The exit code of an exception; of a group, the worst of its members."""
    if isinstance(error, BaseExceptionGroup):
        return worst(code_of(one) for one in error.exceptions)
    return error.remedy.exit_code if isinstance(error, KashmagError) else BUG


def sentences_of(error: BaseException) -> tuple[str, ...]:
    """What to tell the user, a sentence for each fault."""
    if isinstance(error, BaseExceptionGroup):
        told = (sentence for one in error.exceptions for sentence in sentences_of(one))
        return tuple(dict.fromkeys(told))
    if isinstance(error, KashmagError):
        return tuple(str(error).splitlines()) or (type(error).__name__,)
    kind = type(error).__name__
    what = " ".join(str(error).split())
    return (
        f"unexpected fault, please report it: {kind}{': ' if what else ''}{what} "
        "(--debug shows where)",
    )
