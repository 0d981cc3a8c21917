"""Customers run through the same machinery as orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kashmag import kashflow
from kashmag.engine import causes
from kashmag.engine.options import EngineOptions
from kashmag.errors import NoAnswerError
from kashmag.plans.events import ActionDone, AlertRaised, DocumentFinished, Outcome, RunFinished
from kashmag.plans.policy import CustomerPolicy, Limits
from kashmag.rest.transport import Transport
from kashmag.rest.wire import Request, Response
from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.testing.deaths import DiedError
from kashmag.testing.worlds import BEGINNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())
MANY = 30


def person(number: int, **more: Any) -> dict[str, Any]:
    home = {
        "id": number, "customer_id": number, "region_id": 0, "country_id": "GB",
        "region": {"region_code": None, "region": None, "region_id": 0},
        "street": ["1 Lane"], "telephone": "0113 496 0000", "postcode": "LS1 1AA",
        "city": "Leeds", "firstname": "Zoe", "lastname": f"Example{number}",
        "default_billing": True, "default_shipping": True,
    }  # fmt: skip
    told = {
        "id": number, "group_id": 1, "created_at": "2026-11-01 08:00:00",
        "updated_at": f"2026-11-01 08:{number // 60:02}:{number % 60:02}",
        "email": f"zoe{number}@example.com", "firstname": "Zoe", "lastname": f"Example{number}",
        "store_id": 1, "website_id": 1, "addresses": [home],
        "disable_auto_group_change": 0, "extension_attributes": {"is_subscribed": False},
    }  # fmt: skip
    return {**told, **more}


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=GO_LIVE)
    made.load(customers=[person(number) for number in range(1, MANY + 1)])
    yield made
    made.account.close()
    made.shop.close()


async def run(world: World, **more: Any) -> tuple[RunFinished, dict[str, DocumentFinished]]:
    around, policy = more.pop("around", None), more.pop("policy", None)
    outcomes: dict[str, DocumentFinished] = {}
    given = {"around": around} if around else {}
    async with world.engine(policy=policy, **given) as engine:
        async for event in engine.sync("customers", **more):
            if isinstance(event, DocumentFinished):
                assert event.document.entity_id not in outcomes
                outcomes[event.document.entity_id] = event
    assert isinstance(event, RunFinished)
    assert event.read == len(outcomes)
    return event, outcomes


class Watching:
    """Counts the customers that are created, and loses the answer to one of them."""

    def __init__(self, inner: Transport, *, dies_at: int = 0) -> None:
        self._inner = inner
        self._dies_at = dies_at
        self.posts = 0

    async def send(self, request: Request) -> Response:
        if request.method == "POST" and request.url.endswith("/customers"):
            self.posts += 1
            if self.posts == self._dies_at:
                await self._inner.send(request)
                raise NoAnswerError("cut")
        return await self._inner.send(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


async def test_of_customers_who_share_a_vat_number_one_has_the_account(tmp_path) -> None:
    """At the same time as one after the other: the others wait for a person."""
    policy = evolve(GO_LIVE, match_customers_by=("email", "vat_number"))
    async with World(tmp_path, policy=policy) as world:
        world.load(customers=[person(number, taxvat="GB123456789") for number in range(1, 6)])
        _, outcomes = await run(world)
        assert world.census().customers == 1
        assert sorted(one.outcome.value for one in outcomes.values()) == ["held"] * 4 + ["posted"]


async def test_every_customer_is_created_once_and_the_counts_add_up(world: World) -> None:
    finished, outcomes = await run(world)
    assert (finished.read, finished.posted) == (MANY, MANY)
    assert {one.reason.split()[0] for one in outcomes.values()} == {"customer"}
    assert world.census().customers == MANY
    assert (await run(world, since=BEGINNING))[0].skipped == MANY
    assert world.census().customers == MANY


async def test_a_limit_leaves_the_rest_for_the_next_run_and_the_cursor_where_it_was(
    world: World,
) -> None:
    finished, _ = await run(world, limit=4)
    assert (finished.read, finished.posted) == (4, 4)
    finished, _ = await run(world)
    assert (finished.read, finished.posted) == (MANY - 4, MANY - 4)  # it goes on where it was
    world.time.turn(3600)
    finished, outcomes = await run(world)
    # A complete run moves the cursor: only the last few, by the overlap, are looked at again.
    assert finished.posted == 0
    assert set(outcomes) <= {str(number) for number in range(1, MANY + 1)}
    async with world.engine() as engine:
        assert (await engine.logbook.recall("cursor:customers") or "").startswith("2026-11-01")


async def test_since_and_until_bound_the_shops_change(world: World) -> None:
    changed = BEGINNING.replace(year=2026, month=11, day=1, hour=8)
    finished, outcomes = await run(
        world, since=changed.replace(second=5), until=changed.replace(second=9)
    )
    assert set(outcomes) == {"5", "6", "7", "8", "9"}
    async with world.engine() as engine:
        assert await engine.logbook.recall("cursor:customers") is None
    assert finished.posted == 5


async def test_a_dry_run_writes_nothing_anywhere(world: World) -> None:
    finished, outcomes = await run(world, dry_run=True)
    assert finished.skipped == MANY
    assert all(
        one.reason.startswith("dry run: would post customer M-") for one in outcomes.values()
    )
    assert world.census().customers == 0
    async with world.engine() as engine:
        assert await engine.logbook.document("M:customer:1") is None
        assert await engine.logbook.recall("cursor:customers") is None


async def test_one_customer_that_nobody_can_serve_costs_no_other(tmp_path: Path) -> None:
    poisoned = Faults.of(Rule(Kind.POISON_RECORD, probability=0.2), seed=5)
    async with World(tmp_path, policy=GO_LIVE, magento_faults=poisoned) as world:
        world.load(customers=[person(number) for number in range(1, MANY + 1)])
        finished, outcomes = await run(world)
        failed = [one for one in outcomes.values() if one.outcome is Outcome.FAILED]
        assert finished.read == MANY
        assert 0 < finished.failed == len(failed) < MANY
        assert {one.codes for one in failed} <= {(causes.UNREADABLE_RECORD,), (causes.BROKEN,)}
        assert finished.posted == world.census().customers == MANY - len(failed)


async def test_one_customer_that_nobody_can_read_costs_no_other(world: World) -> None:
    world.load(customers=[person(5, addresses="not a list")])
    finished, outcomes = await run(world)
    assert (finished.read, finished.posted, finished.failed) == (MANY, MANY - 1, 1)
    assert outcomes["5"].codes == (causes.UNREADABLE_RECORD,)
    world.load(customers=[person(5)])
    # What failed is taken up again by the next run, though the shop's stamp has not moved.
    world.time.turn(86_400)
    finished, outcomes = await run(world)
    assert outcomes["5"].outcome is Outcome.POSTED
    assert world.census().customers == MANY


async def test_a_customer_without_an_email_is_held_alone(world: World) -> None:
    world.load(customers=[person(5, email="")])
    finished, outcomes = await run(world)
    assert (finished.posted, finished.held) == (MANY - 1, 1)
    assert outcomes["5"].codes == ("no_email",)


async def test_a_lost_answer_is_looked_for_and_nobody_is_made_twice(world: World) -> None:
    finished, _ = await run(world, around=lambda inner: Watching(inner, dies_at=7))
    assert (finished.posted, finished.failed) == (MANY, 0)
    assert world.census().customers == MANY
    assert world.census().duplicate_emails == {}


async def test_a_run_gives_up_when_the_world_is_down_and_the_next_goes_on(tmp_path: Path) -> None:
    down = Faults.of(Rule(Kind.MAINTENANCE, path="/v2/customers*", first=12, last=400))
    options = EngineOptions(failures_in_a_row=5, second_chances=0)
    async with World(tmp_path, policy=GO_LIVE, kashflow_faults=down, options=options) as world:
        world.load(customers=[person(number) for number in range(1, MANY + 1)])
        async with world.engine() as engine:
            events = [event async for event in engine.sync("customers")]
        assert isinstance(events[-1], RunFinished)
        alert = next(event for event in events if isinstance(event, AlertRaised))
        assert "in a row failed" in alert.stopped
        assert events[-1].read < MANY
        async with world.engine() as engine:
            assert await engine.logbook.recall("cursor:customers") is None


async def test_whoever_dies_in_the_middle_leaves_everybody_once(world: World) -> None:
    class Dying(Watching):
        async def send(self, request: Request) -> Response:
            if self.posts >= 9:
                raise DiedError
            return await super().send(request)

    with pytest.raises(DiedError):
        await run(world, around=Dying)
    world.time.turn(200)
    await run(world)
    assert world.census().customers == MANY
    assert world.census().duplicate_emails == {}


async def test_limits_refuse_a_run_over_too_many(world: World) -> None:
    policy = evolve(GO_LIVE, limits=Limits(documents=10))
    finished, outcomes = await run(world, policy=policy)
    assert finished.held == MANY
    assert {one.codes for one in outcomes.values()} == {(causes.OVER_LIMITS,)}
    assert world.census().customers == 0
    finished, _ = await run(world, policy=policy, approved="the first run")
    assert finished.posted == MANY


async def test_whom_a_bookkeeper_changed_is_found_though_the_shop_says_nothing(
    world: World,
) -> None:
    policy = evolve(GO_LIVE, customers=CustomerPolicy(("vat_number",)))
    await run(world, policy=policy)
    world.time.turn(86_400)
    some = world.account.customers()[3]
    world.account.edit_customer(some["Code"], {"VATNumber": "GB123456789"})
    async with world.engine(policy=policy) as engine:
        events = [event async for event in engine.sync("customers")]
    done = [event for event in events if isinstance(event, ActionDone)]
    assert [one.kind for one in done] == ["update_shop_customer"]
    told = [one.get("taxvat") for one in world.shop.shop.customers]
    assert told.count("GB123456789") == 1


async def test_what_waits_can_be_retried_beside_orders(world: World) -> None:
    world.shop.load_recorded()
    world.load(customers=[person(50, email="")])
    await run(world)
    async with world.engine() as engine:
        async for _ in engine.sync("orders"):
            pass
        order = (await engine.logbook.documents_with("posted", kind="order"))[0]
        events = [e async for e in engine.retry(order.key, "customer:50", reason="again")]
    assert isinstance(events[-1], RunFinished)
    assert sum(isinstance(event, RunFinished) for event in events) == 1
    told = {e.document.kind for e in events if isinstance(e, DocumentFinished)}
    assert told == {"order", "customer"}
    assert (events[-1].read, events[-1].held) == (2, 1)


async def test_types_are_sent_only_where_the_account_is_said_to_take_them(tmp_path: Path) -> None:
    for number, (assumed, wanted) in enumerate(((False, "Domestic"), (True, "EU"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        assumptions = kashflow.Assumptions(trade_border_types=assumed)
        async with World(folder, policy=GO_LIVE, assumptions=assumptions) as world:
            told = person(1)
            told["addresses"][0] |= {"country_id": "DE", "postcode": "10115", "city": "Berlin"}
            world.load(customers=[told])
            await run(world)
            assert world.account.customers()[0]["TradeBorderType"] == wanted
            moved = {**told["addresses"][0], "country_id": "US", "postcode": "10001"}
            stamp = "2026-11-24 09:30:00"
            world.load(customers=[{**told, "addresses": [moved], "updated_at": stamp}])
            await run(world)
            after = world.account.customers()[0]["TradeBorderType"]
            assert after == ("Rest of World" if assumed else "Domestic")


async def test_types_change_no_figure_of_any_order(tmp_path: Path) -> None:
    told = []
    for assumed in (False, True):
        folder = tmp_path / str(assumed)
        folder.mkdir()
        assumptions = kashflow.Assumptions(trade_border_types=assumed)
        async with World(folder, policy=GO_LIVE, assumptions=assumptions) as world:
            world.shop.load_recorded()
            async with world.engine() as engine:
                events = [event async for event in engine.sync("orders")]
            assert isinstance(events[-1], RunFinished)
            sums = sorted(
                (one["CustomerReference"], one["NetAmount"], one["VATAmount"], one["GrossAmount"])
                for one in world.account.invoices()
            )
            told.append((events[-1].posted, events[-1].held, events[-1].failed, sums))
            assert sums
    assert told[0] == told[1]


async def test_a_type_that_contradicts_uk_vat_holds_the_order(world: World) -> None:
    world.shop.load_recorded()
    async with world.engine() as engine:
        plans = [plan async for plan in engine.plan_orders(["000000006"])]
        assert not plans[0].is_held
    order = next(one for one in world.shop.orders() if one["increment_id"] == "000000006")
    world.account.edit_customer(await account_of(world, order), {"TradeBorderType": "EU"})
    async with world.engine() as engine:
        plan = await engine.plan_order("000000006")
    assert [one.code for one in plan.problems if one.holds.value == "plan"] == [
        "unsuitable_customer"
    ]


async def test_an_archived_account_holds_its_buyers_orders_and_leaving_the_archive_frees_them(
    world: World,
) -> None:
    world.shop.load_recorded()
    order = next(one for one in world.shop.orders() if one["increment_id"] == "000000006")
    code = await account_of(world, order)
    world.account.edit_customer(code, {"IsArchived": True})
    number = order["increment_id"]

    async def synced() -> DocumentFinished:
        async with world.engine() as engine:
            events = [event async for event in engine.sync("orders", since=BEGINNING)]
        told = [one for one in events if isinstance(one, DocumentFinished)]
        return next(one for one in told if one.document.number == number)

    held = await synced()
    assert (held.outcome, held.codes) == (Outcome.HELD, ("archived_customer",))
    assert not any(i["CustomerCode"] == code for i in world.account.invoices())
    world.account.edit_customer(code, {"IsArchived": False})
    world.time.turn(3600)
    assert (await synced()).outcome is Outcome.POSTED
    assert code in {i["CustomerCode"] for i in world.account.invoices()}


async def test_an_archived_account_is_not_written_to_when_the_shop_changes_its_customer(
    world: World,
) -> None:
    await run(world)
    by_email = {one["Contacts"][0]["Email"]: one["Code"] for one in world.account.customers()}
    code = by_email["zoe1@example.com"]
    world.account.edit_customer(code, {"IsArchived": True})
    assert (await run(world, since=BEGINNING))[1]["1"].outcome is Outcome.SKIPPED
    world.load(customers=[person(1, lastname="Renamed")])
    held = (await run(world, since=BEGINNING))[1]["1"]
    assert (held.outcome, held.codes) == (Outcome.HELD, ("archived_customer",))
    names = {one["Code"]: one["Name"] for one in world.account.customers()}
    assert "Renamed" not in names[code]


async def account_of(world: World, order: dict[str, Any]) -> str:
    """Make the buyer's account, as a bookkeeper would."""
    async with world.engine() as engine:
        draft = kashflow.CustomerDraft(
            "BUYER1", "Buyer", contacts=(kashflow.Contact(email=order["customer_email"]),)
        )
        return (await engine.books.customers.create(draft)).code


async def test_several_orders_of_one_new_buyer_make_one_account(world: World) -> None:
    world.shop.load_recorded()
    same = [{**one, "customer_email": "new@example.com"} for one in world.shop.orders()]
    for one in same:
        one.pop("customer_id", None)
    world.load(orders=same)
    async with world.engine() as engine:
        async for _ in engine.sync("orders"):
            pass
    mails = [contact["Email"] for one in world.account.customers() for contact in one["Contacts"]]
    assert mails.count("new@example.com") == 1
    assert world.census().duplicate_emails == {}
