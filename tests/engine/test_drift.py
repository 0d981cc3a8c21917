"""What is done where a posted document and its order have come apart, and that it is done once."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.accounting.problems import Holds
from kashmag.engine import causes
from kashmag.errors import HeldError, SettingsError, StalePlanError
from kashmag.plans.events import DocumentFinished, Outcome
from kashmag.plans.policy import DriftRules, Numbering, OnDrift, OrderOutcome, UnknownSku
from kashmag.plans.proposals import Drift, Way
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.testing.by_hand import typed
from kashmag.testing.deaths import DiedError, Mortal
from kashmag.testing.worlds import BEGINNING, POLICY, World

# An order that nobody has paid yet is posted, and can still be cancelled.
UNPAID = evolve(POLICY, go_live=BEGINNING.date(), statuses={"pending": OrderOutcome.UNPAID})
HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket(
    "zoe@example.com",
    (Line("MUG", Decimal("9.99"), quantity=Decimal(2)), Line("PEN", Decimal("3.33"))),
    billing=HOME,
)
SMALLER = evolve(BASKET, lines=BASKET.lines[:1])


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=UNPAID)
    yield made
    made.account.close()
    made.shop.close()


async def sync(world: World, flow: str = "orders", **more: Any) -> dict[str, DocumentFinished]:
    around = {"around": more.pop("around")} if "around" in more else {}
    async with world.engine(policy=more.pop("policy", None), **around) as engine:
        events = [event async for event in engine.sync(flow, **more)]
    done = [one for one in events if isinstance(one, DocumentFinished)]
    return {one.document.number: one for one in done if one.document.kind == "order"}


async def plan(world: World, number: str) -> Any:
    async with world.engine() as engine:
        return await engine.plan_order(number)


async def resolve(world: World, number: str, way: Way, **more: Any) -> DocumentFinished:
    around = {"around": more.pop("around")} if "around" in more else {}
    async with world.engine(**around) as engine:
        return await engine.resolve(number, way, reason="agreed by telephone", who="ann", **more)


def documents(world: World) -> dict[str, Any]:
    return {one["CustomerReference"]: one for one in world.account.invoices()}


def per_rate(world: World) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """Net and VAT of everything in the account, by percentage, where it comes to anything."""
    found: dict[Decimal, list[Decimal]] = {}
    for invoice in world.account.invoices():
        for line in invoice["LineItems"]:
            sums = found.setdefault(Decimal(line["VATLevel"]).normalize(), [Decimal(0), Decimal(0)])
            sums[0] += (Decimal(line["Quantity"]) * Decimal(line["Rate"])).quantize(Decimal("0.01"))
            sums[1] += Decimal(line["VATAmount"])
    return {rate: (net, vat) for rate, (net, vat) in found.items() if net or vat}


def bank(world: World) -> Counter[tuple[int, int]]:
    """What the payments come to, by bank account and method."""
    found: Counter[tuple[int, int]] = Counter()
    for invoice in world.account.invoices():
        for line in invoice["PaymentLines"]:
            found[line["AccountId"], line["Method"]] += Decimal(line["Amount"])
    return found


def wanted(certificate: Any) -> dict[Decimal, tuple[Decimal, Decimal]]:
    return {one.rate: (one.net, one.vat) for one in certificate.by_rate if one.net or one.vat}


async def posted(world: World, basket: Basket = BASKET, *, paid: bool = False) -> dict[str, Any]:
    """An order that is in the shop and in the account."""
    order = world.shop.place(basket)
    if paid:
        world.shop.invoice(order["entity_id"])
    assert (await sync(world))[order["increment_id"]].outcome is Outcome.POSTED
    world.time.turn(3600)
    return order


async def edit_in_books(world: World, reference: str, pence: str) -> None:
    invoice = documents(world)[reference]
    lines = invoice["LineItems"]
    lines[0]["VATAmount"] = Decimal(lines[0]["VATAmount"]) + Decimal(pence)
    world.account.edit_invoice(invoice["Number"], {"LineItems": lines})


async def test_a_cancelled_order_is_credited_when_a_person_says_so(world) -> None:
    order = await posted(world)
    number = order["increment_id"]
    world.shop.cancel(order["entity_id"])
    held = (await sync(world))[number]
    assert (held.outcome, held.codes) == (Outcome.HELD, ("void_but_posted",))
    (proposal,) = (await plan(world, number)).proposals
    assert (proposal.way, proposal.drift) == (Way.CREDIT, Drift.CANCELLED)

    done = await resolve(world, number, Way.CREDIT)
    assert done.outcome is Outcome.POSTED
    assert set(documents(world)) == {f"M1-ORD-{number}", f"M1-REV-{number}"}
    assert per_rate(world) == {}

    again = await plan(world, number)
    assert again.actions == again.problems == ()
    assert again.skipped_because.startswith("cancelled: invoice 1 is credited by 2")
    assert (await sync(world, "drift"))[number].outcome is Outcome.SKIPPED
    assert len(world.account.invoices()) == 2


async def test_nothing_is_reversed_or_credited_for_an_account_in_the_archive(world) -> None:
    order = await posted(world, paid=True)
    number = order["increment_id"]
    (code,) = {one["Code"] for one in world.account.customers()}
    world.account.edit_customer(code, {"IsArchived": True})
    world.shop.refund(order["entity_id"])
    held = (await sync(world))[number]
    assert (held.outcome, held.codes) == (Outcome.HELD, ("archived_customer",))
    await edit_in_books(world, f"M1-ORD-{number}", "0.01")
    planned = await plan(world, number)
    assert planned.proposals == ()
    differs = next(one for one in planned.problems if one.code == "posted_differs")
    assert "archived in KashFlow" in differs.remedy
    world.account.edit_customer(code, {"IsArchived": False})
    assert (await plan(world, number)).proposals


async def test_the_problem_names_the_command_and_why_tells_who_decided(world) -> None:
    order = await posted(world)
    number = order["increment_id"]
    world.shop.cancel(order["entity_id"])
    await sync(world)
    async with world.engine() as engine:
        (story,) = await engine.why(number)
    assert f"kashmag errors resolve {number} --by credit --reason WHY" in story.missing[0]
    await resolve(world, number, Way.CREDIT)
    async with world.engine() as engine:
        (story,) = await engine.why(number)
        assert await engine.verify_audit() == ()
    assert [(d.verb.value, d.reason, d.who) for d in story.decisions] == [
        ("resolve", "agreed by telephone", "ann")
    ]
    assert "drift: credit, because ann said so: agreed by telephone" in "\n".join(story.lines())


async def test_an_invoice_that_a_bookkeeper_edited_is_reversed_and_posted_as_it_should_be(
    world,
) -> None:
    order = await posted(world, paid=True)
    number, before = order["increment_id"], bank(world)
    certificate = (await plan(world, number)).certificate
    await edit_in_books(world, f"M1-ORD-{number}", "0.07")
    assert (await sync(world, "drift"))[number].codes == ("posted_differs",)
    (proposal,) = (await plan(world, number)).proposals
    assert (proposal.way, proposal.drift) == (
        Way.CREDIT_AND_REISSUE,
        Drift.CHANGED_IN_KASHFLOW,
    )
    assert (await resolve(world, number, Way.CREDIT_AND_REISSUE)).outcome is Outcome.POSTED
    assert set(documents(world)) == {
        f"M1-ORD-{number}", f"M1-REV-{number}", f"M1-ORD-{number}/2"
    }  # fmt: skip
    assert per_rate(world) == wanted(certificate)
    assert bank(world) == before
    assert documents(world)[f"M1-ORD-{number}/2"]["Status"] == "Paid"
    again = await plan(world, number)
    assert again.actions == again.problems == ()
    assert again.skipped_because == "already posted as 3"


async def test_an_order_that_changed_in_the_shop_is_told_as_such(world) -> None:
    order = world.shop.place(BASKET)
    item = order["items"][0]
    world.shop.invoice(order["entity_id"], {item["item_id"]: Decimal(1)})
    number = order["increment_id"]
    assert (await sync(world))[number].outcome is Outcome.POSTED
    world.time.turn(3600)
    assert world.shop.cancel(order["entity_id"])  # what was not invoiced
    assert (await sync(world))[number].codes == ("posted_differs",)
    (proposal,) = (await plan(world, number)).proposals
    assert proposal.drift is Drift.CHANGED_IN_SHOP
    before = bank(world)
    await resolve(world, number, Way.CREDIT_AND_REISSUE)
    assert per_rate(world) == wanted((await plan(world, number)).certificate)
    assert bank(world) == before


async def test_what_was_deleted_is_posted_once_more_with_the_same_reference(world) -> None:
    order = await posted(world, paid=True)
    number, before, money = order["increment_id"], per_rate(world), bank(world)
    async with world.engine() as engine:
        await engine.books.invoices.delete(1)
    assert (await sync(world, "drift"))[number].codes == (causes.POSTED_IS_GONE,)
    assert (await plan(world, number)).proposal(Way.POST_ANEW)
    assert (await resolve(world, number, Way.POST_ANEW)).outcome is Outcome.POSTED
    assert set(documents(world)) == {f"M1-ORD-{number}"}
    assert (per_rate(world), bank(world)) == (before, money)
    again = await plan(world, number)
    assert again.actions == again.problems == ()
    async with world.engine() as engine:
        assert await engine.verify_audit() == ()


async def test_what_is_merely_not_visible_yet_is_never_posted_anew(world) -> None:
    """Read after write lags: what was posted seconds ago and is not found is not gone."""
    order = world.shop.place(BASKET)
    await sync(world)
    async with world.engine() as engine:
        await engine.books.invoices.delete(1)
        rules = DriftRules(deleted_in_kashflow=OnDrift.POST_ANEW)
        engine._parts.handling._planning._policy = evolve(UNPAID, drift=rules)
        held = await engine.plan_order(order["increment_id"])
        assert held.is_held
        assert held.proposals == ()
        (problem,) = held.problems
        # Posted at 09:00 in the shop's time zone, and certain 90 s later.
        assert "looks again, and from 09:02 on (Europe/London) it can be resolved" in problem.remedy
        world.time.turn(3600)
        assert not (await engine.plan_order(order["increment_id"])).is_held


@pytest.mark.parametrize("key", ["changed_in_kashflow", "cancelled", "deleted_in_kashflow"])
async def test_the_policy_can_decide_in_a_persons_place(world, key: str) -> None:
    order = await posted(world, paid=key != "cancelled")
    number = order["increment_id"]
    certificate = (await plan(world, number)).certificate
    way = {"changed_in_kashflow": OnDrift.CREDIT_AND_REISSUE, "cancelled": OnDrift.CREDIT,
           "deleted_in_kashflow": OnDrift.POST_ANEW}[key]  # fmt: skip
    if key == "changed_in_kashflow":
        await edit_in_books(world, f"M1-ORD-{number}", "0.02")
    elif key == "cancelled":
        world.shop.cancel(order["entity_id"])
    else:
        async with world.engine() as engine:
            await engine.books.invoices.delete(1)
    policy = evolve(UNPAID, drift=DriftRules(**{key: way}))
    assert (await sync(world, "drift", policy=policy))[number].outcome is Outcome.POSTED
    assert per_rate(world) == ({} if key == "cancelled" else wanted(certificate))
    assert (await sync(world, "drift", policy=policy))[number].outcome is Outcome.SKIPPED
    async with world.engine() as engine:
        (story,) = await engine.why(number)
    assert f"policy.drift.{key} is {way.value}" in "\n".join(story.lines())


async def test_the_policy_can_accept_what_a_bookkeeper_changed(world) -> None:
    order = await posted(world)
    number = order["increment_id"]
    await edit_in_books(world, f"M1-ORD-{number}", "0.01")
    policy = evolve(UNPAID, drift=DriftRules(changed_in_kashflow=OnDrift.ACCEPT))
    assert (await sync(world, "drift", policy=policy))[number].outcome is Outcome.SKIPPED
    assert len(world.account.invoices()) == 1


async def test_where_both_sides_changed_a_person_is_asked_whatever_the_policy_says(world) -> None:
    order = world.shop.place(BASKET)
    item = order["items"][0]
    world.shop.invoice(order["entity_id"], {item["item_id"]: Decimal(1)})
    await sync(world)
    world.time.turn(3600)
    world.shop.cancel(order["entity_id"])
    await edit_in_books(world, f"M1-ORD-{order['increment_id']}", "0.01")
    rules = DriftRules(OnDrift.CREDIT_AND_REISSUE, changed_in_kashflow=OnDrift.CREDIT_AND_REISSUE)
    told = await sync(world, policy=evolve(UNPAID, drift=rules))
    assert told[order["increment_id"]].outcome is Outcome.HELD
    assert len(world.account.invoices()) == 1


async def test_an_edited_order_is_credited_and_the_new_one_posted_and_both_name_each_other(
    world,
) -> None:
    order = await posted(world)
    number = order["increment_id"]
    child = world.shop.edit(order["entity_id"], SMALLER)
    grandchild = world.shop.edit(child["entity_id"], BASKET)
    told = await sync(world)
    assert told[number].outcome is Outcome.HELD
    assert f"replaced by order {number}-1" in told[number].reason
    assert told[f"{number}-1"].outcome is Outcome.SKIPPED  # cancelled before it was posted
    assert told[grandchild["increment_id"]].outcome is Outcome.POSTED
    await resolve(world, number, Way.CREDIT)
    assert set(documents(world)) == {
        f"M1-ORD-{number}", f"M1-REV-{number}", f"M1-ORD-{number}-2"
    }  # fmt: skip
    successor = await plan(world, f"{number}-2")
    assert per_rate(world) == wanted(successor.certificate)
    (note,) = [one for one in successor.decisions if one.question == "replaces"]
    assert note.answer == f"order {number}-1"


async def test_an_order_on_hold_after_it_was_posted_is_left_as_it_is_and_told(world) -> None:
    order = await posted(world)
    number = order["increment_id"]
    world.shop.hold(order["entity_id"])
    told = (await sync(world))[number]
    assert told.outcome is Outcome.SKIPPED
    async with world.engine() as engine:
        held = await engine.plan_order(number)
        (story,) = await engine.why(number)
    assert held.skipped_because == (
        "on hold in the shop: posted as 1, and nothing is changed meanwhile"
    )
    assert story.document.outcome == "posted"
    world.shop.unhold(order["entity_id"])
    world.shop.invoice(order["entity_id"])
    assert (await sync(world))[number].outcome is Outcome.POSTED  # its payment
    assert len(world.account.invoices()) == 1


async def test_later_payments_and_refunds_go_to_the_invoice_that_counts(world) -> None:
    order = await posted(world)
    number = order["increment_id"]
    await edit_in_books(world, f"M1-ORD-{number}", "0.05")
    await sync(world, "drift")
    await resolve(world, number, Way.CREDIT_AND_REISSUE)
    world.shop.invoice(order["entity_id"])
    world.time.turn(60)
    world.shop.refund(order["entity_id"])
    assert (await sync(world))[number].outcome is Outcome.POSTED
    found = documents(world)
    assert found[f"M1-ORD-{number}/2"]["Status"] == "Paid"
    assert not found[f"M1-ORD-{number}"]["PaymentLines"]
    assert per_rate(world) == {}


async def test_a_drift_of_a_reissued_order_is_reissued_again(world) -> None:
    order = await posted(world, paid=True)
    number, before = order["increment_id"], bank(world)
    certificate = (await plan(world, number)).certificate
    for reference in (f"M1-ORD-{number}", f"M1-ORD-{number}/2"):
        await edit_in_books(world, reference, "0.03")
        await sync(world, "drift")
        await resolve(world, number, Way.CREDIT_AND_REISSUE)
    assert len(world.account.invoices()) == 5
    assert per_rate(world) == wanted(certificate)
    assert bank(world) == before


async def test_a_lost_logbook_does_not_reverse_or_post_again(world, tmp_path) -> None:
    order = await posted(world, paid=True)
    number = order["increment_id"]
    await edit_in_books(world, f"M1-ORD-{number}", "0.03")
    await sync(world, "drift")
    await resolve(world, number, Way.CREDIT_AND_REISSUE)
    world.logbook_url = f"sqlite:///{tmp_path.as_posix()}/another.sqlite"
    assert (await sync(world))[number].outcome is Outcome.SKIPPED
    assert len(world.account.invoices()) == 3


async def test_a_reversal_that_was_tampered_with_is_held_and_nothing_more_is_posted(world) -> None:
    order = await posted(world)
    number = order["increment_id"]
    await edit_in_books(world, f"M1-ORD-{number}", "0.03")
    await sync(world, "drift")
    await resolve(world, number, Way.CREDIT_AND_REISSUE)
    await edit_in_books(world, f"M1-REV-{number}", "0.01")
    told = (await sync(world, "drift"))[number]
    assert (told.outcome, told.codes) == (Outcome.HELD, ("reversal_differs",))
    async with world.engine() as engine:
        await engine.books.invoices.delete(documents(world)[f"M1-REV-{number}"]["Number"])
    held = await plan(world, number)
    assert held.is_held
    assert held.proposals == ()
    assert len(world.account.invoices()) == 2


async def test_nothing_is_proposed_where_money_could_go_astray(world) -> None:
    order = await posted(world, paid=True)
    number = order["increment_id"]
    await edit_in_books(world, f"M1-ORD-{number}", "-0.50")  # less than what was paid
    (problem,) = (await plan(world, number)).problems
    assert "Not by itself: invoice 1 is paid with" in problem.remedy
    with pytest.raises(StalePlanError, match="not proposed"):
        await resolve(world, number, Way.CREDIT_AND_REISSUE)
    by_number = evolve(UNPAID, numbering=Numbering.ORDER)
    async with world.engine(policy=by_number) as engine:
        assert (await engine.plan_order(number)).proposals == ()


async def test_a_buyer_whose_account_was_merged_away_gets_no_second_one_silently(world) -> None:
    order = await posted(world)
    (customer,) = world.account.customers()
    world.account.edit_customer(customer["Code"], {"Code": "TRADE1", "Contacts": []})
    another = world.shop.place(SMALLER)
    told = await sync(world)
    held = told[another["increment_id"]]
    assert (held.outcome, held.codes) == (Outcome.HELD, ("account_gone",))
    assert len(world.account.customers()) == len(world.account.invoices()) == 1
    assert (await sync(world, "drift"))[order["increment_id"]].outcome is Outcome.SKIPPED


async def test_a_resolution_needs_a_reason_and_the_plan_that_was_shown(world) -> None:
    order = await posted(world)
    number = order["increment_id"]
    world.shop.cancel(order["entity_id"])
    await sync(world)
    shown = (await plan(world, number)).digest
    async with world.engine() as engine:
        with pytest.raises(SettingsError, match="reason"):
            await engine.resolve(number, Way.CREDIT, reason=" ")
    await edit_in_books(world, f"M1-ORD-{number}", "0.03")
    with pytest.raises(StalePlanError):
        await resolve(world, number, Way.CREDIT, digest=shown)
    assert len(world.account.invoices()) == 1


@settings(deadline=None, max_examples=6)
@given(
    lives=st.lists(st.integers(0, 40), max_size=3),
    paid=st.booleans(),
    pence=st.integers(1, 30),
    times=st.integers(1, 2),
)
async def test_killed_anywhere_a_drift_is_resolved_once_and_the_bank_is_what_it_was(
    lives: list[int], paid: bool, pence: int, times: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with World(Path(folder), policy=UNPAID) as world:
            order = await posted(world, paid=paid)
            number, before = order["increment_id"], bank(world)
            certificate = (await plan(world, number)).certificate
            for reference in (f"M1-ORD-{number}", f"M1-ORD-{number}/2")[:times]:
                await edit_in_books(world, reference, f"0.{pence:02}")
                await sync(world, "drift")
                for steps in lives:
                    with suppress(DiedError):
                        await resolve(
                            world, number, Way.CREDIT_AND_REISSUE, around=Mortal(steps).around
                        )
                    world.time.turn(timedelta(minutes=5).total_seconds())
                done = await resolve(world, number, Way.CREDIT_AND_REISSUE)
                assert done.outcome in {Outcome.POSTED, Outcome.SKIPPED}
                assert (await sync(world, "drift"))[number].outcome is Outcome.SKIPPED
            assert len(world.account.invoices()) == 1 + 2 * times
            assert per_rate(world) == wanted(certificate)
            assert bank(world) == before


async def test_money_that_a_person_took_off_is_never_entered_a_second_time(world) -> None:
    """It may stand on another document by now, where a person has put it."""
    order = await posted(world, paid=True)
    number = order["increment_id"]
    invoice = documents(world)[f"M1-ORD-{number}"]
    world.account.edit_invoice(invoice["Number"], {"PaymentLines": []})
    before = bank(world)
    world.shop.touch(order["entity_id"])
    for flow in ("orders", "payments", "drift"):
        told = await sync(world, flow)
        assert bank(world) == before
        assert "payment_moved" in told[number].codes
    assert len(world.account.invoices()) == 1


async def test_money_that_a_person_has_settled_otherwise_is_accepted_and_asks_nobody_again(
    world,
) -> None:
    order = await posted(world, paid=True)
    number = order["increment_id"]
    world.account.edit_invoice(1, {"PaymentLines": []})
    assert (await sync(world, "drift"))[number].codes == ("payment_moved",)
    async with world.engine() as engine:
        assert await engine.accept(number, reason="it stands on another invoice", who="ann") == 1
        assert await engine.errors() == ()
        with pytest.raises(SettingsError, match="nothing of order"):
            await engine.accept(number, reason="once more")
    for flow in ("drift", "orders"):
        told = (await sync(world, flow))[number]
        assert (told.outcome, told.codes) == (Outcome.SKIPPED, ())
    assert bank(world) == {}


async def test_what_was_accepted_is_exactly_what_was_said_and_other_money_is_held_again(
    world,
) -> None:
    order = await posted(world, SMALLER)
    number = order["increment_id"]
    world.shop.invoice(order["entity_id"])
    async with world.engine() as engine:
        paid = kashflow.PaymentLine(
            0, Decimal("5.00"), date=date(2026, 11, 24), method=1, account_id=1, note="by hand"
        )
        await engine.books.invoices.update(1, lambda one: evolve(one, payment_lines=(paid,)))
    assert (await sync(world))[number].codes == ("payment_exceeds",)
    async with world.engine() as engine:
        await engine.accept(number, reason="part of it came in cash", who="ann")
        assert (await engine.plan_order(number)).problems[0].holds is Holds.NOTHING
        more = evolve(paid, id=0, amount=Decimal("1.00"), note="by hand again")
        await engine.books.invoices.update(
            1, lambda one: evolve(one, payment_lines=(*one.payment_lines, more))
        )
        held = await engine.plan_order(number)
    assert [(one.code, one.holds) for one in held.problems] == [("payment_exceeds", Holds.PAYMENT)]


async def test_an_invoice_whose_reference_was_edited_is_not_gone_and_never_posted_anew(
    world,
) -> None:
    order = await posted(world)
    world.account.edit_invoice(1, {"CustomerReference": "telephone order"})
    rules = DriftRules(deleted_in_kashflow=OnDrift.POST_ANEW)
    told = await sync(world, "drift", policy=evolve(UNPAID, drift=rules))
    held = told[order["increment_id"]]
    assert (held.outcome, held.codes) == (Outcome.HELD, ("edited_reference",))
    assert "no longer shows" not in held.reason
    assert (await plan(world, order["increment_id"])).proposals == ()
    assert len(world.account.invoices()) == 1
    # In a filed period it is not to be posted by hand, either: it stands there.
    filed = evolve(UNPAID, vat_returns_filed_until=world.time.now().date())
    async with world.engine(policy=filed) as engine:
        problems = (await engine.plan_order(order["increment_id"])).problems
    assert {one.code for one in problems if one.holds is Holds.PLAN} == set(held.codes)


async def test_references_that_were_exchanged_are_two_edits_and_no_doubles(world) -> None:
    first, second = await posted(world), await posted(world)
    numbers = [one["increment_id"] for one in (first, second)]
    references = [f"M1-ORD-{one}" for one in numbers]
    for number, reference in zip((2, 1), references, strict=True):
        world.account.edit_invoice(number, {"CustomerReference": reference})
    told = await sync(world, "drift")
    assert [told[one].codes for one in numbers] == [("edited_reference",)] * 2
    # A copy that carries the reference is a second document, whoever else has lost his.
    today = world.time.now().date()
    code = world.account.invoices()[0]["CustomerCode"]
    copy = typed(code, references[1], "a copy", Decimal(10), on=today)
    async with world.engine() as engine:
        await engine.books.invoices.create(copy)
    assert "posted_twice" in (await sync(world, "drift"))[numbers[1]].codes


@pytest.mark.parametrize("cancel", [True, False])
async def test_nothing_is_made_of_an_invoice_that_may_be_another_document_by_now(
    world, cancel
) -> None:
    """Whatever the policy says: its reference, its figures and its customer may be another's."""
    order = await posted(world)
    number = order["increment_id"]
    await other_customer(world)
    world.account.edit_invoice(
        1, {"CustomerReference": "a repair", "CustomerCode": "OTHER1", **with_lines(world, Rate=99)}
    )
    if cancel:
        world.shop.cancel(order["entity_id"])
    way = OnDrift.CREDIT if cancel else OnDrift.CREDIT_AND_REISSUE
    rules = DriftRules(cancelled=way) if cancel else DriftRules(changed_in_kashflow=way)
    for flow in ("orders", "drift"):
        await sync(world, flow, policy=evolve(UNPAID, drift=rules))
    assert len(world.account.invoices()) == 1
    held = await plan(world, number)
    assert held.is_held
    assert held.proposals == ()
    assert "give it back" in held.problems[0].remedy
    world.account.edit_invoice(1, {"CustomerReference": f"M1-ORD-{number}"})
    assert len((await plan(world, number)).proposals) == 1


