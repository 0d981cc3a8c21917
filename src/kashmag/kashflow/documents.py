"""Printable documents behind their permalinks, as bytes (PDF)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from kashmag.errors import UnexpectedPayloadError
from kashmag.kashflow.connection import Connection
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options
from kashmag.rest.wire import Response

_DOCUMENTS: Final = "documents/"


def get(permalink: str) -> Operation[bytes]:
    """Read the document behind a permalink.

    Links come absolute, as a path, and as a path without its slash (invoice_detail); whatever
    the form, it is our own account's address that is asked. ValueError for what is no such link.
    """
    found = urlsplit(permalink).path
    start = found.find(_DOCUMENTS)
    if start < 0 or ".." in found:
        raise ValueError(f"{permalink!r} is no permalink of a document")
    return Operation(
        "documents.get",
        "GET",
        path=f"/{found[start:]}",
        effect=Effect.READ,
        decode=_document,
        headers=(("Accept", "application/pdf, */*"),),
    )


def _document(response: Response) -> bytes:
    if response.content_type in ("text/html", "application/json") or not response.body:
        kind = response.content_type or "untyped"
        raise UnexpectedPayloadError(f"the answer is no document but {kind}", paths=("$",))
    return response.body


class Documents:
    """The printable documents of an account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, permalink: str, options: Options | None = None) -> bytes:
        """Read the document behind a permalink, such as `Invoice.permalink`."""
        return await self._connection.call(get(permalink), options)
