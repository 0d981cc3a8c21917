"""JSON whose numbers keep their text: `117.5000` stays `117.5000`, on the way in and out.

The standard library turns decimals into floats when writing; this door does not. Shared by both
stand-ins and by the faults, which rewrite answers without touching the numbers in them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import NoReturn, TypeAlias

Json: TypeAlias = "str | int | Decimal | bool | list[Json] | dict[str, Json] | None"


class NotJsonError(ValueError):
    """The text is not JSON, or says NaN or Infinity."""


def read(text: str | bytes) -> Json:
    """Parse JSON text; numbers with a point or exponent become `Decimal`, digits and all.

    Raises:
        NotJsonError: for anything that is not one JSON value.
    """
    try:
        value: Json = json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)) from error
    return value


def write(value: object) -> bytes:
    """Print a JSON value without white space; decimals as plain digits, never an exponent.

    Raises:
        TypeError: for a value that JSON has no word for.
    """
    parts: list[str] = []
    _print(value, parts.append)
    return "".join(parts).encode("ascii")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _print(value: object, put: Callable[[str], None]) -> None:
    if isinstance(value, str):
        put(encode_basestring_ascii(value))
    elif value is None:
        put("null")
    elif isinstance(value, bool):
        put("true" if value else "false")
    elif isinstance(value, int):
        put(int.__repr__(value))
    elif isinstance(value, Decimal):
        put(f"{value:f}")
    elif isinstance(value, Mapping):
        _print_object(value, put)
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        _print_list(value, put)
    else:
        raise TypeError(f"{type(value).__name__} has no place in JSON")


def _print_object(value: Mapping[str, object], put: Callable[[str], None]) -> None:
    separator = "{"
    for name, part in value.items():
        put(separator)
        put(encode_basestring_ascii(name))
        put(":")
        _print(part, put)
        separator = ","
    put("}" if value else "{}")


def _print_list(value: Sequence[object], put: Callable[[str], None]) -> None:
    separator = "["
    for part in value:
        put(separator)
        _print(part, put)
        separator = ","
    put("]" if value else "[]")
