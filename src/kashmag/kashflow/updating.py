"""Updates that lose nothing: read, change, look again, write, read back, compare.

KashFlow replaces the whole record on every write and knows neither versions nor conditions. So an
update holds a claim on the document within this client, sends back every key that it has read,
and refuses when somebody else's edit can be seen. What cannot be closed is the time between our
second reading and the arrival of our write: an edit by a bookkeeper in exactly that moment is
overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

from attrs import field, frozen

from kashmag.errors import (
    BrokenError,
    ConflictError,
    NoAnswerError,
    RemoteError,
    UnexpectedPayloadError,
)
from kashmag.kashflow import codec
from kashmag.kashflow.comparing import Shape, completed, differences, unconfirmed
from kashmag.kashflow.connection import Connection
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_FEWEST_LOOKS: Final = 2


def _no_objection(_: object) -> str | None:
    return None


@frozen(kw_only=True)
class Updatable(Generic[K, T]):
    """How records of one noun are read, replaced and compared.

    `counting` are the keys that must read back as written; `volatile` those that change without
    an edit. `objection` says why a record must not be rewritten at all.
    """

    noun: str
    get: Callable[[K], Operation[T]]
    replace: Callable[[K, T], Operation[None]]
    key: Callable[[T], K | None]
    counting: Shape
    volatile: frozenset[str] = frozenset()
    objection: Callable[[T], str | None] = field(default=_no_objection)


@frozen
class Update(Generic[K, T]):
    """An update that is wanted: of which record, and what it makes of it.

    `seen` is the record as the caller last saw it; the update is refused if it has changed.
    """

    key: K
    change: Callable[[T], T]
    seen: T | None = None


async def update(
    connection: Connection,
    noun: Updatable[K, T],
    wanted: Update[K, T],
    options: Options | None = None,
) -> T:
    """Carry out an update and return the record as it reads back.

    Raises:
        ConflictError: the record has changed meanwhile or must not be rewritten; nothing was sent.
        UnexpectedPayloadError: it was written, but reads back otherwise; `paths` says where.
        NoAnswerError, BrokenError: the write's fate is unknown, and it does not read back.
    """
    async with connection.claims.of((noun.noun, wanted.key)):
        before = await connection.call(noun.get(wanted.key), options)
        _refuse_if(noun, wanted.key, noun.objection(before))
        if wanted.seen is not None:
            _refuse_edit(noun, wanted.key, wanted.seen, before)
        after = wanted.change(before)
        if after == before:
            return before
        again = await connection.call(noun.get(wanted.key), options)
        _refuse_edit(noun, wanted.key, before, again)
        whole = _whole(before, again)
        if whole != before:
            # One of the two answers had lost a key; what is written must not lose it.
            _refuse_if(noun, wanted.key, noun.objection(whole))
            before, after = whole, wanted.change(whole)
        return await _write(connection, noun, _Change(wanted.key, before, after), options)


@frozen
class _Change(Generic[K, T]):
    key: K
    before: T
    after: T


async def _write(
    connection: Connection, noun: Updatable[K, T], change: _Change[K, T], options: Options | None
) -> T:
    lost: NoAnswerError | BrokenError | None = None
    try:
        await connection.call(noun.replace(change.key, change.after), options)
    except (NoAnswerError, BrokenError) as error:
        lost = error
    try:
        told, differing = await _read_back(connection, noun, change)
    except RemoteError as error:
        # Nothing could be read: what was sent may have been written, whatever became of reading.
        raise lost or NoAnswerError(f"it was written, and not read back: {error}") from error
    if not differing:
        return told
    if lost is not None:
        raise lost
    raise UnexpectedPayloadError(
        f"{noun.noun} {change.key} was written but reads back otherwise: "
        + "; ".join(differing[:5]),
        paths=tuple(differing),
    )


async def _read_back(
    connection: Connection, noun: Updatable[K, T], change: _Change[K, T]
) -> tuple[T, list[str]]:
    """Read until it is confirmed, or surely not the old record any more.

    A few looks are taken in any case: an answer may lack a key that the next one has.
    """
    written, old = codec.write(change.after), codec.write(change.before)
    told, differing = change.before, ["nothing was read back"]
    async for look in connection.looks():
        told = await connection.call_once_visible(noun.get(noun.key(change.after) or change.key))
        shown = codec.write(told)
        differing = unconfirmed(old, written, shown, noun.counting)
        is_old = not differences(old, shown, ignoring=noun.volatile)
        if not differing or (look >= _FEWEST_LOOKS and not is_old):
            break
    return told, differing


def _whole(one: T, other: T) -> T:
    whole = completed(codec.write(one), codec.write(other))
    return codec.read(type(one), whole)


def _refuse_if(noun: Updatable[K, T], key: K, reason: str | None) -> None:
    if reason:
        raise ConflictError(f"{noun.noun} {key} is not rewritten: {reason}")


def _refuse_edit(noun: Updatable[K, T], key: K, one: T, other: T) -> None:
    differing = differences(codec.write(one), codec.write(other), ignoring=noun.volatile)
    if differing:
        raise ConflictError(
            f"{noun.noun} {key} has been edited meanwhile: " + "; ".join(differing[:5])
        )
