"""Where invoices have their orders' numbers: numbers for reversals and further invoices."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.engine import causes
from kashmag.errors import StalePlanError
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.number_ranges import FURTHER_NUMBERS
from kashmag.plans.policy import DriftRules, Numbering, OnDrift, OrderOutcome
from kashmag.plans.proposals import Way
from kashmag.rest.codec import dumps, loads
from kashmag.rest.transport import Transport
from kashmag.rest.wire import Request, Response
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.by_hand import typed
from kashmag.testing.deaths import DiedError, Mortal
from kashmag.testing.worlds import BEGINNING, MORNING, POLICY, World

FROM = 1_500_000_000
RANGE = range(FROM, FROM + FURTHER_NUMBERS)
BY_ACCOUNT = evolve(POLICY, go_live=BEGINNING.date(), statuses={"pending": OrderOutcome.UNPAID})
UNNUMBERED = evolve(BY_ACCOUNT, numbering=Numbering.ORDER)
NUMBERED = evolve(UNNUMBERED, further_numbers_from=FROM)
AT_ONCE = DriftRules(changed_in_kashflow=OnDrift.CREDIT_AND_REISSUE, cancelled=OnDrift.CREDIT)
HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket(
    "zoe@example.com",
    (Line("MUG", Decimal("9.99"), quantity=Decimal(2)), Line("PEN", Decimal("3.33"))),
    billing=HOME,
)


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=NUMBERED)
    yield made
    made.account.close()
    made.shop.close()


async def sync(world: World, flow: str = "orders", **more: Any) -> dict[str, DocumentFinished]:
    world.time.turn(3600)
    async with world.engine(**more) as engine:
        events = [event async for event in engine.sync(flow)]
    done = [one for one in events if isinstance(one, DocumentFinished)]
    return {one.document.number: one for one in done if one.document.kind == "order"}


async def resolve(world: World, number: str, way: Way, **more: Any) -> DocumentFinished:
    async with world.engine(**more) as engine:
        return await engine.resolve(number, way, reason="agreed by telephone", who="ann")


async def plan(world: World, number: str, **more: Any) -> Any:
    async with world.engine(**more) as engine:
        return await engine.plan_order(number)


async def posted(world: World, *, paid: bool = False) -> dict[str, Any]:
    order = world.shop.place(BASKET)
    if paid:
        world.shop.invoice(order["entity_id"])
    assert (await sync(world))[order["increment_id"]].outcome is Outcome.POSTED
    return order


def numbers(world: World) -> dict[str, int]:
    """The numbers of all documents in the account, by reference."""
    return {one["CustomerReference"]: one["Number"] for one in world.account.invoices()}


def edit(world: World, number: str, pence: int) -> None:
    """Change the VAT of an order's newest invoice by hand, if it is not brought to nothing."""
    live = [
        one
        for one in world.account.invoices()
        if one["CustomerReference"].startswith(f"M1-ORD-{number}")
        and one["CustomerReference"].replace("-ORD-", "-REV-") not in numbers(world)
    ]
    for invoice in live:
        lines = invoice["LineItems"]
        lines[0]["VATAmount"] = Decimal(lines[0]["VATAmount"]) + Decimal(pence) / 100
        world.account.edit_invoice(invoice["Number"], {"LineItems": lines})


async def type_by_hand(world: World, number: int) -> None:
    """Somebody enters an invoice of this number that is about something else."""
    code = world.account.customers()[0]["Code"]
    rent = typed(code, f"HALL-{number}", "rent of the hall", Decimal("7.77"), on=MORNING.date())
    async with world.engine() as engine:
        await engine.books.invoices.create(evolve(rent, number=number))


def of_the_shop(world: World) -> list[dict[str, Any]]:
    return [i for i in world.account.invoices() if i["CustomerReference"].startswith("M1-")]


def totals(world: World) -> Counter[Any]:
    """What everything of the shop comes to, by nominal and rate, and by bank account."""
    found: Counter[Any] = Counter()
    for invoice in of_the_shop(world):
        for line in invoice["LineItems"]:
            at = line["NominalCode"], Decimal(line["VATLevel"]).normalize()
            net = Decimal(line["Quantity"]) * Decimal(line["Rate"])
            found["net", at] += net.quantize(Decimal("0.01"))
            found["vat", at] += Decimal(line["VATAmount"])
        for line in invoice["PaymentLines"]:
            found["bank", line["AccountId"], line["Method"]] += Decimal(line["Amount"])
    return Counter({name: total for name, total in found.items() if total})


@frozen
class Typist:
    """Somebody who types an invoice with the number that is just about to be sent."""

    beaten: frozenset[int]
    seen: list[int] = field(factory=list)
    typed: list[int] = field(factory=list)

    def around(self, inner: Transport) -> Transport:
        return _Beaten(inner, self)


