"""A machine of events: orders, money and memos arrive, processes die, time passes, in any order.

However it went, after one undisturbed run of every flow the account holds exactly what it would
hold if everything had been there at once and nothing had happened.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.testing.deaths import DiedError, Mortal
from kashmag.testing.worlds import BEGINNING, World

MORE = int(os.environ.get("TORTURE", "1"))
ORDERS = (2, 3, 6)
FLOWS = ("orders", "payments", "refunds")
TOLD = recorded_documents("orders")


def facts(world: World) -> Counter[Any]:
    """What the account holds, without the numbers that KashFlow gave."""
    documents = Counter(
        (
            d["CustomerReference"],
            str(d["NetAmount"]),
            str(d["VATAmount"]),
            str(d["TotalPaidAmount"]),
            tuple(sorted(str(p["Note"]) for p in d["PaymentLines"])),
        )
        for d in world.account.invoices()
    )
    return documents + Counter(c["Code"] for c in world.account.customers())


def of_order(kind: str, order: int) -> list[Any]:
    return [document for document in TOLD[kind] if document["order_id"] == order]


class Backlog(RuleBasedStateMachine):
    """What may happen between a shop and its accounts."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(self.folder)
        self.there: set[tuple[str, int]] = set()

    def do(self, doing: Callable[[], Awaitable[None]]) -> None:
        asyncio.run(doing())  # type: ignore[arg-type]

    def arrive(self, kind: str, order: int, documents: list[Any]) -> None:
        if (kind, order) not in self.there:
            self.there.add((kind, order))
            self.world.load(**{f"{kind}s": documents})

    @rule(order=st.sampled_from(ORDERS))
    def an_order_arrives(self, order: int) -> None:
        self.arrive("order", order, [o for o in TOLD["order"] if o["entity_id"] == order])

    @rule(order=st.sampled_from(ORDERS))
    def its_money_arrives(self, order: int) -> None:
        if ("order", order) in self.there:
            self.arrive("invoice", order, of_order("invoice", order))

    @rule(order=st.sampled_from(ORDERS))
    def some_is_returned(self, order: int) -> None:
        if ("invoice", order) in self.there:
            self.arrive("credit_memo", order, of_order("credit_memo", order))

    @rule(flow=st.sampled_from(FLOWS), steps=st.integers(0, 90))
    def a_process_works_and_dies(self, flow: str, steps: int) -> None:
        async def work() -> None:
            try:
                async with self.world.engine(around=Mortal(steps).around) as engine:
                    async for _ in engine.sync(flow, since=BEGINNING):
                        pass
            except DiedError:
                pass

        self.do(work)

    @rule(seconds=st.sampled_from([1, 30, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.world.time.turn(seconds)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return

        async def finish() -> None:
            for flow in FLOWS:
                async with self.world.engine() as engine:
                    events = [event async for event in engine.sync(flow, since=BEGINNING)]
                    assert events[-1].failed == 0
                    assert await engine.logbook.verify_audit() == ()

        async def undisturbed() -> Counter[Any]:
            with tempfile.TemporaryDirectory() as folder:
                async with World(Path(folder)) as world:
                    for kind in ("order", "invoice", "credit_memo"):
                        for known, order in sorted(self.there):
                            if known == kind:
                                found = (
                                    [o for o in TOLD["order"] if o["entity_id"] == order]
                                    if kind == "order"
                                    else of_order(kind, order)
                                )
                                world.load(**{f"{kind}s": found})
                    async with world.engine() as engine:
                        async for _ in engine.sync("orders", since=BEGINNING):
                            pass
                    return facts(world)

        try:
            self.do(finish)
            assert facts(self.world) == asyncio.run(undisturbed())
            assert self.world.census().duplicate_references == {}
        finally:
            self.world.account.close()
            self.world.shop.close()
            shutil.rmtree(self.folder)


def test_however_it_went_everything_is_there_once() -> None:
    careful = settings(
        deadline=None,
        max_examples=5 * MORE,
        stateful_step_count=8,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(Backlog, settings=careful)
