"""What all parts of the logbook in a database share: two threads, an owner, a clock."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

from kashmag.logbook.database import reading, trail
from kashmag.logbook.database.worker import Worker
from kashmag.logbook.entries import Binding
from kashmag.logbook.instants import Instant, Instants
from kashmag.rest.codec import Json


class Store:
    """One thread writes, many jobs to a transaction; another reads."""

    def __init__(
        self, writer: Worker, reader: Worker, *, owner: str, instants: Instants | None
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._owner = owner
        self._instants = instants

    @property
    def owner(self) -> str:
        """The name of this process start."""
        return self._owner

    def _now(self, connection: Connection) -> Instant:
        if self._instants is not None:
            return self._instants.now()
        seconds = connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar()
        return Instant("server", float(seconds or 0))

    def _bind(self, connection: Connection, binding: Binding) -> None:
        if reading.bind(connection, binding):
            told = {"source": binding.source, "kind": binding.kind, "target": binding.target}
            self._tell(connection, "bound", binding.document, told)

    def _tell(
        self, connection: Connection, what: str, document: str, details: Mapping[str, Json]
    ) -> None:
        trail.tell(connection, self._owner, what, document=document, details=details)