async def test_what_is_undone_waits_no_longer_after_the_next_look_for_drift(world) -> None:
    number = (await posted(world))["increment_id"]
    other = world.shop.place(BASKET)["increment_id"]
    unmapped = evolve(UNPAID, unknown_sku=UnknownSku.HOLD)
    assert (await sync(world, policy=unmapped))[other].outcome is Outcome.HELD
    world.account.edit_invoice(1, {"CustomerReference": "PO 4712"})
    assert (await sync(world, "drift"))[number].outcome is Outcome.HELD
    assert number in await sync(world, "drift")  # and again, while it waits
    world.account.edit_invoice(1, {"CustomerReference": f"M1-ORD-{number}"})
    told = await sync(world, "drift")
    assert (told[number].outcome, told[number].codes) == (Outcome.SKIPPED, ())
    assert other not in told  # it never was posted: that is for the next run of orders


def with_lines(world: World, **changes: Any) -> dict[str, Any]:
    """The change by which the first line of the first invoice says something else."""
    lines = world.account.invoices()[0]["LineItems"]
    return {"LineItems": [{**lines[0], **changes}, *lines[1:]]}


EDITS = {
    "edited_reference": lambda _: {"CustomerReference": "PO 4712"},
    "moved_customer": lambda _: {"CustomerCode": "OTHER1"},
    "moved_date": lambda _: {"IssuedDate": "2026-10-31"},
    "changed_nominal": lambda world: with_lines(world, NominalCode=4200),
    "changed_exemption": lambda world: with_lines(world, VATExempt=True),
}


