"""Which handler answers a request: a tree of path segments, whose names bind in any letter case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, unquote

from attrs import field, frozen

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import INT32, MisfitError, Record, Shape, read_date
from kashmag.sandbox.kashflow.wire import Answer


@frozen
class Request:
    """One request that has been matched, checked and bound."""

    url: str
    """The route's address on this server, without the query."""
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Record = field(factory=dict)
    items: Sequence[Any] = field(factory=tuple)
    """The body, where it is an array."""
    raw_query: Sequence[tuple[str, str]] = ()


Handler: TypeAlias = Callable[[Account, Request], Answer]


@frozen
class Route:
    """One operation: method, path, handler, and what its query and body must look like."""

    method: str
    path: str
    """Segments; `{name}` text, `{name:integer}` and `{name:number}` typed."""
    handler: Handler
    query: Mapping[str, str] = field(factory=dict, kw_only=True)
    """Names in lower case, and kinds; `!` required."""
    body: Shape | None = field(default=None, kw_only=True)
    items: str | Shape | None = field(default=None, kw_only=True)
    """The kind or shape of the items, where the body is an array."""
    is_open: bool = field(default=False, kw_only=True)
    """Whether it may be asked for without a session."""


def words(text: str) -> dict[str, str]:
    """Query declarations from words: `page:integer searchtext:text!`."""
    return {name.lower(): kind for name, _, kind in (w.partition(":") for w in text.split())}


PAGING: Final = "page:integer perpage:integer order:order "


class _Node:
    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.routes: dict[str, tuple[Route, tuple[str, ...]]] = {}


class Router:
    """All operations, found by method and path."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | frozenset[str]:
        """The route and its path parameters; or the methods that the path has (none: no path)."""
        segments = [unquote(segment) for segment in path.strip("/").split("/")]
        allowed: set[str] = set()
        found = _search(self._root, segments, method, allowed)
        if found is None:
            return frozenset(allowed)
        route, names, values = found
        return route, dict(zip(names, values, strict=True))

    def _add(self, route: Route) -> None:
        node, names = self._root, []
        for segment in route.path.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment.strip("{}"))
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literal.setdefault(segment.lower(), _Node())
        node.routes[route.method] = (route, tuple(names))


def _search(
    node: _Node, segments: Sequence[str], method: str, allowed: set[str]
) -> tuple[Route, tuple[str, ...], list[str]] | None:
    if not segments:
        allowed.update(node.routes)
        entry = node.routes.get(method)
        return (*entry, []) if entry else None
    child = node.literal.get(segments[0].lower())
    if child is not None:
        found = _search(child, segments[1:], method, allowed)
        if found is not None:
            return found
    if node.parameter is None or not segments[0]:
        return None
    deeper = _search(node.parameter, segments[1:], method, allowed)
    return (deeper[0], deeper[1], [segments[0], *deeper[2]]) if deeper else None


def bind_path(values: Mapping[str, str]) -> dict[str, Any]:
    """Path parameters by their bare names, as their kinds.

    Raises:
        MisfitError: a number is none.
    """
    return {
        name: _scalar(text, kind or "text", name)
        for (name, _, kind), text in ((key.partition(":"), text) for key, text in values.items())
    }


def bind_query(text: str, declared: Mapping[str, str]) -> dict[str, Any]:
    """Query parameters in lower case, as their kinds; unknown names are ignored, empty is absent.

    Raises:
        MisfitError: a value does not fit, or a required one is missing.
    """
    bound: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        kind = declared.get(name.lower())
        if kind is not None and (value or kind == "text!"):
            bound[name.lower()] = _scalar(value, kind.rstrip("!"), f"?{name}")
    for name, kind in declared.items():
        if kind.endswith("!") and name not in bound:
            raise MisfitError(f"query parameter {name} is required")
    return bound


def _scalar(text: str, kind: str, place: str) -> Any:  # noqa: ANN401  what the kind says
    if kind == "text":
        return text
    if kind == "date":
        return read_date(text, place)
    if kind == "integer":
        return _integer(text, place)
    if kind == "number":
        return _number(text, place)
    return _word(text.lower(), kind, place)


def _word(text: str, kind: str, place: str) -> bool | str:
    if kind == "flag" and text in ("true", "false"):
        return text == "true"
    if kind == "order" and text in ("asc", "desc"):
        return text
    raise MisfitError(f"{text!r} is no {kind} @ {place}")


def _integer(text: str, place: str) -> int:
    if not text.lstrip("-").isdecimal() or not -INT32 <= int(text) <= INT32:
        raise MisfitError(f"{text!r} is no integer of 32 bits @ {place}")
    return int(text)


def _number(text: str, place: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise MisfitError(f"{text!r} is no number @ {place}") from error
    if not value.is_finite():
        raise MisfitError(f"{text!r} is no number @ {place}")
    return value
