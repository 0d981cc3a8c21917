"""Plain data into attrs records, by their annotations; each fault as one sentence with its place.

Knows no setting by name. A fault names the file, the path of the key and the nearest valid one.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs
from attrs import field, frozen

from kashmag.plans.cures import nearest

T = TypeVar("T")


class Faults:
    """What is wrong with the settings, all of it, in the order of reading."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, sentence: str) -> None:
        """Remember one fault."""
        self.sentences.append(sentence)


@frozen
class Place:
    """A key and the file it stands in: `kashmag.toml: policy.numbering`."""

    file: str
    path: str = ""
    faults: Faults = field(factory=Faults, kw_only=True, eq=False, repr=False)

    def __truediv__(self, key: str) -> Place:
        return attrs.evolve(self, path=f"{self.path}.{key}" if self.path else key)

    def __str__(self) -> str:
        return f"{self.file}: {self.path}"

    def wrong(self, what: str) -> None:
        """Remember a fault at this place."""
        self.faults.add(f"{self} {what}")


class _Wrong:
    """Stands for a value that could not be read; its fault is remembered already."""


WRONG: Final = _Wrong()


def table(told: object, place: Place, known: Iterable[str]) -> dict[str, object]:
    """The known keys of a table; each other key is a fault."""
    if not isinstance(told, Mapping):
        place.wrong(f"must be a table, not {_said(told)}")
        return {}
    names = tuple(known)
    for key in told:
        if key not in names:
            (place / str(key)).wrong(f"is no setting; {nearest(str(key), names)}")
    return {str(key): value for key, value in told.items() if key in names}


def fields_of(kind: type[object]) -> dict[str, object]:
    """The fields of a record with their annotations."""
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in attrs.fields(cast("type", kind))}


def read_record(kind: type[T], told: object, place: Place, *, over: T | None = None) -> T | None:
    """A record from a table, over another one where given; None when it cannot be built."""
    annotations = fields_of(kind)
    known = table(told, place, annotations)
    values = read_fields(annotations, known, place, over=over)
    if over is not None:
        return attrs.evolve(over, **values)  # type: ignore[misc]  # T is an attrs class
    if absent := _required(kind) - known.keys():
        place.wrong(f"lacks {', '.join(sorted(absent))}")
    # A required key with an unreadable value is a fault already.
    return kind(**values) if _required(kind) <= values.keys() else None


def read_fields(
    annotations: Mapping[str, object],
    told: Mapping[str, object],
    place: Place,
    *,
    over: object = None,
) -> dict[str, object]:
    """The readable values of a table by their annotations; the others are faults."""
    read = {
        key: read_value(annotations[key], value, place / key, over=getattr(over, key, None))
        for key, value in told.items()
    }
    return {key: value for key, value in read.items() if value is not WRONG}


def read_value(kind: object, told: object, place: Place, *, over: object = None) -> object:
    """One value of an annotated type, or WRONG with its fault remembered."""
    kind = _without_none(kind)
    if get_origin(kind) is Literal:
        return _read_literal(get_args(kind), told, place)
    if get_origin(kind) is tuple:
        return _read_list(get_args(kind)[0], told, place)
    if get_origin(kind) is not None:
        return _read_mapping(get_args(kind)[1], told, place, over=over)
    if isinstance(kind, type) and attrs.has(kind):
        record: object = read_record(kind, told, place, over=over)
        return WRONG if record is None else record
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _read_choice(kind, told, place)
    return _read_scalar(cast("type", kind), told, place)


def _read_list(kind: type, told: object, place: Place) -> object:
    # A boolean is a whole number to Python, and to nobody else.
    if isinstance(told, list) and all(type(one) is kind for one in told):
        return tuple(told)
    noun = "whole numbers" if kind is int else "texts"
    place.wrong(f"must be a list of {noun}, not {_said(told)}")
    return WRONG


def _read_mapping(kind: object, told: object, place: Place, *, over: object) -> object:
    if not isinstance(told, Mapping):
        place.wrong(f"must be a table, not {_said(told)}")
        return WRONG
    read = {str(key): read_value(kind, value, place / str(key)) for key, value in told.items()}
    before = cast("Mapping[str, object]", over or {})
    return {**before, **{key: value for key, value in read.items() if value is not WRONG}}


def _read_choice(kind: type[Enum], told: object, place: Place) -> object:
    choices = [str(one.value) for one in kind]
    if isinstance(told, str) and told in choices:
        return kind(told)
    place.wrong(f"cannot be {_said(told)}; {_choices(told, choices)}")
    return WRONG


def _read_literal(choices: tuple[object, ...], told: object, place: Place) -> object:
    if told in choices and not isinstance(told, bool):
        return told
    known = [str(choice) for choice in choices]
    place.wrong(f"cannot be {_said(told)}; {_choices(told, known)}")
    return WRONG


def _choices(told: object, choices: list[str]) -> str:
    near = nearest(str(told), choices)
    return near if near.startswith("known") else f"{near} (known: {', '.join(choices)})"


def _read_scalar(kind: type, told: object, place: Place) -> object:
    if kind is Decimal and isinstance(told, int | Decimal) and not isinstance(told, bool):
        return _not_negative(Decimal(told), place)
    if kind is int and isinstance(told, int) and not isinstance(told, bool):
        return _not_negative(told, place)
    if kind is timedelta and isinstance(told, int | Decimal) and not isinstance(told, bool):
        seconds = _not_negative(told, place)
        return seconds if seconds is WRONG else timedelta(seconds=float(told))
    if kind is date and isinstance(told, date) and not isinstance(told, datetime):
        return told
    if kind in (str, bool) and type(told) is kind:
        return told
    place.wrong(f"must be {_WORDS[kind]}, not {_said(told)}")
    return WRONG


def _not_negative(number: Decimal | int, place: Place) -> object:
    if number >= 0:
        return number
    place.wrong(f"cannot be below zero, but is {number}")
    return WRONG


_WORDS: Final[Mapping[type, str]] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    Decimal: "a number",
    timedelta: "a number of seconds",
    date: "a date such as 2026-04-01, without quotes",
}


def _said(told: object) -> str:
    match told:
        case bool():
            return str(told).lower()
        case str():
            return f'"{told}"'
        case Mapping():
            return "a table"
        case list():
            return "a list"
        case _:
            return str(told)


def _without_none(kind: object) -> object:
    if get_origin(kind) in (Union, types.UnionType):
        return next(one for one in get_args(kind) if one is not type(None))
    return kind


def _required(kind: type[object]) -> set[str]:
    return {one.name for one in attrs.fields(cast("type", kind)) if one.default is attrs.NOTHING}
