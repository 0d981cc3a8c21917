"""Stored plans, their entries, and the bindings that last when both are done."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from kashmag.logbook.instants import Instant
from kashmag.logbook.states import State


class PlanState(Enum):
    """An open plan is finished or dropped before the same document is planned again."""

    OPEN = "open"
    FINISHED = "finished"
    DROPPED = "dropped"


@frozen
class NewEntry:
    """An action as the logbook is told of it, before anything leaves."""

    key: str
    kind: str
    reference: str = field(kw_only=True)
    fingerprint: str = field(kw_only=True)


@frozen
class Entry:
    """One action and where it stands.

    `document` is the key of the order, `number` what the far end calls the result. `sent` is when
    it was last announced. `is_confirmed` tells that it was read back and is what was meant,
    `is_adopted` that it was found at the far end and not made by us.
    """

    seq: int
    key: str
    plan: int = field(kw_only=True)
    document: str = field(kw_only=True)
    position: int = field(kw_only=True)
    kind: str = field(kw_only=True)
    reference: str = field(kw_only=True)
    fingerprint: str = field(kw_only=True)
    state: State = field(kw_only=True)
    number: str = field(default="", kw_only=True)
    attempts: int = field(default=0, kw_only=True)
    message: str = field(default="", kw_only=True)
    code: str = field(default="", kw_only=True)
    owner: str = field(default="", kw_only=True)
    sent: Instant | None = field(default=None, kw_only=True)
    changed_at: str = field(default="", kw_only=True)
    is_confirmed: bool = field(default=False, kw_only=True)
    is_adopted: bool = field(default=False, kw_only=True)


@frozen
class StoredPlan:
    """A plan as it was opened; `content` is its JSON text, without words once people are erased."""

    seq: int
    document: str
    digest: str = field(kw_only=True)
    content: str = field(kw_only=True)
    state: PlanState = field(kw_only=True)
    reason: str = field(default="", kw_only=True)
    opened_at: str = field(default="", kw_only=True)
    entries: tuple[Entry, ...] = field(default=(), kw_only=True)


@frozen
class Binding:
    """The lasting tie between a shop's document and its counterpart; unique both ways.

    `source` is the key of the deed (`M:order:12:invoice`); `kind` what the counterpart is
    (`invoice`, `customer`), `target` what it is called there.
    """

    source: str
    kind: str
    target: str = field(kw_only=True)
    document: str = field(default="", kw_only=True)
    is_adopted: bool = field(default=False, kw_only=True)
