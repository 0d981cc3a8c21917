"""The API as an ASGI application: match, check the session, bind, handle, keep, answer.

A request is handled without waiting once its body is read, so requests never mix; what it wrote is
kept (on the file, if there is one) before the answer leaves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve

from kashmag.sandbox import json_text
from kashmag.sandbox.asgi import Receive, Scope, Send
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import MisfitError, Record, Shape, bind, bind_list
from kashmag.sandbox.kashflow.handwriting import vary
from kashmag.sandbox.kashflow.routing import Request, Route, Router, bind_path, bind_query
from kashmag.sandbox.kashflow.wire import JSON, UNAUTHORISED, Answer, Refusal


class Api:
    """All operations of one account."""

    def __init__(
        self, account: Account, routes: Sequence[Route], is_signed_in: Callable[[str], bool]
    ) -> None:
        self.requests = 0
        self.violations: deque[str] = deque(maxlen=1000)
        self._account = account
        self._router = Router(routes)
        self._is_signed_in = is_signed_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _read_body(receive)
        answer = self.answer(scope, body)
        if answer.body and answer.content_type == JSON:
            written = vary(answer.body, self._account.switches, self._account.dice)
            answer = evolve(answer, body=written)
        headers = [(b"content-length", str(len(answer.body)).encode())]
        if answer.body:
            headers.append((b"content-type", answer.content_type))
        if answer.location is not None:
            headers.append((b"location", answer.location.encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def answer(self, scope: Scope, body: bytes) -> Answer:
        """Carry one request out, whole or not at all."""
        self.requests += 1
        try:
            with self._account.store.transaction():
                return self._carry_out(scope, body)
        except Refusal as refusal:
            return self._refused(scope, refusal)
        except MisfitError as misfit:
            return self._refused(scope, self._account.invalid(str(misfit)))
        except ArithmeticError:
            # Each number fits by itself, but not what comes of them: no date, or 28 digits.
            return self._refused(scope, self._account.invalid("a date or amount is out of range"))

    def _carry_out(self, scope: Scope, body: bytes) -> Answer:
        root = scope.get("root_path", "")
        raw = scope.get("raw_path") or scope["path"].encode()
        path = raw.decode("latin-1").partition("?")[0].removeprefix(root)
        found = self._router.find(scope["method"], path)
        if isinstance(found, frozenset):
            raise self._unroutable(scope["method"], path, found)
        route, values = found
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if not route.is_open:
            given = headers.get(b"authorization", b"").decode("latin-1")
            if not self._is_signed_in(given):
                return UNAUTHORISED
        if path.lower().startswith("/internal/") and not self._account.switches.internal_routes:
            raise self._unroutable(scope["method"], path, frozenset())
        bound = _bind_body(route, headers.get(b"content-type", b""), body)
        query = scope["query_string"].decode("latin-1")
        return route.handler(
            self._account,
            Request(
                _url(scope, path),
                bind_path(values),
                bind_query(query, route.query),
                bound if isinstance(bound, dict) else {},
                bound if isinstance(bound, list) else (),
            ),
        )

    def _unroutable(self, method: str, path: str, allowed: frozenset[str]) -> Refusal:
        if allowed:
            return Refusal(405, "MethodNotAllowed", f"{path} does not answer {method}.")
        return Refusal(404, self._account.switches.not_found_error, f"There is no {path}.")

    def _refused(self, scope: Scope, refusal: Refusal) -> Answer:
        if refusal.status in (400, 405):
            place = f"{scope['method']} {scope['path']}"
            self.violations.append(f"{place}: {refusal.error}: {refusal.message}")
        if refusal.status == 404 and self._account.switches.missing_record == "empty":
            return Answer(404)
        return refusal.answer


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _bind_body(route: Route, content_type: bytes, body: bytes) -> Record | list[Any]:
    if route.body is None and route.items is None:
        return {}
    if not content_type.lower().startswith(b"application/json"):
        raise MisfitError(f"Content-Type must be application/json, not {content_type.decode()!r}")
    try:
        value = json_text.read(body)
    except json_text.NotJsonError as error:
        raise MisfitError(f"the body is not JSON: {error}") from error
    if route.body is not None:
        return bind(value, route.body)
    if isinstance(route.items, Shape):
        return bind_list(value, "", route.items)
    return bind_list(value, route.items or "")


def _url(scope: Scope, path: str) -> str:
    host = next((v for n, v in scope["headers"] if n == b"host"), b"sandbox").decode("latin-1")
    return f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '')}{path}"
