"""The error family: problems of the world, as exceptions. Imports nothing.

    KashmagError                    never raised itself; .remedy says what to do now
      SettingsError  PluginError    HeldError  StalePlanError  ReadOnlyError
      LogbookError                  LogbookBusyError  ClaimLostError  TiedOtherwiseError
      RemoteError                   vendor, operation, status, request id
        UnreachableError            no connection; nothing was sent: retry freely
        NoAnswerError               sent, fate unknown: probe
        BrokenError                 5xx and each vendor's disguises of it; for a ONCE, fate unknown
        UnexpectedPayloadError      success, but not the shape we know; lists the paths
        DeclinedError               SignInError  NotPermittedError  NotFoundError  InvalidError
                                    ConflictError  RateLimitedError (.retry_after)

Problems of the data are values, not exceptions: see `kashmag.accounting.problems`.
An error is one sentence with names and numbers; it never logs, waits or carries a secret.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import ClassVar


class Remedy(Enum):
    """What to do now; the exit code of the command line follows from it."""

    ASK_A_PERSON = 1
    CORRECT_SETTINGS = 2
    TRY_LATER = 3
    PROBE = 4
    REPORT_BUG = 5

    @property
    def exit_code(self) -> int:
        """The process exit code that a command ends with."""
        return self.value


class KashmagError(Exception):
    """Root of everything that kashmag raises; never raised itself."""

    remedy: ClassVar[Remedy] = Remedy.REPORT_BUG


class SettingsError(KashmagError):
    """A setting is missing, unknown or impossible."""

    remedy = Remedy.CORRECT_SETTINGS


class PluginError(KashmagError):
    """A plugin broke its contract: names the plugin, the hook and what it returned."""

    remedy = Remedy.CORRECT_SETTINGS


class HeldError(KashmagError):
    """A plan that holds was asked to be applied."""

    remedy = Remedy.ASK_A_PERSON


class StalePlanError(KashmagError):
    """The plan is no longer the one that was shown: plan again and look."""

    remedy = Remedy.ASK_A_PERSON


class LogbookError(KashmagError):
    """The logbook cannot be opened, read or written, or belongs to another shop or account."""

    remedy = Remedy.CORRECT_SETTINGS


class LogbookBusyError(LogbookError):
    """The logbook was locked for too long, or the connection to it was lost: run again."""

    remedy = Remedy.TRY_LATER


class ClaimLostError(LogbookError):
    """Somebody else holds what we claimed; nothing was written."""

    remedy = Remedy.TRY_LATER


class TiedOtherwiseError(LogbookError):
    """What was to be tied to something is tied to something else; nothing was written."""

    remedy = Remedy.ASK_A_PERSON


class ReadOnlyError(KashmagError):
    """A write was asked of a client in read-only mode; nothing was sent."""

    remedy = Remedy.CORRECT_SETTINGS


class RemoteError(KashmagError):
    """The far end failed, refused or could not be reached.

    `retry_after` is how long it asked to be left alone, whatever its status; None if it did not.
    """

    remedy = Remedy.TRY_LATER
    retry_after: timedelta | None = None

    def __init__(
        self,
        message: str,
        *,
        vendor: str = "",
        operation: str = "",
        status: int | None = None,
        code: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.vendor = vendor
        self.operation = operation
        self.status = status
        self.code = code
        self.request_id = request_id

    def __str__(self) -> str:
        """One sentence: who, which operation, which status, what they said."""
        place = " ".join(part for part in (self.vendor, self.operation) if part)
        status = f" ({self.status})" if self.status is not None else ""
        return f"{place}{status}: {self.message}" if place or status else self.message


class UnreachableError(RemoteError):
    """No connection could be made; nothing was sent: retry freely."""


class NoAnswerError(RemoteError):
    """The request was sent and its fate is unknown: probe before repeating a write."""

    remedy = Remedy.PROBE


class BrokenError(RemoteError):
    """A fault on their side (5xx and each vendor's disguises of it)."""


class UnexpectedPayloadError(RemoteError):
    """Success, but not the shape we know; `paths` lists where."""

    remedy = Remedy.REPORT_BUG

    def __init__(
        self,
        message: str,
        *,
        paths: tuple[str, ...] = (),
        vendor: str = "",
        operation: str = "",
        status: int | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(
            message, vendor=vendor, operation=operation, status=status, request_id=request_id
        )
        self.paths = paths


class DeclinedError(RemoteError):
    """They understood and said no: nothing was done."""

    remedy = Remedy.ASK_A_PERSON


class SignInError(DeclinedError):
    """Credentials or session were refused; a refused sign-in is never repeated by us."""

    remedy = Remedy.CORRECT_SETTINGS


class NotPermittedError(DeclinedError):
    """The credentials are good, the permission is missing."""

    remedy = Remedy.CORRECT_SETTINGS


class NotFoundError(DeclinedError):
    """There is no such record, or no such route."""


class InvalidError(DeclinedError):
    """They refuse what was sent."""


class ConflictError(DeclinedError):
    """What was sent collides with what is there, or with an edit made meanwhile."""


class RateLimitedError(DeclinedError):
    """Too many requests; `retry_after` says how long to wait, if they said so."""

    remedy = Remedy.TRY_LATER

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        vendor: str = "",
        operation: str = "",
        status: int | None = None,
        code: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(
            message,
            vendor=vendor,
            operation=operation,
            status=status,
            code=code,
            request_id=request_id,
        )
        self.retry_after = retry_after
