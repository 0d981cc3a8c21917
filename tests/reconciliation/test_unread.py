"""What cannot be read in the shop any more is one difference, and no proof that money is gone."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import assume, given

from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.reconciliation import Cause, DocumentKind, Figures, Period, Standing, reconcile
from kashmag.reconciliation.figures import UNKNOWN
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.sandbox.magento.refunding import Refund
from kashmag.testing.worlds import BEGINNING, POLICY, World

_spec = importlib.util.spec_from_file_location(
    "unread_worlds", Path(__file__).with_name("worlds.py")
)
worlds = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = worlds
_spec.loader.exec_module(worlds)

QUARTER = worlds.QUARTER
LATER = Period(date(2026, 10, 1), date(2026, 12, 31))
NUMBER = "000000001"
BASKET = Basket(
    "zoe@example.com",
    (Line("MUG", Decimal("9.99"), quantity=Decimal(2)), Line("PEN", Decimal("3.33"))),
    billing=Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ"),
)


@given(worlds.clean_worlds())
def test_a_document_that_cannot_be_read_any_more_is_named_once_whatever_its_money(world):
    shop = world.shop[0]
    assume(shop.figures and not shop.is_unread)
    raised = shop.figures + Figures(Decimal("1.20"))
    changed = world.with_shop(
        0, bands={UNKNOWN: raised}, standing=Standing.HELD, reason="its sums do not meet"
    )
    before = reconcile(world.shop, world.account, world.memory, QUARTER)
    after = reconcile(changed.shop, changed.account, changed.memory, QUARTER)
    new = [one for one in after.differences if one not in before.differences]
    assert [one.cause for one in new] == [Cause.CHANGED_IN_SHOP]
    assert "cannot be read: its sums do not meet." in new[0].message
    assert not new[0].is_payment
    assert after.money == before.money
    assert after.balances


@given(worlds.clean_worlds())
def test_a_credit_note_of_the_same_totals_is_no_difference_because_its_order_is_unread(world):
    shop = world.shop[0]
    assume(shop.kind is DocumentKind.CREDIT_NOTE and shop.figures)
    unread = world.with_shop(0, bands={UNKNOWN: shop.figures}, standing=Standing.HELD)
    before = reconcile(world.shop, world.account, world.memory, QUARTER)
    after = reconcile(unread.shop, unread.account, unread.memory, QUARTER)
    assert after.differences == before.differences
    assert after.balances


@pytest.fixture
async def world(tmp_path: Path):
    """An order, paid, posted and refunded in part; then a module raises its total."""
    made = World(tmp_path, policy=evolve(POLICY, go_live=BEGINNING.date()))
    order = made.shop.place(BASKET)
    made.shop.invoice(order["entity_id"])
    await outcomes(made, "orders")
    made.shop.refund(order["entity_id"], Refund({order["items"][0]["item_id"]: Decimal(1)}))
    await outcomes(made, "refunds")
    assert (await report(made)).differences == ()
    raise_total(made, "1.20")
    yield made
    made.account.close()
    made.shop.close()


def raise_total(world, by):
    (order,) = world.shop.orders()
    for name in ("grand_total", "base_grand_total", "subtotal", "base_subtotal"):
        order[name] += Decimal(by)
    row = order["items"][0]
    for name in ("row_total", "row_total_incl_tax"):
        row[name] += Decimal(by)
        row[f"base_{name}"] += Decimal(by)
    world.load(orders=[order])
    world.shop.touch(order["entity_id"])


async def outcomes(world, flow):
    async with world.engine() as engine:
        events = [event async for event in engine.sync(flow)]
    world.time.turn(3600)
    done = [one for one in events if isinstance(one, DocumentFinished)]
    return {one.document.number: one for one in done if one.document.kind == "order"}


async def report(world, *, remote=True):
    async with world.engine() as engine:
        sides = await engine.sides(LATER, remote=remote)
    found = reconcile(sides.shop, sides.account, sides.memory, LATER)
    assert found.balances
    return found


async def problem(world):
    async with world.engine() as engine:
        plan = await engine.plan_order(NUMBER)
    (found,) = plan.problems
    assert plan.is_held
    assert plan.actions == ()
    return found


@pytest.mark.parametrize("remote", [True, False])
async def test_an_order_that_cannot_be_read_any_more_is_one_difference(world, remote):
    assert (await outcomes(world, "orders"))[NUMBER].outcome is Outcome.HELD
    found = await report(world, remote=remote)
    (one,) = found.differences
    assert (one.cause, one.paid) == (Cause.CHANGED_IN_SHOP, 0)
    (money,) = found.money
    assert money.shop == money.account != 0


async def test_its_remedy_says_where_it_is_posted_and_to_enter_nothing(world):
    told = (await problem(world)).remedy
    assert "posted as 1" in told
    assert "do not enter it again" in told
    assert "by hand" not in told


async def test_the_remedy_clears_it_by_putting_the_order_right(world):
    await outcomes(world, "orders")
    raise_total(world, "-1.20")
    assert (await outcomes(world, "orders"))[NUMBER].outcome is Outcome.SKIPPED
    assert (await report(world)).differences == ()


@pytest.mark.parametrize("edited", [False, True])
async def test_the_remedy_clears_it_by_skipping_the_order(world, edited):
    """Whoever settles it in KashFlow may edit the invoice there: it is theirs."""
    await outcomes(world, "orders")
    if edited:
        lines = world.account.invoices()[0]["LineItems"]
        lines[0]["Rate"] += Decimal("0.60")
        world.account.edit_invoice(1, {"LineItems": lines})
    async with world.engine() as engine:
        await engine.skip(NUMBER, reason="settled with the client", who="ann")
    await outcomes(world, "orders")
    found = await report(world)
    assert [one.message for one in found.differences if one.cause is not Cause.ACCEPTED] == []
    assert all("settled with the client" in one.message for one in found.differences)
    assert found.is_clean
