"""Orders that a change of settings makes due, and the flows that post no order."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kashmag.plans.events import DocumentFinished, RunFinished
from kashmag.plans.policy import OrderOutcome, Policy
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.worlds import BEGINNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())
HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
SMALL = Basket("zoe@example.com", (Line("MUG", Decimal("9.99")),), billing=HOME)
UNPAID = evolve(GO_LIVE, statuses={"pending": OrderOutcome.UNPAID})


@pytest.fixture
def world(tmp_path: Path) -> Any:
    made = World(tmp_path, policy=GO_LIVE)
    yield made
    made.account.close()
    made.shop.close()


async def sync(
    world: World, flow: str = "orders", policy: Policy | None = None, **more: Any
) -> tuple[dict[str, DocumentFinished], RunFinished]:
    async with world.engine(policy=policy) as engine:
        events = [event async for event in engine.sync(flow, **more)]
    told = {e.document.number: e for e in events if isinstance(e, DocumentFinished)}
    (ended,) = [e for e in events if isinstance(e, RunFinished)]
    return told, ended


def references(world: World) -> set[str]:
    return {str(one["CustomerReference"]) for one in world.account.invoices()}


async def waiting(world: World, count: int = 3) -> set[str]:
    """Pending orders, skipped until they are paid."""
    placed = {world.shop.place(SMALL)["increment_id"] for _ in range(count)}
    told, _ = await sync(world)
    assert all(told[one].reason.startswith("waiting") for one in placed)
    world.time.turn(7200)
    later = world.shop.place(SMALL)  # with it, runs go on from here
    world.shop.invoice(later["entity_id"])
    await sync(world)
    return placed


def due(numbers: set[str]) -> set[str]:
    return {f"M1-ORD-{one}" for one in numbers}


async def test_what_a_change_of_settings_makes_due_is_posted_by_the_next_run(world) -> None:
    numbers = await waiting(world)
    for policy, is_read in (
        (GO_LIVE, False),
        (evolve(GO_LIVE, payment_days=3), True),
        (GO_LIVE, True),  # and back again
        (GO_LIVE, False),
    ):
        told, ended = await sync(world, policy=policy)
        assert (numbers <= set(told), ended.posted) == (is_read, 0)
    assert (await sync(world, policy=UNPAID))[1].posted == 3
    assert due(numbers) <= references(world)
    assert not numbers & set((await sync(world, policy=UNPAID))[0])


async def test_runs_with_a_limit_look_at_all_of_them_in_the_end(world) -> None:
    numbers = await waiting(world)
    await sync(world, policy=UNPAID, limit=2)
    assert due(numbers) - references(world)
    for _ in numbers:
        await sync(world, policy=UNPAID, limit=2)
    assert due(numbers) <= references(world)


@pytest.mark.parametrize("flow", ["payments", "refunds", "drift"])
async def test_other_flows_post_no_order_that_never_was_and_leave_it_to_the_next_run(
    world, flow
) -> None:
    (number,) = await waiting(world, 1)
    record = f"M:order:{int(number)}"
    async with world.engine() as engine:  # as if something of it waited
        found = await engine.logbook.document(record)
        await engine.logbook.finish(evolve(found, codes=("accepted",)))
    told, ended = await sync(world, flow, UNPAID)
    assert ended.posted == 0
    assert not due({number}) & references(world)
    if flow != "refunds":  # that one tells of memos, and there is none
        assert told[number].reason == "not posted yet: kashmag sync orders posts it"
    async with world.engine(policy=UNPAID) as engine:
        assert (await engine.logbook.document(record)).codes == ("left_to_orders",)
        assert await engine.errors() == ()
    await sync(world, policy=UNPAID)
    assert due({number}) <= references(world)
