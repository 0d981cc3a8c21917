"""Every event as a line of the standard log, for whoever has switched it on."""

from __future__ import annotations

import logging

from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.events import ActionFailed, DocumentFinished, Event, Outcome

_log = logging.getLogger("kashmag.events")
_LOUD = frozenset({Outcome.HELD, Outcome.FAILED})


@hookimpl
def kashmag_observe(event: Event) -> None:
    """Failures and held documents as warnings, all else as information."""
    loud = isinstance(event, ActionFailed) or (
        isinstance(event, DocumentFinished) and event.outcome in _LOUD
    )
    _log.log(logging.WARNING if loud else logging.INFO, "%s", event)
