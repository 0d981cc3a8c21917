"""A machine of a backlog that is walked through in pieces, by runs that die or stop at a limit.

Orders are placed, edited, and committed late, below and above where the walk is; two regular runs
at the end, and every order of the shop has the outcome that its last state asks for.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from attrs import evolve
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from kashmag.engine import walking
from kashmag.engine.options import EngineOptions
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.testing.deaths import DiedError, Mortal
from kashmag.testing.worlds import BEGINNING, POLICY, World

MORE = int(os.environ.get("TORTURE", "1"))
GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())
SMALL = EngineOptions(batch=3, documents_at_once=2)
TOLD = recorded_documents("orders")
VIRTUAL = next(one for one in TOLD["order"] if one["entity_id"] == 6)
LATEST = int(SMALL.overlap.total_seconds()) - 60


class Walked(RuleBasedStateMachine):
    """What may happen between a shop and a walk through its orders."""

    @initialize(orders=st.integers(0, 8))
    def begin(self, orders: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(self.folder, policy=GO_LIVE, options=SMALL)
        self.stamped: list[tuple[int, dict[str, Any]]] = []
        self.placed = 0
        for _ in range(orders):
            self.an_order_is_placed("processing")

    def stamp(self, order: dict[str, Any]) -> dict[str, Any]:
        return {**order, "updated_at": self.world.time.now().strftime("%Y-%m-%d %H:%M:%S")}

    def new(self, state: str) -> dict[str, Any]:
        self.placed += 1
        number = f"{self.placed:09d}"
        return self.stamp(
            {**VIRTUAL, "entity_id": self.placed, "increment_id": number, "state": state,
             "status": {"new": "pending"}.get(state, state)}
        )  # fmt: skip

    @rule(state=st.sampled_from(["new", "processing"]))
    def an_order_is_placed(self, state: str) -> None:
        self.world.load(orders=[self.new(state)])
        self.world.time.turn(1)

    @rule(state=st.sampled_from(["new", "processing"]))
    def an_order_is_stamped_and_not_yet_committed(self, state: str) -> None:
        self.stamped.append((int(self.world.time.seconds), self.new(state)))

    @rule()
    def what_was_stamped_is_committed(self) -> None:
        if self.stamped:
            self.world.load(orders=[self.stamped.pop(0)[1]])

    @rule(which=st.integers(0, 30))
    def an_order_is_edited(self, which: int) -> None:
        orders = self.world.shop.orders()
        if orders:
            order = orders[which % len(orders)]
            edited = {**order, "state": "processing", "status": "processing"}
            self.world.load(orders=[self.stamp(edited)])

    @rule(seconds=st.sampled_from([1, 60, LATEST, 4 * LATEST]))
    def time_passes(self, seconds: int) -> None:
        now = self.world.time.seconds
        for at, _ in tuple(self.stamped):
            if now + seconds - at >= LATEST:  # no transaction takes as long as that
                self.what_was_stamped_is_committed()
        self.world.time.turn(seconds)

    @rule(limit=st.integers(1, 5))
    def a_run_stops_at_its_limit(self, limit: int) -> None:
        self.do(lambda: self.sync(limit=limit))

    @rule(steps=st.integers(0, 140))
    def a_run_dies(self, steps: int) -> None:
        self.do(lambda: self.sync(steps=steps))

    @rule()
    def a_run_comes_to_its_end(self) -> None:
        self.do(self.sync)

    def do(self, doing: Callable[[], Awaitable[None]]) -> None:
        asyncio.run(doing())  # type: ignore[arg-type]
        # A run turns the clock while it waits; no transaction was open for as long as that.
        now = int(self.world.time.seconds)
        self.stamped = [(now, self.stamp(order)) for _, order in self.stamped]

    async def sync(self, *, limit: int | None = None, steps: int = 10**9) -> None:
        try:
            life = Mortal(steps)
            async with self.world.engine(around=life.around) as engine:
                life.at_the_logbook(engine.logbook)
                async for _ in engine.sync("orders", limit=limit):
                    pass
        except DiedError:
            pass

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            while self.stamped:
                self.what_was_stamped_is_committed()
            self.do(self.sync)
            self.do(self.sync)
            self.do(self.check)
        finally:
            self.world.account.close()
            self.world.shop.close()
            shutil.rmtree(self.folder)

    async def check(self) -> None:
        posted = {one["CustomerReference"] for one in self.world.account.invoices()}
        assert self.world.census().duplicate_references == {}
        async with self.world.engine() as engine:
            for order in self.world.shop.orders():
                record = await engine.logbook.document(f"M:order:{order['entity_id']}")
                assert record is not None, order["entity_id"]
                due = order["state"] == "processing"
                # What a run has posted that died before it said so is found posted by the next.
                outcomes = {"posted", "skipped"} if due else {"skipped"}
                assert record.outcome in outcomes, record
                assert ("already posted" in record.reason) is (
                    due and record.outcome == "skipped"
                ), record
                assert (f"M1-ORD-{order['increment_id']}" in posted) is due


def test_however_a_backlog_is_walked_through_nothing_is_left_out(monkeypatch) -> None:
    monkeypatch.setattr(walking, "EVERY", 1)
    careful = settings(
        deadline=None,
        max_examples=6 * MORE,
        stateful_step_count=14,
        phases=(Phase.generate,),  # an example takes seconds: to shrink it, minutes and more
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(Walked, settings=careful)
