"""Erasing people in SQL: every table that has words about a document, and what stays of them."""

from __future__ import annotations

from sqlalchemy import Connection, Update, delete, or_, select, update

from kashmag.logbook.database.inserting import put
from kashmag.logbook.database.tables import audit, decisions, documents, entries, memory, plans
from kashmag.logbook.database.trail import now_text
from kashmag.logbook.entries import PlanState
from kashmag.logbook.erasing import FORGOTTEN, Kept


def erase(connection: Connection, key: str, kept: Kept) -> int:
    """Erase what names people about a document and its memos; return how many rows changed."""
    concerned = belonging_to(connection, key)
    changed = sum(_erase_one(connection, one, kept) for one in concerned)
    for name, text in kept.texts.items():
        put(connection, memory, {"name": name}, {"value": text, "changed_at": now_text()})
    return changed


def belonging_to(connection: Connection, key: str) -> list[str]:
    """The keys of a document and of its memos."""
    memos = connection.scalars(select(documents.c.key).where(documents.c.order_key == key))
    return [key, *memos]


def _erase_one(connection: Connection, key: str, kept: Kept) -> int:
    said = kept.reasons.get(key, FORGOTTEN)
    told = kept.problems.get(key, "[]")
    of_it = decisions.c.document == key
    changes: tuple[Update, ...] = (
        update(audit)
        .where(audit.c.document == key, audit.c.details.is_not(None))
        .values(details=None, salt=None),
        update(documents)
        .where(documents.c.key == key, or_(documents.c.reason != "", documents.c.problems != "[]"))
        .values(reason=said, problems=told),
        update(decisions).where(of_it, decisions.c.reason != "").values(reason=FORGOTTEN),
        update(entries)
        .where(entries.c.document == key, entries.c.message != "")
        .values(message=FORGOTTEN),
        update(plans).where(plans.c.document == key, plans.c.reason != "").values(reason=FORGOTTEN),
    )
    changed = sum(connection.execute(one).rowcount for one in changes)
    closed = select(plans.c.seq).where(
        plans.c.document == key, plans.c.state != PlanState.OPEN.value, plans.c.content != ""
    )
    for seq in connection.scalars(closed).all():
        content = kept.contents.get(seq, "")
        connection.execute(update(plans).where(plans.c.seq == seq).values(content=content))
        changed += 1
    # What was agreed of a customer, how an order looks beside the books, and addresses under which
    # anybody may read its printed documents.
    names = or_(
        memory.c.name.in_([f"agreed:{key}", f"beside:{key}"]),
        memory.c.name.startswith(f"pdf:{key}:", autoescape=True),
    )
    return changed + connection.execute(delete(memory).where(names)).rowcount