async def other_customer(world: World) -> None:
    async with world.engine() as engine:
        await engine.books.customers.create(kashflow.CustomerDraft("OTHER1", "Other"))


@pytest.mark.parametrize("code", EDITS)
async def test_what_a_bookkeeper_edited_is_held_until_it_is_accepted_and_never_rewritten(
    world, code
) -> None:
    order = await posted(world)
    number = order["increment_id"]
    await other_customer(world)
    world.account.edit_invoice(1, EDITS[code](world))
    before = world.account.invoices()
    held = (await sync(world, "drift"))[number]
    assert (held.outcome, held.codes) == (Outcome.HELD, (code,))
    async with world.engine() as engine:
        assert await engine.accept(number, reason="agreed with the client", who="ann") == 1
        assert await engine.errors() == ()
    told = (await sync(world, "drift"))[number]
    assert (told.outcome, told.reason) == (
        Outcome.SKIPPED,
        "accepted as it is: agreed with the client",
    )
    assert world.account.invoices() == before
    # What comes later is posted all the same: the invoice is right as it is.
    world.shop.invoice(order["entity_id"])
    assert (await sync(world))[number].outcome is Outcome.POSTED
    assert world.account.invoices()[0]["Status"] == "Paid"
    world.time.turn(3600)
    world.shop.refund(order["entity_id"])
    assert (await sync(world))[number].outcome is Outcome.POSTED
    assert len(world.account.invoices()) == 2


