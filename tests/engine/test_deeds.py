"""A dry run tells document by document what the next run then does: to the penny, and no more."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag.plans.deeds import Deed
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.worlds import BEGINNING, POLICY, World

HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket("zoe@example.com", (Line("MUG", Decimal("9.99")),), billing=HOME)


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=evolve(POLICY, go_live=BEGINNING.date()))
    made.shop.load_recorded()
    yield made
    made.account.close()
    made.shop.close()


async def sync(world: World, flow: str, *, dry_run: bool = False) -> list[DocumentFinished]:
    async with world.engine() as engine:
        events = [one async for one in engine.sync(flow, since=BEGINNING, dry_run=dry_run)]
    return [one for one in events if isinstance(one, DocumentFinished)]


def unnumbered(documents: list[DocumentFinished]) -> dict[str, set[Deed]]:
    """What was done, without what only KashFlow can say; a buyer's account by the first order."""
    return {
        f"{one.document.kind} {one.document.number}": {
            evolve(deed, number="") for deed in one.deeds if deed.kind != "create_customer"
        }
        for one in documents
        if one.deeds
    }


async def test_what_a_dry_run_tells_of_refunds_is_what_is_then_done(world: World) -> None:
    order = world.shop.place(BASKET)
    world.shop.invoice(order["entity_id"])
    await sync(world, "orders")
    before = len(world.account.invoices())
    world.time.turn(3600)
    world.shop.refund(order["entity_id"])
    would = await sync(world, "refunds", dry_run=True)
    assert len(world.account.invoices()) == before
    assert {one.outcome for one in would if one.deeds} == {Outcome.SKIPPED}
    done = await sync(world, "refunds")
    assert unnumbered(would) == unnumbered(done)
    assert len(world.account.invoices()) == before + 1


async def test_what_a_dry_run_tells_is_what_is_then_done(world: World) -> None:
    would = await sync(world, "orders", dry_run=True)
    assert world.account.invoices() == world.account.customers() == []
    assert {one.outcome for one in would if one.deeds} == {Outcome.SKIPPED}
    done = await sync(world, "orders")
    assert unnumbered(would) == unnumbered(done)
    assert any(unnumbered(done).values())
    accounts = {
        deed.reference for one in would for deed in one.deeds if deed.kind == "create_customer"
    }
    assert accounts == {one["Code"] for one in world.account.customers()}


async def test_the_figures_told_are_those_that_stand_in_the_account(world: World) -> None:
    told = [deed for one in await sync(world, "orders") for deed in one.deeds]
    standing = {str(one["Number"]): one for one in world.account.invoices()}
    documents = [one for one in told if one.kind in {"create_invoice", "create_credit_note"}]
    assert {one.number for one in documents} == set(standing)
    for deed in documents:
        invoice = standing[deed.number]
        assert deed.customer == invoice["CustomerCode"]
        assert (deed.net, deed.vat, deed.gross) == (
            Decimal(invoice["NetAmount"]),
            Decimal(invoice["VATAmount"]),
            Decimal(invoice["GrossAmount"]),
        )
        assert str(deed).startswith(("invoice", "credit note"))
