"""JSON text and its values, losing nothing: Decimal from the first byte to the last.

What lives here is common to all vendors. Records are `dialects`; names, dates and sentinels of one
vendor live in that vendor's own `codec`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring as quote_string
from typing import Final, TypeAlias

Json: TypeAlias = bool | int | Decimal | str | Sequence["Json"] | Mapping[str, "Json"] | None
JsonObject: TypeAlias = Mapping[str, Json]

# More than any figure of either vendor has; a double has 309.
_MOST_DIGITS: Final = 400
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON number")


def _fraction(digits: str) -> Decimal:
    try:
        number = Decimal(digits)
    except InvalidOperation as error:
        raise ValueError(f"{digits[:40]} is no number that can be kept exact") from error
    if len(digits) > _MOST_DIGITS or abs(number.adjusted()) > _MOST_DIGITS:
        # A few characters of exponent would print as a gigabyte of zeros.
        raise ValueError(f"{digits[:40]} has more than {_MOST_DIGITS} digits")
    return number


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"{digits[:40]}... has more than {_MOST_DIGITS} digits")
    return int(digits)


def loads(text: bytes | str) -> Json:
    """Parse JSON with numbers kept exact; raise ValueError where it is none.

    What could not be printed again is refused too: numbers of more than 400 digits, and half of
    a surrogate pair, which is no character (PHP's own encoder writes neither).
    """
    told = text if isinstance(text, str) else text.decode(json.detect_encoding(text))
    parsed: Json = json.loads(
        told, parse_float=_fraction, parse_int=_whole, parse_constant=_refuse_constant
    )
    if _SURROGATE.search(told):
        _refuse_halves(parsed)
    return parsed


def _refuse_halves(parsed: Json) -> None:
    try:
        dumps(parsed)
    except UnicodeEncodeError as error:
        raise ValueError("it has half of a surrogate pair, which is no character") from error


def dumps(value: Json) -> bytes:
    """Print JSON as UTF-8, decimals as plain numbers with the digits they have."""
    return _printed(value).encode()


def _printed(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(int(value))
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"{value} is no JSON number")
            return format(value, "f")
        case str():
            return quote_string(value)
        case Mapping():
            pairs = (f"{quote_string(k)}: {_printed(v)}" for k, v in value.items())
            return "{" + ", ".join(pairs) + "}"
        case Sequence():
            return "[" + ", ".join(_printed(v) for v in value) + "]"


def read_decimal(value: object, _: object = None) -> Decimal:
    """Read a number, or a number in a string, exactly."""
    if type(value) is Decimal and value.is_finite():
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError(f"expected a number, got {type(value).__name__}")
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        raise ValueError("expected a number, got other text") from None
    if not number.is_finite():
        raise ValueError("expected a finite number")
    return number


def read_int(value: object, _: object = None) -> int:
    """Read a whole number, or one in a string (`12`, `12.0000`, `"12"`)."""
    if type(value) is int:
        return value
    number = read_decimal(int(value) if isinstance(value, bool) else value)
    if number != number.to_integral_value():
        raise ValueError("expected a whole number")
    return int(number)


def read_bool(value: object, _: object = None) -> bool:
    """Read true and false, also as 0 and 1 and as text of these."""
    if isinstance(value, str):
        value = {"true": 1, "false": 0, "1": 1, "0": 0, "": 0}.get(value.strip().lower(), value)
    if isinstance(value, bool) or value in (0, 1):
        return bool(value)
    raise ValueError(f"expected true or false, got {type(value).__name__}")


def read_str(value: object, _: object = None) -> str:
    """Read text; a bare number becomes its digits (PHP casts numeric strings at will)."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"expected text, got {type(value).__name__}")


def read_mapping(value: object, _: object = None) -> Mapping[str, Json]:
    """Read an object; PHP prints an empty one as an empty list."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Sequence) and not value:
        return {}
    raise ValueError(f"expected an object, got {type(value).__name__}")
