"""An invoice typed by hand for an order that is due: the order waits until a person says."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag import kashflow
from kashmag.errors import HeldError
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.policy import Lookalikes, NotOfTheShop, OrderOutcome
from kashmag.reconciliation import Cause, Period, reconcile, vat_report
from kashmag.reconciliation.going_live import doubles
from kashmag.rest.transport import Transport
from kashmag.rest.wire import Request, Response
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.by_hand import copied
from kashmag.testing.worlds import BEGINNING, MORNING, POLICY, World

UNPAID = evolve(POLICY, go_live=BEGINNING.date(), statuses={"pending": OrderOutcome.UNPAID})
HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket("zoe@example.com", (Line("MUG", Decimal("9.99")),), billing=HOME)
OTHER = evolve(BASKET, lines=(Line("BOOK", Decimal("5.00")),))


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=UNPAID)
    yield made
    made.account.close()
    made.shop.close()


async def sync(world: World, policy=None) -> dict[str, DocumentFinished]:
    world.time.turn(3600)
    async with world.engine(policy=policy) as engine:
        events = [event async for event in engine.sync("orders")]
    done = [one for one in events if isinstance(one, DocumentFinished)]
    return {one.document.number: one for one in done}


async def type_by_hand(world: World, like: int, *, archived: bool = False, **changes) -> int:
    """Enter what stands on an invoice once more, as a bookkeeper would, and return its number."""
    async with world.engine() as engine:
        seen = await engine.books.invoices.get(like)
        draft = copied(seen, reference="", on=MORNING.date())
        made = await engine.books.invoices.create(evolve(draft, **changes))
        if archived:
            await engine.books.invoices.archive([made.number])
    return made.number


async def known_buyer(world: World) -> None:
    """An order of another sum is posted: the buyer has an account by now."""
    world.shop.place(OTHER)
    await sync(world)


async def typed_order(world: World, *, archived: bool = False) -> tuple[str, int]:
    """An order that a bookkeeper has typed before a run came to it, and the invoice's number."""
    await known_buyer(world)
    order = world.shop.place(BASKET)
    line = kashflow.LineDraft(
        "a mug",
        quantity=Decimal(1),
        rate=Decimal(order["grand_total"] - order["tax_amount"]),
        vat_level=Decimal(20),
        vat_amount=Decimal(order["tax_amount"]),
        nominal_code=4000,
    )
    lines = (line,)
    return order["increment_id"], await type_by_hand(world, 1, archived=archived, line_items=lines)


@pytest.mark.parametrize("archived", [False, True])
async def test_it_is_held_and_names_the_invoice(world, archived):
    number, typed = await typed_order(world, archived=archived)
    held = (await sync(world))[number]
    assert (held.outcome, held.codes) == (Outcome.HELD, ("lookalike",))
    assert f"Invoice {typed} " in held.reason
    assert len(world.account.invoices()) == 2
    assert (await sync(world))[number].outcome is Outcome.HELD


async def test_adopted_it_is_the_orders_invoice(world):
    number, typed = await typed_order(world)
    await sync(world)
    async with world.engine() as engine:
        await engine.adopt(number, typed, reason="typed on the telephone")
    done = (await sync(world))[number]
    assert (done.outcome, done.codes) == (Outcome.SKIPPED, ())
    assert str(typed) in done.reason
    assert len(world.account.invoices()) == 2


async def test_an_order_that_is_posted_is_not_taken_from_its_invoice(world):
    """Only where that one is gone, or where two carry its reference, may a person choose."""
    order = world.shop.place(BASKET)
    number = order["increment_id"]
    assert (await sync(world))[number].outcome is Outcome.POSTED
    typed = await type_by_hand(world, 1)
    source = f"M:order:{order['entity_id']}:invoice"
    async with world.engine() as engine:
        with pytest.raises(HeldError, match="is posted as 1, which stands there: void it first"):
            await engine.adopt(number, typed, reason="that one", who="ann")
        assert (await engine.logbook.binding(source)).target == "1"
        plan = await engine.adopt(number, 1, reason="as it was", who="ann")
        assert not plan.is_held
    world.account.void_invoice(1)
    again = world.shop.place(BASKET)
    async with world.engine(policy=evolve(UNPAID, lookalikes=Lookalikes.POST)) as engine:
        finished = await engine.apply(await engine.plan_order(again["increment_id"]))
        assert finished.outcome is Outcome.POSTED
        other = int((await engine.logbook.binding(f"M:order:{again['entity_id']}:invoice")).target)
        with pytest.raises(HeldError, match=f"invoice {other} is posted already"):
            await engine.adopt(number, other, reason="that one", who="ann")
        assert (await engine.logbook.binding(source)).target == "1"
    async with world.engine() as engine:
        plan = await engine.adopt(number, typed, reason="typed anew", who="ann")
        assert [one.number for one in plan.adoptions] == [typed]
        (story,) = await engine.why(number)
        assert {one.who for one in story.decisions} == {"ann"}


