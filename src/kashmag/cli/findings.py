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


class Code(Enum):
    """What was looked at, for machines; the codes are part of the command line's contract."""

    SETTINGS = "settings"
    GO_LIVE = "go_live"
    CREDIT_NUMBERS = "credit_numbers"
    FURTHER_NUMBERS = "further_numbers"
    RULES = "rules"
    CONNECTION = "connection"
    PERMISSION = "permission"
    CLOCK = "clock"
    TIME_ZONE = "time_zone"
    STORE_VIEW = "store_view"
    TAX_CLASS = "tax_class"
    ATTRIBUTE = "attribute"
    CUSTOMER_GROUP = "customer_group"
    PAYMENT_METHOD_UNMAPPED = "payment_method_unmapped"
    NOMINAL = "nominal"
    BANK_ACCOUNT = "bank_account"
    PAYMENT_METHOD = "payment_method"
    VAT_RETURNS = "vat_returns"
    ASSUMPTION = "assumption"
    WRITING = "writing"
    LOGBOOK = "logbook"
    LOGBOOK_BELONGS = "logbook_belongs"
    AUDIT = "audit"
    ALERTS = "alerts"


@frozen
class Finding:
    """One thing that was looked at, and how it is; `code` and `subject` name it together."""

    level: Level
    code: Code
    subject: str = field(kw_only=True)
    message: str = field(kw_only=True)
    remedy: str = field(default="", kw_only=True)
    exit_code: int = field(default=DONE, kw_only=True)


def ok(code: Code, subject: str, message: str) -> Finding:
    """It is as it should be."""
    return Finding(Level.OK, code, subject=subject, message=message)


def warning(code: Code, subject: str, message: str, remedy: str) -> Finding:
    """It works, and somebody should know."""
    return Finding(Level.WARNING, code, subject=subject, message=message, remedy=remedy)


def unchecked(code: Code, subject: str, message: str) -> Finding:
    """It was not looked at, or looking told nothing."""
    return Finding(Level.UNCHECKED, code, subject=subject, message=message)


def fault(
    code: Code, subject: str, message: str, remedy: str, *, exit_code: int = USAGE
) -> Finding:
    """It does not work."""
    return Finding(
        Level.FAULT, code, subject=subject, message=message, remedy=remedy, exit_code=exit_code
    )


def failed(code: Code, subject: str, error: KashmagError, remedy: str) -> Finding:
    """It could not be asked."""
    return fault(code, subject, str(error), remedy, exit_code=code_of(error))


# What only a write would prove; silence about it must not be taken for proof.
UNASKED: Final = tuple(
    unchecked(Code.WRITING, subject, message)
    for subject, message in (
        ("kashflow.customers", "whether the user may create customers: only a write would tell"),
        ("kashflow.invoices", "whether the user may create invoices: only a write would tell"),
        ("kashflow.payments", "whether the user may add payments: only a write would tell"),
    )
)
