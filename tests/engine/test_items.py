"""Skipping one item of an order, through the engine and its logbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag.engine.items import item_of, skipped_by
from kashmag.errors import HeldError, SettingsError
from kashmag.logbook.documents import PersonDecision, Verb
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.policy import Nominals, UnknownSku
from kashmag.testing.factories import make_line, make_sale
from kashmag.testing.worlds import BEGINNING, POLICY, World

SUSPENSE = 7900
HOLDING = evolve(
    POLICY, go_live=BEGINNING.date(), unknown_sku=UnknownSku.HOLD,
    nominals=Nominals(suspense=SUSPENSE),
)  # fmt: skip
ORDER = "000000003"


@pytest.fixture
def world(tmp_path: Path) -> Any:
    made = World(tmp_path, policy=HOLDING)
    made.shop.load_recorded()
    yield made
    made.account.close()
    made.shop.close()


async def run(world: World) -> dict[str, DocumentFinished]:
    async with world.engine() as engine:
        return {
            e.document.number: e
            async for e in engine.sync("orders")
            if isinstance(e, DocumentFinished) and e.document.kind == "order"
        }


async def skip_all(world: World, reason: str = "never in stock") -> None:
    async with world.engine() as engine:
        plan = await engine.plan_order(ORDER)
        while held := [p for p in plan.problems if p.code == "unknown_sku"]:
            sku = held[0].message.split("SKU ")[1].split(",")[0]
            plan = await engine.skip_item(ORDER, sku, reason=reason, who="ann")


def of_order(world: World) -> list[dict[str, Any]]:
    return [
        i for i in world.account.invoices()
        if i["CustomerReference"] in {f"M1-ORD-{ORDER}", "M1-CRN-000000005"}
    ]  # fmt: skip


async def test_an_order_held_for_its_items_is_posted_once_they_are_skipped(world) -> None:
    assert (await run(world))[ORDER].outcome is Outcome.HELD
    await skip_all(world)
    assert (await run(world))[ORDER].outcome is Outcome.POSTED
    assert {i["CustomerReference"] for i in of_order(world)} == {
        f"M1-ORD-{ORDER}", "M1-CRN-000000005",
    }  # fmt: skip
    assert len(world.account.invoices()) == 2  # the items of no other order are skipped
    for document in of_order(world):
        goods = [line for line in document["LineItems"] if line["NominalCode"] != 4100]
        assert goods
        assert {line["NominalCode"] for line in goods} == {SUSPENSE}
        assert all("SKU" in line["Description"] for line in goods)
        assert not any(line.get("ProductCode") for line in goods)


async def test_why_and_the_audit_trail_tell_who_skipped_the_item(world) -> None:
    await run(world)
    await skip_all(world, reason="a sample")
    await run(world)
    async with world.engine() as engine:
        (story,) = [s for s in await engine.why(ORDER) if s.document.kind == "order"]
        assert [one["about"] for one in story.to_json()["decisions"]]
        told = "\n".join(story.lines())
        assert "ann: skip_item" in told
        assert "because skipped by ann: a sample" in told
        assert any('"about"' in (row.details or "") for row in story.trail)
        assert not await engine.verify_audit()


async def test_a_skipped_item_is_taken_back_and_holds_again(world) -> None:
    await run(world)
    await skip_all(world)
    async with world.engine() as engine:
        record = await engine.deciding.find(ORDER)
        skipped = await engine.deciding.skipped_items(record)
        events = [e async for e in engine.retry(ORDER, item=skipped[0].item, reason="it is there")]
        assert events[-1].held == events[-1].read == 1
        with pytest.raises(SettingsError, match="no skipped item"):
            [e async for e in engine.retry(ORDER, item=skipped[0].item, reason="again")]
    assert not of_order(world)


async def test_an_item_that_the_order_does_not_have_is_refused(world) -> None:
    async with world.engine() as engine:
        with pytest.raises(SettingsError, match="has no item NOPE; it has"):
            await engine.skip_item(ORDER, "NOPE", reason="a slip")
        sku = (await engine.plan_order(ORDER)).problems[0].message.split("SKU ")[1]
        with pytest.raises(SettingsError, match="reason"):
            await engine.skip_item(ORDER, sku.split(",")[0], reason=" ")


def test_a_sku_that_is_there_twice_is_named_by_its_line() -> None:
    sale = make_sale(make_line(key="item:1"), make_line(key="item:2"), make_line(sku="CAP"))
    with pytest.raises(SettingsError, match=r"item:1 \(Mug\), item:2 \(Mug\)"):
        item_of(sale, "12", "MUG")
    assert item_of(sale, "12", "item:2") == "item:2"
    assert item_of(sale, "12", "CAP") == "CAP"
    with pytest.raises(HeldError):
        item_of(None, "12", "CAP")


@given(st.lists(st.tuples(st.sampled_from(Verb), st.sampled_from(["MUG", "CAP"]))))
def test_the_last_decision_about_an_item_counts(decided) -> None:
    decisions = [PersonDecision("M:order:1", verb, reason="r", key=key) for verb, key in decided]
    skipped = {one.item for one in skipped_by(decisions)}
    for item in ("MUG", "CAP"):
        about = [v for v, key in decided if key == item and v in {Verb.SKIP_ITEM, Verb.RETRY_ITEM}]
        assert (item in skipped) == bool(about and about[-1] is Verb.SKIP_ITEM)
