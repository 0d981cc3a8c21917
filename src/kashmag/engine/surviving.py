"""Whatever goes wrong while one document is handled: its outcome, and never the end of the run."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import Final

from kashmag.engine import causes
from kashmag.engine.later import LaterError
from kashmag.engine.outcomes import Handled
from kashmag.errors import (
    ClaimLostError,
    HeldError,
    KashmagError,
    LogbookBusyError,
    RemoteError,
    StalePlanError,
)
from kashmag.logbook import Logbook
from kashmag.logbook.states import may_have_happened
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import Outcome

LOG: Final = logging.getLogger("kashmag.engine")
BUSY_WAIT: Final = 1.0


async def survived(logbook: Logbook, document: DocumentId, attempt: Awaitable[Handled]) -> Handled:
    """The outcome of an attempt, whatever it meets.

    Raises:
        LaterError: something is decided later; try again.
        StalePlanError: the plan is not the one that was asked for.
    """
    try:
        return await attempt
    except (ClaimLostError, LogbookBusyError) as error:
        raise LaterError(BUSY_WAIT, causes.BUSY, str(error)) from error
    except StalePlanError:
        raise
    except HeldError as error:
        codes: tuple[str, ...] = (causes.ACCOUNT_DISPUTED,)
        return Handled(document, Outcome.FAILED, reason=str(error), codes=codes)
    except KashmagError as error:
        codes = await _codes_of(logbook, document, error)
        return Handled(document, Outcome.FAILED, reason=str(error), codes=codes)
    except LaterError:
        raise
    except Exception as error:
        # A fault of ours in one document must not cost the others; it is told, never swallowed.
        # The command line tells it as this document's reason, and shows this log with --debug only.
        LOG.exception("%s %s could not be handled", document.kind, document.number)
        return Handled(
            document,
            Outcome.FAILED,
            reason=f"a fault in kashmag: {type(error).__name__}: {error}",
            codes=(causes.BUG,),
        )


async def _codes_of(logbook: Logbook, document: DocumentId, error: KashmagError) -> tuple[str, ...]:
    """The cause of the failure; beside it, if something has been sent whose fate is unknown."""
    codes: tuple[str, ...] = (causes.code_of(error),)
    if isinstance(error, RemoteError):
        stored = await logbook.opened_plan(document.whole)
        if any(may_have_happened(entry.state) for entry in (stored.entries if stored else ())):
            codes += (causes.FATE_UNKNOWN,)
    return tuple(dict.fromkeys(codes))
