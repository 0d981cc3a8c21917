"""Finding documents in the logbook by what people call them."""

from __future__ import annotations

from kashmag.logbook import DocumentRecord, Logbook


async def named(logbook: Logbook, name: str, *, store: str | None = None) -> list[DocumentRecord]:
    """Every document of this key, kind and number (`customer:7`), or number; of a store if said."""
    one = await logbook.document(name)
    if one is not None:
        found = [one]
    else:
        kind, colon, number = name.rpartition(":")
        found = list(await logbook.documents_numbered(number if colon else name))
        found = [record for record in found if not colon or record.kind == kind]
    return [record for record in found if store is None or record.store_id == store]
