"""Typed records out of JSON and back, losing nothing; what the dialects of all vendors share.

A record may have a field `extra`: it keeps every key of the wire that no field carries a value for
(unknown keys, explicit nulls, sentinels), so that re-encoding returns what arrived.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, Union, cast, get_args, get_origin

import attrs
from cattrs import Converter, transform_error
from cattrs.errors import ClassValidationError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from kashmag.errors import UnexpectedPayloadError
from kashmag.rest import codec
from kashmag.rest.codec import (
    Json,
    read_bool,
    read_decimal,
    read_int,
    read_mapping,
    read_str,
)

T = TypeVar("T")

EXTRA: Final = "extra"

Teach: TypeAlias = Callable[[Converter], None]
WireName: TypeAlias = Callable[[type, str], str]


class Dialect:
    """One vendor's records, read and printed.

    `wire_name(record, field)` is what the vendor calls a field; `teach` tells a converter of its
    other peculiarities. Nearly every payload is as it should be, and whoever does not note the way
    to each value reads it twice as quickly. What cannot be read so is read again with care, to say
    where every fault is.
    """

    def __init__(self, wire_name: WireName, teach: Teach = lambda _: None) -> None:
        self._quick = _converter(wire_name, teach, is_careful=False)
        self._careful = _converter(wire_name, teach, is_careful=True)

    def read(self, kind: type[T], value: Json) -> T:
        """Read parsed JSON as a `kind`, or raise UnexpectedPayloadError with every fault's path."""
        try:
            return self._quick.structure(value, kind)
        except (ValueError, TypeError, KeyError, AttributeError):
            return self._read_with_care(kind, value)

    def write(self, record: object) -> Json:
        """Print a record as JSON."""
        return cast("Json", self._quick.unstructure(record))

    def _read_with_care(self, kind: type[T], value: Json) -> T:
        try:
            return self._careful.structure(value, kind)
        except (ClassValidationError, ExceptionGroup) as error:
            paths = tuple(transform_error(error, format_exception=_fault))
        except (ValueError, TypeError, KeyError) as error:
            paths = (f"{_fault(error, None)} @ $",)
        name = getattr(kind, "__name__", str(kind))
        shown = "; ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
        raise UnexpectedPayloadError(f"this is no {name}: {shown}", paths=paths)


def _converter(wire_name: WireName, teach: Teach, *, is_careful: bool) -> Converter:
    converter = Converter(detailed_validation=is_careful)
    for kind, read in _SCALARS.items():
        converter.register_structure_hook(kind, read)
        converter.register_structure_hook_func(is_optional(kind), _or_none(read))
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
    teach(converter)
    return converter


_SCALARS: Final[Mapping[type, Callable[[object, object], object]]] = {
    Decimal: read_decimal,
    int: read_int,
    bool: read_bool,
    str: read_str,
}


def is_optional(kind: type) -> Callable[[object], bool]:
    """Tell the hint `kind | None` from any other."""

    def matches(hint: object) -> bool:
        is_union = get_origin(hint) in (Union, UnionType)
        return is_union and set(get_args(hint)) == {kind, NoneType}

    return matches


def _or_none(read: Callable[[object, object], object]) -> Callable[[object, object], object]:
    return lambda value, _: None if value is None else read(value, None)


def _is_json(kind: object) -> bool:
    return kind is object or {bool, Decimal, str} <= set(get_args(kind))


def _fields(record: type) -> list[attrs.Attribute[Any]]:
    # `Json` refers to itself by name, so its own module's names are needed beside the record's.
    names = {**vars(codec), **vars(sys.modules[record.__module__])}
    attrs.resolve_types(record, globalns=names)
    return [one for one in attrs.fields(record) if one.init and one.name != EXTRA]


def _says_nothing(told: object, wire: Json) -> bool:
    # PHP prints an empty object as an empty list.
    is_php_empty = wire == [] and not isinstance(told, list)
    return told is None or is_php_empty


def _has_extra(record: type) -> bool:
    return any(one.name == EXTRA for one in attrs.fields(record))


def _structuring(
    record: type[T], converter: Converter, wire_name: WireName
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
    record: type, converter: Converter, wire_name: WireName
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


def _fault(error: BaseException, _: type | None) -> str:
    if isinstance(error, KeyError):
        return "required field missing"
    return str(error) or type(error).__name__