async def test_accepted_as_something_else_it_is_posted_by_the_next_run(world):
    number, _ = await typed_order(world)
    await sync(world)
    async with world.engine() as engine:
        await engine.accept(number, reason="a repair of last week")
    assert (await sync(world))[number].outcome is Outcome.POSTED
    assert len(world.account.invoices()) == 3
    year = Period(date(2026, 1, 1), date(2027, 12, 31))
    async with world.engine() as engine:
        sides = await engine.sides(year, remote=True)
    report = reconcile(sides.shop, sides.account, sides.memory, year)
    assert report.balances
    assert report.is_clean
    (told,) = report.by_cause[Cause.ACCEPTED]
    assert "a repair of last week" in told.message
    assert list(doubles(sides.shop, sides.account, sides.memory)) == []


@pytest.mark.parametrize("remote", [True, False])
async def test_skipped_it_is_explained_and_the_typed_invoice_stands_for_it(world, remote):
    number, typed = await typed_order(world)
    await sync(world)
    async with world.engine() as engine:
        record = await engine.deciding.find(number)
        await engine.deciding.skip(record, reason="typed already")
    await sync(world)
    assert len(world.account.invoices()) == 2
    year = Period(date(2026, 1, 1), date(2027, 12, 31))
    async with world.engine() as engine:
        sides = await engine.sides(year, remote=remote)
    told = (sides.shop, sides.account, sides.memory, year)
    report, vat = reconcile(*told), vat_report(*told)
    assert report.balances
    assert vat.balances
    assert report.is_clean
    assert vat.is_clean
    (one,) = report.by_cause[Cause.SKIPPED]
    assert "typed already" in one.message
    assert (f"Invoice {typed} stands for it." in one.message) is remote


@pytest.mark.parametrize("said", ["post", "customer"])
async def test_the_policy_lets_it_be_posted(world, said):
    number, _ = await typed_order(world)
    await sync(world)
    code = world.account.invoices()[0]["CustomerCode"]
    rule = {
        "post": {"lookalikes": Lookalikes.POST},
        "customer": {"not_of_the_shop": NotOfTheShop((code,))},
    }[said]
    assert (await sync(world, evolve(UNPAID, **rule)))[number].outcome is Outcome.POSTED


async def test_what_is_typed_between_two_orders_of_one_run_is_seen(world):
    """Nothing of it is remembered from one order to the next, nor from one run to the next."""
    await known_buyer(world)
    async with world.engine() as engine:
        first = world.shop.place(evolve(BASKET, lines=(Line("HAT", Decimal("30.00")),)))
        events = [event async for event in engine.sync("orders")]
        assert any(getattr(one, "outcome", None) is Outcome.POSTED for one in events)
        second = world.shop.place(BASKET)
        line = kashflow.LineDraft(
            "a mug",
            quantity=Decimal(1),
            rate=Decimal(second["grand_total"] - second["tax_amount"]),
            vat_level=Decimal(20),
            vat_amount=Decimal(second["tax_amount"]),
            nominal_code=4000,
        )
        await type_by_hand(world, 1, line_items=(line,))
        plan = await engine.plan_order(second["increment_id"])
    assert first["increment_id"] != second["increment_id"]
    assert [one.code for one in plan.problems] == ["lookalike"]


async def test_the_second_order_of_a_buyer_is_no_lookalike_of_the_first(world):
    for _ in range(3):
        world.shop.place(BASKET)
    await sync(world)
    world.shop.place(BASKET)
    await sync(world)
    assert len(world.account.invoices()) == 4


class Counting:
    """A transport that counts what is asked of the account."""

    def __init__(self, inner: Transport, seen: Counter[str]) -> None:
        self.inner, self.seen = inner, seen

    async def send(self, request: Request) -> Response:
        self.seen[f"{request.method} {request.url.partition('?')[0].rpartition('/v2')[2]}"] += 1
        return await self.inner.send(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def asked_of_the_account(world: World, policy) -> Counter[str]:
    """What the planning of an order of a known buyer asks of the account."""
    number = world.shop.place(BASKET)["increment_id"]
    seen: Counter[str] = Counter()
    async with world.engine(policy=policy, around=lambda one: Counting(one, seen)) as engine:
        await engine.plan_order(number)
    return seen


async def test_it_costs_two_calls_for_a_known_customer_and_none_for_a_new_one(world):
    posting = evolve(UNPAID, lookalikes=Lookalikes.POST)
    new = [await asked_of_the_account(world, policy) for policy in (UNPAID, posting)]
    assert new[0] == new[1]
    await known_buyer(world)
    known = [await asked_of_the_account(world, policy) for policy in (UNPAID, posting)]
    assert known[0] - known[1] == Counter({"GET /invoices": 2})
