"""A cancelled order whose invoice a bookkeeper has credited by hand waits for nobody."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.policy import NotOfTheShop, OrderOutcome
from kashmag.plans.proposals import Way
from kashmag.reconciliation import Cause, Period, reconcile, vat_report
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.by_hand import copied
from kashmag.testing.worlds import BEGINNING, MORNING, POLICY, World

UNPAID = evolve(POLICY, go_live=BEGINNING.date(), statuses={"pending": OrderOutcome.UNPAID})
HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket("zoe@example.com", (Line("MUG", Decimal("9.99")),), billing=HOME)
YEAR = Period(date(2026, 1, 1), date(2027, 12, 31))


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=UNPAID)
    yield made
    made.account.close()
    made.shop.close()


async def sync(world: World, flow: str = "orders") -> dict[str, DocumentFinished]:
    world.time.turn(3600)
    async with world.engine() as engine:
        events = [event async for event in engine.sync(flow)]
    done = [one for one in events if isinstance(one, DocumentFinished)]
    return {one.document.number: one for one in done}


async def cancelled(world: World) -> str:
    """An order that was posted, and then cancelled in the shop."""
    order = world.shop.place(BASKET)
    await sync(world)
    world.shop.cancel(order["entity_id"])
    held = (await sync(world))[order["increment_id"]]
    assert held.codes == ("void_but_posted",)
    return order["increment_id"]


async def credit_by_hand(world: World, reference: str, *, share: str = "1", **changes) -> int:
    """Enter a credit note for the first invoice, as a bookkeeper would."""
    async with world.engine() as engine:
        seen = await engine.books.invoices.get(1)
        on = MORNING.date() + timedelta(days=3)
        draft = copied(seen, reference=reference, on=on, times=-Decimal(share))
        return (await engine.books.invoices.create(evolve(draft, **changes))).number


async def reports(world: World, *, policy=None):
    async with world.engine(policy=policy) as engine:
        sides = await engine.sides(YEAR, remote=True)
    told = (sides.shop, sides.account, sides.memory, YEAR)
    return reconcile(*told), vat_report(*told)


@pytest.mark.parametrize(
    "reference", ["Credit note for invoice 1", "credit of {number}", "M1-ORD-{number} cancelled"]
)
async def test_it_waits_for_nobody_and_reconcile_explains_it(world, reference):
    number = await cancelled(world)
    note = await credit_by_hand(world, reference.format(number=number))
    done = (await sync(world))[number]
    assert (done.outcome, done.codes) == (Outcome.SKIPPED, ())
    assert done.reason == f"cancelled: invoice 1 is credited by {note}"
    report, vat = await reports(world)
    assert report.balances
    assert report.is_clean
    assert vat.is_clean
    assert not set(report.by_cause) & {Cause.TYPED_BY_HAND, Cause.CHANGED_IN_SHOP}
    assert (await sync(world, "drift")).get(number, done).outcome is Outcome.SKIPPED
    async with world.engine() as engine:
        assert (await engine.errors()) == ()


async def credited(world: World, number: str, *, is_ours: bool) -> int:
    """The credit note of a cancelled order: resolved by us, or typed and recognised."""
    if not is_ours:
        note = await credit_by_hand(world, "Credit note for invoice 1")
        await sync(world)
        return note
    async with world.engine() as engine:
        done = await engine.resolve(number, Way.CREDIT, reason="cancelled", who="ann")
    world.time.turn(3600)
    return int(done.deeds[0].number)


async def is_settled_by(world: World, number: str, note: int) -> None:
    done = (await sync(world, "drift"))[number]
    assert (done.outcome, done.codes) == (Outcome.SKIPPED, ())
    assert done.reason == f"cancelled: invoice 1 is credited by {note}"
    report, vat = await reports(world)
    assert report.balances
    assert report.is_clean
    assert vat.is_clean
    async with world.engine() as engine:
        assert (await engine.errors()) == ()


async def is_gone_and_credited_anew(world: World, number: str) -> int:
    held = (await sync(world, "drift"))[number]
    assert (held.outcome, set(held.codes)) == (Outcome.HELD, {"void_but_posted", "posted_is_gone"})
    async with world.engine() as engine:
        plan = await engine.plan_order(number)
        assert [one.way for one in plan.proposals] == [Way.CREDIT]
        assert all("--by credit" in one.remedy for one in plan.problems)
        done = await engine.resolve(number, Way.CREDIT, reason="deleted by mistake", who="ann")
    assert done.outcome is Outcome.POSTED
    return int(done.deeds[0].number)


async def test_a_credit_note_of_ours_that_was_deleted_is_posted_once_more(world):
    number = await cancelled(world)
    note = await credited(world, number, is_ours=True)
    for _ in range(2):
        world.account.void_invoice(note)
        note = await is_gone_and_credited_anew(world, number)
        await is_settled_by(world, number, note)


@pytest.mark.parametrize("is_ours", [True, False])
async def test_another_takes_the_place_of_a_credit_note_that_was_deleted(world, is_ours):
    """Typed beside it before, or after it was deleted; either way the order waits for nobody."""
    number = await cancelled(world)
    first = await credited(world, number, is_ours=is_ours)
    second = await credit_by_hand(world, "Credit note for invoice 1, again")
    world.account.void_invoice(first)
    await is_settled_by(world, number, second)
    world.account.void_invoice(second)
    assert await is_gone_and_credited_anew(world, number) not in {first, second}


async def test_a_credit_note_by_hand_that_was_deleted_may_be_posted_by_us(world):
    number = await cancelled(world)
    note = await credited(world, number, is_ours=False)
    world.account.void_invoice(note)
    await is_settled_by(world, number, await is_gone_and_credited_anew(world, number))


NOT_IT = {
    "names nothing": ("by telephone", {}),
    "names another invoice": ("Credit note for invoice 11", {}),
    "another sum": ("Credit note for invoice 1", {"share": "0.5"}),
}


@pytest.mark.parametrize("case", NOT_IT)
async def test_what_is_not_certainly_its_credit_note_clears_nothing_and_the_remedy_says_what_does(
    world, case
):
    number = await cancelled(world)
    reference, changes = NOT_IT[case]
    await credit_by_hand(world, reference, **changes)
    held = (await sync(world))[number]
    assert (held.outcome, held.codes) == (Outcome.HELD, ("void_but_posted",))
    async with world.engine() as engine:
        (group,) = await engine.errors()
    assert "say invoice 1" in group.remedy
    assert "errors accept" in group.remedy


async def found_by_reconcile(world):
    report, vat = await reports(world)
    assert report.balances
    assert vat.balances
    assert not vat.is_clean
    return [(one.cause, one.order) for one in report.differences if one.needs_a_person], report


@pytest.mark.parametrize(
    ("reference", "named"),
    [("half of invoice 1", "invoice 1 of order"), ("half of order {number}", "order {number}")],
)
async def test_a_part_credited_by_hand_is_told_with_the_order_that_it_names(
    world, reference, named
):
    number = await cancelled(world)
    note = await credit_by_hand(world, reference.format(number=number), share="0.5")
    found, report = await found_by_reconcile(world)
    assert (Cause.TYPED_BY_HAND, number) in found
    (one,) = report.by_cause[Cause.TYPED_BY_HAND]
    assert one.invoice_number == note
    assert named.format(number=number) in one.message


@pytest.mark.parametrize("is_ours", [True, False])
async def test_a_second_credit_of_the_whole_is_a_double(world, is_ours):
    number = await cancelled(world)
    first = await credited(world, number, is_ours=is_ours)
    second = await credit_by_hand(world, "Credit note for invoice 1, again")
    found, report = await found_by_reconcile(world)
    assert found == [(Cause.DOUBLE, number)]
    (one,) = report.by_cause[Cause.DOUBLE]
    assert one.invoice_number == second
    assert f"reversed twice: by {first} and by {second}" in one.message


async def test_a_credit_note_that_names_nothing_is_for_no_order_that_is_known(world):
    await cancelled(world)
    await credit_by_hand(world, "by telephone", share="0.5")
    found, _ = await found_by_reconcile(world)
    assert (Cause.TYPED_BY_HAND, "") in found


async def test_a_part_that_was_accepted_is_named_until_the_settings_say_what_it_is(world):
    number = await cancelled(world)
    note = await credit_by_hand(world, "half of invoice 1", share="0.5")
    await sync(world)
    async with world.engine() as engine:
        await engine.accept(number, reason="half is kept", who="ann")
    report, _ = await reports(world)
    (one,) = [one for one in report.differences if one.needs_a_person]
    assert (one.cause, one.invoice_number) == (Cause.TYPED_BY_HAND, note)
    said = evolve(UNPAID, not_of_the_shop=NotOfTheShop(invoices=(note,)))
    report, vat = await reports(world, policy=said)
    assert report.is_clean
    assert vat.is_clean