async def test_money_that_was_held_with_a_drift_is_posted_by_the_run_after_it_is_accepted(
    world,
) -> None:
    order = await posted(world)
    number = order["increment_id"]
    world.account.edit_invoice(1, {"IssuedDate": "2026-10-31"})
    world.shop.invoice(order["entity_id"])
    assert (await sync(world))[number].codes == ("moved_date",)
    assert bank(world) == {}
    world.time.turn(90_000)
    world.shop.place(SMALLER)
    await sync(world)  # and the shop's list does not tell of the first order any more
    async with world.engine() as engine:
        await engine.accept(number, reason="the tax point", who="ann")
        assert await engine.errors() == ()
    assert (await sync(world))[number].outcome is Outcome.POSTED
    assert sum(bank(world).values()) == order["base_grand_total"]
    assert number not in await sync(world)


async def test_an_edit_that_was_accepted_is_held_again_when_it_is_edited_again(world) -> None:
    number = (await posted(world))["increment_id"]
    world.account.edit_invoice(1, {"IssuedDate": "2026-10-31"})
    await sync(world, "drift")
    async with world.engine() as engine:
        await engine.accept(number, reason="the tax point", who="ann")
    world.account.edit_invoice(1, with_lines(world, NominalCode=4200))
    assert (await sync(world, "drift"))[number].codes == ("changed_nominal",)
    world.account.edit_invoice(1, {"IssuedDate": "2026-09-30"})
    assert (await sync(world))[number].codes == ("moved_date", "changed_nominal")
    async with world.engine() as engine:
        assert await engine.accept(number, reason="both are meant", who="ann") == 2
    assert (await sync(world, "drift"))[number].outcome is Outcome.SKIPPED


