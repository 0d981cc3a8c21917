"""The audit trail in SQL: rows, heads, erasing."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from attrs import asdict, evolve
from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from kashmag.logbook.audit import AuditRow, digest_of, hash_of
from kashmag.logbook.database.tables import audit, audit_heads
from kashmag.rest.codec import Json, dumps

# Made once: what every document needs is not put together anew for each of them.
_HEAD: Final = select(audit_heads.c.position, audit_heads.c.hash).where(
    audit_heads.c.writer == bindparam("of")
)
_ADD_ROW: Final = insert(audit)
_ADD_HEAD: Final = insert(audit_heads)
_MOVE_HEAD: Final = update(audit_heads).where(audit_heads.c.writer == bindparam("of"))


def now_text() -> str:
    """The time of day in UTC, for people."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def tell(
    connection: Connection,
    writer: str,
    what: str,
    *,
    document: str,
    details: Mapping[str, Json] | None = None,
) -> None:
    """Add one row to the chain of `writer`."""
    head = connection.execute(_HEAD, {"of": writer}).first()
    said = dumps(dict(details or {})).decode()
    salt = secrets.token_hex(16)
    row = AuditRow(
        0,
        writer,
        head.position + 1 if head else 1,
        at=now_text(),
        what=what,
        document=document,
        details=said,
        salt=salt,
        digest=digest_of(said, salt),
        previous=head.hash if head else _newest_hash(connection),
        hash="",
    )
    row = evolve(row, hash=hash_of(row))
    added = asdict(row)
    del added["seq"]
    connection.execute(_ADD_ROW, added)
    new_head = {"position": row.position, "hash": row.hash}
    if head:
        connection.execute(_MOVE_HEAD, {"of": writer, **new_head})
    else:
        connection.execute(_ADD_HEAD, {"writer": writer, **new_head})


def story(connection: Connection, document: str) -> tuple[AuditRow, ...]:
    """Everything about one document, oldest first."""
    chosen = select(audit).where(audit.c.document == document).order_by(audit.c.seq)
    return tuple(_row(one) for one in connection.execute(chosen))


def all_rows(connection: Connection, *, at_once: int = 1000) -> Iterator[AuditRow]:
    """The whole trail by sequence, without holding it in memory."""
    after = 0
    while True:
        chosen: Select[tuple[object, ...]] = (
            select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(at_once)
        )
        rows = connection.execute(chosen).all()
        yield from (_row(one) for one in rows)
        if len(rows) < at_once:
            return
        after = rows[-1].seq


def heads(connection: Connection) -> list[tuple[str, int, str]]:
    """Writer, last position and last hash of every chain."""
    return [(one.writer, one.position, one.hash) for one in connection.execute(select(audit_heads))]


def _newest_hash(connection: Connection) -> str:
    newest = connection.execute(select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1))
    return str(newest.scalar() or "")


def _row(one: Row[tuple[object, ...]]) -> AuditRow:
    return AuditRow(
        one.seq,
        one.writer,
        one.position,
        at=one.at,
        what=one.what,
        document=one.document,
        details=one.details,
        salt=one.salt,
        digest=one.digest,
        previous=one.previous,
        hash=one.hash,
    )