@frozen
class _Beaten:
    inner: Transport
    typist: Typist

    async def send(self, request: Request) -> Response:
        told = loads(request.body) if request.body and request.url.endswith("/invoices") else {}
        number = told.get("Number") if request.method == "POST" and isinstance(told, dict) else None
        if number in RANGE:
            self.typist.seen.append(number)
            if len(self.typist.seen) in self.typist.beaten and number not in self.typist.typed:
                self.typist.typed.append(number)
                line = {
                    **told["LineItems"][0],
                    "Rate": Decimal("7.77"),
                    "Quantity": 1,
                    "VATAmount": 0,
                }
                theirs = {
                    **told, "CustomerReference": f"HALL-{number}", "LineItems": [line],
                    "PaymentLines": [],
                }  # fmt: skip
                answer = await self.inner.send(evolve(request, body=dumps(theirs)))
                assert answer.is_success
        return await self.inner.send(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


@frozen
class Doing:
    """One thing that happens to one of three orders; a process that dies of it dies at `dies`."""

    what: str
    which: int
    pence: int = 7
    dies: tuple[int, ...] = ()
    beaten: frozenset[int] = frozenset()


DOINGS = st.lists(
    st.builds(
        Doing,
        st.sampled_from(["edit", "edit", "resolve", "cancel", "type", "sync"]),
        st.integers(0, 2),
        pence=st.integers(1, 30),
        dies=st.lists(st.integers(0, 60), max_size=2).map(tuple),
        beaten=st.frozensets(st.integers(1, 3), max_size=2),
    ),
    min_size=2,
    max_size=6,
)


async def happen(world: World, orders: Sequence[dict[str, Any]], doing: Doing) -> None:
    order = orders[doing.which]
    number = order["increment_id"]
    match doing.what:
        case "edit":
            edit(world, number, doing.pence)
        case "cancel":
            world.shop.cancel(order["entity_id"])
        case "type":
            if FROM + doing.pence % 4 not in numbers(world).values():
                await type_by_hand(world, FROM + doing.pence % 4)
        case "sync":
            typist = Typist(doing.beaten)
            await survive(world, doing, lambda **more: sync(world, "drift", **more), typist)
        case _:
            typist = Typist(doing.beaten)
            for way in (Way.CREDIT_AND_REISSUE, Way.CREDIT):
                await survive(world, doing, _resolving(world, number, way), typist)


def _resolving(world: World, number: str, way: Way) -> Callable[..., Awaitable[object]]:
    async def doing(**more: Any) -> None:
        with suppress(StalePlanError):  # there is nothing to resolve, or in the other way
            await resolve(world, number, way, **more)

    return doing


async def survive(
    world: World, doing: Doing, deed: Callable[..., Awaitable[object]], typist: Typist
) -> None:
    for steps in doing.dies:
        life = Mortal(steps)
        with suppress(DiedError):
            await deed(around=lambda inner, life=life: life.around(typist.around(inner)))
        world.time.turn(300)
    await deed(around=typist.around)
    world.time.turn(300)


async def lived(policy: Any, doings: Sequence[Doing], folder: str) -> tuple[Any, ...]:
    """What the account holds when all of this has happened, and every drift has been settled."""
    async with World(Path(folder), policy=policy) as world:
        orders = [await posted(world, paid=paid) for paid in (False, True, False)]
        for doing in doings:
            await happen(world, orders, doing)
        numbered = [order["increment_id"] for order in orders]
        async with world.engine(policy=evolve(policy, drift=AT_ONCE)) as engine:
            events = [event async for event in engine.sync_numbers(*numbered)]
        done = {one.outcome for one in events if isinstance(one, DocumentFinished)}
        assert done <= {Outcome.POSTED, Outcome.SKIPPED}
        for number in numbered:
            left = await plan(world, number)
            assert (left.actions, left.problems) == ((), ())
        assert world.census().duplicate_references == {}
        return numbers(world), totals(world), numbered


@settings(deadline=None, max_examples=3)
@given(DOINGS)
async def test_whatever_happens_no_number_is_used_twice_and_all_is_as_under_account_numbering(
    doings: list[Doing],
) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        given, sums, orders = await lived(NUMBERED, doings, one)
        by_account, same_sums, _ = await lived(BY_ACCOUNT, doings, other)
    ours = {one: number for one, number in given.items() if one.startswith("M1-")}
    assert ours.keys() == {one for one in by_account if one.startswith("M1-")}
    assert sums == same_sums
    assert len(set(given.values())) == len(given)
    for number in orders:
        assert ours.pop(f"M1-ORD-{number}") == int(number)
    assert all(number in RANGE for number in ours.values())


async def test_without_a_range_nothing_is_proposed_and_the_sentence_says_how_to_get_one(
    world: World,
) -> None:
    number = (await posted(world))["increment_id"]
    edit(world, number, 5)
    held = await plan(world, number, policy=UNNUMBERED)
    assert held.proposals == ()
    assert "policy.further_numbers_from" in held.problems[0].remedy
    with pytest.raises(StalePlanError, match="not proposed"):
        await resolve(world, number, Way.CREDIT_AND_REISSUE, policy=UNNUMBERED)
    assert [one.way for one in (await plan(world, number)).proposals] == [Way.CREDIT_AND_REISSUE]


async def test_what_was_begun_is_finished_under_its_number_though_the_range_is_named_no_more(
    world: World,
) -> None:
    number = (await posted(world))["increment_id"]
    edit(world, number, 5)
    with suppress(DiedError):
        await resolve(world, number, Way.CREDIT_AND_REISSUE, around=_DiesAtReissue)
    assert len(of_the_shop(world)) == 2
    await sync(world, "drift", policy=UNNUMBERED)
    assert numbers(world) == {
        f"M1-ORD-{number}": 1, f"M1-REV-{number}": FROM, f"M1-ORD-{number}/2": FROM + 1
    }  # fmt: skip


@frozen
class _DiesAtReissue:
    """The way to the account of a process that dies when the further invoice is to be sent."""

    inner: Transport

    async def send(self, request: Request) -> Response:
        if request.method == "POST" and b"/2" in (request.body or b""):
            raise DiedError
        return await self.inner.send(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def test_many_orders_at_once_get_a_number_each_without_a_gap(world: World) -> None:
    orders = [(await posted(world))["increment_id"] for _ in range(6)]
    await type_by_hand(world, FROM + 3)
    for number in orders:
        edit(world, number, 5)
    told = await sync(world, "drift", policy=evolve(NUMBERED, drift=AT_ONCE))
    assert {one.outcome for one in told.values()} == {Outcome.POSTED}
    given = sorted(one for one in numbers(world).values() if one in RANGE)
    assert given == list(range(FROM, FROM + 13))


async def test_a_number_that_somebody_types_meanwhile_is_theirs_and_the_next_one_is_taken(
    world: World,
) -> None:
    order = await posted(world, paid=True)
    number, before = order["increment_id"], totals(world)
    edit(world, number, 7)
    typist = Typist(frozenset({1, 3}))  # the reversal's first, and the further invoice's first
    done = await resolve(world, number, Way.CREDIT_AND_REISSUE, around=typist.around)
    assert done.outcome is Outcome.POSTED
    assert totals(world) == before
    assert typist.seen == [FROM, FROM + 2, FROM + 1, FROM + 3]
    assert typist.typed == [FROM, FROM + 1]
    assert numbers(world) == {
        f"M1-ORD-{number}": 1,
        f"HALL-{FROM}": FROM,
        f"HALL-{FROM + 1}": FROM + 1,
        f"M1-REV-{number}": FROM + 2,
        f"M1-ORD-{number}/2": FROM + 3,
    }


async def test_what_has_its_number_and_looks_like_it_is_left_to_a_person(world: World) -> None:
    """It may be the very document, whose reference somebody has edited since."""
    number = (await posted(world))["increment_id"]
    edit(world, number, 5)
    done = await resolve(world, number, Way.CREDIT_AND_REISSUE, around=_Twice)
    assert (done.outcome, done.codes) == (Outcome.FAILED, (causes.REFUSED,))
    assert {one["Number"] for one in world.account.invoices()} == {1, FROM}


@frozen
class _Twice:
    """Sends a reversal as it is, with another reference, before the reversal itself."""

    inner: Transport

    async def send(self, request: Request) -> Response:
        if request.method == "POST" and b"-REV-" in (request.body or b""):
            theirs = (request.body or b"").replace(b"M1-REV-", b"edited ")
            await self.inner.send(evolve(request, body=theirs))
        return await self.inner.send(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def test_a_lost_logbook_goes_on_after_what_the_account_shows(
    world: World, tmp_path: Path
) -> None:
    number = (await posted(world))["increment_id"]
    edit(world, number, 5)
    await resolve(world, number, Way.CREDIT_AND_REISSUE)
    world.logbook_url = f"sqlite:///{tmp_path}/another.sqlite"
    await sync(world)
    edit(world, number, 6)
    await sync(world, "drift")
    done = await resolve(world, number, Way.CREDIT_AND_REISSUE)
    assert done.outcome is Outcome.POSTED
    assert numbers(world)[f"M1-ORD-{number}/3"] == FROM + 3


async def test_a_range_that_is_used_up_is_told(world: World) -> None:
    number = (await posted(world))["increment_id"]
    edit(world, number, 5)
    async with world.engine() as engine:
        await engine.logbook.remember("further number given last", str(RANGE[-1]))
    held = await plan(world, number)
    assert held.proposals == ()
    assert f"all numbers from {FROM} to {RANGE[-1]}" in held.problems[0].remedy
