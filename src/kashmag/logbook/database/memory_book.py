"""What was read and decided, in a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from kashmag.errors import LogbookError
from kashmag.logbook.database import reading
from kashmag.logbook.database.store import Store
from kashmag.logbook.documents import Belonging, DocumentRecord, PersonDecision


class MemoryBook(Store):
    """What was read, what became of it, how far we came, what persons decided."""

    async def belong(self, belonging: Belonging) -> None:
        """Remember what the logbook is about; raises LogbookError when it is about another."""

        def job(connection: Connection) -> None:
            known = reading.belonging(connection)
            if why := belonging.contradiction(known):
                raise LogbookError(why)
            reading.note_belonging(connection, belonging, known)

        await self._writer.run(job)

    async def belongs_to(self) -> Belonging:
        """What the logbook is about; empty while it is about nothing yet."""
        return await self._reader.run(reading.belonging)

    async def recall(self, name: str) -> str | None:
        """A remembered text: a cursor, the canary's end, what was last agreed."""
        return await self._reader.run(lambda connection: reading.recall(connection, name))

    async def remember(self, name: str, value: str) -> None:
        """Remember a text under a name."""
        await self._writer.run(lambda connection: reading.remember(connection, name, value))

    async def read(self, documents: Sequence[DocumentRecord]) -> None:
        """Remember that these were read; outcomes of earlier runs stay until new ones come."""
        await self._writer.run(lambda connection: reading.note_read(connection, documents))

    async def finish(
        self, *documents: DocumentRecord, beside: Mapping[str, str] | None = None
    ) -> None:
        """Remember what became of documents in a run, and texts that go with it, by name."""

        def job(connection: Connection) -> None:
            for name, value in (beside or {}).items():
                reading.remember(connection, name, value)
            for one in documents:
                if reading.note_finished(connection, one):
                    told = {"outcome": one.outcome, "reason": one.reason, "run": one.run}
                    self._tell(connection, "outcome", one.key, told)

        await self._writer.run(job)

    async def document(self, key: str) -> DocumentRecord | None:
        """One document."""
        return await self._reader.run(lambda connection: reading.document(connection, key))

    async def documents(self, keys: Sequence[str]) -> Mapping[str, DocumentRecord]:
        """Those of these documents that were read, by key."""
        return await self._reader.run(lambda connection: reading.read_before(connection, keys))

    async def documents_numbered(self, number: str) -> Sequence[DocumentRecord]:
        """Every document that people call by this number."""
        return await self._reader.run(lambda connection: reading.numbered(connection, number))

    async def memos_of(self, order: str) -> Sequence[DocumentRecord]:
        """Every credit memo of this order that was read."""
        return await self._reader.run(lambda connection: reading.memos_of(connection, order))

    async def documents_with(
        self,
        *outcomes: str,
        kind: str = "",
        marked: str = "",
        but_not: str = "",
        after: int = 0,
        limit: int = 500,
    ) -> Sequence[DocumentRecord]:
        """Documents with one of these outcomes (empty: none yet), by sequence."""
        return await self._reader.run(
            lambda connection: reading.with_outcomes(
                connection,
                outcomes,
                kind=kind,
                marked=marked,
                but_not=but_not,
                after=after,
                limit=limit,
            )
        )

    async def troubled(
        self, *, kind: str = "", after: int = 0, limit: int = 500
    ) -> Sequence[DocumentRecord]:
        """Documents that wait for something: held, failed, unfinished, or posted with a fault."""
        return await self._reader.run(
            lambda connection: reading.troubled(connection, kind=kind, after=after, limit=limit)
        )

    async def counts(self) -> Mapping[str, int]:
        """How many documents have each outcome."""
        return await self._reader.run(reading.counts)

    async def decide(self, decision: PersonDecision) -> None:
        """Remember what a person decided."""

        def job(connection: Connection) -> None:
            reading.decide(connection, decision)
            told = {"verb": decision.verb.value, "reason": decision.reason, "who": decision.who}
            if decision.key:
                told["about"] = decision.key
            self._tell(connection, "decided", decision.document, told)

        await self._writer.run(job)

    async def decisions(self, document: str) -> tuple[PersonDecision, ...]:
        """Everything persons decided about a document, oldest first."""
        return await self._reader.run(lambda connection: reading.decided(connection, document))
