"""An ASGI middleware that has the bad days of a schedule; vendor-neutral.

It counts requests per rule, decides by `rules`, and acts: waits, answers in the vendor's stead,
rewrites the vendor's answer, or cuts the connection before or after the vendor has acted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Final
from urllib.parse import parse_qsl

from attrs import frozen

from kashmag.sandbox import json_text
from kashmag.sandbox.asgi import App, ConnectionCutError, Message, Receive, Scope, Send
from kashmag.sandbox.faults import disfigure
from kashmag.sandbox.faults.dialect import COMMON, Dialect, Reply
from kashmag.sandbox.faults.rules import STANDING, Kind, Rule, Schedule

_ANSWERING: Final = (
    Kind.MAINTENANCE,
    Kind.RATE_LIMITED,
    Kind.SQL_TIMEOUT,
    Kind.ERROR_500,
    Kind.ERROR_500_HTML,
    Kind.ERROR_503,
    Kind.ERROR_503_HTML,
)
_CHANGES: Final[Mapping[Kind, disfigure.Change]] = {
    Kind.REORDERED_ROWS: disfigure.shuffle_rows,
    Kind.MISSING_FIELD: disfigure.drop_field,
    Kind.UNKNOWN_FIELD: disfigure.add_field,
}


@frozen
class Strike:
    """One request that was struck: the how-manieth it was, and by what."""

    request: int
    method: str
    path: str
    kinds: tuple[Kind, ...]


class FaultyApp:
    """An application that behaves as the schedule says; `history` tells what struck."""

    def __init__(
        self,
        app: App,
        schedule: Schedule,
        dialect: Dialect,
        *,
        expire_sessions: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        spared: frozenset[str] = frozenset({"/"}),
    ) -> None:
        self.app = app
        self.schedule = schedule
        self.history: list[Strike] = []
        self._dialect = dialect
        self._replies = {**COMMON, **dialect.replies}
        self._expire_sessions = expire_sessions
        self._sleep = sleep
        self._spared = spared
        self._requests = 0
        self._counts = [0] * len(schedule.rules)
        self._struck = [0] * len(schedule.rules)
        kinds = {rule.kind for rule in schedule.rules}
        self._poisons = Kind.POISON_RECORD in kinds
        self._doubles = Kind.DUPLICATED_ROWS in kinds
        self._last_rows: dict[str, json_text.Json] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or do what the schedule has in store for it."""
        is_spared = scope["type"] != "http" or scope["path"] in self._spared
        if is_spared or not self.schedule.rules:
            await self.app(scope, receive, send)
            return
        self._requests += 1
        rules = self._decide(scope["method"], scope["path"])
        kinds = tuple(rule.kind for rule in rules)
        if kinds:
            self.history.append(Strike(self._requests, scope["method"], scope["path"], kinds))
        await self._suffer(rules, scope, receive, send)

    def _decide(self, method: str, path: str) -> list[Rule]:
        struck = []
        for index, rule in enumerate(self.schedule.rules):
            if rule.kind in STANDING or not rule.matches(method, path):
                continue
            self._counts[index] += 1
            if rule.times is not None and self._struck[index] >= rule.times:
                continue
            if self.schedule.strikes_request(index, self._counts[index]):
                self._struck[index] += 1
                struck.append(rule)
        return struck

    async def _suffer(self, rules: list[Rule], scope: Scope, receive: Receive, send: Send) -> None:
        kinds = {rule.kind for rule in rules}
        dice = self.schedule.dice("answer", self._requests)
        for rule in rules:
            if rule.kind is Kind.SLOW:
                await self._sleep(rule.seconds or 0)
        if Kind.CUT_BEFORE in kinds:
            raise ConnectionCutError("the connection was cut before anything was done")
        answering = next((kind for kind in _ANSWERING if kind in kinds), None)
        if answering is not None:
            await _answer(self._replies[answering], send)
            return
        if Kind.SESSION_EXPIRED in kinds:
            self._expire_sessions()
        if not (self._poisons or self._doubles) and not kinds & _AFTERWARDS:
            await self.app(scope, receive, send)
            return
        answer = _Recorder(scope["path"], _listing(scope))
        await self.app(scope, receive, answer)
        await self._tell(answer, kinds, send, dice)

    async def _tell(self, answer: _Recorder, kinds: set[Kind], send: Send, dice: Random) -> None:
        if Kind.CUT_AFTER in kinds:
            raise ConnectionCutError("the connection was cut after the request was carried out")
        if Kind.ERROR_500_AFTER in kinds:
            await _answer(self._replies[Kind.ERROR_500], send)
            return
        body = self._changed(answer, kinds, dice)
        if Kind.TRUNCATED in kinds and body:
            await answer.start(send, length=len(body))
            await send(_body(body[: len(body) // 2], more=True))
            raise ConnectionCutError("the connection was cut in the middle of the answer")
        await answer.start(send, length=len(body))
        await send(_body(body, more=False))

    def _changed(self, answer: _Recorder, kinds: set[Kind], dice: Random) -> bytes:
        changes = [change for kind, change in _CHANGES.items() if kind in kinds]
        is_changed = bool(changes) or self._poisons or self._doubles
        if not is_changed or not answer.is_json or answer.status >= 300:
            return bytes(answer.body)
        value = json_text.read(bytes(answer.body))
        if self._doubles:
            value = self._doubled(value, answer, dice, strikes=Kind.DUPLICATED_ROWS in kinds)
        for change in changes:
            value = change(value, self._dialect, dice)
        if self._poisons:
            value = disfigure.poison_records(
                value,
                self._dialect,
                lambda subject: self.schedule.strikes_record(
                    Kind.POISON_RECORD, subject, answer.path
                ),
            )
        return json_text.write(value)

    def _doubled(
        self, value: json_text.Json, answer: _Recorder, dice: Random, *, strikes: bool
    ) -> json_text.Json:
        """Let the last row of the page before stand on this one too; or a row stand twice."""
        rows = disfigure.rows_of(value, self._dialect)
        if not rows:
            return value
        before = self._last_rows.get(answer.listing)
        self._last_rows[answer.listing] = rows[-1]
        if not strikes:
            return value
        if before is None or before in rows:
            return disfigure.double_row(value, self._dialect, dice)
        return disfigure.with_rows(value, [before, *rows], self._dialect)


_AFTERWARDS: Final = {
    Kind.CUT_AFTER,
    Kind.TRUNCATED,
    Kind.ERROR_500_AFTER,
    Kind.DUPLICATED_ROWS,
    *_CHANGES,
}


def _listing(scope: Scope) -> str:
    """What is listed, whichever page of it: path and query without the page's number."""
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [
        (n, v)
        for n, v in query
        if not n.lower().rstrip("]").endswith("page") or n.lower() == "perpage"
    ]
    return f"{scope['method']} {scope['path']} {sorted(kept)}"


class _Recorder:
    """A `send` that keeps the answer instead of sending it."""

    def __init__(self, path: str, listing: str) -> None:
        self.path = path
        self.listing = listing
        self.status = 200
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    @property
    def is_json(self) -> bool:
        return bool(self.body) and any(
            name.lower() == b"content-type" and b"json" in value for name, value in self.headers
        )

    async def start(self, send: Send, *, length: int) -> None:
        kept = [(n, v) for n, v in self.headers if n.lower() != b"content-length"]
        if any(n.lower() == b"content-length" for n, _ in self.headers):
            kept.append((b"content-length", str(length).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": kept})


def _body(body: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _answer(reply: Reply, send: Send) -> None:
    headers = [
        (b"content-type", reply.content_type.encode()),
        (b"content-length", str(len(reply.body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in reply.headers),
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send(_body(reply.body, more=False))
