"""Findings of the doctor, and how bad they are. Who finds them: `judging`, `examining`."""

from __future__ import annotations

from enum import Enum
from typing import Final

from attrs import field, frozen

from kashmag.cli.exits import DONE, USAGE, code_of
from kashmag.errors import KashmagError


class Level(Enum):
    """How bad it is; UNCHECKED was not looked at and says why."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNCHECKED = "unchecked"


@frozen
class Finding:
    """One thing that was looked at, and how it is."""

    level: Level
    subject: str
    message: str = field(kw_only=True)
    remedy: str = field(default="", kw_only=True)
    exit_code: int = field(default=DONE, kw_only=True)


def ok(subject: str, message: str) -> Finding:
    """It is as it should be."""
    return Finding(Level.OK, subject, message=message)


def warning(subject: str, message: str, remedy: str) -> Finding:
    """It works, and somebody should know."""
    return Finding(Level.WARNING, subject, message=message, remedy=remedy)


def fault(subject: str, message: str, remedy: str, *, exit_code: int = USAGE) -> Finding:
    """It does not work."""
    return Finding(Level.FAULT, subject, message=message, remedy=remedy, exit_code=exit_code)


def failed(subject: str, error: KashmagError, remedy: str) -> Finding:
    """It could not be asked."""
    return fault(subject, str(error), remedy, exit_code=code_of(error))


# What only a write would prove; silence about it must not be taken for proof.
UNASKED: Final = tuple(
    Finding(Level.UNCHECKED, subject, message=message)
    for subject, message in (
        ("kashflow.customers", "whether the user may create customers: only a write would tell"),
        ("kashflow.invoices", "whether the user may create invoices: only a write would tell"),
        ("kashflow.payments", "whether the user may add payments: only a write would tell"),
    )
)
