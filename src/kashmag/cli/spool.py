"""Documents of a run as they finish: the first in memory, the rest on disk, however many."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Final, cast

from kashmag.plans.actions import DocumentId
from kashmag.plans.deeds import Deed
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.rest.codec import JsonObject, dumps, loads

IN_MEMORY: Final = 2000


class Spool:
    """Yields what was added, in order, as often as it is asked; gone with its last reference."""

    def __init__(self) -> None:
        self._first: list[DocumentFinished] = []
        self._rest: IO[bytes] | None = None

    def add(self, finished: DocumentFinished) -> None:
        """Keep one more."""
        if len(self._first) < IN_MEMORY:
            self._first.append(finished)
            return
        if self._rest is None:
            self._rest = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the spool
            weakref.finalize(self, self._rest.close)
        self._rest.seek(0, 2)
        self._rest.write(_written(finished) + b"\n")

    def __iter__(self) -> Iterator[DocumentFinished]:
        """Each of them."""
        yield from self._first
        if self._rest is not None:
            self._rest.seek(0)
            for line in self._rest:
                yield _read(line)


def _written(finished: DocumentFinished) -> bytes:
    document = finished.document
    told: JsonObject = {
        "at": finished.at.isoformat(),
        "document": [
            document.shop, document.kind, document.entity_id, document.number, document.store_id,
        ],
        "outcome": finished.outcome.value,
        "reason": finished.reason,
        "codes": list(finished.codes),
        "deeds": [deed.to_json() for deed in finished.deeds],
    }  # fmt: skip
    return dumps(told)


def _read(line: bytes) -> DocumentFinished:
    told = cast("JsonObject", loads(line))
    shop, kind, entity_id, number, store_id = map(str, cast("list[str]", told["document"]))
    return DocumentFinished(
        datetime.fromisoformat(str(told["at"])),
        document=DocumentId(shop, kind, entity_id=entity_id, number=number, store_id=store_id),
        outcome=Outcome(told["outcome"]),
        reason=str(told["reason"]),
        codes=tuple(str(one) for one in cast("list[str]", told["codes"])),
        deeds=tuple(Deed.from_json(one) for one in cast("list[JsonObject]", told["deeds"])),
    )