async def test_an_edited_payment_is_held_and_accepted_and_none_is_posted_twice(world) -> None:
    order = await posted(world, paid=True)
    number = order["increment_id"]
    async with world.engine() as engine:
        await engine.books.invoices.update(
            1, lambda one: evolve(one, payment_lines=(evolve(one.payment_lines[0], account_id=2),))
        )
    before = bank(world)
    assert "changed_payment" in (await sync(world, "drift"))[number].codes
    async with world.engine() as engine:
        assert await engine.accept(number, reason="banked elsewhere", who="ann") == 1
    told = (await sync(world, "drift"))[number]
    assert (told.outcome, told.codes) == (Outcome.SKIPPED, ())
    assert bank(world) == before


async def test_the_policy_may_take_what_bookkeepers_edit_as_it_is(world) -> None:
    number = (await posted(world))["increment_id"]
    world.account.edit_invoice(1, with_lines(world, NominalCode=4200))
    rules = DriftRules(changed_in_kashflow=OnDrift.ACCEPT)
    told = (await sync(world, "drift", policy=evolve(UNPAID, drift=rules)))[number]
    assert told.outcome is Outcome.SKIPPED
    rules = DriftRules(changed_in_kashflow=OnDrift.CREDIT_AND_REISSUE)
    told = (await sync(world, "drift", policy=evolve(UNPAID, drift=rules)))[number]
    assert told.outcome is Outcome.HELD


