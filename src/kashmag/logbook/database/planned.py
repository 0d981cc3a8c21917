"""Stored plans and entries in SQL. Which moves there are: `kashmag.logbook.states`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from kashmag.errors import LogbookError
from kashmag.logbook.database.tables import entries, plans
from kashmag.logbook.database.trail import now_text, time_text
from kashmag.logbook.entries import Entry, NewEntry, PlanState, StoredPlan
from kashmag.logbook.instants import Instant
from kashmag.logbook.states import SETTLED, State, may_have_happened

_OPENED: Final = select(plans).where(
    plans.c.document == bindparam("of"), plans.c.state == PlanState.OPEN.value
)
_DONE_BY_OTHERS: Final = (
    select(entries)
    .where(
        entries.c.kind == bindparam("of"),
        entries.c.changed_at >= bindparam("since"),
        entries.c.state == State.DONE.value,
        entries.c.owner != bindparam("me"),
    )
    .order_by(entries.c.seq)
)
_SAME_DEEDS: Final = (
    select(entries)
    .where(
        entries.c.reference == bindparam("trace"),
        entries.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(entries.c.seq)
)


def open_plan(
    connection: Connection, document: str, new: Sequence[NewEntry], *, digest: str, content: str
) -> StoredPlan:
    """Store a plan with its entries, PLANNED; LogbookError while another one is open."""
    if opened(connection, document) is not None:
        raise LogbookError(f"{document} has an open plan: finish or drop it first")
    at = now_text()
    placed = connection.execute(
        insert(plans).values(
            document=document, digest=digest, content=content,
            state=PlanState.OPEN.value, opened_at=at,
        )
    )  # fmt: skip
    key = placed.inserted_primary_key
    seq = int(key[0]) if key else 0
    for position, entry in enumerate(new):
        connection.execute(
            insert(entries).values(
                key=entry.key,
                plan=seq,
                document=document,
                position=position,
                kind=entry.kind,
                reference=entry.reference,
                fingerprint=entry.fingerprint,
                state=State.PLANNED.value,
                changed_at=at,
            )
        )
    return _whole(connection, seq)


def opened(connection: Connection, document: str) -> StoredPlan | None:
    """The open plan of a document."""
    found = connection.execute(_OPENED, {"of": document}).first()
    return _plan(connection, found) if found else None


def opened_after(connection: Connection, seq: int, *, limit: int) -> list[StoredPlan]:
    """Open plans by sequence."""
    found = connection.execute(
        select(plans)
        .where(plans.c.state == PlanState.OPEN.value, plans.c.seq > seq)
        .order_by(plans.c.seq)
        .limit(limit)
    ).all()
    return [_plan(connection, one) for one in found]


def of_document(connection: Connection, document: str) -> tuple[StoredPlan, ...]:
    """Every plan of a document, oldest first."""
    found = connection.execute(
        select(plans).where(plans.c.document == document).order_by(plans.c.seq)
    ).all()
    return tuple(_plan(connection, one) for one in found)


def finish(connection: Connection, plan: StoredPlan) -> None:
    """Close a plan; LogbookError when an entry of it is not settled."""
    left = [e for e in _whole(connection, plan.seq).entries if e.state not in SETTLED]
    if left:
        raise LogbookError(f"{left[0].key} is {left[0].state.value}: the plan cannot be closed")
    _close(connection, plan.seq, PlanState.FINISHED, "")


def drop(connection: Connection, plan: StoredPlan, reason: str) -> None:
    """Give up what is left of a plan; LogbookError when something of it may have happened."""
    now = _whole(connection, plan.seq)
    for entry in now.entries:
        if may_have_happened(entry.state):
            raise LogbookError(
                f"the fate of {entry.key} is unknown: run again first (kashmag sync orders), which "
                "looks for it"
            )
    for entry in now.entries:
        if entry.state not in SETTLED:
            change(connection, entry, State.DROPPED, {"message": reason})
    _close(connection, plan.seq, PlanState.DROPPED, reason)


def change(connection: Connection, entry: Entry, state: State, values: dict[str, object]) -> Entry:
    """Set the state of an entry that is still as we know it; LogbookError when it is not."""
    changed = connection.execute(
        update(entries)
        .where(entries.c.seq == entry.seq, entries.c.state == entry.state.value)
        .values(state=state.value, changed_at=now_text(), **values)
    )
    if changed.rowcount != 1:
        raise LogbookError(f"{entry.key} is no longer {entry.state.value}: look again")
    return read(connection, entry.seq)


def set_confirmed(connection: Connection, entry: Entry) -> Entry:
    """Mark a DONE entry as read back."""
    connection.execute(
        update(entries)
        .where(entries.c.seq == entry.seq, entries.c.state == State.DONE.value)
        .values(confirmed=True, changed_at=now_text())
    )
    return read(connection, entry.seq)


def read(connection: Connection, seq: int) -> Entry:
    """One entry as it stands."""
    return _entry(connection.execute(select(entries).where(entries.c.seq == seq)).one())


def same_deeds(connection: Connection, reference: str, kinds: Sequence[str]) -> tuple[Entry, ...]:
    """Entries of these kinds with one trace, oldest first."""
    found = connection.execute(_SAME_DEEDS, {"trace": reference, "kinds": tuple(kinds)})
    return tuple(_entry(one) for one in found)


def with_key(connection: Connection, key: str) -> tuple[Entry, ...]:
    """Entries of one deed, oldest first."""
    found = connection.execute(select(entries).where(entries.c.key == key).order_by(entries.c.seq))
    return tuple(_entry(one) for one in found)


def in_states(
    connection: Connection, states: Sequence[State], *, after: int, limit: int
) -> list[Entry]:
    """Entries in some states, by sequence."""
    found = connection.execute(
        select(entries)
        .where(entries.c.state.in_([s.value for s in states]), entries.c.seq > after)
        .order_by(entries.c.seq)
        .limit(limit)
    )
    return [_entry(one) for one in found]


def done_by_others(
    connection: Connection, kind: str, owner: str, *, within: timedelta
) -> list[Entry]:
    """DONE entries of one kind, changed within a while, that are not this owner's."""
    since = time_text(datetime.now(UTC) - within)
    return [
        _entry(one)
        for one in connection.execute(_DONE_BY_OTHERS, {"of": kind, "me": owner, "since": since})
    ]


