"""Customers go back to the shop by policy: read, changed, written whole, read back."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kashmag.engine.stories import tell
from kashmag.logbook import State
from kashmag.plans.events import DocumentFinished, Outcome, RunFinished
from kashmag.plans.policy import CustomerPolicy
from kashmag.rest.wire import Request, Response
from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.testing.worlds import BEGINNING, POLICY, World

BACK = evolve(
    POLICY,
    go_live=BEGINNING.date(),
    customers=CustomerPolicy(("name", "telephone", "address", "vat_number")),
)


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=BACK)
    put(made, person(7))
    yield made
    made.account.close()
    made.shop.close()


def address(number: int, **more: Any) -> dict[str, Any]:
    told = {
        "id": number, "customer_id": 7, "region": {"region_code": None, "region": None,
        "region_id": 0}, "region_id": 0, "country_id": "GB", "street": ["Flat 3", "12 Old Lane"],
        "telephone": "0113 496 0000", "postcode": "LS1 1AA", "city": "Leeds", "fax": "0113 2",
        "firstname": "Zoe", "lastname": "Example",
    }  # fmt: skip
    return {**told, **more}


def person(number: int, **more: Any) -> dict[str, Any]:
    """A customer with an invoice address, a delivery address, and a third."""
    told = {
        "id": number, "group_id": 1, "created_at": "2026-11-01 08:00:00",
        "updated_at": "2026-11-01 08:00:00", "email": f"zoe{number}@example.com",
        "firstname": "Zoe", "lastname": "Example", "store_id": 1, "website_id": 1,
        "prefix": "Dr", "default_billing": str(number * 10),
        "default_shipping": str(number * 10 + 1),
        "addresses": [
            address(number * 10, default_billing=True),
            address(number * 10 + 1, street=["1 Far Road"], default_shipping=True),
            address(number * 10 + 2, city="York"),
        ],
        "disable_auto_group_change": 0, "extension_attributes": {"is_subscribed": True},
    }  # fmt: skip
    return {**told, **more}


def put(world: World, *people: dict[str, Any]) -> None:
    world.load(customers=people)


def at_the_shop(world: World, number: int = 7) -> dict[str, Any]:
    return deepcopy(next(one for one in world.shop.shop.customers if one["id"] == number))


def in_the_books(world: World) -> dict[str, Any]:
    return world.account.customers()[0]


def bookkeeper(world: World, **changes: Any) -> None:
    world.account.edit_customer(in_the_books(world)["Code"], changes)


def contact(world: World, **changes: Any) -> list[dict[str, Any]]:
    first, *rest = in_the_books(world)["Contacts"]
    return [{**first, **changes}, *rest]


async def run(world: World, **more: Any) -> tuple[RunFinished, list[DocumentFinished]]:
    around = more.pop("around", None)
    async with world.engine(**({"around": around} if around else {})) as engine:
        events = [event async for event in engine.sync("customers", **more)]
    world.time.turn(60)
    return events[-1], [e for e in events if isinstance(e, DocumentFinished)]


async def test_what_only_the_bookkeeper_changed_goes_to_the_shop_and_nothing_else_does(
    world: World,
) -> None:
    await run(world)
    before = at_the_shop(world)
    bookkeeper(world, VATNumber="GB123456789", Contacts=contact(world, Telephone="020 7946 0000"))
    finished, documents = await run(world)
    assert finished.posted == 1
    assert documents[0].reason == "updated the shop's customer 7"
    after = at_the_shop(world)
    assert after.pop("taxvat") == "GB123456789"
    assert after["addresses"][0].pop("telephone") == "020 7946 0000"
    assert after.pop("updated_at") > before.pop("updated_at")
    del before["addresses"][0]["telephone"]
    assert after == before
    # Our own write is no news: the next run finds that both agree.
    again, documents = await run(world)
    assert (again.posted, again.skipped) == (0, 1)
    assert documents[0].reason == "both sides agree"


async def test_nothing_goes_back_by_default(world: World) -> None:
    world.policy = evolve(BACK, customers=CustomerPolicy())
    await run(world)
    before = at_the_shop(world)
    bookkeeper(world, VATNumber="GB123456789")
    finished, documents = await run(world, since=BEGINNING)
    assert finished.posted == 0
    assert documents[0].reason == "KashFlow keeps its own vat_number"
    assert at_the_shop(world) == before


async def test_what_has_no_certain_place_is_held_and_the_rest_goes(world: World) -> None:
    await run(world)
    first, *rest = in_the_books(world)["Addresses"]
    moved = [{**first, "Line1": "Flat 4", "Line3": "York"}, *rest]
    bookkeeper(world, Addresses=moved)
    finished, documents = await run(world)
    assert finished.held == 1
    assert documents[0].codes == ("not_for_the_shop",)
    assert "address.line3" in documents[0].reason
    assert at_the_shop(world)["addresses"][0]["street"] == ["Flat 4", "12 Old Lane"]
    assert at_the_shop(world)["addresses"][0]["city"] == "Leeds"
    # It waits, and is taken up again by itself once the town is put right.
    bookkeeper(world, Addresses=[{**moved[0], "Line3": "Leeds"}, *rest])
    finished, _ = await run(world)
    assert (finished.held, finished.skipped) == (0, 1)


async def test_an_email_never_goes_back(world: World) -> None:
    await run(world)
    bookkeeper(world, Contacts=contact(world, Email="other@example.com"))
    finished, documents = await run(world)
    assert (finished.posted, finished.held) == (0, 0)
    assert documents[0].reason == "KashFlow keeps its own contact.email"
    assert at_the_shop(world)["email"] == "zoe7@example.com"


async def test_both_ways_at_once(world: World) -> None:
    await run(world)
    bookkeeper(world, VATNumber="GB123456789")
    put(world, {**at_the_shop(world), "lastname": "Other", "updated_at": "2026-11-25 08:00:00"})
    finished, _ = await run(world)
    assert finished.posted == 1
    assert at_the_shop(world)["taxvat"] == "GB123456789"
    assert in_the_books(world)["Name"] == "Zoe Other"


async def test_a_write_of_unknown_fate_is_looked_for_and_not_repeated(tmp_path: Path) -> None:
    faults = Faults.of(Rule(Kind.CUT_AFTER, method="PUT", times=1))
    async with World(tmp_path, policy=BACK, magento_faults=faults) as world:
        put(world, person(7))
        await run(world)
        bookkeeper(world, VATNumber="GB123456789")
        finished, _ = await run(world)
        assert finished.posted == 1
        assert at_the_shop(world)["taxvat"] == "GB123456789"
        assert len(at_the_shop(world)["addresses"]) == 3


async def test_a_bookkeepers_edit_after_the_plan_was_made_is_not_written_over(
    world: World,
) -> None:
    await run(world)
    put(world, {**at_the_shop(world), "lastname": "Other", "updated_at": "2026-11-25 08:00:00"})
    code = in_the_books(world)["Code"]

    class Editing:
        """Lets the bookkeeper type just before the change is to be written."""

        def __init__(self, inner: Any) -> None:
            self._inner = inner
            self._reads = 0

        async def send(self, request: Request) -> Response:
            if request.method == "GET" and request.url.endswith(code):
                self._reads += 1
                if self._reads == 3:  # compared twice; the third look is that of the write
                    bookkeeper(world, Name="As the bookkeeper wants it")
            return await self._inner.send(request)

        async def aclose(self) -> None:
            await self._inner.aclose()

    finished, documents = await run(world, around=Editing)
    assert in_the_books(world)["Name"] == "As the bookkeeper wants it"
    assert finished.held == 1
    assert documents[0].codes == ("customer_conflict",)
    assert in_the_books(world)["Contacts"][0]["LastName"] == "Other"


async def test_an_account_that_a_bookkeeper_deleted_is_not_made_anew(world: World) -> None:
    await run(world)
    await delete_account(world)
    finished, documents = await run(world, since=BEGINNING)
    assert (finished.held, documents[0].codes) == (1, ("account_gone",))
    assert world.census().customers == 0


async def delete_account(world: World) -> None:
    code = in_the_books(world)["Code"]
    async with world.engine() as engine:
        await engine.books.customers.delete(code)


async def test_a_person_can_skip_a_customer_and_have_it_back(world: World) -> None:
    await run(world)
    bookkeeper(world, Contacts=contact(world, Telephone=""))
    assert (await run(world))[0].held == 1
    async with world.engine() as engine:
        await engine.skip("customer:7", reason="by hand")
    finished, documents = await run(world, since=BEGINNING)
    assert (finished.skipped, documents[0].reason) == (1, "skipped: by hand")
    async with world.engine() as engine:
        events = [event async for event in engine.retry("customer:7", reason="again")]
        assert isinstance(events[-1], RunFinished)
        assert (events[-1].read, events[-1].held) == (1, 1)
        story = await tell(engine.logbook, "customer:7")
    assert [one.document.kind for one in story] == ["customer"]
    assert story[0].missing


async def test_what_is_kept_about_a_person_can_be_erased(world: World) -> None:
    await run(world)
    async with world.engine() as engine:
        logbook = engine.logbook
        assert "Zoe" in (await logbook.recall("agreed:M:customer:7") or "")
        await engine.erase("customer:7", reason="asked to be forgotten")
        assert await logbook.recall("agreed:M:customer:7") is None
        plans = await logbook.plans_of("M:customer:7")
        told = repr(plans) + repr(await logbook.story("M:customer:7"))
        told += repr(await logbook.document("M:customer:7"))
    assert "Zoe" not in told
    assert "zoe7" not in told
    assert "0113" not in told


async def test_two_customers_of_one_email_do_not_both_write_one_account(world: World) -> None:
    put(world, {**person(8), "email": "ZOE7@example.com", "website_id": 2})
    finished, documents = await run(world)
    assert (finished.posted, finished.held) == (1, 1)
    held = next(one for one in documents if one.outcome is Outcome.HELD)
    assert held.codes == ("bound_otherwise",)
    assert world.census().customers == 1


async def test_a_refused_write_waits_for_a_person(world: World) -> None:
    await run(world)
    bookkeeper(world, VATNumber="GB123456789")
    # The shop refuses to write a customer whose e-mail another one has.
    put(world, person(8, email="zoe7@example.com"))
    _, documents = await run(world)
    refused = next(one for one in documents if one.document.entity_id == "7")
    assert (refused.outcome, refused.codes) == (Outcome.FAILED, ("refused",))
    async with world.engine() as engine:
        plan = await engine.logbook.opened_plan("M:customer:7")
    assert plan is not None
    assert plan.entries[-1].state is State.REFUSED
