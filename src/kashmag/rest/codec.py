"""JSON text to typed records and back, losing nothing: Decimal from the first byte to the last.

What lives here is common to all vendors; names, dates and sentinels of one vendor live in that
vendor's own `codec`. A record may have a field `extra`: it keeps every key of the wire that no
field carries a value for (unknown keys, explicit nulls, sentinels), so that re-encoding returns
what arrived.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring as quote_string
from typing import Any, Final, TypeAlias, TypeVar, get_args

import attrs
from cattrs import Converter, transform_error
from cattrs.errors import ClassValidationError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from kashmag.errors import UnexpectedPayloadError

Json: TypeAlias = bool | int | Decimal | str | Sequence["Json"] | Mapping[str, "Json"] | None
JsonObject: TypeAlias = Mapping[str, Json]
T = TypeVar("T")

EXTRA = "extra"

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


def make_converter(wire_name: Callable[[type, str], str]) -> Converter:
    """A converter for one vendor's dialect; `wire_name(record, field)` is a field's wire name."""
    converter = Converter(omit_if_default=False, detailed_validation=True, forbid_extra_keys=False)
    converter.register_structure_hook(Decimal, read_decimal)
    converter.register_structure_hook(int, read_int)
    converter.register_structure_hook(bool, read_bool)
    converter.register_structure_hook(str, read_str)
    converter.register_unstructure_hook(Decimal, lambda value: value)
    converter.register_structure_hook_func(_is_json, lambda value, _: value)
    converter.register_unstructure_hook_func(_is_json, lambda value: value)
    converter.register_structure_hook_func(
        lambda kind: getattr(kind, "__origin__", None) in (Mapping,), read_mapping
    )
    converter.register_structure_hook_factory(
        attrs.has, lambda record: _structuring(record, converter, wire_name)
    )
    converter.register_unstructure_hook_factory(
        attrs.has, lambda record: _unstructuring(record, converter, wire_name)
    )
    return converter


def _is_json(kind: object) -> bool:
    return kind is object or {bool, Decimal, str} <= set(get_args(kind))


def _fields(record: type) -> list[attrs.Attribute[Any]]:
    # `Json` refers to itself by name, so its own module's names are needed beside the record's.
    names = {**globals(), **vars(sys.modules[record.__module__])}
    attrs.resolve_types(record, globalns=names)
    return [one for one in attrs.fields(record) if one.init and one.name != EXTRA]


def _says_nothing(told: object, wire: Json) -> bool:
    # PHP prints an empty object as an empty list.
    is_php_empty = wire == [] and not isinstance(told, list)
    return told is None or is_php_empty


def _has_extra(record: type) -> bool:
    return any(one.name == EXTRA for one in attrs.fields(record))


def _structuring(
    record: type[T], converter: Converter, wire_name: Callable[[type, str], str]
) -> Callable[[object, type[T]], T]:
    names = {one.name: wire_name(record, one.name) for one in _fields(record)}
    overrides = {name: override(rename=wire) for name, wire in names.items()}
    if _has_extra(record):
        overrides[EXTRA] = override(omit=True)
    generated = make_dict_structure_fn(record, converter, **overrides)  # type: ignore[arg-type]
    known = {wire: name for name, wire in names.items()}
    keeps_extra = _has_extra(record)

    def structure(value: object, kind: type[T]) -> T:
        wire = read_mapping(value)
        # A null is an absent value: the default stands, and `extra` remembers the null.
        told: T = generated({k: v for k, v in wire.items() if v is not None}, kind)
        if not keeps_extra:
            return told
        extra = {
            k: v
            for k, v in wire.items()
            if v is None or k not in known or _says_nothing(getattr(told, known[k]), v)
        }
        if extra:
            # Nobody has seen it yet: no need to build a record of 137 fields twice.
            object.__setattr__(told, EXTRA, extra)
        return told

    return structure


def _unstructuring(
    record: type, converter: Converter, wire_name: Callable[[type, str], str]
) -> Callable[[Any], dict[str, Json]]:
    names = {one.name: wire_name(record, one.name) for one in _fields(record)}
    overrides = {name: override(rename=wire) for name, wire in names.items()}
    if _has_extra(record):
        overrides[EXTRA] = override(omit=True)
    # Left out when empty, unless they arrived empty: `extra` remembers that.
    lists = {wire_name(record, one.name) for one in _fields(record) if one.default == ()}
    generated: Callable[[object], dict[str, Json]] = make_dict_unstructure_fn(
        record,
        converter,
        **overrides,  # type: ignore[arg-type]
    )

    def unstructure(value: object) -> dict[str, Json]:
        extra: Mapping[str, Json] = getattr(value, EXTRA, {})
        told = {
            k: v
            for k, v in generated(value).items()
            # What arrived as null, or as an empty list, and still says nothing stays so.
            if v is not None and not (v in ([], {}, ()) and (k in extra or k in lists))
        }
        return {**{k: v for k, v in extra.items() if k not in told}, **told}

    return unstructure


def structure(converter: Converter, value: Json, kind: type[T]) -> T:
    """Read a parsed value as a `kind`, or raise UnexpectedPayloadError with every fault's path."""
    try:
        return converter.structure(value, kind)
    except (ClassValidationError, ExceptionGroup) as error:
        paths = tuple(transform_error(error, format_exception=_fault))
    except (ValueError, TypeError, KeyError) as error:
        paths = (f"{_fault(error, None)} @ $",)
    name = getattr(kind, "__name__", str(kind))
    shown = "; ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
    raise UnexpectedPayloadError(f"this is no {name}: {shown}", paths=paths)


def _fault(error: BaseException, _: type | None) -> str:
    if isinstance(error, KeyError):
        return "required field missing"
    return str(error) or type(error).__name__
