"""Telling whether two states of one record mean the same, and where they differ.

KashFlow says "nothing" in many ways: null, an empty text, 0, false and an empty list mean the
same here. Numbers are compared by value, lists by their rows' own order. A key that only one of
two readings has says nothing about an edit: answers gain and lose keys; see `completed`.
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
    """The paths at which two readings of a record contradict each other, with both values."""
    return [*_contradicting(_without(one, ignoring), _without(other, ignoring), "")]


def completed(one: JsonObject, other: JsonObject) -> JsonObject:
    """The first reading, with the keys that only the second one has."""
    return {
        **{name: value for name, value in other.items() if name not in one},
        **{name: _completed(value, other.get(name)) for name, value in one.items()},
    }


def _completed(one: Json, other: Json) -> Json:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return completed(one, other)
    if isinstance(one, list) and isinstance(other, list) and _places(one) == _places(other):
        return [_completed(left, right) for left, right in zip(one, other)]
    return one


def unconfirmed(
    before: JsonObject, written: JsonObject, told: JsonObject, counting: Shape
) -> list[str]:
    """Where what reads back is not what was written, among the keys that count.

    What said nothing before and was written as nothing is KashFlow's to fill in, such as the
    address of an invoice; so is what is left out of a row or a nested object: the name of a
    contact, the number of a new line. A key that nobody knows must not have vanished.
    """
    lost = [
        f"{name}: {_shown(value)} -> gone"
        for name, value in written.items()
        if name not in told and not _is_nothing(value)
    ]
    changed = [
        difference
        for name, inner in counting.items()
        if not (_is_nothing(before.get(name)) and _is_nothing(written.get(name)))
        for difference in _unlike(written.get(name), told.get(name), inner, name)
    ]
    return [*changed, *lost]


def _without(record: JsonObject, names: frozenset[str]) -> JsonObject:
    return {name: value for name, value in record.items() if name not in names}


def _unlike(written: Json, told: Json, counting: Shape | None, place: str) -> Iterator[str]:
    if counting is None:
        yield from _differing(written, told, place)
    elif isinstance(written, Mapping) and isinstance(told, Mapping):
        for name in counting:
            if name in written:
                yield from _unlike(written[name], told.get(name), counting[name], f"{place}.{name}")
    elif isinstance(written, list) and isinstance(told, list) and len(written) == len(told):
        for number, (left, right) in enumerate(zip(_ordered(written), _ordered(told))):
            yield from _unlike(left, right, counting, f"{place}[{number}]")
    else:
        yield from _differing(written, told, place)


def _contradicting(one: Json, other: Json, place: str) -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in one:
            if name in other:
                inner = f"{place}.{name}".lstrip(".")
                yield from _contradicting(one[name], other[name], inner)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(_ordered(one), _ordered(other))):
            yield from _contradicting(left, right, f"{place}[{number}]")
    else:
        yield from _differing(one, other, place)


def _differing(one: Json, other: Json, place: str) -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in (*one, *(name for name in other if name not in one)):
            yield from _differing(one.get(name), other.get(name), f"{place}.{name}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(_ordered(one), _ordered(other))):
            yield from _differing(left, right, f"{place}[{number}]")
    elif _plain(one) != _plain(other):
        yield f"{place}: {_shown(one)} -> {_shown(other)}"


def _ordered(rows: list[Json]) -> list[Json]:
    # A row's number gives its place; new rows, written with 0, come last, as they will stand.
    return sorted(rows, key=_place)


def _places(rows: list[Json]) -> list[Decimal]:
    return [_place(row) for row in rows]


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
    if isinstance(value, Mapping | list):
        return f"{len(value)} entries"
    return "nothing" if _is_nothing(value) else str(value)
