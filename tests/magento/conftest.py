"""What the tests of this room share: samples, a shop by script, a clock that tests turn."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kashmag import magento
from kashmag.rest.clock import Clock
from kashmag.rest.wire import Request, Response

START = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parent.parent / "samples" / "magento"
JSON = (("Content-Type", "application/json; charset=utf-8"),)


class Shop:
    """A far end that answers each request by one function, and remembers it."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        return self.answer(request)

    async def aclose(self) -> None: ...


class Hands:
    """A clock that moves only when somebody sleeps, or turns it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def _sleep(self, seconds: float) -> None:
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        return Clock(
            seconds=lambda: self.seconds,
            now=lambda: START + timedelta(seconds=self.seconds),
            sleep=self._sleep,
            chance=lambda: 0.0,
        )


def answer(value: object, status: int = 200) -> Response:
    return Response(status, JSON, json.dumps(value).encode())


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def make_shop() -> type[Shop]:
    return Shop


@pytest.fixture(scope="session")
def make_answer() -> Callable[..., Response]:
    return answer


@pytest.fixture
def make_client(hands: Hands) -> Callable[..., magento.Client]:
    def make(shop: Shop, **told: object) -> magento.Client:
        told = {"auth": magento.Bearer("sesame"), "clock": hands.clock, **told}
        return magento.Client("https://shop.example/", transport=shop, **told)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES
