"""An account that computes VAT by its own rule is noticed on its first document."""

from decimal import Decimal

import pytest
from attrs import evolve

from kashmag import kashflow
from kashmag.logbook import State
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.sandbox.kashflow.switches import Switches
from kashmag.testing.worlds import BEGINNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())


@pytest.fixture
def make_world(tmp_path):
    made = []

    def make(**more):
        switches = Switches(vat_amount="recomputed")
        world = World(tmp_path, policy=GO_LIVE, switches=switches, **more)
        world.shop.load_recorded()
        made.append(world)
        return world

    yield make
    for world in made:
        world.account.close()
        world.shop.close()


async def outcomes_of(world):
    async with world.engine() as engine:
        events = [event async for event in engine.sync("orders")]
    return {
        event.document.number: event.outcome
        for event in events
        if isinstance(event, DocumentFinished)
    }


async def test_the_first_document_that_comes_back_otherwise_is_the_last_one_sent(make_world):
    world = make_world()
    await outcomes_of(world)
    async with world.engine() as engine:
        disputed = await engine.logbook.entries_in(State.DISPUTED)
    if not disputed:  # the recorded orders would then show nothing
        pytest.fail("no recorded order has VAT that such an account computes otherwise")
    (entry,) = disputed
    assert 'line_vat = "recomputed"' in entry.message
    confirmed = [one for one in world.account.invoices() if str(one["Number"]) != entry.number]
    assert all(one["Number"] < int(entry.number) for one in confirmed)


async def test_once_it_is_known_the_plans_reckon_with_it(make_world):
    world = make_world(assumptions=kashflow.Assumptions(line_vat="recomputed"))
    outcomes = await outcomes_of(world)
    assert Outcome.POSTED in outcomes.values()
    assert Outcome.FAILED not in outcomes.values()
    for invoice in world.account.invoices():
        lines = invoice["LineItems"]
        assert sum((Decimal(line["VATAmount"]) for line in lines), Decimal(0)) == Decimal(
            invoice["VATAmount"]
        )
    assert world.census().duplicate_references == {}
