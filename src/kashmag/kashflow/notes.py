"""Notes that hang on customers, invoices, quotes and other documents."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import field, frozen

from kashmag.kashflow.connection import Connection
from kashmag.kashflow.routes import do, path, read, send
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


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


# On the wire also 1 to 6; the plural words work in production.
Noted: TypeAlias = Literal["customers", "suppliers", "invoices", "quotes", "purchases"]


def every(kind: Noted, key: str | int) -> Operation[tuple[Note, ...]]:
    """Read the notes of a document; its key is a number, that of a customer a code."""
    return read(tuple[Note, ...], path(kind, key, "notes"), name="notes.every")


def get(kind: Noted, key: str | int, number: int) -> Operation[Note]:
    """Read one note."""
    return read(Note, path(kind, key, "notes", number), name="notes.get")


def create(kind: Noted, key: str | int, draft: NoteDraft) -> Operation[Note]:
    """Add a note to a document."""
    return send(Note, "POST", path(kind, key, "notes"), body=draft, name="notes.create")


def replace(kind: Noted, key: str | int, note: Note) -> Operation[None]:
    """Replace a note."""
    route = path(kind, key, "notes", note.number)
    return do("PUT", route, body=note, effect=Effect.ONCE, name="notes.replace")


def delete(kind: Noted, key: str | int, number: int) -> Operation[None]:
    """Delete a note."""
    return do("DELETE", path(kind, key, "notes", number), name="notes.delete")


class Notes:
    """The notes on an account's customers and documents."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def every(
        self, kind: Noted, key: str | int, options: Options | None = None
    ) -> tuple[Note, ...]:
        """Read the notes of a document, or of a customer by its code."""
        return await self._connection.call(every(kind, key), options)

    async def get(
        self, kind: Noted, key: str | int, number: int, options: Options | None = None
    ) -> Note:
        """Read one note."""
        return await self._connection.call(get(kind, key, number), options)

    async def create(
        self, kind: Noted, key: str | int, text: str, options: Options | None = None
    ) -> Note:
        """Add a note to a document, or to a customer by its code."""
        return await self._connection.call(create(kind, key, NoteDraft(text)), options)

    async def replace(
        self, kind: Noted, key: str | int, note: Note, options: Options | None = None
    ) -> None:
        """Replace a note."""
        await self._connection.call(replace(kind, key, note), options)

    async def delete(
        self, kind: Noted, key: str | int, number: int, options: Options | None = None
    ) -> None:
        """Delete a note."""
        await self._connection.call(delete(kind, key, number), options)
