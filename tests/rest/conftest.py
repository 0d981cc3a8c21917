"""What the tests of this room share: a far end by script, and a clock that tests turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from kashmag.errors import BrokenError, DeclinedError, RateLimitedError, SignInError
from kashmag.rest.authentication import Anonymous, Authentication
from kashmag.rest.caller import Caller, Conduct, Speech, rooted
from kashmag.rest.clock import Clock
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.pacing import Pacing
from kashmag.rest.wire import Request, Response

START = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
Answer = Response | Exception | Callable[[Request], Response]


class Far:
    """A far end that answers by script, then for ever as it did last."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.is_closed = False

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Response) else answer(request)

    async def aclose(self) -> None:
        self.is_closed = True


class Hands:
    """A clock that moves only when somebody sleeps, or turns it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def turn(self, seconds: float) -> None:
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        return Clock(
            seconds=lambda: self.seconds,
            now=lambda: START + timedelta(seconds=self.seconds),
            sleep=self._sleep,
            chance=lambda: 0.0,
        )


def decipher(response: Response, operation: Operation[object]) -> Response:
    """The plainest reading of a status."""
    del operation
    match response.status:
        case 401:
            raise SignInError("who are you?")
        case 429:
            raise RateLimitedError("slow down")
        case status if status >= 500:
            raise BrokenError("broken")
        case status if status >= 400:
            raise DeclinedError("no")
        case _:
            return response


def operation(effect: Effect = Effect.READ, name: str = "get thing") -> Operation[bytes]:
    """Some operation; its answer is the body."""
    body = None if effect is Effect.READ else b"{}"
    return Operation(
        name, "GET", path="/things", effect=effect, decode=lambda response: response.body, body=body
    )


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def make_far() -> type[Far]:
    return Far


@pytest.fixture
def make_operation() -> Callable[..., Operation[bytes]]:
    return operation


@pytest.fixture
def make_caller(hands: Hands) -> Callable[..., Caller]:
    """Make a caller that speaks to a scripted far end."""

    def make(far: Far, auth: Authentication | None = None, **conduct: object) -> Caller:
        root = "https://far.example"
        speech = Speech(
            vendor="Far",
            root=root,
            address=rooted(root),
            authentication=auth or Anonymous(),
            decipher=decipher,
        )
        told = {"clock": hands.clock, "pacing": Pacing(clock=hands.clock), **conduct}
        return Caller(speech, far, Conduct(**told))  # type: ignore[arg-type]

    return make
