"""What `errors accept` accepted needs nobody in `reconcile` and `vat` either, of whatever kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag import kashflow
from kashmag.plans.policy import OrderOutcome
from kashmag.plans.proposals import Way
from kashmag.reconciliation import Cause, Period, reconcile, vat_report
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.worlds import BEGINNING, POLICY, World

UNPAID = evolve(POLICY, go_live=BEGINNING.date(), statuses={"pending": OrderOutcome.UNPAID})
HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket("zoe@example.com", (Line("MUG", Decimal("9.99")),), billing=HOME)
CARD = evolve(BASKET, payment_method="a_card_without_a_row")
YEAR = Period(date(2026, 1, 1), date(2027, 12, 31))
WHY = "agreed with the client"


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=UNPAID)
    yield made
    made.account.close()
    made.shop.close()


async def sync(world, flow="orders"):
    world.time.turn(3600)
    async with world.engine() as engine:
        return [event async for event in engine.sync(flow)]


async def change_payment(world, **changes):
    async with world.engine() as engine:
        await engine.books.invoices.update(
            1, lambda one: evolve(one, payment_lines=(evolve(one.payment_lines[0], **changes),))
        )


async def cancelled(world):
    order = world.shop.place(BASKET)
    await sync(world)
    world.shop.cancel(order["entity_id"])


async def paid(world):
    order = world.shop.place(BASKET)
    world.shop.invoice(order["entity_id"])
    await sync(world)


async def payment_of_another_amount(world):
    await paid(world)
    await change_payment(world, amount=Decimal("5.00"))


async def payment_of_another_day(world):
    await paid(world)
    await change_payment(world, date=date(2026, 11, 26))


async def payment_on_another_bank_account(world):
    await paid(world)
    await change_payment(world, account_id=2)


async def payment_removed(world):
    await paid(world)
    world.account.edit_invoice(1, {"PaymentLines": []})


async def payment_by_an_unmapped_method(world):
    order = world.shop.place(CARD)
    world.shop.invoice(order["entity_id"])


async def payment_that_exceeds(world):
    order = world.shop.place(BASKET)
    await sync(world)
    world.shop.invoice(order["entity_id"])
    cash = kashflow.PaymentLine(
        0, Decimal("5.00"), date=date(2026, 11, 24), method=1, account_id=1, note="by hand"
    )
    async with world.engine() as engine:
        await engine.books.invoices.update(1, lambda one: evolve(one, payment_lines=(cash,)))


async def payment_entered_by_hand(world):
    order = world.shop.place(BASKET)
    await sync(world)
    (invoice,) = world.account.invoices()
    world.account.import_payment(1, invoice["GrossAmount"], date(2026, 11, 24))
    world.shop.invoice(order["entity_id"])


async def payments_entered_by_hand_on_another_day(world):
    two = Line("MUG", Decimal("9.99"), quantity=Decimal(2))
    order = world.shop.place(evolve(BASKET, lines=(two,)))
    await sync(world)
    (item,) = order["items"]
    (invoice,) = world.account.invoices()
    half = invoice["GrossAmount"] / 2
    for _ in range(2):
        world.account.import_payment(1, half, date(2026, 11, 20))
        world.shop.invoice(order["entity_id"], {item["item_id"]: Decimal(1)})


async def invoice_deleted(world):
    await paid(world)
    world.time.turn(3600)
    world.account.void_invoice(1)


async def credit_note_deleted(world):
    await paid(world)
    world.shop.refund(1)
    await sync(world)
    world.time.turn(3600)
    world.account.void_invoice(2)


async def reversal_deleted(world):
    await cancelled(world)
    await sync(world)
    async with world.engine() as engine:
        await engine.resolve("000000001", Way.CREDIT, reason="cancelled", who="ann")
    world.time.turn(3600)
    world.account.void_invoice(2)


KINDS = (
    cancelled,
    payment_of_another_amount,
    payment_of_another_day,
    payment_on_another_bank_account,
    payment_removed,
    payment_by_an_unmapped_method,
    payment_that_exceeds,
    payment_entered_by_hand,
    payments_entered_by_hand_on_another_day,
    invoice_deleted,
    credit_note_deleted,
    reversal_deleted,
)


async def reports(world, *, remote):
    async with world.engine() as engine:
        sides = await engine.sides(YEAR, remote=remote)
    told = (sides.shop, sides.account, sides.memory, YEAR)
    report, vat = reconcile(*told), vat_report(*told)
    assert report.balances
    assert vat.balances
    return report, vat


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
async def test_what_a_person_accepted_is_accepted_in_every_report(world, kind):
    await kind(world)
    await sync(world)
    await sync(world, "drift")
    before, _ = await reports(world, remote=True)
    assert not before.is_clean or kind is payment_entered_by_hand
    async with world.engine() as engine:
        await engine.accept("000000001", reason=WHY, who="ann")
    for again in (False, True):
        for remote in (True, False):
            report, vat = await reports(world, remote=remote)
            assert report.is_clean, [one.message for one in report.differences]
            assert vat.is_clean
            for one in report.differences:
                assert one.cause is Cause.ACCEPTED
                assert WHY in one.message
        if not again:
            await sync(world)
            await sync(world, "drift")


async def test_what_is_changed_once_more_is_accepted_no_longer(world):
    await payment_of_another_amount(world)
    await sync(world, "drift")
    async with world.engine() as engine:
        await engine.accept("000000001", reason=WHY, who="ann")
    await change_payment(world, amount=Decimal("6.00"))
    report, _ = await reports(world, remote=True)
    assert [one.cause for one in report.differences] == [Cause.CHANGED_IN_KASHFLOW]
    world.account.edit_invoice(1, {"PaymentLines": []})
    report, _ = await reports(world, remote=True)
    assert [one.cause for one in report.differences] == [Cause.DELETED]


async def test_what_was_posted_once_more_and_deleted_again_is_accepted_no_longer(world):
    await reversal_deleted(world)
    await sync(world, "drift")
    async with world.engine() as engine:
        await engine.accept("000000001", reason=WHY, who="ann")
        done = await engine.resolve("000000001", Way.CREDIT, reason="after all", who="ann")
    world.time.turn(3600)
    report, _ = await reports(world, remote=True)
    assert report.is_clean
    world.account.void_invoice(int(done.deeds[0].number))
    report, _ = await reports(world, remote=True)
    assert [one.cause for one in report.differences] == [Cause.DELETED]
