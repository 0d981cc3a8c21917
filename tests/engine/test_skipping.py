"""Skipping orders and credit memos: what a person decides holds, in a run and in every report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag.errors import SettingsError
from kashmag.plans.events import DocumentFinished
from kashmag.reconciliation import Cause, Period, reconcile, vat_report
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.sandbox.magento.refunding import Refund
from kashmag.testing.worlds import BEGINNING, POLICY, World

HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket(
    "zoe@example.com", (Line("MUG", Decimal("9.99"), quantity=Decimal(3)),), billing=HOME
)
QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31))
ORDER = "000000002"
MEMO = "000000001"  # the second order's memo is the shop's first
# Without VAT of its own, an adjustment holds its memo, and the memo its order.
ADJUSTED = Refund(quantities={}, adjustment_positive=Decimal("1.25"))


@pytest.fixture
async def world(tmp_path: Path):
    """Two orders; the second one is paid, posted, and then refunded by an adjustment."""
    made = World(tmp_path, policy=evolve(POLICY, go_live=BEGINNING.date()))
    for _ in range(2):
        order = made.shop.place(BASKET)
        made.shop.invoice(order["entity_id"])
    yield made
    made.account.close()
    made.shop.close()


async def sync(world, flow="orders"):
    async with world.engine() as engine:
        events = [event async for event in engine.sync(flow)]
    world.time.turn(3600)
    return {
        (one.document.kind, one.document.number): one
        for one in events
        if isinstance(one, DocumentFinished)
    }


def refund(world, refund=ADJUSTED):
    entity = next(one for one in world.shop.orders() if one["increment_id"] == ORDER)["entity_id"]
    world.shop.refund(entity, refund)


async def skip(world, name, reason="a sample"):
    async with world.engine() as engine:
        return await engine.skip(name, reason=reason, who="ann")


async def reports(world):
    """Both reports, read anew and remembered."""
    async with world.engine() as engine:
        for remote in (True, False):
            sides = await engine.sides(QUARTER, remote=remote)
            told = (sides.shop, sides.account, sides.memory, QUARTER)
            assert sides.unread == ()
            report, vat = reconcile(*told), vat_report(*told)
            assert report.balances
            assert vat.balances
            yield report, vat


async def only_skipped(world, number):
    """One difference on each side of the pair of reports, and nobody has to do anything."""
    async for report, vat in reports(world):
        assert [(one.cause, one.number) for one in report.differences] == [(Cause.SKIPPED, number)]
        assert [(one.causes, one.number) for one in vat.differences] == [((Cause.SKIPPED,), number)]
        assert "a sample" in report.differences[0].message
        assert report.is_clean
        assert vat.is_clean
        yield report


async def outcomes(world, name):
    async with world.engine() as engine:
        return {one.document.kind: one.document for one in await engine.why(name)}


async def waiting(world):
    async with world.engine() as engine:
        return {number for group in await engine.errors() for number in group.numbers}


async def test_the_held_memo_of_an_order_is_skipped_with_it(world):
    await sync(world)
    refund(world)
    assert (await sync(world))["order", ORDER].outcome.value == "held"
    assert await waiting(world) == {ORDER, f"memo:{MEMO}"}
    await skip(world, ORDER)
    told = (await outcomes(world, f"memo:{MEMO}"))["credit_memo"]
    assert told.outcome == "skipped"
    assert told.reason == f"its order {ORDER} is skipped by ann: a sample"
    assert await waiting(world) == set()
    async for report in only_skipped(world, MEMO):
        assert report.totals[0].difference.gross == Decimal("1.25")
    await sync(world)
    assert await waiting(world) == set()


async def test_a_memo_that_comes_after_its_order_was_skipped_is_skipped_too(world):
    await sync(world)
    await skip(world, ORDER)
    refund(world)
    async with world.engine() as engine:
        sides = await engine.sides(QUARTER, remote=True)
    report = reconcile(sides.shop, sides.account, sides.memory, QUARTER)
    assert [(one.cause, one.number) for one in report.differences] == [(Cause.SKIPPED, MEMO)]
    await sync(world)
    told = (await outcomes(world, f"memo:{MEMO}"))["credit_memo"]
    assert told.reason == f"its order {ORDER} is skipped by ann: a sample"
    async for _ in only_skipped(world, MEMO):
        pass
    assert await waiting(world) == set()


async def test_a_single_memo_is_skipped_and_its_order_goes_on(world):
    refund(world)
    assert (await sync(world))["order", ORDER].outcome.value == "held"
    await skip(world, f"memo:{MEMO}")
    assert (await sync(world))["order", ORDER].outcome.value == "posted"
    references = [one["CustomerReference"] for one in world.account.invoices()]
    assert references == ["M1-ORD-000000001", f"M1-ORD-{ORDER}"]
    assert await waiting(world) == set()
    async for _ in only_skipped(world, MEMO):
        pass
    await sync(world)
    assert (await outcomes(world, f"memo:{MEMO}"))["credit_memo"].outcome == "skipped"


async def test_a_skipped_memo_is_taken_back_by_a_retry(world):
    await sync(world)
    refund(world)
    await skip(world, f"memo:{MEMO}")
    async with world.engine() as engine:
        events = [e async for e in engine.retry(f"memo:{MEMO}", reason="it was meant after all")]
    assert events[-1].held == 1
    assert await waiting(world) == {ORDER, f"memo:{MEMO}"}


async def test_a_memo_that_is_posted_stays_part_of_its_order(world):
    refund(world, Refund(quantities=items_of(world)))
    await sync(world)
    await skip(world, f"memo:{MEMO}")
    found = await sync(world)
    assert not found or found["order", ORDER].outcome.value == "skipped"
    async for report, _ in reports(world):
        assert report.differences == ()


def items_of(world):
    order = next(one for one in world.shop.orders() if one["increment_id"] == ORDER)
    return {order["items"][0]["item_id"]: Decimal(1)}


@pytest.mark.parametrize("is_refunded", [True, False])
async def test_an_order_is_skipped_before_any_run_has_read_it(world, is_refunded):
    if is_refunded:
        refund(world)
    record = await skip(world, ORDER)
    assert record.number == ORDER
    found = await sync(world)
    assert found["order", ORDER].reason == "skipped by ann: a sample"
    assert [one["CustomerReference"] for one in world.account.invoices()] == ["M1-ORD-000000001"]
    async for report, vat in reports(world):
        assert {one.cause for one in report.differences} == {Cause.SKIPPED}
        assert len(report.differences) == len(vat.differences) == 1 + is_refunded
        assert report.is_clean
        assert vat.is_clean


async def test_a_memo_is_skipped_before_any_run_has_read_it(world):
    refund(world)
    await skip(world, f"memo:{MEMO}")
    assert (await sync(world))["order", ORDER].outcome.value == "posted"
    async for _ in only_skipped(world, MEMO):
        pass


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("000000009", "there is no order 000000009"),
        ("memo:000000009", "there is no credit memo 000000009"),
        ("customer:9", "the logbook knows no customer 9"),
    ],
)
async def test_what_nobody_has_cannot_be_skipped(world, name, said):
    with pytest.raises(SettingsError, match=said):
        await skip(world, name)


async def test_a_skip_wants_a_reason_before_anything_is_read(world):
    with pytest.raises(SettingsError, match="reason"):
        await skip(world, ORDER, reason=" ")
    assert await outcomes_of_nobody(world)


async def outcomes_of_nobody(world):
    async with world.engine() as engine:
        return await engine.logbook.documents_numbered(ORDER) == []
