"""How one vendor words its bad days; the schedule of them is in `rules`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from kashmag.sandbox import json_text
from kashmag.sandbox.faults.rules import Kind

JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


@frozen
class Reply:
    """One canned answer."""

    status: int
    body: bytes
    content_type: str = field(default=JSON, kw_only=True)
    headers: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)

    @classmethod
    def json(cls, status: int, value: object) -> Reply:
        """Answer with a JSON value."""
        return cls(status, json_text.write(value))

    @classmethod
    def html(cls, status: int, title: str) -> Reply:
        """Answer with the error page of a web server or load balancer."""
        page = (
            f"<!DOCTYPE html><html><head><title>{title}</title></head>"
            f"<body><h1>{title}</h1><hr><center>nginx</center></body></html>"
        )
        return cls(status, page.encode(), content_type=HTML)


@frozen
class Dialect:
    """One vendor's words for trouble, and where the rows and fields of its answers are."""

    replies: Mapping[Kind, Reply] = field(factory=dict)
    """Answers that differ from `COMMON`; a kind in neither cannot be asked for."""
    rows: str = "items"
    """Under which name a page keeps its rows (a bare array is a page too)."""
    optional: frozenset[str] = frozenset()
    """Names of fields that may be missing from an answer."""
    identity: str = "id"
    """The field by which a poison record is chosen, so that it is the same one in each run."""
    poison: Mapping[str, json_text.Json] = field(factory=dict)
    """What stands in the fields of a poison record."""


COMMON: Final[Mapping[Kind, Reply]] = {
    Kind.RATE_LIMITED: Reply(
        429, b'{"message":"Too many requests"}', headers=(("Retry-After", "1"),)
    ),
    Kind.ERROR_500_HTML: Reply.html(500, "500 Internal Server Error"),
    Kind.ERROR_503_HTML: Reply.html(503, "503 Service Temporarily Unavailable"),
    Kind.ERROR_500: Reply.json(500, {"message": "Internal Error"}),
    Kind.ERROR_503: Reply.json(503, {"message": "Service Unavailable"}),
    Kind.SQL_TIMEOUT: Reply.json(400, {"message": "Execution Timeout Expired."}),
    Kind.MAINTENANCE: Reply(
        503,
        Reply.html(503, "Down for maintenance").body,
        content_type=HTML,
        headers=(("Retry-After", "2"),),
    ),
}
