"""Bindings of the logbook in a database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from kashmag.logbook.database import reading
from kashmag.logbook.database.store import Store
from kashmag.logbook.entries import Binding


class BindingBook(Store):
    """What is tied to what."""

    async def bind(self, binding: Binding) -> None:
        """Tie what exists already; raises TiedOtherwiseError when either side is."""
        await self._writer.run(lambda connection: self._bind(connection, binding))

    async def unbind(self, source: str, *, reason: str) -> None:
        """Undo a binding, with a reason."""

        def job(connection: Connection) -> None:
            was = reading.unbind(connection, source)
            if was is not None:
                told = {"source": source, "kind": was.kind, "target": was.target, "reason": reason}
                self._tell(connection, "unbound", was.document, told)

        await self._writer.run(job)

    async def binding(self, source: str) -> Binding | None:
        """The counterpart of a deed."""
        return await self._reader.run(lambda connection: reading.binding(connection, source))

    async def bound_to(self, kind: str, target: str) -> Binding | None:
        """What this counterpart is tied to."""
        return await self._reader.run(lambda connection: reading.bound_to(connection, kind, target))

    async def bindings_of(self, document: str) -> tuple[Binding, ...]:
        """Everything that a document is tied to."""
        return await self._reader.run(lambda connection: reading.bindings_of(connection, document))

    async def bindings(self, kind: str, *, after: str = "", limit: int = 500) -> Sequence[Binding]:
        """Bindings of one kind, by source."""
        return await self._reader.run(
            lambda connection: reading.bindings_after(connection, kind, after=after, limit=limit)
        )
