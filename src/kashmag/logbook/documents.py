"""What was read at the shop and what became of it, and what persons decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import field, fields, frozen

from kashmag.rest.codec import Json


@frozen
class DocumentRecord:
    """A shop's document in the logbook; `key` is `M:order:12`.

    `outcome` is `posted`, `skipped`, `held` or `failed`, and empty until its first run has ended.
    `finished_at` is empty while something is being done about it, and after a death meanwhile.
    `revision` tells one reading of it from the next (when it was last changed at the shop);
    where it is skipped, under which policy.
    `order` is the key of the order of a credit memo.
    """

    key: str
    kind: str = field(kw_only=True)
    number: str = field(kw_only=True)
    entity_id: str = field(kw_only=True)
    store_id: str = field(default="1", kw_only=True)
    order: str = field(default="", kw_only=True)
    revision: str = field(default="", kw_only=True)
    outcome: str = field(default="", kw_only=True)
    reason: str = field(default="", kw_only=True)
    codes: tuple[str, ...] = field(default=(), kw_only=True)
    problems: tuple[Mapping[str, Json], ...] = field(default=(), kw_only=True)
    run: str = field(default="", kw_only=True)
    seq: int = field(default=0, kw_only=True)
    first_read_at: str = field(default="", kw_only=True)
    finished_at: str = field(default="", kw_only=True)


class Verb(Enum):
    """What a person can decide about a document."""

    SKIP = "skip"
    SKIP_ITEM = "skip_item"  # `key` names the item
    RETRY_ITEM = "retry_item"  # takes the above back
    DROP = "drop"
    RETRY = "retry"
    ACCEPT = "accept"
    APPROVE = "approve"
    RESOLVE = "resolve"


@frozen
class PersonDecision:
    """What a person decided, and why; the last one about a document counts."""

    document: str
    verb: Verb
    reason: str = field(kw_only=True)
    who: str = field(default="", kw_only=True)
    key: str = field(default="", kw_only=True)
    at: str = field(default="", kw_only=True)


@frozen
class Belonging:
    """Which shop, which account and which environment a logbook is about; empty: not said."""

    shop: str
    account: str
    environment: str

    def contradiction(self, known: Belonging) -> str:
        """Why a logbook that is about `known` is not ours; empty where nothing says so."""
        for field_ in fields(Belonging):
            ours, theirs = str(getattr(self, field_.name)), str(getattr(known, field_.name))
            if ours and theirs and ours != theirs:
                return (
                    f"this logbook belongs to the {field_.name} {theirs}, not to {ours}: "
                    "every shop, account and environment has a logbook of its own"
                )
        return ""

    def __str__(self) -> str:
        return f"{self.shop} and {self.account} ({self.environment})"
