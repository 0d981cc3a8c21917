"""Notes that hang on customers, invoices, quotes and other documents."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from attrs import field, frozen

from kashmag.rest.codec import Json


@frozen
class Note:
    """A note on a document; `number` is its key there."""

    number: int
    text: str | None = None
    date: datetime.date | None = field(default=None, kw_only=True)
    last_modified_by: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class NoteDraft:
    """A note to be added."""

    text: str