async def test_reissuing_an_invoice_with_other_figures_tells_what_else_was_edited(world) -> None:
    number = (await posted(world))["increment_id"]
    world.account.edit_invoice(1, {"IssuedDate": "2026-10-31"})
    await edit_in_books(world, f"M1-ORD-{number}", "0.05")
    held = (await sync(world, "drift"))[number]
    assert set(held.codes) == {"posted_differs", "moved_date"}
    done = await resolve(world, number, Way.CREDIT_AND_REISSUE)
    assert done.outcome is Outcome.POSTED
    assert (await sync(world, "drift"))[number].outcome is Outcome.SKIPPED


async def test_figures_that_were_accepted_do_not_keep_later_money_from_being_posted(world) -> None:
    order = await posted(world)
    number = order["increment_id"]
    await edit_in_books(world, f"M1-ORD-{number}", "0.05")
    await sync(world, "drift")
    async with world.engine() as engine:
        await engine.accept(number, reason="agreed", who="ann")
    world.shop.invoice(order["entity_id"])
    assert (await sync(world))[number].outcome is Outcome.POSTED
    assert bank(world)


async def test_an_edited_credit_note_is_drift_too(world) -> None:
    order = await posted(world, paid=True)
    number = order["increment_id"]
    world.shop.refund(order["entity_id"])
    await sync(world)
    world.time.turn(3600)
    note = next(one for one in world.account.invoices() if "CRN" in one["CustomerReference"])
    world.account.edit_invoice(note["Number"], {"IssuedDate": "2026-10-31"})
    assert (await sync(world, "drift"))[number].codes == ("moved_date",)


