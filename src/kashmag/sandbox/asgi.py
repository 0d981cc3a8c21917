"""The ASGI protocol in types, and how an application hangs up in the middle of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

# ASGI messages are open dictionaries by specification (asgi.readthedocs.io, "Applications").
Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class ConnectionCutError(ConnectionResetError):
    """The connection drops here; no further byte reaches the client."""
