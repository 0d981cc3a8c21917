"""An account to speak to: the stand-in in this process, and a clock that does not wait."""

import asyncio

import pytest

from kashmag import kashflow
from kashmag.rest.clock import Clock
from kashmag.rest.retry import RetryPolicy
from kashmag.rest.transport import AsgiTransport
from kashmag.sandbox.kashflow import Credentials, KashflowSandbox

ROOT = "http://books.test/v2"


class TurnedClock:
    """A clock that a test turns; sleeping turns it too."""

    def __init__(self):
        self.time = 1000.0
        self.slept = []

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)

    @property
    def clock(self):
        return Clock(seconds=lambda: self.time, sleep=self.sleep, chance=lambda: 0.5)


@pytest.fixture
def turned():
    return TurnedClock()


@pytest.fixture
def sign_in():
    public = Credentials()
    return kashflow.SignIn(public.user_name, public.password, public.memorable_word)


@pytest.fixture
async def open_books(sign_in, turned):
    """Open a client on an account of its own: `books, account = open_books(switches=...)`."""
    opened = []

    def open_(sandbox=None, *, transport=None, retries=3, **settings):
        sandbox = sandbox or KashflowSandbox(seed=7)
        client = kashflow.Client(
            ROOT,
            auth=settings.pop("auth", sign_in),
            transport=transport or AsgiTransport(sandbox.app),
            retry=RetryPolicy(retries=retries),
            clock=turned.clock,
            **settings,
        )
        opened.append(client)
        return client, sandbox

    yield open_
    for client in opened:
        await client.aclose()
