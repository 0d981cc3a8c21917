"""A whole world in one process: both stand-ins, a logbook, an engine, and a clock of its own.

    async with World(tmp_path) as world:
        world.load(orders=[...])
        async with world.engine() as engine:
            events = [event async for event in engine.sync("orders", since=BEGINNING)]
        assert world.census().duplicate_references == {}

No socket and no port: the clients call the stand-ins' applications. Waiting takes no time: whoever
sleeps turns the clock. An engine that is left by an exception is a process that died: the next one
has a new owner, and finds what the logbook and the account hold.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from kashmag import kashflow, magento
from kashmag.engine.engine import Engine
from kashmag.engine.options import EngineOptions
from kashmag.hooks.hooks import Hooks
from kashmag.logbook.database import open_logbook
from kashmag.logbook.instants import Instants
from kashmag.plans.policy import PaymentAction, PaymentRule, Policy
from kashmag.rest.clock import Clock
from kashmag.rest.retry import RetryPolicy
from kashmag.rest.transport import AsgiTransport, Transport
from kashmag.sandbox.faults import Faults
from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.kashflow.census import Census
from kashmag.sandbox.kashflow.switches import Switches
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.magento.documents import Document

BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
MORNING: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
POLICY: Final = Policy(
    payments={
        method: PaymentRule(PaymentAction.POST, method=1, bank_account=1)
        for method in ("checkmo", "banktransfer", "cashondelivery", "purchaseorder", "free")
    }
)
Around = Callable[[Transport], Transport]


def _as_it_is(transport: Transport) -> Transport:
    return transport


class TurnedClock:
    """A clock that stands still until somebody sleeps, or turns it."""

    def __init__(self) -> None:
        self.seconds = 10_000.0
        self.jump = timedelta(0)

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds

    def advance(self, by: timedelta) -> None:
        """Let time pass: `advance(timedelta(days=1))`."""
        self.turn(by.total_seconds())

    def now(self) -> datetime:
        """The time of day, which may jump (`jump`) when the seconds do not."""
        return MORNING + timedelta(seconds=self.seconds - 10_000.0) + self.jump

    async def sleep(self, seconds: float) -> None:
        """Let time pass, and others work."""
        self.seconds += seconds
        await asyncio.sleep(0)

    @property
    def clock(self) -> Clock:
        """The clock as clients and engine take it; chance is always the same."""
        return Clock(
            seconds=lambda: self.seconds, now=self.now, sleep=self.sleep, chance=lambda: 0.5
        )


class World:
    """A shop and an account on your desk, and any number of engines between them."""

    def __init__(
        self,
        folder: Path,
        *,
        policy: Policy = POLICY,
        switches: Switches | None = None,
        kashflow_faults: Faults | None = None,
        magento_faults: Faults | None = None,
        assumptions: kashflow.Assumptions = kashflow.ASSUMED,
        options: EngineOptions | None = None,
        logbook_url: str = "",
    ) -> None:
        self.time = TurnedClock()
        self.policy = policy
        self.options = options or EngineOptions()
        self.assumptions = assumptions
        self.logbook_url = logbook_url or f"sqlite:///{folder}/logbook.sqlite"
        self.shop = MagentoSandbox(clock=self.time.now, faults=magento_faults)
        self.account = KashflowSandbox(
            clock=self.time.now, switches=switches, faults=kashflow_faults
        )

    def load(self, **documents: Iterable[Document]) -> None:
        """Put documents into the shop, as the REST API serves them (see `MagentoSandbox.load`)."""
        self.shop.load(**documents)

    def census(self) -> Census:
        """Count what is in the account, behind the API's back."""
        return self.account.census()

    @contextlib.asynccontextmanager
    async def engine(
        self,
        *,
        plugins: Iterable[object] = (),
        around: Around = _as_it_is,
        policy: Policy | None = None,
    ) -> AsyncIterator[Engine]:
        """A process that works: a new owner, new clients, the same logbook.

        `around` puts something of yours between client and account, to cut or kill.
        """
        clock = self.time.clock
        logbook = await open_logbook(
            self.logbook_url, instants=Instants("world", lambda: self.time.seconds)
        )
        keys, signs = self.shop.credentials, self.account.credentials
        shop = magento.Client(
            "http://shop.example",
            auth=magento.OAuth1(
                consumer_key=keys.consumer_key,
                consumer_secret=keys.consumer_secret,
                access_token=keys.access_token,
                access_token_secret=keys.access_token_secret,
                now=clock.now,
            ),
            transport=AsgiTransport(self.shop.app),
            retry=RetryPolicy(),
            clock=clock,
        )
        books = kashflow.Client(
            "http://kashflow.example/v2",
            auth=kashflow.SignIn(signs.user_name, signs.password, signs.memorable_word),
            transport=around(AsgiTransport(self.account.app)),
            assumptions=self.assumptions,
            clock=clock,
        )
        try:
            async with shop, books:
                yield Engine(
                    shop,
                    books,
                    logbook,
                    hooks=Hooks(plugins),
                    policy=policy or self.policy,
                    options=self.options,
                    clock=clock,
                )
        finally:
            await logbook.aclose()

    async def __aenter__(self) -> Self:
        """The world as it is."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of files."""
        self.account.close()
        self.shop.close()
