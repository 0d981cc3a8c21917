"""Orders reversed and posted again, from the shop to the report: read anew or remembered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag.plans.policy import OrderOutcome
from kashmag.plans.proposals import Way
from kashmag.reconciliation import Cause, Period, Scheme, VatScheme, reconcile, vat_report
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.worlds import BEGINNING, POLICY, World

UNPAID = evolve(POLICY, go_live=BEGINNING.date(), statuses={"pending": OrderOutcome.UNPAID})
HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket(
    "zoe@example.com",
    (Line("MUG", Decimal("9.99"), quantity=Decimal(2)), Line("PEN", Decimal("3.33"))),
    billing=HOME,
)
# The world's clock begins on 24 November; forty days later it is January.
BEFORE = Period(date(2026, 11, 1), date(2026, 12, 31))
AFTER = Period(date(2027, 1, 1), date(2027, 3, 31))
WHOLE = Period(BEFORE.first, AFTER.last)
SCHEMES = (Scheme(), Scheme(VatScheme.CASH))


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=UNPAID)
    yield made
    made.account.close()
    made.shop.close()


async def sync(world, flow="orders"):
    async with world.engine() as engine:
        return [event async for event in engine.sync(flow)]


async def posted(world, *, paid):
    order = world.shop.place(BASKET)
    if paid:
        world.shop.invoice(order["entity_id"])
    await sync(world)
    return order["increment_id"], order["entity_id"]


def held(world, reference):
    return next(one for one in world.account.invoices() if one["CustomerReference"] == reference)


def edit(world, reference, pence="0.07"):
    invoice = held(world, reference)
    lines = invoice["LineItems"]
    lines[0]["VATAmount"] = Decimal(lines[0]["VATAmount"]) + Decimal(pence)
    world.account.edit_invoice(invoice["Number"], {"LineItems": lines})


async def reissue(world, number, reference, *, way=Way.CREDIT_AND_REISSUE, days=40):
    """Somebody edits the invoice; weeks later a person resolves it."""
    if way is Way.CREDIT_AND_REISSUE:
        edit(world, reference)
    world.time.advance(timedelta(days=days))
    async with world.engine() as engine:
        await engine.resolve(number, way, reason="agreed by telephone", who="ann")
    world.time.turn(3600)


async def reports(world, *, remote, periods=(BEFORE, AFTER, WHOLE)):
    async with world.engine() as engine:
        found = []
        for period in periods:
            sides = await engine.sides(period, remote=remote)
            assert sides.unread == ()
            report = reconcile(sides.shop, sides.account, sides.memory, period)
            assert report.balances
            for scheme in SCHEMES:
                vat = vat_report(*_of(sides), period, scheme=scheme)
                assert vat.balances
                assert all(one.causes for one in vat.differences)
            found.append(report)
        return found


def _of(sides):
    return sides.shop, sides.account, sides.memory


def causes(report):
    return {one.cause for one in report.differences}


@pytest.mark.parametrize("remote", [True, False])
@pytest.mark.parametrize("paid", [True, False])
async def test_a_reissue_over_a_cut_off_is_explained_on_both_sides_of_it(world, remote, paid):
    number, _ = await posted(world, paid=paid)
    await reissue(world, number, f"M1-ORD-{number}")
    before, after, whole = await reports(world, remote=remote)
    assert causes(before) == causes(after) == {Cause.REVERSED, Cause.REISSUED}
    assert causes(whole) == {Cause.REISSUED}
    assert all(one.is_clean for one in (before, after, whole))
    assert whole.totals[0].shop == whole.totals[0].account
    assert before.totals[0].difference.vat == Decimal("0.07")
    assert after.totals[0].difference.vat == Decimal("-0.07")
    assert not any(one.difference for report in (before, after) for one in report.money)
    assert len(whole.rows) == 3


@pytest.mark.parametrize("remote", [True, False])
async def test_an_order_that_is_reissued_twice_is_still_one(world, remote):
    number, _ = await posted(world, paid=True)
    await reissue(world, number, f"M1-ORD-{number}")
    await reissue(world, number, f"M1-ORD-{number}/2", days=20)
    found = await reports(world, remote=remote)
    assert all(one.is_clean for one in found)
    assert len(world.account.invoices()) == 5
    assert found[-1].totals[0].shop == found[-1].totals[0].account


@pytest.mark.parametrize("remote", [True, False])
async def test_a_cancelled_order_that_is_credited_is_clean_or_straddles(world, remote):
    number, entity = await posted(world, paid=False)
    world.shop.cancel(entity)
    await sync(world)
    await reissue(world, number, "", way=Way.CREDIT)
    before, after, whole = await reports(world, remote=remote)
    assert causes(before) == causes(after) == {Cause.REVERSED}
    assert causes(whole) == set()
    assert before.is_clean
    assert after.is_clean
    assert [one.invoice_number for one in whole.rows] == [1, 2]


async def test_a_lost_logbook_loses_nothing_of_it(world, tmp_path):
    number, _ = await posted(world, paid=True)
    await reissue(world, number, f"M1-ORD-{number}")
    (tmp_path / "second").mkdir()
    world.logbook_url = f"sqlite:///{tmp_path}/second/logbook.sqlite"
    found = await reports(world, remote=True)
    assert all(one.is_clean for one in found)
    await sync(world)
    for remote in (True, False):
        assert all(one.is_clean for one in await reports(world, remote=remote, periods=(WHOLE,)))


@pytest.mark.parametrize(
    ("reference", "cause"),
    [
        ("M1-ORD-{}/2", Cause.DELETED),
        ("M1-REV-{}", Cause.DELETED),
        ("M1-ORD-{}", Cause.DELETED),
    ],
)
async def test_what_is_deleted_of_it_is_named(world, reference, cause):
    number, _ = await posted(world, paid=False)
    await reissue(world, number, f"M1-ORD-{number}")
    world.account.void_invoice(held(world, reference.format(number))["Number"])
    (report,) = await reports(world, remote=True, periods=(WHOLE,))
    assert {one.cause for one in report.differences if one.needs_a_person} == {cause}


@pytest.mark.parametrize("reference", ["M1-REV-{}", "M1-ORD-{}"])
async def test_what_is_edited_of_it_is_named(world, reference):
    number, _ = await posted(world, paid=True)
    await reissue(world, number, f"M1-ORD-{number}")
    edit(world, reference.format(number), "0.02")
    (report,) = await reports(world, remote=True, periods=(WHOLE,))
    (found,) = [one for one in report.differences if one.needs_a_person]
    assert found.cause is Cause.CHANGED_IN_KASHFLOW
    assert found.delta.vat == Decimal("0.02")
