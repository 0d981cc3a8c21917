"""What becomes of orders that were placed before `go_live` and paid for, or shipped, after it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.policy import BeforeGoLive, Policy
from kashmag.plans.proposals import Way
from kashmag.reconciliation import Cause, Period, reconcile, vat_report
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.worlds import BEGINNING, MORNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=(MORNING + timedelta(days=1)).date())
HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket("zoe@example.com", (Line("MUG", Decimal("9.99")),), billing=HOME)
CARD = evolve(BASKET, email="ann@example.com", payment_method="a_card_without_a_row")


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=GO_LIVE)
    yield made
    made.account.close()
    made.shop.close()


async def sync(world: World, policy: Policy | None = None) -> dict[str, DocumentFinished]:
    async with world.engine(policy=policy) as engine:
        events = [event async for event in engine.sync("orders", since=BEGINNING)]
    done = [one for one in events if isinstance(one, DocumentFinished)]
    return {one.document.number: one for one in done if one.document.kind == "order"}


def old_orders(world: World) -> list[dict[str, Any]]:
    """Two orders of the day before, paid two days later, one of them by an unheard-of method."""
    orders = [world.shop.place(BASKET), world.shop.place(CARD)]
    world.time.advance(timedelta(days=2))
    for order in orders:
        world.shop.invoice(order["entity_id"])
    return orders


async def test_they_wait_under_one_cause_whatever_else_is_in_them(world: World) -> None:
    old_orders(world)
    closed = evolve(GO_LIVE, books_closed_until=MORNING.date())
    assert {one.codes for one in (await sync(world, closed)).values()} == {("before_go_live",)}
    async with world.engine() as engine:
        (group,) = await engine.errors()
    assert (group.code, group.count) == ("before_go_live", 2)
    assert "kashmag errors adopt" in group.remedy
    assert world.account.invoices() == []


async def test_one_of_them_is_posted_when_a_person_says_so_and_goes_on_like_any_other(
    world: World,
) -> None:
    first, _ = old_orders(world)
    number = first["increment_id"]
    await sync(world)
    async with world.engine() as engine:
        done = await engine.resolve(number, Way.POST, reason="nobody typed it", who="ann")
    assert done.outcome is Outcome.POSTED
    (invoice,) = world.account.invoices()
    assert invoice["IssuedDate"].startswith(str(MORNING.date()))
    assert invoice["Status"] == "Paid"
    world.shop.refund(first["entity_id"])
    assert (await sync(world))[number].outcome is Outcome.POSTED
    assert len(world.account.invoices()) == 2


async def test_the_policy_decides_for_all_of_them(world: World) -> None:
    old_orders(world)
    skipped = await sync(world, evolve(GO_LIVE, before_go_live=BeforeGoLive.SKIP))
    assert {one.outcome for one in skipped.values()} == {Outcome.SKIPPED}
    assert world.account.invoices() == []
    posted = await sync(world, evolve(GO_LIVE, before_go_live=BeforeGoLive.POST))
    assert {one.outcome for one in posted.values()} == {Outcome.POSTED}
    assert len(world.account.invoices()) == 2


async def test_money_that_is_held_on_one_that_was_posted_so_is_told(world: World) -> None:
    _, card = old_orders(world)
    await sync(world)
    async with world.engine() as engine:
        done = await engine.resolve(card["increment_id"], Way.POST, reason="not typed", who="ann")
    assert (done.outcome, done.codes) == (Outcome.POSTED, ("unmapped_payment_method",))


async def test_what_is_held_is_held_in_the_reconciliation_too(world: World) -> None:
    first, _ = old_orders(world)
    untouched = world.shop.place(BASKET)  # after go_live, and not paid: it waits
    world.shop.refund(first["entity_id"])
    period = Period(MORNING.date(), (MORNING + timedelta(days=9)).date())
    for is_read in (False, True):
        if is_read:
            await sync(world)
        async with world.engine() as engine:
            sides = await engine.sides(period, remote=True)
        report = reconcile(sides.shop, sides.account, sides.memory, period)
        held = {(one.order, one.number) for one in report.by_cause[Cause.HELD]}
        assert (first["increment_id"], "000000001") in held
        assert set(report.by_cause) == {Cause.HELD}
        assert untouched["increment_id"] not in {order for order, _ in held}
        vat = vat_report(sides.shop, sides.account, sides.memory, period)
        assert not report.is_clean
        assert not vat.is_clean
    skipping = evolve(GO_LIVE, before_go_live=BeforeGoLive.SKIP)
    async with world.engine(policy=skipping) as engine:
        sides = await engine.sides(period, remote=True)
    report = reconcile(sides.shop, sides.account, sides.memory, period)
    assert set(report.by_cause) == {Cause.SKIPPED}
    assert report.is_clean


async def test_what_nobody_touched_since_is_no_affair_of_anybody(world: World) -> None:
    order = world.shop.place(BASKET)
    world.shop.invoice(order["entity_id"])
    period = Period(MORNING.date(), MORNING.date())
    async with world.engine() as engine:
        sides = await engine.sides(period, remote=True)
    report = reconcile(sides.shop, sides.account, sides.memory, period)
    assert set(report.by_cause) == {Cause.SKIPPED}