async def test_what_was_voided_counts_as_gone_and_is_posted_anew(world) -> None:
    """KashFlow goes on serving a voided invoice by its number."""
    order = await posted(world)
    number = order["increment_id"]
    world.account.void_invoice(1)
    held = (await sync(world, "drift"))[number]
    assert (held.outcome, held.codes) == (Outcome.HELD, ("posted_is_gone",))
    assert [one.way for one in (await plan(world, number)).proposals] == [Way.POST_ANEW]
    assert (await resolve(world, number, Way.POST_ANEW)).outcome is Outcome.POSTED
    for flow in ("drift", "orders"):
        told = await sync(world, flow)
        assert number not in told or told[number].outcome is Outcome.SKIPPED
    with pytest.raises(HeldError, match="it was deleted on"):
        async with world.engine() as engine:
            await engine.adopt(number, 1, reason="that one")


async def test_a_voided_credit_note_counts_as_gone(world) -> None:
    order = await posted(world, paid=True)
    number = order["increment_id"]
    world.shop.refund(order["entity_id"])
    await sync(world)
    world.time.turn(3600)
    (note,) = [one for one in world.account.invoices() if one["CustomerReference"][3:6] == "CRN"]
    world.account.void_invoice(note["Number"])
    held = (await sync(world, "drift"))[number]
    assert (held.outcome, held.codes) == (Outcome.HELD, ("posted_is_gone",))
