from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.planner.masters import changed, fields_of
from kashmag.planner.merging import agreed as agreed_on
from kashmag.planner.merging import merge
from kashmag.plans.events import DocumentFinished, Outcome, RunFinished
from kashmag.testing.worlds import BEGINNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())
names = st.sampled_from(["name", "vat_number", "address.line1"])
fields = st.dictionaries(names, st.sampled_from(["", "a", "b"]), min_size=3, max_size=3)


@given(fields, fields, fields)
def test_what_only_the_bookkeeper_changed_stays_and_what_only_the_shop_changed_goes(
    agreed: dict[str, str], shop: dict[str, str], books: dict[str, str]
) -> None:
    merged = merge(agreed_on(agreed), shop, books)
    wanted = {change.field: change.after for change in merged.to_books}
    for name, told in shop.items():
        shop_moved, books_moved = told != agreed[name], books[name] != agreed[name]
        if books_moved:
            assert name not in wanted
        elif shop_moved:
            assert wanted[name] == told
        assert (name in merged.conflicts) == (shop_moved and books_moved and told != books[name])


@given(fields, fields)
def test_where_nothing_was_agreed_only_what_is_missing_is_filled_in(
    shop: dict[str, str], books: dict[str, str]
) -> None:
    merged = merge(None, shop, books)
    assert all(not books[change.field] and change.after for change in merged.to_books)
    assert merged.conflicts == ()


@given(fields, fields, fields)
def test_a_merge_that_was_carried_out_leaves_nothing_to_do(
    agreed: dict[str, str], shop: dict[str, str], books: dict[str, str]
) -> None:
    merged = merge(agreed_on(agreed), shop, books)
    after = books | {change.field: change.after for change in merged.to_books}
    assert merge(merged.bases, shop, after).to_books == ()


@given(fields)
def test_changing_fields_changes_those_and_no_others(wanted: dict[str, str]) -> None:
    before = kashflow.Customer(
        "K-1", "Old", note="keep", contacts=(kashflow.Contact("Ann", email="ann@example.com"),)
    )
    merged = merge(agreed_on(fields_of(before)), wanted, fields_of(before))
    after = changed(before, merged.to_books)
    assert {name: fields_of(after)[name] for name in wanted} == wanted
    assert (after.note, after.contacts, after.code) == ("keep", before.contacts, "K-1")


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=GO_LIVE)
    made.shop.load_recorded()
    yield made
    made.account.close()
    made.shop.close()


async def run(world: World) -> tuple[RunFinished, list[DocumentFinished]]:
    async with world.engine() as engine:
        events = [e async for e in engine.sync("customers")]
    return events[-1], [e for e in events if isinstance(e, DocumentFinished)]


def edit(world: World, number: int, **changes: Any) -> None:
    """Change a customer at the shop, as its back office does."""
    key, found = next((k, d) for k, d in world.shop.shop.customers.entries() if d["id"] == number)
    world.time.turn(60)
    at = world.time.now().strftime("%Y-%m-%d %H:%M:%S")
    world.shop.shop.customers.put(key, {**found, **changes, "updated_at": at})


async def test_customers_are_created_once_and_then_left_alone(world) -> None:
    first, _ = await run(world)
    assert first.posted == first.read == world.census().customers > 0
    second, finished = await run(world)
    assert second.posted == 0
    assert {one.reason for one in finished} <= {"both sides agree"}
    assert world.census().duplicate_emails == {}


async def test_what_the_shop_changes_is_updated_and_what_the_bookkeeper_changed_stays(
    world,
) -> None:
    await run(world)
    customer = world.account.customers()[0]
    number = next(
        one["id"] for one in world.shop.shop.customers
        if one["email"] == customer["Contacts"][0]["Email"]
    )  # fmt: skip
    world.account.edit_customer(customer["Code"], {"Name": "As the bookkeeper wants it"})
    edit(world, number, taxvat="GB987654321")
    finished, _ = await run(world)
    assert finished.posted == 1
    after = next(c for c in world.account.customers() if c["Code"] == customer["Code"])
    assert after["Name"] == "As the bookkeeper wants it"
    assert after["VATNumber"] == "GB987654321"


async def test_what_both_changed_is_held_and_neither_is_overwritten(world) -> None:
    await run(world)
    customer = world.account.customers()[0]
    number = next(
        one["id"] for one in world.shop.shop.customers
        if one["email"] == customer["Contacts"][0]["Email"]
    )  # fmt: skip
    world.account.edit_customer(customer["Code"], {"VATNumber": "GB999999973"})
    edit(world, number, taxvat="GB987654321")
    finished, documents = await run(world)
    assert finished.held == 1
    held = next(one for one in documents if one.outcome is Outcome.HELD)
    assert held.codes == ("customer_conflict",)
    after = next(c for c in world.account.customers() if c["Code"] == customer["Code"])
    assert after["VATNumber"] == "GB999999973"


async def test_an_order_and_its_buyers_account_meet(world) -> None:
    async with world.engine() as engine:
        async for _ in engine.sync("orders"):
            pass
    before = world.census().customers
    finished, _ = await run(world)
    assert finished.failed == 0
    assert world.census().duplicate_emails == {}
    assert before <= world.census().customers <= before + finished.read
