"""The audit trail in SQL: rows, heads, erasing."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from attrs import asdict, evolve
from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, text, update

from kashmag.logbook import audit as audit_rules
from kashmag.logbook.audit import BEGUN, AuditRow, Examined, Head, digest_of, hash_of, naming
from kashmag.logbook.database.tables import UNNAMED, audit, audit_heads
from kashmag.rest.codec import Json, dumps

# Made once: what every document needs is not put together anew for each of them.
# Locked before the row gets its place in the sequence: whoever names a head at the same moment
# comes after the row, or before it.
_HEAD: Final = (
    select(audit_heads.c.position, audit_heads.c.hash)
    .where(audit_heads.c.writer == bindparam("of"))
    .with_for_update()
)
# A head that is moving just now is named by the next one to begin.
_UNNAMED: Final = (
    select(audit_heads).where(text(UNNAMED)).order_by(audit_heads.c.writer)
).with_for_update(skip_locked=True)
_SET_NAMED: Final = (
    update(audit_heads).where(audit_heads.c.writer == bindparam("of")).values(named=True)
)
_ADD_ROW: Final = insert(audit)
_ADD_HEAD: Final = insert(audit_heads)
_MOVE_HEAD: Final = update(audit_heads).where(audit_heads.c.writer == bindparam("of"))


def now_text() -> str:
    """The time of day in UTC, for people."""
    return time_text(datetime.now(UTC))


def time_text(at: datetime) -> str:
    """A time of day as it is written here: later ones sort after earlier ones."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def tell(
    connection: Connection,
    writer: str,
    what: str,
    *,
    document: str,
    details: Mapping[str, Json] | None = None,
) -> None:
    """Add one row to the chain of `writer`; before its first, one that names what was before."""
    found = connection.execute(_HEAD, {"of": writer}).first()
    if found is not None:
        head = Head(writer, found.position, found.hash)
        _move(connection, _add(connection, head, what, document=document, details=details))
        return
    unnamed = [Head(one.writer, one.position, one.hash) for one in connection.execute(_UNNAMED)]
    if unnamed:
        connection.execute(_SET_NAMED, [{"of": one.writer} for one in unnamed])
    begun = Head(writer, 0, _newest_hash(connection))
    begun = _add(connection, begun, BEGUN, document="", details=naming(unnamed))
    head = _add(connection, begun, what, document=document, details=details)
    connection.execute(
        _ADD_HEAD, {"writer": writer, "position": head.position, "hash": head.hash, "named": False}
    )


def _move(connection: Connection, head: Head) -> None:
    moved = {"position": head.position, "hash": head.hash, "named": False}
    connection.execute(_MOVE_HEAD, {"of": head.writer, **moved})


def _add(
    connection: Connection,
    head: Head,
    what: str,
    *,
    document: str,
    details: Mapping[str, Json] | None,
) -> Head:
    """Add a row after the head of a chain; return the new head."""
    said = dumps(dict(details or {})).decode()
    salt = secrets.token_hex(16)
    row = AuditRow(
        0,
        head.writer,
        head.position + 1,
        at=now_text(),
        what=what,
        document=document,
        details=said,
        salt=salt,
        digest=digest_of(said, salt),
        previous=head.hash,
        hash="",
    )
    row = evolve(row, hash=hash_of(row))
    added = asdict(row)
    del added["seq"]
    connection.execute(_ADD_ROW, added)
    return Head(head.writer, row.position, row.hash)


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


def heads(connection: Connection) -> list[Head]:
    """The head of every chain."""
    return [
        Head(one.writer, one.position, one.hash, is_named=bool(one.named))
        for one in connection.execute(select(audit_heads))
    ]


def settled(connection: Connection) -> int:
    """The place in the sequence before which no row can appear any more."""
    if connection.dialect.name == "postgresql":
        # Waits for whoever has a place already and has not committed: others may overtake.
        connection.execute(text("LOCK TABLE audit IN SHARE MODE"))
    return int(connection.execute(select(func.max(audit.c.seq))).scalar() or 0)


def examine(connection: Connection, *, expected: str, settled: int) -> Examined:
    """Go through the whole trail as it is at one moment, whoever writes meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    return audit_rules.examine(
        all_rows(connection), heads(connection), expected=expected, settled=settled
    )


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
