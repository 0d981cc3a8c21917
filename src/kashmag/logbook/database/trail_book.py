"""The audit trail of the logbook in a database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from kashmag.logbook import audit
from kashmag.logbook.audit import AuditFault, AuditRow, Examined
from kashmag.logbook.database import erasing, trail
from kashmag.logbook.database.store import Store
from kashmag.logbook.erasing import NOTHING_KEPT, Kept
from kashmag.rest.codec import Json


class TrailBook(Store):
    """The audit trail."""

    async def tell(self, what: str, document: str, details: Mapping[str, Json]) -> None:
        """Add one row; the other methods add theirs by themselves."""
        await self._writer.run(lambda connection: self._tell(connection, what, document, details))

    async def story(self, document: str) -> tuple[AuditRow, ...]:
        """Everything that happened about a document, oldest first."""
        return await self._reader.run(lambda connection: trail.story(connection, document))

    async def verify_audit(self) -> tuple[AuditFault, ...]:
        """Every fault of the trail; none when nobody has tampered with it."""
        return (await self.examine_audit()).faults

    async def examine_audit(self, *, expected: str = "") -> Examined:
        """The same with the number of rows and their digest, and `expected` looked for in them."""
        settled = await self._reader.run(trail.settled)
        return await self._reader.run(
            lambda connection: trail.examine(connection, expected=expected, settled=settled)
        )

    async def erase(self, document: str, *, reason: str, kept: Kept = NOTHING_KEPT) -> int:
        """Erase the words kept about a document and its memos; the chain stays whole."""

        def job(connection: Connection) -> int:
            changed = erasing.erase(connection, document, kept)
            for key in erasing.belonging_to(connection, document):
                self._tell(connection, audit.ERASED, key, {"reason": reason})
            return changed

        return await self._writer.run(job)

    async def scrub(self) -> None:
        """Let no trace of what was erased stand in the files; of a server, that is the server's."""
        await self._writer.scrub()
