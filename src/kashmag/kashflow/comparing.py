"""Telling whether two states of one record mean the same, and where they differ.

KashFlow says "nothing" in many ways: null, an empty text, 0, false, an empty list or no key at
all mean the same here. Numbers are compared by value, lists by their rows' own order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from kashmag.rest.codec import Json, JsonObject

# Which keys of a record are its owner's to set, and so must read back as they were written. A
# key without a shape of its own is compared whole.
Shape: TypeAlias = Mapping[str, "Shape | None"]


def shape(names: str, **nested: Shape) -> Shape:
    """The keys that count: plain ones as words of a text, nested ones with their own shape."""
    return {**dict.fromkeys(names.split()), **nested}


def differences(one: JsonObject, other: JsonObject, *, ignoring: frozenset[str]) -> list[str]:
    """The paths at which two states of a record differ, each with both values."""
    return [*_differing(_without(one, ignoring), _without(other, ignoring), "")]


def unconfirmed(written: JsonObject, told: JsonObject, counting: Shape) -> list[str]:
    """Where what reads back is not what was written, among the keys that count.

    A new row was written with the number 0 and reads back with its own. A key that nobody knows
    must not have vanished.
    """
    lost = [
        f"{name}: {_shown(value)} -> gone"
        for name, value in written.items()
        if name not in told and not _is_nothing(value)
    ]
    return [*_differing(_part(written, counting), _part(told, counting), ""), *lost]


def _without(record: JsonObject, names: frozenset[str]) -> JsonObject:
    return {name: value for name, value in record.items() if name not in names}


def _part(value: Json, counting: Shape) -> Json:
    if isinstance(value, Mapping):
        return {
            name: value[name] if inner is None else _part(value[name], inner)
            for name, inner in counting.items()
            if name in value
        }
    if _is_list(value):
        assert isinstance(value, list | tuple)
        return [_part(row, counting) for row in value]
    return value


def _differing(one: Json, other: Json, place: str) -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in (*one, *(name for name in other if name not in one)):
            yield from _differing(one.get(name), other.get(name), f"{place}.{name}".lstrip("."))
    elif _is_list(one) and _is_list(other) and _length(one) == _length(other):
        assert isinstance(one, list | tuple)
        assert isinstance(other, list | tuple)
        for number, (left, right) in enumerate(zip(_ordered(one), _ordered(other))):
            yield from _differing(left, right, f"{place}[{number}]")
    elif _plain(one) != _plain(other):
        yield f"{place}: {_shown(one)} -> {_shown(other)}"


def _is_list(value: Json) -> bool:
    return isinstance(value, list | tuple)


def _length(value: Json) -> int:
    return len(value) if isinstance(value, list | tuple) else 0


def _ordered(rows: list[Json] | tuple[Json, ...]) -> list[Json]:
    # A row's number gives its place; new rows, written with 0, come last, as they will stand.
    return sorted(rows, key=_place)


def _place(row: Json) -> Decimal:
    if not isinstance(row, Mapping):
        return Decimal(0)
    number = row.get("Number") or row.get("Id")
    return Decimal(number) if isinstance(number, int | Decimal) and number else Decimal("Infinity")


def _is_nothing(value: Json) -> bool:
    return not value or (isinstance(value, Mapping) and all(map(_is_nothing, value.values())))


def _plain(value: Json) -> Json:
    if _is_nothing(value):
        return None
    return Decimal(value) if isinstance(value, int) else value


def _shown(value: Json) -> str:
    if isinstance(value, Mapping | list | tuple):
        return f"{len(value)} entries"
    return "nothing" if _is_nothing(value) else str(value)
