"""An entry's step as an event. Pure."""

from __future__ import annotations

from datetime import datetime

from kashmag.engine.applying import Step
from kashmag.logbook import Entry
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import ActionDone, ActionFailed, ActionSent, Event


def event_of(step: Step, entry: Entry, document: DocumentId, at: datetime) -> Event:
    """An entry's step as an event."""
    match step:
        case Step.SENT:
            return ActionSent(at, document=document, key=entry.key, kind=entry.kind)
        case Step.DONE:
            return ActionDone(
                at, document=document, key=entry.key, kind=entry.kind, number=entry.number
            )
        case Step.FAILED:
            return ActionFailed(
                at,
                document=document,
                key=entry.key,
                kind=entry.kind,
                state=entry.state.value,
                message=entry.message,
            )
