"""Serve an ASGI application on a loopback port, inside the running event loop.

Here too: `ConnectionCutError`, by which an application drops its connection for real. What goes
wrong when is decided in `faults`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kashmag.sandbox.asgi import App, ConnectionCutError, Receive, Scope, Send

__all__ = ["ConnectionCutError", "serving"]

LOOPBACK: Final = "127.0.0.1"
_TRANSPORT: Final = "kashmag.transport"


@contextlib.asynccontextmanager
async def serving(app: App, *, port: int = 0) -> AsyncIterator[str]:
    """Serve `app` on 127.0.0.1 and yield its base URL; several may be open in one loop.

    Port 0 takes a free one. On leaving, open requests get two seconds to end.

    Raises:
        OSError: the port is taken.
    """
    listener = _listen(port)
    server = _Server(_config(app))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _until_started(server, task)
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await asyncio.wait([task])
        listener.close()


def _listen(port: int) -> socket.socket:
    # Named as TCP, or asyncio leaves Nagle's delay on and each answer takes 40 ms longer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError:
        listener.close()
        raise
    return listener


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        _cutting(app),
        http=_CuttableProtocol,
        loop="none",
        log_level="critical",
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
    )


async def _until_started(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    while not server.started:
        if task.done():
            await task
            raise OSError("the sandbox server ended before it had started")
        await asyncio.sleep(0.005)


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to whoever runs the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class _CuttableProtocol(H11Protocol):
    """HTTP/1.1 that shows an application the transport it speaks through."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport in the state of every request of this connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, _TRANSPORT: transport}


def _cutting(app: App) -> App:
    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except ConnectionCutError:
            scope["state"][_TRANSPORT].close()
            # Only when the protocol has seen the end of its connection does uvicorn
            # leave out the 500 that it sends for an application without an answer.
            while (await receive())["type"] != "http.disconnect":
                pass

    return run
