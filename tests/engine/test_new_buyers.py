"""Several orders of one new buyer, in one run or in two: one account, however he is recognised."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.decisions import Decision
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.policy import OrderOutcome
from kashmag.plans.questions import CustomerByCode
from kashmag.rest.transport import Transport
from kashmag.rest.wire import Request, Response
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.deaths import DiedError, Mortal
from kashmag.testing.worlds import BEGINNING, POLICY, World

CHAIN = ("email", "vat_number", "name_postcode")
CHAINED = evolve(
    POLICY,
    go_live=BEGINNING.date(),
    statuses={"pending": OrderOutcome.UNPAID},
    match_customers_by=CHAIN,
)
MUG = (Line("MUG", Decimal("9.99")),)


def basket(email: str, *, name: str = "Sample", postcode: str = "ZZ1 1ZZ", vat: str = "") -> Basket:
    home = Address(
        "Zoe", name, street=("1 High St",), city="Sampleford", postcode=postcode, vat_id=vat or None
    )
    return Basket(email, MUG, billing=home, customer_taxvat=vat or None)


async def run(world: World, *, plugins: tuple[object, ...] = ()) -> list[DocumentFinished]:
    async with world.engine(plugins=plugins) as engine:
        events = [event async for event in engine.sync("orders")]
    return [one for one in events if isinstance(one, DocumentFinished)]


def codes(world: World) -> list[str]:
    """Whose account each invoice is on."""
    return [one["CustomerCode"] for one in world.account.invoices()]


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=CHAINED)
    yield made
    made.account.close()
    made.shop.close()


async def test_one_vat_number_is_one_account_whatever_the_e_mail(world) -> None:
    for n in range(6):
        world.shop.place(basket(f"buyer{n}@example.com", name=f"N{n}", vat="GB123456789"))
    done = await run(world)
    assert [one.outcome for one in done] == [Outcome.POSTED] * 6
    assert len(set(codes(world))) == world.census().customers == 1


async def test_one_name_and_postcode_is_one_account_whatever_the_e_mail(world) -> None:
    for n in range(6):
        world.shop.place(basket(f"buyer{n}@example.com", postcode=("ZZ1 1ZZ", "zz11zz")[n % 2]))
    assert [one.outcome for one in await run(world)] == [Outcome.POSTED] * 6
    assert world.census().customers == 1


async def test_two_processes_make_one_account_of_one_buyer(tmp_path, world) -> None:
    for n in range(8):
        world.shop.place(basket(f"buyer{n}@example.com", name=f"N{n}", vat="GB123456789"))
    await asyncio.gather(run(world), run(world))
    assert len(codes(world)) == 8
    assert world.census().customers == 1


async def test_what_another_process_has_made_meanwhile_is_known(world) -> None:
    world.shop.place(basket("first@example.com", name="Other", vat="GB999999973"))
    async with world.engine() as long_lived:
        assert [event async for event in long_lived.sync("orders")]  # the list has been read
        world.shop.place(basket("a@example.com", name="A", vat="GB123456789"))
        await run(world)
        world.shop.place(basket("b@example.com", name="B", vat="GB123456789"))
        assert [event async for event in long_lived.sync("orders")]
    assert len(codes(world)) == 3
    assert world.census().customers == 2


async def test_one_address_however_its_letters_are_composed_is_one_account(tmp_path) -> None:
    world = World(tmp_path, policy=evolve(CHAINED, match_customers_by=("email",)))
    for form in ("NFC", "NFD", "NFKC"):
        world.shop.place(basket(unicodedata.normalize(form, "zoë@example.com")))
    done = await run(world)
    assert [one.outcome for one in done] == [Outcome.POSTED] * 3
    assert world.census().customers == 1
    world.account.close()
    world.shop.close()


class OneAccount:
    """Everybody buys on the account of one builder, which is made when it is not there yet."""

    @hookimpl
    def kashmag_ask(self):
        return [CustomerByCode("BUILDER")]

    @hookimpl
    def kashmag_match_customer(self, sale, candidates):
        if found := [one for one in candidates if one.code == "BUILDER"]:
            return Decision(found[0], because="all of it goes to the builder")
        contact = kashflow.Contact(name=sale.buyer.name, email=sale.buyer.email)
        draft = kashflow.CustomerDraft("BUILDER", "The builder", contacts=(contact,))
        return Decision(draft, because="all of it goes to the builder")


async def test_a_plugin_may_send_many_new_buyers_to_one_new_account(world) -> None:
    for n in range(6):
        world.shop.place(basket(f"buyer{n}@example.com", postcode=f"ZZ{n} 1ZZ", name=f"N{n}"))
    done = await run(world, plugins=(OneAccount(),))
    assert {one.outcome for one in done} == {Outcome.POSTED}, [one.reason for one in done]
    assert set(codes(world)) == {"BUILDER"}
    assert len(codes(world)) == 6


class Discounter:
    """A bookkeeper who gives a new account a discount, as soon as somebody has looked at it."""

    def __init__(self, world: World, inner: Transport) -> None:
        self._world, self._inner = world, inner

    async def send(self, request: Request) -> Response:
        answer = await self._inner.send(request)
        if request.method == "GET" and "/customers/BUILDER" in request.target and answer.is_success:
            self._world.account.edit_customer("BUILDER", {"DiscountRate": Decimal(10)})
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()


async def test_an_account_that_does_not_suit_holds_the_orders_that_found_it_made(world) -> None:
    for n in range(3):
        world.shop.place(basket(f"buyer{n}@example.com", postcode=f"ZZ{n} 1ZZ", name=f"N{n}"))
    async with world.engine(
        plugins=(OneAccount(),), around=lambda inner: Discounter(world, inner)
    ) as engine:
        events = [event async for event in engine.sync("orders")]
    done = [one for one in events if isinstance(one, DocumentFinished)]
    outcomes = Counter((one.outcome, one.codes) for one in done)
    # Who made it has seen it as it was made; who found it made holds his own order, and no other.
    held = (Outcome.HELD, ("unsuitable_customer",))
    assert outcomes == {(Outcome.POSTED, ()): 1, held: 2}


BUYERS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=2, max_size=6)


@settings(deadline=None, max_examples=12)
@given(buyers=BUYERS, at=st.integers(1, 60))
def test_a_death_anywhere_leaves_one_account_to_each_vat_number(buyers, at) -> None:
    """Each buyer is known by a VAT number, whatever e-mail he uses; processes die and go on."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), policy=CHAINED)
        numbers = ("GB123456789", "GB999999973", "GB193054661")
        for n, (who, email) in enumerate(buyers):
            world.shop.place(basket(f"{who}.{email}@example.com", name=f"N{n}", vat=numbers[who]))

        async def work() -> None:
            life = Mortal(at)
            with contextlib.suppress(DiedError):
                async with world.engine(around=life.around) as engine:
                    life.at_the_logbook(engine.logbook)
                    assert [event async for event in engine.sync("orders")]
            for _ in range(3):
                world.time.turn(3600)
                await run(world)

        asyncio.run(work())
        assert len(codes(world)) == len(buyers)
        assert world.census().customers == len({who for who, _ in buyers})
        world.account.close()
        world.shop.close()
