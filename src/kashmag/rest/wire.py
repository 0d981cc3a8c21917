"""What travels: a request and its response, as values. How they travel: `rest.transport`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from urllib.parse import quote

from attrs import evolve, field, frozen

from kashmag.errors import UnreachableError


def percent_encode(text: str) -> str:
    """Encode everything but RFC 3986's unreserved characters; a space becomes %20, never +."""
    return quote(text, safe="~")


def _redacted(headers: tuple[tuple[str, str], ...]) -> str:
    shown = [(k, "***" if k.lower() in SECRET_HEADERS else v) for k, v in headers]
    return repr(tuple(shown))


# Never shown in a repr, a log line or an error.
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "x-api-key"})


@frozen
class Request:
    """One HTTP request: absolute URL without query, the query as ordered pairs, raw body.

    `timeout` bounds the whole exchange from its first byte; None leaves it to the transport.
    `is_late` is asked just before the first byte: where it says so, none may leave any more.
    """

    method: str
    url: str
    query: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    headers: tuple[tuple[str, str], ...] = field(default=(), kw_only=True, repr=_redacted)
    body: bytes | None = field(default=None, kw_only=True, repr=False)
    timeout: timedelta | None = field(default=None, kw_only=True, repr=False)
    is_late: Callable[[], bool] | None = field(default=None, kw_only=True, repr=False, eq=False)

    def refuse_if_late(self) -> None:
        """Raise UnreachableError where it must not leave any more."""
        if self.is_late is not None and self.is_late():
            raise UnreachableError("it was to leave earlier, and was not sent")

    @property
    def target(self) -> str:
        """The URL with its query, percent-encoded (spaces as %20, brackets encoded)."""
        if not self.query:
            return self.url
        pairs = "&".join(f"{percent_encode(k)}={percent_encode(v)}" for k, v in self.query)
        return f"{self.url}?{pairs}"

    def with_headers(self, added: Mapping[str, str]) -> Request:
        """The same request with these headers set, replacing those of the same name."""
        names = {name.lower() for name in added}
        kept = tuple((k, v) for k, v in self.headers if k.lower() not in names)
        return evolve(self, headers=kept + tuple(added.items()))


@frozen
class Response:
    """One HTTP response, complete."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=_redacted)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case; None when absent."""
        wanted = name.lower()
        return next((v for k, v in self.headers if k.lower() == wanted), None)

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters; empty when absent."""
        return (self.header("content-type") or "").split(";")[0].strip().lower()

    @property
    def is_success(self) -> bool:
        """Tell 2xx from the rest."""
        return 200 <= self.status < 300
