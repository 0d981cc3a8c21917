"""Events: what happened, as typed values; what a progress bar, a log and a dashboard consume.

They are told to `kashmag_observe` after the logbook has committed.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TypeAlias

from attrs import field, frozen

from kashmag.plans.actions import DocumentId
from kashmag.plans.deeds import Deed


class Outcome(Enum):
    """What became of one document in a run; every document read has exactly one."""

    POSTED = "posted"
    SKIPPED = "skipped"
    HELD = "held"
    FAILED = "failed"


@frozen
class RunStarted:
    """A run began; `expected` is how many documents are due, where that is known."""

    at: datetime
    run: str = field(kw_only=True)
    expected: int | None = field(default=None, kw_only=True)


@frozen
class ActionSent:
    """An action is announced and leaves now."""

    at: datetime
    document: DocumentId = field(kw_only=True)
    key: str = field(kw_only=True)
    kind: str = field(kw_only=True)


@frozen
class ActionDone:
    """An action was done and proved; `number` is what the far end calls the result."""

    at: datetime
    document: DocumentId = field(kw_only=True)
    key: str = field(kw_only=True)
    kind: str = field(kw_only=True)
    number: str = field(default="", kw_only=True)


@frozen
class ActionFailed:
    """An action was refused, or its fate is unknown, or what came back is disputed."""

    at: datetime
    document: DocumentId = field(kw_only=True)
    key: str = field(kw_only=True)
    kind: str = field(kw_only=True)
    state: str = field(kw_only=True)
    message: str = field(kw_only=True)


@frozen
class DocumentFinished:
    """One document reached its outcome in this run; `codes` are the causes, for grouping.

    `deeds` are what was done for it in this run, or in a dry run would be; `advice` are the codes
    of what is pointed out about it and holds nothing.
    """

    at: datetime
    document: DocumentId = field(kw_only=True)
    outcome: Outcome = field(kw_only=True)
    reason: str = field(default="", kw_only=True)
    codes: tuple[str, ...] = field(default=(), kw_only=True)
    deeds: tuple[Deed, ...] = field(default=(), kw_only=True)
    advice: tuple[str, ...] = field(default=(), kw_only=True)


@frozen
class RunFinished:
    """A run ended; the four counts add up to `read`."""

    at: datetime
    run: str = field(kw_only=True)
    read: int = field(kw_only=True)
    posted: int = field(kw_only=True)
    skipped: int = field(kw_only=True)
    held: int = field(kw_only=True)
    failed: int = field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.posted + self.skipped + self.held + self.failed != self.read:
            raise ValueError("the four counts do not add up to what was read")


@frozen
class AlertGroup:
    """Documents that wait for one cause; `since` is when the first of them was told of."""

    code: str
    count: int
    remedy: str = field(kw_only=True)
    example: str = field(kw_only=True)
    numbers: tuple[str, ...] = field(kw_only=True)
    since: datetime = field(kw_only=True)


@frozen
class AlertRaised:
    """News for a person: what waits that did not before, what grew, what has recovered.

    `stopped` says why the run gave up, where it did. Told once per news, not once per run. As an
    event it is what is news to observers; a receiver (`kashmag_deliver`) has one of its own, with
    what it has not taken yet.
    """

    at: datetime
    new: tuple[AlertGroup, ...] = field(kw_only=True)
    grown: tuple[AlertGroup, ...] = field(default=(), kw_only=True)
    recovered: tuple[str, ...] = field(default=(), kw_only=True)
    stopped: str = field(default="", kw_only=True)


@frozen
class AlertFailed:
    """A receiver did not take its alert, and why; it is owed, and comes again with the next run."""

    at: datetime
    receiver: str = field(kw_only=True)
    message: str = field(kw_only=True)


Event: TypeAlias = (
    RunStarted
    | ActionSent
    | ActionDone
    | ActionFailed
    | DocumentFinished
    | AlertRaised
    | AlertFailed
    | RunFinished
)
