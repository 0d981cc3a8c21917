"""What people edit, delete or archive in KashFlow after it was posted, read anew and named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag import kashflow
from kashmag.reconciliation import Cause, Period, reconcile
from kashmag.rest.transport import AsgiTransport
from kashmag.sandbox.magento.baskets import ZERO_RATED, Address, Basket, Line
from kashmag.sandbox.magento.refunding import Refund
from kashmag.testing.worlds import BEGINNING, POLICY, World

HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket(
    "zoe@example.com",
    (
        Line("MUG", Decimal("9.99"), quantity=Decimal(2)),
        Line("BOOK", Decimal("3.33"), tax_class=ZERO_RATED),
    ),
    billing=HOME,
)
OTHER = Basket("ann@example.com", BASKET.lines, billing=evolve(HOME, firstname="Ann"))
QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31))
SALE, MEMO = "M1-ORD-000000001", "M1-CRN-000000001"


@pytest.fixture
async def world(tmp_path: Path):
    """An order, paid, posted and then refunded in part; and a second one of another buyer."""
    made = World(tmp_path, policy=evolve(POLICY, go_live=BEGINNING.date()))
    order = made.shop.place(BASKET)
    made.shop.invoice(order["entity_id"])
    second = made.shop.place(OTHER)
    made.shop.invoice(second["entity_id"])
    await sync(made, "orders")
    mug, book = (item["item_id"] for item in order["items"])
    returned = Refund(quantities={mug: Decimal(1), book: Decimal(1)})
    made.shop.refund(order["entity_id"], returned)
    await sync(made, "refunds")
    yield made
    made.account.close()
    made.shop.close()


async def sync(world, flow):
    async with world.engine() as engine:
        events = [event async for event in engine.sync(flow)]
    assert events[-1].failed == events[-1].held == 0
    world.time.turn(3600)


def books(world):
    signs = world.account.credentials
    return kashflow.Client(
        "http://kashflow.example/v2",
        auth=kashflow.SignIn(signs.user_name, signs.password, signs.memorable_word),
        transport=AsgiTransport(world.account.app),
        clock=world.time.clock,
    )


async def report(world, *, remote=True):
    async with world.engine() as engine:
        sides = await engine.sides(QUARTER, remote=remote)
    assert sides.unread == ()
    found = reconcile(sides.shop, sides.account, sides.memory, QUARTER)
    assert found.balances
    return found


def held(world, reference):
    return next(one for one in world.account.invoices() if one["CustomerReference"] == reference)


def edit(world, reference, **changes):
    world.account.edit_invoice(held(world, reference)["Number"], changes)


def nominal(world, reference):
    lines = held(world, reference)["LineItems"]
    lines[0]["NominalCode"] = 4100
    edit(world, reference, LineItems=lines)


def exempt(world, reference):
    lines = held(world, reference)["LineItems"]
    assert lines[1]["VATLevel"] == 0
    lines[1]["VATExempt"] = True
    edit(world, reference, LineItems=lines)


def exempt_at_a_rate(world, reference):
    lines = held(world, reference)["LineItems"]
    assert lines[0]["VATLevel"] == 20
    lines[0]["VATExempt"] = True
    edit(world, reference, LineItems=lines)


def figures(world, reference):
    lines = held(world, reference)["LineItems"]
    lines[0]["VATAmount"] += Decimal("0.02")
    edit(world, reference, LineItems=lines)


def customer(world, reference):
    others = {one["CustomerCode"] for one in world.account.invoices()}
    code = (others - {held(world, reference)["CustomerCode"]}).pop()
    edit(world, reference, CustomerCode=code)


def reference(world, reference):
    edit(world, reference, CustomerReference="by telephone")


def reference_of_the_other(world, reference):
    edit(world, reference, CustomerReference="M1-ORD-000000002")


def due_date(world, reference):
    edit(world, reference, DueDate="2027-02-01")


def payment_deleted(world, reference):
    edit(world, reference, PaymentLines=[])


def voided(world, reference):
    world.account.void_invoice(held(world, reference)["Number"])


async def deleted(world, reference):
    async with books(world) as account:
        await account.invoices.delete(held(world, reference)["Number"])


async def archived(world, reference):
    async with books(world) as account:
        await account.invoices.archive([held(world, reference)["Number"]])


EDITS = {
    nominal: Cause.NOMINAL,
    exempt: Cause.EXEMPTION,
    exempt_at_a_rate: Cause.EXEMPTION,
    figures: Cause.CHANGED_IN_KASHFLOW,
    customer: Cause.CUSTOMER,
    reference: Cause.REFERENCE,
    reference_of_the_other: Cause.REFERENCE,
    due_date: Cause.DUE_DATE,
    archived: Cause.ARCHIVED,
    payment_deleted: Cause.DELETED,
    voided: Cause.DELETED,
    deleted: Cause.DELETED,
}


@pytest.mark.parametrize("remote", [True, False])
async def test_what_nobody_has_touched_is_clean(world, remote):
    found = await report(world, remote=remote)
    assert found.differences == ()
    assert len(found.rows) == 3


@pytest.mark.parametrize("document", [SALE, MEMO])
@pytest.mark.parametrize("change", EDITS, ids=lambda change: change.__name__)
async def test_an_edit_is_named_and_only_it(world, change, document):
    number = held(world, document)["Number"]
    told = change(world, document)
    if told is not None:
        await told
    found = await report(world)
    assert [one.cause for one in found.differences] == [EDITS[change]]
    (one,) = found.differences
    assert str(number) in one.message
    assert one.number == "000000001"
    assert one.is_payment == (change is payment_deleted)


@pytest.mark.parametrize("remote", [True, False])
async def test_an_order_that_is_put_on_hold_after_it_was_posted_is_clean(world, remote):
    world.shop.hold(1)
    await sync(world, "orders")
    found = await report(world, remote=remote)
    assert found.differences == ()
    assert len(found.rows) == 3
    assert found.waiting == 0


async def test_a_customer_who_was_renamed_was_not_moved(world):
    """The same account under another code; that is none of anybody's edits."""
    code = held(world, SALE)["CustomerCode"]
    async with books(world) as account:
        await account.customers.update(code, lambda one: evolve(one, code="RENAMED1"))
    assert {held(world, one)["CustomerCode"] for one in (SALE, MEMO)} == {"RENAMED1"}
    assert (await report(world)).differences == ()


