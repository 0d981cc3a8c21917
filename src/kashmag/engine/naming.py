"""Finding documents in the logbook by what people call them, and saying how that is.

A document is called by its number; `memo:NUMBER` or `customer:NUMBER` where it is no order. A
store may stand before the number: `eu:000000042`, `memo:eu:000000042`.
"""

from __future__ import annotations

from typing import Final

from kashmag.logbook import DocumentRecord, Logbook
from kashmag.plans.actions import DocumentId

MEMO: Final = "credit_memo"
# What people say on the command line, and the kind that it is in the logbook.
KINDS: Final = {"order": "order", "memo": MEMO, MEMO: MEMO, "customer": "customer"}


def record_about(document: DocumentId) -> DocumentRecord:
    """A document in the logbook of which nothing is known yet."""
    return DocumentRecord(
        document.whole,
        kind=document.kind,
        number=document.number,
        entity_id=document.entity_id,
        store_id=document.store_id,
    )


async def named(logbook: Logbook, name: str, *, store: str | None = None) -> list[DocumentRecord]:
    """Every document of this key, kind and number (`customer:7`), or number; of a store if said."""
    one = await logbook.document(name)
    if one is not None:
        found = [one]
    else:
        kind, colon, number = name.rpartition(":")
        kind = KINDS.get(kind, kind)
        found = list(await logbook.documents_numbered(number if colon else name))
        found = [record for record in found if not colon or record.kind == kind]
    return [record for record in found if store is None or record.store_id == store]


def called(record: DocumentRecord, *, store: bool = False) -> str:
    """By what a document is found again: `000000042`, `memo:000000042`, `customer:7`."""
    number = f"{record.store_id}:{record.number}" if store else record.number
    if record.kind == "order":
        return number
    return f"{'memo' if record.kind == MEMO else record.kind}:{number}"