def _close(connection: Connection, seq: int, state: PlanState, reason: str) -> None:
    closed = connection.execute(
        update(plans)
        .where(plans.c.seq == seq, plans.c.state == PlanState.OPEN.value)
        .values(state=state.value, reason=reason, closed_at=now_text())
    )
    if closed.rowcount != 1:
        raise LogbookError(f"plan {seq} is closed already")


def _whole(connection: Connection, seq: int) -> StoredPlan:
    return _plan(connection, connection.execute(select(plans).where(plans.c.seq == seq)).one())


def _plan(connection: Connection, row: Row[tuple[object, ...]]) -> StoredPlan:
    rows = connection.execute(
        select(entries).where(entries.c.plan == row.seq).order_by(entries.c.position)
    )
    return StoredPlan(
        row.seq,
        row.document,
        digest=row.digest,
        content=row.content,
        state=PlanState(row.state),
        reason=row.reason,
        opened_at=row.opened_at,
        entries=tuple(_entry(one) for one in rows),
    )


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    sent = None if row.sent_seconds is None else Instant(row.sent_boot, row.sent_seconds)
    return Entry(
        row.seq,
        row.key,
        plan=row.plan,
        document=row.document,
        position=row.position,
        kind=row.kind,
        reference=row.reference,
        fingerprint=row.fingerprint,
        state=State(row.state),
        number=row.number,
        attempts=row.attempts,
        message=row.message,
        code=row.code,
        owner=row.owner,
        sent=sent,
        changed_at=row.changed_at,
        is_confirmed=bool(row.confirmed),
        is_adopted=bool(row.adopted),
    )