ACCEPTABLE = [nominal, exempt, exempt_at_a_rate, customer, figures, reference]


async def accept(world):
    """A person looks for what has changed, and says that it is right as it is."""
    async with world.engine() as engine:
        assert [event async for event in engine.sync("drift")][-1].held == 1
        await engine.accept("000000001", reason="agreed with the client", who="ann")
    world.time.turn(3600)


@pytest.mark.parametrize("document", [SALE, MEMO])
@pytest.mark.parametrize("change", ACCEPTABLE, ids=lambda change: change.__name__)
async def test_what_a_person_accepted_is_named_and_asks_nobody(world, change, document):
    change(world, document)
    before = await report(world)
    await accept(world)
    for again in (False, True):
        found = await report(world)
        (one,) = found.differences
        assert one.cause is Cause.ACCEPTED
        assert "agreed with the client" in one.message
        assert one.delta == before.differences[0].delta
        assert found.is_clean
        if not again:
            await sync(world, "drift")
    assert (await report(world, remote=False)).is_clean


async def test_what_is_edited_once_more_is_accepted_no_longer(world):
    nominal(world, SALE)
    await accept(world)
    figures(world, SALE)
    found = await report(world)
    assert {one.cause for one in found.differences} == {Cause.NOMINAL, Cause.CHANGED_IN_KASHFLOW}
    assert not found.is_clean


async def test_what_no_run_compares_is_not_accepted_with_the_rest(world):
    nominal(world, SALE)
    await accept(world)
    payment_deleted(world, SALE)
    found = await report(world)
    assert {one.cause for one in found.differences} == {Cause.ACCEPTED, Cause.DELETED}
    assert not found.is_clean


async def test_what_was_posted_without_a_logbook_is_no_edit(world, tmp_path):
    """A new logbook finds the documents and adopts them; it cannot know what they said before."""
    nominal(world, SALE)
    (tmp_path / "second").mkdir()
    world.logbook_url = f"sqlite:///{tmp_path}/second/logbook.sqlite"
    assert (await report(world)).differences == ()
    async with world.engine() as engine:
        assert [event async for event in engine.sync("orders")][-1].failed == 0
    assert (await report(world)).differences == ()
