"""What shop and account agreed about a customer, remembered in the logbook.

It names people, so it stands under the customer's key alone, where it can be erased.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, cast

from attrs import field, frozen

from kashmag import kashflow
from kashmag.errors import LogbookError
from kashmag.logbook import Binding, Logbook
from kashmag.planner import masters
from kashmag.planner.merging import Bases, read_bases, told_bases
from kashmag.plans.actions import DocumentId
from kashmag.rest.codec import Json, JsonObject, dumps, loads

ACCOUNT: Final = "account"
AGREED: Final = "agreed:"


@frozen
class Agreed:
    """What is remembered of one customer; `revision` counts how often that has changed."""

    account: str = ""
    bases: Bases | None = None
    revision: int = field(default=0, kw_only=True)


class Agreeing:
    """Remembers agreements in one logbook."""

    def __init__(self, logbook: Logbook) -> None:
        self._logbook = logbook

    async def of(self, document: DocumentId) -> Agreed:
        """What is remembered of a customer."""
        bound = await self._logbook.binding(document.key(ACCOUNT))
        told = await self._told(document.whole)
        revision, bases = _read(told) if told is not None else (0, None)
        return Agreed(bound.target if bound else "", bases, revision=revision)

    async def owner_of(self, code: str) -> Binding | None:
        """Which customer of the shop an account follows."""
        return await self._logbook.bound_to(ACCOUNT, code)

    async def agree(self, document: DocumentId, code: str, bases: Bases, before: Agreed) -> None:
        """Tie a customer to its account, and remember what they now agree on.

        Raises:
            LogbookError: the account is tied to another customer.
        """
        source = document.key(ACCOUNT)
        if before.account != code:
            await self._logbook.bind(Binding(source, ACCOUNT, target=code, document=document.whole))
        if bases != before.bases:
            told: dict[str, Json] = {"revision": before.revision + 1, "fields": told_bases(bases)}
            await self._logbook.remember(AGREED + document.whole, dumps(told).decode())

    async def changed_in_books(self, row: kashflow.Customer, names: Collection[str]) -> str | None:
        """The key of the customer whom this row belongs to, if one of these fields is new."""
        bound = await self._logbook.bound_to(ACCOUNT, row.code)
        if bound is None:
            return None
        told = await self._told(bound.document)
        if told is None:
            return None
        bases = _read(told)[1]
        email = bases.get("contact.email")
        here = masters.fields_of(row, (email.books, email.shop) if email else ())
        is_new = any(n in names and here[n] != base.books for n, base in bases.items())
        return bound.document if is_new else None

    async def _told(self, key: str) -> JsonObject | None:
        text = await self._logbook.recall(AGREED + key)
        if text is None:
            return None
        told = loads(text)
        if not isinstance(told, dict):
            raise LogbookError(f"what is remembered of {key} cannot be read")
        return told


def _read(told: JsonObject) -> tuple[int, Bases]:
    if "fields" not in told:
        return 0, read_bases(told)
    return cast("int", told["revision"]), read_bases(cast("JsonObject", told["fields"]))
