"""How bytes travel: one protocol, and what carries it out. The only importer of httpx.

A transport sends one request and returns one response, whatever its status. It follows no
redirect, keeps no cookie, repeats nothing, and raises only UnreachableError (no byte of this
request was sent) and NoAnswerError (some were, and its fate is unknown). Write your own by giving
a class these two methods.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, cast

import httpx
from attrs import field, frozen

from kashmag.errors import NoAnswerError, UnreachableError
from kashmag.rest.wire import Request, Response

# Shorter than any server's own (Apache: 5 s): a write on a connection that the server is just
# closing would leave its fate unknown.
KEPT_FOR: Final = timedelta(seconds=3)
Message: TypeAlias = MutableMapping[str, Any]  # open by specification: asgi.readthedocs.io
AsgiApp: TypeAlias = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


class Transport(Protocol):
    """Carries one request to the far end and its response back."""

    async def send(self, request: Request) -> Response:
        """Return the response, whatever its status.

        Raises:
            UnreachableError: no byte of the request was sent.
            NoAnswerError: some bytes may have been sent, and no complete answer came.
        """
        ...

    async def aclose(self) -> None:
        """Release connections; calling it twice is fine."""
        ...


@frozen(kw_only=True)
class Timeouts:
    """How long to wait for a connection, and for the whole answer of one attempt."""

    connect: timedelta = timedelta(seconds=10)
    answer: timedelta = timedelta(seconds=60)


@frozen
class Proxy:
    """A proxy that all requests go through: `http://`, `https://` or `socks5://`."""

    url: str
    username: str = ""
    password: str = field(default="", repr=False, kw_only=True)


@frozen(kw_only=True)
class Tls:
    """Which certificates to trust and to show.

    `ca_file` replaces the built-in authorities; `certificate` and `key` are ours, as PEM files.
    `verify=False` trusts anybody: for a test shop only.
    """

    verify: bool = True
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    key_password: str | None = field(default=None, repr=False)


class HttpxTransport:
    """Sends over HTTP/1.1 with a small pool of kept connections."""

    def __init__(
        self,
        *,
        timeouts: Timeouts | None = None,
        proxy: Proxy | None = None,
        tls: Tls | None = None,
        connections: int = 8,
        proxies_from_environment: bool = True,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        # Made at the first request: reading the certificate authorities takes 20 ms.
        self._make: Callable[[], httpx.AsyncClient] = lambda: httpx.AsyncClient(
            verify=_ssl_context(tls or Tls()),
            proxy=_httpx_proxy(proxy) if proxy else None,
            trust_env=proxies_from_environment and proxy is None,
            limits=httpx.Limits(
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=KEPT_FOR.total_seconds(),
            ),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
        )
        self._client: httpx.AsyncClient | None = None

    async def send(self, request: Request) -> Response:
        """Return the response, whatever its status; see `Transport`."""
        if self._client is None:
            self._client = self._make()
        return await _send(self._client, request, self._timeouts)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.aclose()


class AsgiTransport:
    """Calls an ASGI application in this process: no socket, no port, the same client code."""

    def __init__(self, app: AsgiApp, *, timeouts: Timeouts | None = None) -> None:
        self._timeouts = timeouts or Timeouts()
        # httpx spells the same protocol with narrower dictionaries.
        inner = httpx.ASGITransport(app=cast("Any", app))
        self._client = httpx.AsyncClient(
            transport=inner, cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        )

    async def send(self, request: Request) -> Response:
        """Return what the application answers; an OSError from it is a connection cut."""
        try:
            return await _send(self._client, request, self._timeouts, in_process=True)
        except OSError as error:
            raise NoAnswerError(f"the connection was cut: {_said(error)}") from error

    async def aclose(self) -> None:
        """Nothing to close at the application's end."""
        await self._client.aclose()


class _Progress:
    """Whether bytes of the request have left, as httpcore's trace events tell."""

    def __init__(self, request: Request, *, sent: bool) -> None:
        self._request = request
        self.sent = sent

    async def __call__(self, event: str, _: object) -> None:
        if event.endswith("send_request_headers.started"):
            # Connecting may have taken long, and so may have been suspended.
            self._request.refuse_if_late()
            self.sent = True


async def _send(
    client: httpx.AsyncClient, request: Request, timeouts: Timeouts, *, in_process: bool = False
) -> Response:
    progress = _Progress(request, sent=in_process)
    patience = (request.timeout or timeouts.answer).total_seconds()
    connect = min(timeouts.connect.total_seconds(), patience)
    outgoing = client.build_request(
        request.method,
        request.target,
        headers=list(request.headers),
        content=request.body,
        timeout=httpx.Timeout(patience, connect=connect),
        extensions={"trace": progress},
    )
    try:
        # httpx bounds each read; a far end that sends a byte now and then must end too.
        async with asyncio.timeout(patience + (0 if in_process else connect)):
            answer = await client.send(outgoing)
    except (TimeoutError, httpx.TimeoutException) as error:
        if progress.sent:
            raise NoAnswerError(f"no answer within {patience:g} s") from error
        raise UnreachableError(f"no connection within {connect:g} s") from error
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        if progress.sent:
            raise NoAnswerError(f"the connection was cut: {_said(error)}") from error
        raise UnreachableError(f"no connection: {_said(error)}") from error
    headers = tuple((k, v) for k, v in answer.headers.multi_items())
    return Response(answer.status_code, headers, answer.content)


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _ssl_context(tls: Tls) -> ssl.SSLContext:
    # httpx's own context: SSL_CERT_FILE and SSL_CERT_DIR, else the authorities of certifi.
    context = (
        ssl.create_default_context(cafile=str(tls.ca_file))
        if tls.ca_file
        else httpx.create_ssl_context()
    )
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.certificate is not None:
        context.load_cert_chain(tls.certificate, tls.key, tls.key_password)
    return context


def _httpx_proxy(proxy: Proxy) -> httpx.Proxy:
    auth = (proxy.username, proxy.password) if proxy.username else None
    return httpx.Proxy(proxy.url, auth=auth)
