"""Which day dates an invoice: the order's, or that of its first Magento invoice."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.policy import ClosedPeriod, IssueDate, OrderOutcome, Policy
from kashmag.reconciliation import Period, reconcile, vat_report
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.worlds import BEGINNING, MORNING, POLICY, World

UNPAID = {"pending": OrderOutcome.UNPAID}
BY_ORDER = evolve(POLICY, go_live=BEGINNING.date(), statuses=UNPAID, payment_days=14)
BY_INVOICE = evolve(BY_ORDER, issue_date=IssueDate.INVOICE)
HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket("zoe@example.com", (Line("MUG", Decimal("9.99")),), billing=HOME)
ORDERED = MORNING.date()
PAID = ORDERED + timedelta(days=7)
NUMBER = "000000001"


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=BY_INVOICE)
    yield made
    made.account.close()
    made.shop.close()


async def sync(
    world: World, policy: Policy | None = None, flow: str = "orders"
) -> DocumentFinished:
    async with world.engine(policy=policy) as engine:
        events = [event async for event in engine.sync(flow, since=BEGINNING)]
    return next(one for one in events if isinstance(one, DocumentFinished))


def paid_a_week_later(world: World) -> None:
    order = world.shop.place(BASKET)
    world.time.advance(timedelta(days=7))
    world.shop.invoice(order["entity_id"])


def days(world: World) -> tuple[date, date]:
    (invoice,) = world.account.invoices()
    return tuple(date.fromisoformat(invoice[one][:10]) for one in ("IssuedDate", "DueDate"))


async def test_an_unpaid_order_waits_for_its_magento_invoice_and_is_dated_by_it(
    world: World,
) -> None:
    order = world.shop.place(BASKET)
    waiting = await sync(world)
    assert waiting.outcome is Outcome.SKIPPED
    assert waiting.reason.startswith("waiting: it has no Magento invoice yet")
    world.time.advance(timedelta(days=7))
    world.shop.invoice(order["entity_id"])
    assert (await sync(world)).outcome is Outcome.POSTED
    assert days(world) == (PAID, PAID + timedelta(days=14))
    async with world.engine() as engine:
        (story,) = await engine.why(NUMBER)
    assert "the day of its first Magento invoice" in str(story)


async def test_by_default_the_orders_own_day_dates_it(world: World) -> None:
    paid_a_week_later(world)
    assert (await sync(world, BY_ORDER)).outcome is Outcome.POSTED
    assert days(world) == (ORDERED, ORDERED + timedelta(days=14))


@pytest.mark.parametrize("remote", [True, False])
async def test_reconcile_and_vat_take_it_into_the_period_of_that_day(world, remote) -> None:
    paid_a_week_later(world)
    await sync(world)
    async with world.engine() as engine:
        for first, counted in ((ORDERED, 0), (PAID, 1)):
            period = Period(first, first + timedelta(days=6))
            sides = await engine.sides(period, remote=remote)
            report = reconcile(sides.shop, sides.account, sides.memory, period)
            assert (report.balances, report.differences) == (True, ())
            scheme = await engine.vat_scheme()
            vat = vat_report(sides.shop, sides.account, sides.memory, period, scheme=scheme)
            assert vat.shop.box_6 == vat.account.box_6
            assert bool(vat.shop.box_6) is bool(counted)


async def test_books_that_are_closed_on_the_orders_day_only_close_nothing(world: World) -> None:
    paid_a_week_later(world)
    closed = evolve(BY_INVOICE, books_closed_until=ORDERED)
    assert (await sync(world, closed)).outcome is Outcome.POSTED
    assert days(world)[0] == PAID


async def test_books_that_are_closed_on_its_day_hold_it_or_move_it(world: World) -> None:
    paid_a_week_later(world)
    closed = evolve(BY_INVOICE, books_closed_until=PAID)
    assert "period_closed" in (await sync(world, closed)).codes
    moving = evolve(closed, closed_period=ClosedPeriod.FIRST_OPEN_DAY)
    world.time.advance(timedelta(days=1))
    assert (await sync(world, moving)).outcome is Outcome.POSTED
    assert days(world)[0] == PAID + timedelta(days=1)


async def test_an_order_that_is_paid_after_go_live_is_of_after_go_live(world: World) -> None:
    paid_a_week_later(world)
    between = ORDERED + timedelta(days=1)
    held = await sync(world, evolve(BY_ORDER, go_live=between))
    assert held.codes == ("before_go_live",)
    assert (await sync(world, evolve(BY_INVOICE, go_live=between))).outcome is Outcome.POSTED


@pytest.mark.parametrize(("first", "then"), [(BY_ORDER, BY_INVOICE), (BY_INVOICE, BY_ORDER)])
async def test_what_was_posted_under_the_other_setting_is_no_drift(world, first, then) -> None:
    paid_a_week_later(world)
    await sync(world, first)
    told = await sync(world, then, "drift")
    assert (told.outcome, told.codes) == (Outcome.SKIPPED, ())
    assert len(world.account.invoices()) == 1


async def test_an_order_that_was_posted_unpaid_goes_on_when_the_setting_changes(world) -> None:
    order = world.shop.place(BASKET)
    await sync(world, BY_ORDER)
    told = await sync(world, flow="drift")
    assert (told.outcome, told.reason) == (Outcome.SKIPPED, "already posted as 1")
    world.time.advance(timedelta(days=7))
    world.shop.invoice(order["entity_id"])
    assert (await sync(world)).outcome is Outcome.POSTED
    assert world.account.invoices()[0]["Status"] == "Paid"


async def test_an_order_that_counts_as_paid_without_a_magento_invoice_is_held(world) -> None:
    world.shop.place(BASKET)
    paid = evolve(BY_INVOICE, statuses={"pending": OrderOutcome.PAID})
    held = await sync(world, paid)
    assert held.outcome is Outcome.HELD
    assert "no_invoice_day" in held.codes


async def test_a_store_view_may_have_its_own_answer(world: World) -> None:
    paid_a_week_later(world)
    own = evolve(BY_ORDER, store={"1": {"issue_date": IssueDate.INVOICE}})
    world.policy = evolve(own, store={**own.store, "default": own.store["1"]})
    assert (await sync(world)).outcome is Outcome.POSTED
    assert days(world)[0] == PAID


@settings(deadline=None, max_examples=15)
@given(hours=st.lists(st.integers(1, 60), min_size=1, max_size=3))
async def test_the_day_is_the_first_invoices_in_the_shops_zone(hours: list[int]) -> None:
    """Whatever comes later, in parts or not, changes nothing about it."""
    with tempfile.TemporaryDirectory() as folder:
        zoned = evolve(BY_INVOICE, time_zone="Pacific/Auckland")
        async with World(Path(folder), policy=zoned) as world:
            lines = tuple(Line(sku, Decimal("9.99")) for sku in ("MUG", "PEN", "TEE")[: len(hours)])
            order = world.shop.place(evolve(BASKET, lines=lines))
            moments = []
            for hour, item in zip(hours, order["items"], strict=True):
                world.time.advance(timedelta(hours=hour))
                world.shop.invoice(order["entity_id"], {item["item_id"]: Decimal(1)})
                moments.append(world.time.now())
            world.time.advance(timedelta(days=1))
            await sync(world)
            from zoneinfo import ZoneInfo

            expected = moments[0].astimezone(ZoneInfo("Pacific/Auckland")).date()
            assert days(world)[0] == expected
