"""What the logbook remembers of one order's documents: its records, bindings, plans and decisions.

What of it counts is `kashmag.reconciliation.remembering`, which is pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from kashmag.engine.items import accepted_by
from kashmag.logbook import Binding, DocumentRecord, Logbook
from kashmag.reconciliation import DocumentKind, Remembered, ShopDocument
from kashmag.reconciliation.remembering import remembered, with_accepted


async def memory_of(
    logbook: Logbook, order: str, documents: Sequence[ShopDocument]
) -> dict[str, Remembered]:
    """What the logbook knows of these documents of one order."""
    shop = order.partition(":")[0]
    records: dict[str, DocumentRecord] = {}
    bindings: dict[str, Binding] = {}
    for document in documents:
        record = await logbook.document(_record_key(shop, order, document))
        if record is not None:
            records[document.key] = record
        bound = await logbook.binding(document.key)
        if bound is not None:
            bindings[document.key] = bound
    for further in await logbook.bindings_of(order):
        if further.kind == "invoice":
            bindings.setdefault(further.source, further)
    known = remembered(records, await logbook.plans_of(order), bindings)
    accepted = accepted_by(await logbook.decisions(order))
    return with_accepted(known, f"{order}:invoice", accepted)


def _record_key(shop: str, order: str, document: ShopDocument) -> str:
    if document.kind is DocumentKind.INVOICE:
        return order
    return f"{shop}:credit_memo:{document.key.rpartition(':')[2]}"
