"""Documents, decisions, bindings and the memory in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from attrs import astuple
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from kashmag.errors import TiedOtherwiseError
from kashmag.logbook.database.inserting import put
from kashmag.logbook.database.tables import bindings, decisions, documents, memory
from kashmag.logbook.database.trail import now_text
from kashmag.logbook.documents import Belonging, DocumentRecord, PersonDecision, Verb
from kashmag.logbook.entries import Binding
from kashmag.rest.codec import Json, JsonObject, dumps, loads

_BELONGS: Final = ("belongs.shop", "belongs.account", "belongs.environment")
_TEXT: Final = select(memory.c.value).where(memory.c.name == bindparam("of"))
_DOCUMENTS: Final = select(documents).where(documents.c.key.in_(bindparam("keys", expanding=True)))
_ADD_DOCUMENT: Final = insert(documents)
_CHANGE_DOCUMENT: Final = update(documents).where(documents.c.key == bindparam("of"))
_DECISIONS: Final = (
    select(decisions).where(decisions.c.document == bindparam("about")).order_by(decisions.c.seq)
)


def recall(connection: Connection, name: str) -> str | None:
    """A remembered text."""
    found = connection.execute(_TEXT, {"of": name}).scalar()
    return cast("str | None", found)


def remember(connection: Connection, name: str, value: str) -> None:
    """Write a text under a name."""
    values = {"value": value, "changed_at": now_text()}
    put(connection, memory, {"name": name}, values)


def belonging(connection: Connection) -> Belonging:
    """What the logbook is about, as far as it is known."""
    return Belonging(*(recall(connection, name) or "" for name in _BELONGS))


def note_belonging(connection: Connection, ours: Belonging, known: Belonging) -> None:
    """Remember what the logbook is about, where that is not known yet."""
    for name, new, old in zip(_BELONGS, astuple(ours), astuple(known), strict=True):
        if not old:
            remember(connection, name, new)


def note_read(connection: Connection, read: Sequence[DocumentRecord]) -> None:
    """Insert what is new; what is known stays as it is."""
    keys = [one.key for one in read]
    known = set(connection.scalars(select(documents.c.key).where(documents.c.key.in_(keys))))
    new = {one.key: one for one in read if one.key not in known}
    if new:
        connection.execute(insert(documents), [_first_read(one) for one in new.values()])


def note_unfinished(connection: Connection, about: DocumentRecord) -> None:
    """Know that something is being done about a document, and its outcome not told yet."""
    note_read(connection, [about])
    connection.execute(_CHANGE_DOCUMENT, {"of": about.key, "finished_at": ""})


def note_finished(connection: Connection, done: DocumentRecord) -> bool:
    """Write what became of a document; tell whether that is news."""
    before = document(connection, done.key)
    became = {
        "outcome": done.outcome,
        "reason": done.reason,
        "revision": done.revision,
        "codes": dumps(list(done.codes)).decode(),
        "problems": dumps(list(done.problems)).decode(),
        "run": done.run,
        "finished_at": now_text(),
    }
    if before is None:
        connection.execute(_ADD_DOCUMENT, {**_first_read(done), **became})
        return True
    connection.execute(_CHANGE_DOCUMENT, {"of": done.key, **became})
    return (before.outcome, before.reason) != (done.outcome, done.reason)


def _first_read(one: DocumentRecord) -> dict[str, str]:
    return {
        "key": one.key,
        "kind": one.kind,
        "number": one.number,
        "entity_id": one.entity_id,
        "store_id": one.store_id,
        "order_key": one.order,
        "first_read_at": now_text(),
    }


def document(connection: Connection, key: str) -> DocumentRecord | None:
    """One document."""
    return read_before(connection, [key]).get(key)


def read_before(connection: Connection, keys: Sequence[str]) -> dict[str, DocumentRecord]:
    """Those of these documents that were read, by key."""
    found = connection.execute(_DOCUMENTS, {"keys": list(keys)})
    return {one.key: one for one in map(_document, found)}


def numbered(connection: Connection, number: str) -> list[DocumentRecord]:
    """Documents with this number."""
    found = connection.execute(
        select(documents).where(documents.c.number == number).order_by(documents.c.seq)
    )
    return [_document(one) for one in found]


def memos_of(connection: Connection, order: str) -> list[DocumentRecord]:
    """The credit memos of this order."""
    found = connection.execute(
        select(documents).where(documents.c.order_key == order).order_by(documents.c.seq)
    )
    return [_document(one) for one in found]


def with_outcomes(
    connection: Connection,
    outcomes: Sequence[str],
    *,
    kind: str,
    marked: str,
    but_not: str,
    after: int,
    limit: int,
) -> list[DocumentRecord]:
    """Documents with one of these outcomes, by sequence."""
    chosen = select(documents).where(documents.c.outcome.in_(outcomes), documents.c.seq > after)
    if kind:
        chosen = chosen.where(documents.c.kind == kind)
    if marked:
        chosen = chosen.where(
            documents.c.revision.startswith(marked, autoescape=True),
            documents.c.revision != but_not,
        )
    found = connection.execute(chosen.order_by(documents.c.seq).limit(limit))
    return [_document(one) for one in found]


def troubled(connection: Connection, *, kind: str, after: int, limit: int) -> list[DocumentRecord]:
    """Documents that are not finished with, by sequence."""
    chosen = select(documents).where(
        or_(
            documents.c.outcome.in_(["", "held", "failed"]),
            documents.c.codes != "[]",
            documents.c.finished_at == "",
        ),
        documents.c.seq > after,
    )
    if kind:
        chosen = chosen.where(documents.c.kind == kind)
    found = connection.execute(chosen.order_by(documents.c.seq).limit(limit))
    return [_document(one) for one in found]


def counts(connection: Connection) -> Mapping[str, int]:
    """Documents by outcome."""
    found = connection.execute(
        select(documents.c.outcome, func.count()).group_by(documents.c.outcome)
    )
    return {str(outcome): int(count) for outcome, count in found}


def decide(connection: Connection, decision: PersonDecision) -> None:
    """Add a decision."""
    connection.execute(
        insert(decisions).values(
            document=decision.document,
            verb=decision.verb.value,
            reason=decision.reason,
            who=decision.who,
            key=decision.key,
            at=now_text(),
        )
    )


def decided(connection: Connection, document_key: str) -> tuple[PersonDecision, ...]:
    """All decisions about a document, oldest first."""
    found = connection.execute(_DECISIONS, {"about": document_key})
    return tuple(
        PersonDecision(
            one.document, Verb(one.verb), reason=one.reason, who=one.who, key=one.key, at=one.at
        )
        for one in found
    )


def bind(connection: Connection, new: Binding) -> bool:
    """Tie source and target; tell whether that is news, TiedOtherwiseError when either is tied."""
    known = [
        _binding(one)
        for one in connection.execute(
            select(bindings).where(
                or_(
                    bindings.c.source == new.source,
                    (bindings.c.kind == new.kind) & (bindings.c.target == new.target),
                )
            )
        )
    ]
    for one in known:
        if (one.source, one.kind, one.target) != (new.source, new.kind, new.target):
            raise TiedOtherwiseError(
                f"{new.source} cannot be tied to {new.kind} {new.target}: "
                f"{one.source} is tied to {one.kind} {one.target}"
            )
    if known:
        return False
    connection.execute(
        insert(bindings).values(
            source=new.source,
            kind=new.kind,
            target=new.target,
            document=new.document,
            adopted=new.is_adopted,
            bound_at=now_text(),
        )
    )
    return True


def unbind(connection: Connection, source: str) -> Binding | None:
    """Untie a source; return what it was tied to."""
    found = binding(connection, source)
    connection.execute(delete(bindings).where(bindings.c.source == source))
    return found


def binding(connection: Connection, source: str) -> Binding | None:
    """What a source is tied to."""
    found = connection.execute(select(bindings).where(bindings.c.source == source)).first()
    return _binding(found) if found else None


def bound_to(connection: Connection, kind: str, target: str) -> Binding | None:
    """What a target is tied to."""
    found = connection.execute(
        select(bindings).where(bindings.c.kind == kind, bindings.c.target == target)
    ).first()
    return _binding(found) if found else None


def bindings_of(connection: Connection, document_key: str) -> tuple[Binding, ...]:
    """Bindings of one document, oldest first."""
    found = connection.execute(
        select(bindings).where(bindings.c.document == document_key).order_by(bindings.c.seq)
    )
    return tuple(_binding(one) for one in found)


def bindings_after(connection: Connection, kind: str, *, after: str, limit: int) -> list[Binding]:
    """Bindings of one kind by source."""
    found = connection.execute(
        select(bindings)
        .where(bindings.c.kind == kind, bindings.c.source > after)
        .order_by(bindings.c.source)
        .limit(limit)
    )
    return [_binding(one) for one in found]


def _document(row: Row[tuple[object, ...]]) -> DocumentRecord:
    codes = cast("Sequence[Json]", loads(row.codes))
    problems = cast("Sequence[JsonObject]", loads(row.problems))
    return DocumentRecord(
        row.key,
        kind=row.kind,
        number=row.number,
        entity_id=row.entity_id,
        store_id=row.store_id,
        order=row.order_key,
        revision=row.revision,
        outcome=row.outcome,
        reason=row.reason,
        codes=tuple(str(one) for one in codes),
        problems=tuple(problems),
        run=row.run,
        seq=row.seq,
        first_read_at=row.first_read_at,
        finished_at=row.finished_at,
    )


def _binding(row: Row[tuple[object, ...]]) -> Binding:
    return Binding(
        row.source,
        row.kind,
        target=row.target,
        document=row.document,
        is_adopted=bool(row.adopted),
    )
