"""Bind request bodies as .NET does, and refuse what does not fit the published shapes.

Property names bind in any letter case, unknown ones are ignored, absent and null are the same.
Types are strict. The shapes themselves stand in `bodies`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from attrs import field, frozen

# A vendor's record is open: it holds whatever fields its resource has, in the vendor's names.
Record: TypeAlias = dict[str, Any]

INT32: Final = 2**31 - 1
_DATE: Final = re.compile(r"^(\d{4}-\d{2}-\d{2})( \d{2}:\d{2}:\d{2}( [+-]\d{2}:\d{2})?)?$")
_GUID: Final = re.compile(r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")


class MisfitError(ValueError):
    """A value does not fit its shape; says where and why."""


@frozen
class Field:
    """One property: its kind, whether it must be there, whether it may be null."""

    kind: str
    required: bool = field(kw_only=True)
    nullable: bool = field(kw_only=True)


@frozen
class Shape:
    """The properties of one kind of object."""

    name: str
    fields: Mapping[str, Field]
    nested: Mapping[str, Shape]
    folded: Mapping[str, str]

    @classmethod
    def of(cls, name: str, words: str, **nested: Shape) -> Shape:
        """Read a shape from words: `Name:kind`, `!` required, `?` nullable, `[X]` a list of X."""
        fields = dict(_field(word) for word in words.split())
        return cls(name, fields, nested, {known.lower(): known for known in fields})


def _field(word: str) -> tuple[str, Field]:
    name, _, kind = word.partition(":")
    required = name.endswith("!")
    nullable = kind.endswith("?") or not required
    return name.rstrip("!"), Field(kind.rstrip("?"), required=required, nullable=nullable)


def bind(value: object, shape: Shape, path: str = "$") -> Record:
    """Fit a JSON object to a shape; the result holds known names only, and no nulls.

    Raises:
        MisfitError: it does not fit.
    """
    if not isinstance(value, dict):
        raise MisfitError(f"{shape.name} must be an object @ {path}")
    found: Record = {}
    for sent, part in value.items():
        name = shape.folded.get(sent.lower())
        if name is not None:
            bound = _bind_field(part, shape.fields[name], shape, f"{path}.{name}")
            found.pop(name, None)
            if bound is not None:
                found[name] = bound
    missing = [n for n, f in shape.fields.items() if f.required and n not in found]
    if missing:
        raise MisfitError(f"{', '.join(missing)} required @ {path}")
    return found


def bind_list(value: object, kind: str, shape: Shape | None = None, path: str = "$") -> list[Any]:
    """Fit a JSON array whose items are all of one kind (`text`, `integer`) or of one shape."""
    if not isinstance(value, list):
        raise MisfitError(f"an array is required @ {path}")
    if shape is not None:
        return [bind(part, shape, f"{path}[{i}]") for i, part in enumerate(value)]
    return [_SCALARS[kind](part, f"{path}[{i}]") for i, part in enumerate(value)]


def _bind_field(value: object, declared: Field, shape: Shape, path: str) -> object:
    if value is None:
        if not declared.nullable:
            raise MisfitError(f"null is not allowed @ {path}")
        return None
    if declared.kind.startswith("["):
        return bind_list(value, "", shape.nested[declared.kind[1:-1]], path)
    if declared.kind in shape.nested:
        return bind(value, shape.nested[declared.kind], path)
    return _SCALARS[declared.kind](value, path)


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise MisfitError(f"text required @ {path}")
    return value


def _number(value: object, path: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise MisfitError(f"number required @ {path}")
    number = Decimal(value)
    if not -(10**14) <= number <= 10**14:
        raise MisfitError(f"{value} is too large @ {path}")
    return number


def _integer(value: object, path: str) -> int:
    number = _number(value, path)
    if number != int(number):
        raise MisfitError(f"integer required @ {path}")
    if not -INT32 <= number <= INT32:
        raise MisfitError(f"{number} is beyond 32 bits @ {path}")
    return int(number)


def _flag(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise MisfitError(f"true or false required @ {path}")
    return value


def _flag_or_integer(value: object, path: str) -> bool:
    return value if isinstance(value, bool) else _integer(value, path) != 0


def _flag_or_text(value: object, path: str) -> bool | str:
    return value if isinstance(value, bool) else _text(value, path)


def _guid(value: object, path: str) -> str:
    if not isinstance(value, str) or not _GUID.match(value):
        raise MisfitError(f"a GUID is required @ {path}")
    return value.lower()


def read_date(value: object, path: str = "$") -> str:
    """The date of `YYYY-MM-DD[ HH:MM:SS[ +00:00]]`, as `YYYY-MM-DD`; the clock part is dropped."""
    match = _DATE.match(value) if isinstance(value, str) else None
    if match is None:
        raise MisfitError(f"a date (YYYY-MM-DD HH:MM:SS) is required @ {path}")
    try:
        return date.fromisoformat(match[1]).isoformat()
    except ValueError as error:
        raise MisfitError(f"there is no such date: {match[1]} @ {path}") from error


def _object(value: object, path: str) -> Record:
    if not isinstance(value, dict):
        raise MisfitError(f"an object is required @ {path}")
    return value


_SCALARS: Final[Mapping[str, Callable[[object, str], Any]]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "flag|integer": _flag_or_integer,
    "flag|text": _flag_or_text,
    "guid": _guid,
    "date": read_date,
    "object": _object,
}
