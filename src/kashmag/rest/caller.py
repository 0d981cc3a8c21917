"""The shell that sends operations: signs, paces, sends, deciphers, repeats what may be repeated.

One `Caller` per client; it knows no vendor. What may be repeated: `rest.retry`. How many at once:
`rest.pacing`. Who we are: `rest.session`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from kashmag.errors import (
    BrokenError,
    NoAnswerError,
    RateLimitedError,
    ReadOnlyError,
    RemoteError,
    SignInError,
    UnreachableError,
)
from kashmag.rest.authentication import Authentication, Credential
from kashmag.rest.clock import Clock
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options
from kashmag.rest.pacing import Outcome, Pacing
from kashmag.rest.retry import RetryPolicy, decide_wait, read_retry_after
from kashmag.rest.session import Session
from kashmag.rest.transport import Transport
from kashmag.rest.wire import Request, Response

T = TypeVar("T")
LOG: Final = logging.getLogger("kashmag.rest")
REQUEST_IDS: Final = ("x-request-id", "x-correlation-id", "request-id", "cf-ray")


@frozen(kw_only=True)
class Exchange:
    """One attempt, as an observer is told of it; its repr shows no secret."""

    vendor: str
    operation: Operation[object]
    attempt: int
    request: Request
    response: Response | None
    error: RemoteError | None
    duration: timedelta


# Where an operation goes: its request without body, proof and the caller's headers.
Address: TypeAlias = Callable[[Operation[object], str | None], Request]
# A success as it is, anything else as the error that it means.
Decipher: TypeAlias = Callable[[Response, Operation[object]], Response]
Observer: TypeAlias = Callable[[Exchange], None]


def rooted(root: str) -> Address:
    """The plain way: root URL, then the operation's path; scopes mean nothing."""
    start = root.rstrip("/")

    def address(operation: Operation[object], scope: str | None) -> Request:
        del scope
        return Request(operation.method, start + operation.path, query=operation.query)

    return address


@frozen(kw_only=True)
class Speech:
    """How one vendor is spoken to: its name, root URL, addresses, proof and errors."""

    vendor: str
    root: str
    address: Address
    authentication: Authentication
    decipher: Decipher


@frozen(kw_only=True)
class Conduct:
    """How a client behaves, whoever it speaks to."""

    options: Options = field(factory=Options)
    retry: RetryPolicy = field(factory=RetryPolicy)
    pacing: Pacing = field(factory=Pacing)
    read_only: bool = False
    observers: Sequence[Observer] = ()
    clock: Clock = field(factory=Clock)
    user_agent: str = "kashmag"


