"""Notes through the engine: after the invoice, once, whatever is cut, and never a stop."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kashmag.engine.options import EngineOptions
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.policy import Notes
from kashmag.rest.wire import Response
from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.testing.worlds import BEGINNING, POLICY, World

WANTED = evolve(POLICY, go_live=BEGINNING.date(), notes=Notes.INVOICE)
ORDER = "000000006"


def loaded(world: World, text: str | None = "Please ring & wait") -> World:
    found = recorded_documents("orders")
    orders = [{**one, "customer_note": text} for one in found["order"] if one["entity_id"] == 6]
    world.load(orders=orders, invoices=[i for i in found["invoice"] if i["order_id"] == 6])
    return world


async def run(world: World, **more: Any) -> DocumentFinished:
    async with world.engine(**more) as engine:
        found = [e async for e in engine.sync("orders") if isinstance(e, DocumentFinished)]
    return next(one for one in found if one.document.number == ORDER)


async def notes(world: World) -> list[str]:
    async with world.engine() as engine:
        number = world.account.invoices()[0]["Number"]
        told = await engine.books.notes.every("invoices", number)
        return [one.text or "" for one in told]


async def test_the_note_is_added_after_the_invoice_and_told(tmp_path: Path) -> None:
    async with World(tmp_path, policy=WANTED) as world:
        outcome = await run(loaded(world))
        assert outcome.outcome is Outcome.POSTED
        assert outcome.reason.endswith("note 1")
        assert await notes(world) == [f"Note of the buyer of order {ORDER}: Please ring & wait"]
        assert (await run(world)).outcome is Outcome.SKIPPED
        assert len(await notes(world)) == 1
        async with world.engine() as engine:
            (story,) = await engine.why(ORDER)
            assert "add_note" in "\n".join(story.lines())


async def test_an_order_without_a_note_and_a_policy_without_notes_add_none(tmp_path: Path) -> None:
    async with World(tmp_path, policy=WANTED) as world:
        await run(loaded(world, None))
        assert await notes(world) == []
    (tmp_path / "other").mkdir()
    async with World(tmp_path / "other", policy=evolve(WANTED, notes=Notes.NONE)) as world:
        await run(loaded(world))
        assert await notes(world) == []


@pytest.mark.parametrize("kind", [Kind.CUT_AFTER, Kind.CUT_BEFORE, Kind.ERROR_500_AFTER])
async def test_a_note_whose_fate_is_unknown_is_looked_for_first(tmp_path: Path, kind: Kind) -> None:
    faults = Faults.of(Rule(kind, method="POST", path="/v2/invoices/*/notes", first=1, last=1))
    async with World(tmp_path, policy=WANTED, kashflow_faults=faults) as world:
        await run(loaded(world))
        await run(world)
        assert len(await notes(world)) == 1
        assert world.census().invoices == 1
        assert world.census().payments == 1


async def test_a_note_that_was_taken_away_again_stops_nobody(tmp_path: Path) -> None:
    class Wiping:
        """An account whose bookkeeper deletes every note at once."""

        def __init__(self, inner: Any) -> None:
            self.inner = inner

        async def send(self, request: Any) -> Any:
            answer = await self.inner.send(request)
            if request.method == "POST" and request.url.endswith("/notes"):
                store = world.account._account.store
                with store.transaction():
                    for one in [*store.all("notes")]:
                        store.drop("notes", f"{one['_Parent']}/{one['Number']}")
            return answer

        async def aclose(self) -> None:
            pass

    async with World(tmp_path, policy=WANTED) as world:
        assert (await run(loaded(world), around=Wiping)).outcome is Outcome.POSTED
        assert await notes(world) == []
        assert (await run(world)).outcome is Outcome.SKIPPED


async def test_a_note_that_is_refused_leaves_the_invoice_and_its_money(tmp_path: Path) -> None:
    class Refusing:
        """An account that takes no notes."""

        def __init__(self, inner: Any) -> None:
            self.inner = inner

        async def send(self, request: Any) -> Any:
            if request.method == "POST" and request.url.endswith("/notes"):
                return Response(
                    400, (("Content-Type", "application/json"),),
                    b'{"Error": "ValidationError", "Message": "no notes here"}',
                )  # fmt: skip
            return await self.inner.send(request)

        async def aclose(self) -> None:
            pass

    options = EngineOptions(lag=timedelta(0))
    async with World(tmp_path, policy=WANTED, options=options) as world:
        outcome = await run(loaded(world), around=Refusing)
        assert (outcome.outcome, outcome.codes) == (Outcome.FAILED, ("refused",))
        assert (world.census().invoices, world.census().payments) == (1, 1)
        async with world.engine() as engine:
            assert await engine.drop(ORDER, reason="nobody needs it") == 1
        assert (await run(world)).outcome is not Outcome.FAILED
        assert await notes(world) == []
        assert world.census().invoices == 1
