"""Operations of Magento's routes: how those of this room are made, and those without a method.

For a route that has no method yet: `await shop.send(magento.read_route("/V1/coupons/1", ...))`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from kashmag.errors import UnexpectedPayloadError
from kashmag.magento.codec import dumps, parse, read_all
from kashmag.magento.criteria import Query
from kashmag.rest.codec import Json, read_bool, read_decimal, read_int, read_str
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.wire import Response, percent_encode

T = TypeVar("T")


def read_route(
    path: str, decode: Callable[[Response], T], *, name: str = "", query: Query = ()
) -> Operation[T]:
    """A GET that changes nothing; `path` begins with `/V1/`, its parts encoded by `segment`."""
    return Operation(
        name or f"GET {path}", "GET", path=path, effect=Effect.READ, decode=decode, query=query
    )


def write_route(
    method: str,
    path: str,
    decode: Callable[[Response], T],
    *,
    body: object = None,
    name: str = "",
    effect: Effect = Effect.ONCE,
) -> Operation[T]:
    """A call that changes something; `body` is a record, or parsed JSON with records in it."""
    return Operation(
        name or f"{method} {path}",
        method,
        path=path,
        effect=effect,
        decode=decode,
        body=None if body is None else dumps(body),
    )


def segment(text: str | int) -> str:
    """A value as a part of a path: everything but unreserved characters encoded."""
    return percent_encode(str(text))


def as_json(response: Response) -> Json:
    """Read any JSON, numbers exact."""
    return parse(response)


def as_id(response: Response) -> int:
    """Read the number of a new document, which comes as a number or as text."""
    return _scalar(response, read_int)


def as_number(response: Response) -> Decimal:
    """Read a bare number, exactly."""
    return _scalar(response, read_decimal)


def as_bool(response: Response) -> bool:
    """Read a bare true or false."""
    return _scalar(response, read_bool)


def as_text(response: Response) -> str:
    """Read a bare text."""
    return _scalar(response, read_str)


def as_nothing(response: Response) -> None:
    """Take any JSON for success: routes without a result answer `[]`, `true` or nothing."""
    if response.body:
        parse(response)


def as_list(kind: type[T]) -> Callable[[Response], tuple[T, ...]]:
    """Read a bare list of records."""

    def decode(response: Response) -> tuple[T, ...]:
        return read_all(kind, parse(response))

    return decode


def as_items(kind: type[T]) -> Callable[[Response], tuple[T, ...]]:
    """Read the `items` of a list that comes whole."""

    def decode(response: Response) -> tuple[T, ...]:
        told = parse(response)
        if not isinstance(told, dict) or "items" not in told:
            path = "required field missing @ $.items"
            raise UnexpectedPayloadError(f"this is no list: {path}", paths=(path,))
        return read_all(kind, told["items"])

    return decode


def _scalar(response: Response, read: Callable[[object], T]) -> T:
    try:
        return read(parse(response))
    except ValueError as error:
        raise UnexpectedPayloadError(f"this is no such answer: {error} @ $", paths=("$",)) from None
