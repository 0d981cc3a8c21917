"""Money that the account imports itself, through the engine: awaited, matched, missed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kashmag.engine.causes import is_drift
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.policy import PaymentAction, PaymentRule
from kashmag.reconciliation import Period, Scheme, VatScheme, reconcile, vat_report
from kashmag.reconciliation.causes import Cause, Difference
from kashmag.testing.worlds import BEGINNING, POLICY, World

MATCH = PaymentRule(PaymentAction.MATCH)
POLICY_ = evolve(POLICY, go_live=BEGINNING.date(), payments={"checkmo": MATCH})
ORDER = "000000006"


@pytest.fixture
def world(tmp_path: Path) -> Any:
    made = World(tmp_path, policy=POLICY_)
    made.shop.load_recorded()
    yield made
    made.account.close()
    made.shop.close()


async def run(world: World, flow: str = "payments") -> dict[str, DocumentFinished]:
    async with world.engine() as engine:
        return {
            e.document.number: e
            async for e in engine.sync(flow)
            if isinstance(e, DocumentFinished) and e.document.kind == "order"
        }


async def errors(world: World) -> set[str]:
    async with world.engine() as engine:
        return {group.code for group in await engine.errors() if ORDER in group.numbers}


def invoice_of(world: World) -> dict[str, Any]:
    (found,) = [i for i in world.account.invoices() if i["CustomerReference"] == f"M1-ORD-{ORDER}"]
    return found


def day_of(invoice: dict[str, Any]) -> date:
    return date.fromisoformat(invoice["IssuedDate"][:10])


async def test_it_is_awaited_without_being_an_error_and_then_matched(world) -> None:
    outcome = (await run(world, "orders"))[ORDER]
    assert (outcome.outcome, outcome.codes) == (Outcome.POSTED, ("payment_awaited",))
    assert "awaited from the account's own import" in outcome.reason
    assert "payment_awaited" not in await errors(world)
    assert world.census().payments == 0
    invoice = invoice_of(world)
    assert ORDER in await run(world)  # nothing has changed in the shop, and it is looked at again
    world.account.import_payment(invoice["Number"], invoice["GrossAmount"], day_of(invoice))
    matched = (await run(world))[ORDER]
    assert (matched.outcome, matched.codes) == (Outcome.SKIPPED, ())
    assert "waiting" not in matched.reason
    world.time.advance(timedelta(days=30))
    assert (await run(world))[ORDER].codes == ()


async def test_what_does_not_come_is_an_error_until_it_comes(world) -> None:
    await run(world, "orders")
    world.time.advance(timedelta(days=9))
    held = (await run(world))[ORDER]
    assert held.codes == ("payment_not_imported",)
    assert "payment_not_imported" in await errors(world)
    invoice = invoice_of(world)
    world.account.import_payment(invoice["Number"], invoice["GrossAmount"] - 1, day_of(invoice))
    assert (await run(world))[ORDER].codes == ("payment_differs",)
    world.account.edit_invoice(invoice["Number"], {"PaymentLines": []})
    world.account.import_payment(invoice["Number"], invoice["GrossAmount"], day_of(invoice))
    assert (await run(world))[ORDER].codes == ()
    assert not {"payment_differs", "payment_not_imported"} & await errors(world)
    async with world.engine() as engine:
        (story,) = [s for s in await engine.why(ORDER) if s.document.kind == "order"]
        assert not story.missing
    assert len(invoice_of(world)["PaymentLines"]) == 1


async def compared(world: World, *, remote: bool) -> list[Difference]:
    async with world.engine() as engine:
        period = Period(BEGINNING.date(), world.time.now().date())
        sides = await engine.sides(period, remote=remote)
    told = (sides.shop, sides.account, sides.memory, period)
    report = reconcile(*told, today=sides.today)
    assert report.balances
    cash = vat_report(*told, scheme=Scheme(VatScheme.CASH), today=sides.today)
    waits = {one.order for one in report.differences if one.needs_a_person}
    assert {one.order for one in cash.waiting} <= waits
    return [one for one in report.differences if one.order == ORDER]


@pytest.mark.parametrize("remote", [False, True])
@pytest.mark.parametrize("days", [3, 20])
async def test_reconcile_awaits_it_and_misses_it_as_the_runs_do(world, remote, days) -> None:
    """Whether the order is young, or was paid long before its invoice could be found."""
    world.time.advance(timedelta(days=days))
    await run(world, "orders")
    number = invoice_of(world)["Number"]
    (awaited,) = await compared(world, remote=remote)
    assert awaited.cause is Cause.IMPORT_AWAITED
    assert not awaited.needs_a_person
    assert (awaited.order, awaited.invoice_number) == (ORDER, number)
    assert awaited.paid == -invoice_of(world)["GrossAmount"]
    assert f"for order {ORDER}" in awaited.message
    assert f"of {awaited.day} is awaited" in awaited.message
    assert f"on invoice {number} until" in awaited.message
    world.time.advance(timedelta(days=7))
    assert [one.cause for one in await compared(world, remote=remote)] == [Cause.IMPORT_AWAITED]
    world.time.advance(timedelta(days=1))
    for _ in range(2):  # before a run has missed it, and after
        (missing,) = await compared(world, remote=remote)
        assert missing.cause is Cause.PAYMENT_MISSING
        assert missing.needs_a_person
        assert f"for order {ORDER}" in missing.message
        assert "is left to the account's own import" in missing.message
        assert f"invoice {number} does not show it" in missing.message
        await run(world)
    invoice = invoice_of(world)
    world.account.import_payment(number, invoice["GrossAmount"], day_of(invoice))
    await run(world)
    assert await compared(world, remote=remote) == []


async def test_what_is_only_left_to_the_account_is_awaited_too_when_it_is_read_anew(world) -> None:
    world.policy = evolve(POLICY_, payments={"checkmo": PaymentRule(PaymentAction.LEAVE)})
    await run(world, "orders")
    assert await compared(world, remote=False) == []  # nobody has looked for it
    (awaited,) = await compared(world, remote=True)
    assert awaited.cause is Cause.IMPORT_AWAITED
    world.time.advance(timedelta(days=8))
    (missing,) = await compared(world, remote=True)
    assert missing.cause is Cause.PAYMENT_MISSING


@pytest.mark.parametrize(
    ("codes", "drifts"),
    [((), False), (("payment_awaited",), False), (("posted_differs",), True),
     (("posted_differs", "payment_awaited"), True), (("posted_differs", "refused"), False)],
)  # fmt: skip
def test_money_that_is_awaited_does_not_keep_a_drift_from_being_accepted(codes, drifts) -> None:
    assert is_drift(codes) is drifts


async def test_an_import_of_another_amount_is_one_difference_until_it_is_accepted(world) -> None:
    await run(world, "orders")
    before = await compared(world, remote=True)
    invoice = invoice_of(world)
    world.account.import_payment(invoice["Number"], invoice["GrossAmount"] - 1, day_of(invoice))
    assert (await run(world))[ORDER].codes == ("payment_differs",)
    found = [one for one in await compared(world, remote=True) if one.order == ORDER]
    assert [one.cause for one in found] == [Cause.OTHER_AMOUNT]
    assert found[0].paid == -1
    async with world.engine() as engine:
        await engine.accept(ORDER, reason="the fee was taken off", who="ann")
    found = [one for one in await compared(world, remote=True) if one.order == ORDER]
    assert [one.cause for one in found] == [Cause.ACCEPTED]
    others = [one for one in await compared(world, remote=True) if one.order != ORDER]
    assert others == [one for one in before if one.order != ORDER]
