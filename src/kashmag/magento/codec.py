"""Magento's dialect of JSON: its own snake_case names, times in UTC without a zone.

What lives here: dates, and reading and writing of this room's records. The exact numbers and the
keeping of unknown keys are `rest.codec`'s. Shapes live beside their operations, one file per noun.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, TypeVar, cast

from cattrs import Converter

from kashmag.errors import UnexpectedPayloadError
from kashmag.rest import codec
from kashmag.rest.codec import Json
from kashmag.rest.dialects import Dialect, is_optional
from kashmag.rest.wire import Response

T = TypeVar("T")

# What MySQL and PHP print where there is no date.
_NEVER: Final = ("", "0000-00-00", "0000-00-00 00:00:00")


def read_time(value: object, _: object = None) -> datetime:
    """Read `2026-11-23 07:54:07`, which is UTC whatever the store's time zone (facts, section 0).

    The zone of an ISO time, as some extensions print it, is respected.
    """
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value.strip())
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except ValueError:
        pass
    raise ValueError("expected a time like 2026-11-23 07:54:07")


def write_time(moment: datetime) -> str:
    """Print a time as Magento does; one without a zone is refused."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone could mean anything: give it one")
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _read_date(value: object, _: object = None) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value.strip()[:10])
    except ValueError:
        pass
    raise ValueError("expected a date like 2026-11-23")


def _write_date(day: date) -> str:
    return day.isoformat()


def _or_never(
    read: Callable[[object, object], T],
) -> Callable[[object, object], T | None]:
    def read_or_never(value: object, kind: object) -> T | None:
        return None if value is None or value in _NEVER else read(value, kind)

    return read_or_never


def _same_name(_: type, name: str) -> str:
    return name


def _teach(converter: Converter) -> None:
    converter.register_structure_hook(datetime, read_time)
    converter.register_structure_hook(date, _read_date)
    converter.register_unstructure_hook(datetime, write_time)
    converter.register_unstructure_hook(date, _write_date)
    converter.register_structure_hook_func(is_optional(datetime), _or_never(read_time))
    converter.register_structure_hook_func(is_optional(date), _or_never(_read_date))


_DIALECT: Final = Dialect(_same_name, _teach)


def read(kind: type[T], value: Json) -> T:
    """Read parsed JSON as a `kind`; UnexpectedPayloadError lists the path of every fault."""
    return _DIALECT.read(kind, value)


def read_all(kind: type[T], value: Json) -> tuple[T, ...]:
    """Read a parsed list of `kind`; null is an empty one."""
    listed: object = tuple[kind, ...]  # type: ignore[valid-type]
    return read(cast("type[tuple[T, ...]]", listed), [] if value is None else value)


def write(record: object) -> Json:
    """Print a record as JSON, with every key it arrived with; what is None is left out."""
    return _DIALECT.write(record)


def dumps(record: object) -> bytes:
    """Print a record, or parsed JSON with records in it, as a request body."""
    return codec.dumps(write(record))


def parse(response: Response) -> Json:
    """Parse a successful answer; UnexpectedPayloadError when it is no JSON."""
    try:
        return codec.loads(response.body)
    except ValueError:
        kind = response.content_type or "no content type"
        raise UnexpectedPayloadError(
            f"the answer is no JSON ({kind}, {len(response.body)} bytes)", paths=("$",)
        ) from None


def reads(kind: type[T]) -> Callable[[Response], T]:
    """A decoder of answers that are a `kind`."""

    def decode(response: Response) -> T:
        return read(kind, parse(response))

    return decode
