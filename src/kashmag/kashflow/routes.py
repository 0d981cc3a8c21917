"""How operations on KashFlow are put together: paths, queries, bodies, what the answer is read as.

The nouns use these, and so may you for a route that has no method yet:

    invoices_due = read(tuple[InvoiceDue, ...], "/invoices/topdue")
    due = await client.send(invoices_due)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias, TypeVar

from kashmag.kashflow import codec
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.wire import Response, percent_encode

T = TypeVar("T")
Query: TypeAlias = Sequence[tuple[str, str | int | bool | None]]


def path(*parts: str | int | Decimal) -> str:
    """Join the parts to a path, each percent-encoded."""
    return "".join(f"/{percent_encode(str(part))}" for part in parts)


def query(pairs: Query) -> tuple[tuple[str, str], ...]:
    """Print the values of a query; a pair whose value is None is left out."""
    return tuple((name, _printed(value)) for name, value in pairs if value is not None)


def _printed(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def reading(kind: type[T]) -> Callable[[Response], T]:
    """Read the body of an answer as a `kind`; `object` leaves it as parsed JSON."""
    return lambda response: codec.read(kind, codec.parse(response))


def read(kind: type[T], route: str, *, asking: Query = (), name: str = "") -> Operation[T]:
    """Read what a route says; `kind` is a record, or `tuple[Record, ...]` for a bare array."""
    return Operation(
        name or f"GET {route}",
        "GET",
        path=route,
        query=query(asking),
        effect=Effect.READ,
        decode=reading(kind),
    )


def send(
    kind: type[T],
    method: str,
    route: str,
    *,
    body: object = None,
    asking: Query = (),
    effect: Effect = Effect.ONCE,
    name: str = "",
) -> Operation[T]:
    """Write to a route and read its answer as a `kind`; unless you know better it counts as ONCE.

    `body` is a record, a draft, or JSON as lists, dictionaries, text and exact numbers.
    """
    return Operation(
        name or f"{method} {route}",
        method,
        path=route,
        query=query(asking),
        effect=effect,
        body=_encoded(body),
        decode=reading(kind),
    )


def do(
    method: str,
    route: str,
    *,
    body: object = None,
    asking: Query = (),
    effect: Effect = Effect.REPEATABLE,
    name: str = "",
) -> Operation[None]:
    """Write to a route whose answer says nothing but that it is done."""
    return Operation(
        name or f"{method} {route}",
        method,
        path=route,
        query=query(asking),
        effect=effect,
        body=_encoded(body),
        decode=_nothing,
    )


def _nothing(response: Response) -> None:
    del response


def _encoded(body: object) -> bytes | None:
    return None if body is None else codec.dumps(body)


def json_of(response: Response) -> Json:
    """The answer as JSON, or None where there is no body."""
    return codec.parse(response) if response.body.strip() else None
