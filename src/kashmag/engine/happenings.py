"""An entry's step as an event, and several runs told as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime

from kashmag.engine.applying import Step
from kashmag.logbook import Entry
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import (
    ActionDone,
    ActionFailed,
    ActionSent,
    Event,
    Outcome,
    RunFinished,
    RunStarted,
)


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


async def one_after_the_other(*runs: AsyncIterator[Event]) -> AsyncIterator[Event]:
    """What several runs tell, as if they were one: a beginning, and an end that counts for all."""
    counts: Counter[Outcome] = Counter()
    ended: RunFinished | None = None
    for number, run in enumerate(runs):
        async for event in run:
            if isinstance(event, RunFinished):
                ended = event
                counts.update({outcome: getattr(event, outcome.value) for outcome in Outcome})
            elif not (isinstance(event, RunStarted) and number):
                yield event
    if ended is not None:
        yield RunFinished(
            ended.at,
            run=ended.run,
            read=counts.total(),
            posted=counts[Outcome.POSTED],
            skipped=counts[Outcome.SKIPPED],
            held=counts[Outcome.HELD],
            failed=counts[Outcome.FAILED],
        )
