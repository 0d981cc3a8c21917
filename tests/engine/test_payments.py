from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kashmag import kashflow
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.testing.worlds import BEGINNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())


async def run(world: World, flow: str) -> dict[str, DocumentFinished]:
    async with world.engine() as engine:
        return {
            e.document.number: e
            async for e in engine.sync(flow, since=BEGINNING)
            if isinstance(e, DocumentFinished)
        }


def told(*, with_invoices: bool) -> dict[str, list[Any]]:
    """Order 2, with or without the Magento invoices that prove its payment."""
    found = recorded_documents("orders")
    return {
        "orders": [o for o in found["order"] if o["entity_id"] == 2],
        "invoices": [i for i in found["invoice"] if i["order_id"] == 2] if with_invoices else [],
    }


async def paid_later(world: World) -> list[dict[str, Any]]:
    """The order is posted unpaid; its money arrives later."""
    world.load(**told(with_invoices=False))
    outcomes = await run(world, "orders")
    assert outcomes["000000002"].outcome is Outcome.POSTED
    assert world.census().payments == 0
    world.time.turn(3600)
    world.load(invoices=told(with_invoices=True)["invoices"])
    await run(world, "payments")
    return world.account.invoices()


@pytest.mark.parametrize("in_bulk", [False, True])
async def test_money_that_arrives_later_is_put_on_the_invoice_once(
    tmp_path: Path, in_bulk: bool
) -> None:
    assumed = evolve(kashflow.ASSUMED, bulk_payments=in_bulk)
    async with World(tmp_path, policy=GO_LIVE, assumptions=assumed) as world:
        (invoice,) = await paid_later(world)
        assert len(invoice["PaymentLines"]) == 1
        assert world.census().duplicate_payments == {}
        outcomes = await run(world, "payments")
        assert outcomes["000000002"].outcome is Outcome.SKIPPED
        assert world.census().payments == 1


@pytest.mark.parametrize("in_bulk", [False, True])
@pytest.mark.parametrize("kind", [Kind.CUT_AFTER, Kind.CUT_BEFORE, Kind.ERROR_500_AFTER])
async def test_a_payment_whose_fate_is_unknown_is_looked_for_before_it_is_repeated(
    tmp_path: Path, kind: Kind, in_bulk: bool
) -> None:
    path = "/v2/invoices/bulk/payments" if in_bulk else "/v2/invoices/*"
    method = "POST" if in_bulk else "PUT"
    faults = Faults.of(Rule(kind, method=method, path=path, first=1, last=1))
    assumed = evolve(kashflow.ASSUMED, bulk_payments=in_bulk)
    async with World(
        tmp_path, policy=GO_LIVE, kashflow_faults=faults, assumptions=assumed
    ) as world:
        (invoice,) = await paid_later(world)
        assert len(invoice["PaymentLines"]) == 1
        assert world.census().duplicate_payments == {}
        assert len(invoice["LineItems"]) > 1


async def test_a_bookkeepers_edit_beside_a_later_payment_stays(tmp_path: Path) -> None:
    async with World(tmp_path, policy=GO_LIVE) as world:
        world.load(**told(with_invoices=False))
        await run(world, "orders")
        number = world.account.invoices()[0]["Number"]
        world.account.edit_invoice(number, {"DueDate": "2027-01-31"})
        world.time.turn(60)
        world.load(invoices=told(with_invoices=True)["invoices"])
        await run(world, "payments")
        (invoice,) = world.account.invoices()
        assert len(invoice["PaymentLines"]) == 1
        assert str(invoice["DueDate"]).startswith("2027-01-31")


async def test_an_invoice_in_a_filed_vat_return_is_never_rewritten(tmp_path: Path) -> None:
    async with World(tmp_path, policy=GO_LIVE) as world:
        world.load(**told(with_invoices=False))
        await run(world, "orders")
        world.account.file_vat_return(world.time.now().date())
        world.time.turn(60)
        world.load(invoices=told(with_invoices=True)["invoices"])
        outcomes = await run(world, "payments")
        assert outcomes["000000002"].codes == ("document_locked",)
        assert "VAT return" in outcomes["000000002"].reason
        assert world.census().payments == 0


async def test_money_entered_by_hand_is_held_until_it_is_accepted_and_never_entered_again(
    tmp_path: Path,
) -> None:
    async with World(tmp_path, policy=GO_LIVE) as world:
        world.load(**told(with_invoices=False))
        await run(world, "orders")
        (invoice,) = world.account.invoices()
        world.account.import_payment(
            invoice["Number"], invoice["GrossAmount"], world.time.now().date()
        )
        world.time.turn(60)
        world.load(invoices=told(with_invoices=True)["invoices"])
        assert (await run(world, "payments"))["000000002"].codes == ("entered_by_hand",)
        async with world.engine() as engine:
            assert await engine.accept("000000002", reason="it is that one") == 1
        assert (await run(world, "payments"))["000000002"].codes == ()
        assert world.census().payments == 1