class Caller:
    """Sends operations to one far end; safe to share by any number of tasks of one event loop."""

    def __init__(
        self, speech: Speech, transport: Transport, conduct: Conduct | None = None
    ) -> None:
        self._speech = speech
        self._transport = transport
        self._conduct = conduct or Conduct()
        self._clock = self._conduct.clock
        self._is_closed = False
        # What was refused even after a fresh sign-in: the permission is missing, not the session.
        self._not_permitted: dict[str, Credential | None] = {}
        self._session = Session(
            speech.authentication, speech.root.rstrip("/"), transport.send, self._clock
        )

    @property
    def session(self) -> Session:
        """The credential in use."""
        return self._session

    @property
    def pacing(self) -> Pacing:
        """How many calls may be under way."""
        return self._conduct.pacing

    async def call(self, operation: Operation[T], options: Options | None = None) -> T:
        """Send it and return its decoded answer.

        Raises:
            ReadOnlyError: a write was asked of a read-only client; nothing was sent.
            RemoteError: see the tree in `kashmag.errors`; vendor, operation, status and request
                id are filled in.
        """
        response = await self.raw(operation, options)
        try:
            return operation.decode(response)
        except RemoteError as error:
            self._name(error, operation, response)
            raise

    async def raw(self, operation: Operation[object], options: Options | None = None) -> Response:
        """Send it and return the response of a success, not decoded; raises what `call` raises."""
        if self._conduct.read_only and operation.effect is not Effect.READ:
            raise ReadOnlyError(
                f"{self._speech.vendor} {operation.name} writes, and this client is read-only"
            )
        if self._is_closed:
            raise UnreachableError(f"the client is closed, so {operation.name} was not sent")
        wishes = (options or Options()).over(self._conduct.options)
        policy = self._conduct.retry
        if wishes.retries is not None:
            policy = evolve(policy, retries=wishes.retries)
        request = self._request(operation, wishes)
        attempt = 1
        renewed = False
        while True:
            credential: Credential | None = None
            try:
                async with self._conduct.pacing.turn():
                    # Asked for as late as can be: it may be renewed while we wait for our turn.
                    credential = await self._ready(operation)
                    return await self._attempt(operation, request, credential, attempt)
            except SignInError:
                if credential is not None and credential is not self._session.credential:
                    continue  # renewed while we were on the way: says nothing about the new one
                # Refused while we were signed in: the session has ended. Sign in once, repeat once.
                if renewed:
                    self._not_permitted[operation.name] = credential
                if renewed or not self._may_be_renewed(operation, credential):
                    raise
                renewed = True
                await self._renew(operation, credential)
                continue
            except RemoteError as error:
                wait = decide_wait(
                    operation.effect,
                    error,
                    attempt=attempt,
                    policy=policy,
                    chance=self._clock.chance(),
                )
                is_late = request.is_late is not None and request.is_late()
                if wait is None or is_late or self._is_closed:
                    raise
                LOG.info("%s; attempt %d, again in %.1f s", error, attempt, wait.total_seconds())
            await self._clock.sleep(wait.total_seconds())
            attempt += 1

    async def aclose(self) -> None:
        """Send nothing more, end a sign-in that is under way; the transport is its maker's."""
        self._is_closed = True
        await self._session.aclose()

    def _request(self, operation: Operation[object], wishes: Options) -> Request:
        scope = operation.scope if operation.scope is not None else wishes.scope
        placed = self._speech.address(operation, scope)
        headers = {"Accept": "application/json", "User-Agent": self._conduct.user_agent}
        if operation.body is not None:
            headers["Content-Type"] = "application/json"
        is_late = None if operation.effect is Effect.READ else wishes.is_late
        placed = evolve(placed, body=operation.body, timeout=wishes.timeout, is_late=is_late)
        own = placed.headers
        placed = evolve(placed, headers=()).with_headers(headers).with_headers(dict(own))
        return placed.with_headers(dict(operation.headers)).with_headers(dict(wishes.headers))

    async def _ready(self, operation: Operation[object]) -> Credential | None:
        try:
            return await self._session.ready()
        except RemoteError as error:
            self._name(error, operation)
            raise

    def _may_be_renewed(self, operation: Operation[object], refused: Credential | None) -> bool:
        return refused is not None and self._not_permitted.get(operation.name) is not refused

    async def _renew(self, operation: Operation[object], refused: Credential | None) -> None:
        try:
            await self._session.renew(refused)
        except RemoteError as error:
            self._name(error, operation)
            raise

    async def _attempt(
        self,
        operation: Operation[object],
        request: Request,
        credential: Credential | None,
        attempt: int,
    ) -> Response:
        pacing = self._conduct.pacing
        # Signed as late as can be: a nonce is good once, a timestamp for minutes.
        signed = self._session.sign(request, credential)
        began = self._clock.seconds()
        response: Response | None = None
        failure: RemoteError | None = None
        try:
            signed.refuse_if_late()
            response = await self._transport.send(signed)
            return self._speech.decipher(response, operation)
        except RemoteError as error:
            failure = error
            self._name(error, operation, response)
            if error.retry_after and error.retry_after <= self._conduct.retry.patience:
                pacing.be_quiet(error.retry_after)
            raise
        finally:
            pacing.told(operation.name, began=began, outcome=_outcome(response, failure))
            self._observe(
                Exchange(
                    vendor=self._speech.vendor,
                    operation=operation,
                    attempt=attempt,
                    request=signed,
                    response=response,
                    error=failure,
                    duration=timedelta(seconds=self._clock.seconds() - began),
                )
            )

    def _observe(self, done: Exchange) -> None:
        ended = done.response.status if done.response else done.error
        LOG.debug("%s %s: %s in %s", done.vendor, done.operation.name, ended, done.duration)
        for observer in self._conduct.observers:
            try:
                observer(done)
            except Exception:
                LOG.warning("an observer of %s failed", done.vendor, exc_info=True)

    def _name(
        self, error: RemoteError, operation: Operation[object], response: Response | None = None
    ) -> None:
        error.vendor = error.vendor or self._speech.vendor
        error.operation = error.operation or operation.name
        if response is not None:
            error.status = error.status if error.status is not None else response.status
            error.request_id = error.request_id or _request_id(response)
            error.retry_after = error.retry_after or read_retry_after(response, self._clock.now())


def _request_id(response: Response) -> str:
    return next((found for name in REQUEST_IDS if (found := response.header(name))), "")


def _outcome(response: Response | None, failure: RemoteError | None) -> Outcome:
    match failure:
        case None:
            # Neither an answer nor an error of ours: cancelled on the way.
            return Outcome.NEITHER if response is None else Outcome.GOOD
        case NoAnswerError() | RateLimitedError():
            return Outcome.OVERLOADED
        case BrokenError(status=500):
            return Outcome.NEITHER  # one broken record is no sign of a struggling server
        case BrokenError():
            return Outcome.OVERLOADED
        case _:
            return Outcome.NEITHER
