from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kashmag.engine import causes
from kashmag.engine.options import EngineOptions
from kashmag.errors import (
    HeldError,
    LogbookError,
    NoAnswerError,
    Remedy,
    SettingsError,
    StalePlanError,
)
from kashmag.hooks.hookspecs import hookimpl
from kashmag.logbook import State
from kashmag.plans.events import ActionSent, DocumentFinished, Outcome, RunFinished
from kashmag.plans.policy import Adjustments, Limits, Nominals
from kashmag.rest.transport import Transport
from kashmag.rest.wire import Request, Response
from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.sandbox.magento.settings import ORDERS_ONLY
from kashmag.testing.deaths import DiedError
from kashmag.testing.worlds import BEGINNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())


HOME = Address("Zoe", "Sample", street=("1 High St",), city="Sampleford", postcode="ZZ1 1ZZ")
BASKET = Basket("zoe@example.com", (Line("MUG", Decimal("9.99")),), billing=HOME)


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=GO_LIVE)
    made.shop.load_recorded()
    yield made
    made.account.close()
    made.shop.close()


async def run(
    world: World, flow: str = "orders", **more: Any
) -> tuple[RunFinished, dict[str, Any]]:
    policy, plugins = more.pop("policy", None), more.pop("plugins", ())
    outcomes = {}
    async with world.engine(policy=policy, plugins=plugins) as engine:
        async for event in engine.sync(flow, **more):
            if isinstance(event, DocumentFinished):
                outcomes[event.document.kind, event.document.number] = event
    assert isinstance(event, RunFinished)
    assert event.read == len(outcomes)
    return event, outcomes


def requests(world: World) -> int:
    return world.census().requests


async def test_every_order_has_one_outcome_and_the_counts_add_up(world) -> None:
    finished, outcomes = await run(world)
    assert finished.read == world.shop.census().order_count == len(outcomes) == 12
    assert (finished.posted, finished.skipped, finished.held, finished.failed) == (6, 5, 1, 0)


async def test_a_second_run_posts_nothing_and_says_so(world) -> None:
    await run(world)
    before = world.census()
    finished, outcomes = await run(world)
    assert finished.posted == 0
    after = world.census()
    assert (after.invoices, after.payments, after.customers) == (
        before.invoices, before.payments, before.customers,
    )  # fmt: skip
    assert outcomes["order", "000000002"].reason.startswith("already posted: customer")


async def test_an_order_that_is_posted_and_unchanged_costs_no_call(world) -> None:
    await run(world)
    before = requests(world)
    _, _ = await run(world, policy=evolve(GO_LIVE))
    # The held one and the one with a payment missing are looked at anew; the posted ones are not.
    assert requests(world) - before < 30


async def test_plan_then_apply_is_the_plan_that_was_shown(world) -> None:
    async with world.engine() as engine:
        plan = await engine.plan_order("000000002")
        assert plan.certificate
        assert plan.certificate.exact
        done = await engine.apply(plan)
        assert done.outcome is Outcome.POSTED
        again = await engine.apply(plan)
        assert again.outcome is Outcome.SKIPPED
        assert (await engine.plan_order("000000002")).actions == ()


async def test_a_plan_that_is_no_longer_true_is_refused(world) -> None:
    async with world.engine() as engine:
        shown = await engine.plan_order("000000002")
    other = evolve(GO_LIVE, nominals=Nominals(4010))
    async with world.engine(policy=other) as engine:
        with pytest.raises(StalePlanError):
            await engine.apply(shown)
    assert world.census().invoices == 0


async def test_a_held_plan_is_never_applied(world) -> None:
    async with world.engine() as engine:
        with pytest.raises(HeldError):
            await engine.apply(await engine.plan_order("000000001"))


async def test_a_dry_run_writes_nothing_anywhere(world) -> None:
    finished, outcomes = await run(world, dry_run=True)
    assert finished.posted == 0
    assert "dry run: would post customer M-" in outcomes["order", "000000002"].reason
    assert world.census().customers == world.census().invoices == 0
    async with world.engine() as engine:
        assert await engine.logbook.counts() == {}


async def test_orders_go_one_at_a_time_until_the_first_is_confirmed(world) -> None:
    async with world.engine() as engine:
        open_before_proof, proved = set(), False
        async for event in engine.sync("orders"):
            if isinstance(event, ActionSent) and not proved and "invoice" in event.kind:
                open_before_proof.add(event.document.number)
            proved = proved or (
                isinstance(event, DocumentFinished) and event.outcome is Outcome.POSTED
            )
        assert len(open_before_proof) == 1


async def test_a_disputed_document_stops_the_account_until_a_person_has_looked(tmp_path) -> None:
    async with World(tmp_path, policy=GO_LIVE) as world:
        world.shop.load_recorded()

        class Spoiling:
            """An account that books something else than it was told."""

            def __init__(self, inner: Any) -> None:
                self.inner = inner

            async def send(self, request: Any) -> Any:
                answer = await self.inner.send(request)
                if request.method == "POST" and request.url.endswith("/invoices"):
                    number = world.account.invoices()[-1]["Number"]
                    lines = world.account.invoices()[-1]["LineItems"]
                    lines[0]["VATAmount"] = Decimal("0.01")
                    world.account.edit_invoice(number, {"LineItems": lines})
                return answer

            async def aclose(self) -> None:
                pass

        async with world.engine(around=Spoiling) as engine:
            events = [e async for e in engine.sync("orders")]
            disputed = [e for e in events if causes.DISPUTED in getattr(e, "codes", ())]
            stopped = [e for e in events if causes.ACCOUNT_DISPUTED in getattr(e, "codes", ())]
            assert len(disputed) == 1
            assert len(stopped) >= 3
            assert world.census().invoices == 1
            number = disputed[0].document.number
            assert await engine.accept(number, reason="put right by hand", who="ann") == 1
            (story,) = [s for s in await engine.why(number) if s.document.kind == "order"]
            assert story.decisions[-1].reason == "put right by hand"
        async with world.engine() as engine:
            assert [e async for e in engine.sync("orders")][-1].posted > 0


async def test_a_run_over_the_limits_is_refused_whole_until_a_person_gives_a_reason(world) -> None:
    strict = evolve(GO_LIVE, limits=Limits(documents=3))
    finished, outcomes = await run(world, policy=strict)
    assert finished.posted == 0
    assert world.census().invoices == 0
    assert sum(causes.OVER_LIMITS in one.codes for one in outcomes.values()) == 6
    finished, _ = await run(world, policy=strict, approved="month end, looked at by ann")
    assert finished.posted == 6


async def test_money_is_limited_too(world) -> None:
    finished, _ = await run(world, policy=evolve(GO_LIVE, limits=Limits(money=Decimal(10))))
    assert finished.posted == 0


async def test_a_limit_on_reading_leaves_the_rest_for_the_next_run(world) -> None:
    first, read = await run(world, limit=3)
    assert first.read == 3
    second, rest = await run(world)
    waiting = {key for key, event in read.items() if event.codes}
    assert set(read) & set(rest) == waiting
    assert len(set(read) | set(rest)) == 12
    assert first.posted + second.posted == 6


async def test_memos_are_the_documents_of_a_run_over_refunds(world) -> None:
    finished, outcomes = await run(world, "refunds")
    assert finished.read == len(world.shop.credit_memos())
    assert {kind for kind, _ in outcomes} == {"credit_memo"}
    assert finished.posted == world.census().credit_notes == 0  # no order of them is posted yet
    order = world.shop.place(BASKET)
    world.shop.invoice(order["entity_id"])
    await run(world)
    before = world.census().credit_notes
    world.shop.refund(order["entity_id"])
    finished, _ = await run(world, "refunds")
    assert finished.posted == 1 == world.census().credit_notes - before
    async with world.engine() as engine:
        for memo in world.shop.credit_memos():
            record = await engine.logbook.document(f"M:credit_memo:{memo['entity_id']}")
            assert record.outcome in {"posted", "held"}


async def test_settings_that_are_put_right_let_a_group_through(world) -> None:
    await run(world)
    async with world.engine() as engine:
        groups = {group.code: group for group in await engine.errors()}
        assert groups["adjustment_held"].settings_change
        assert groups["adjustment_held"].what_to_do is Remedy.ASK_A_PERSON
    right = evolve(GO_LIVE, adjustments=Adjustments.NO_VAT, nominals=Nominals(adjustments=4300))
    async with world.engine(policy=right) as engine:
        events = [e async for e in engine.retry(code="adjustment_held", reason="decided")]
    assert events[-1].posted == events[-1].read == 1


async def test_a_skipped_order_stays_skipped_with_its_reason(world) -> None:
    async with world.engine() as engine:
        with pytest.raises(SettingsError, match="neither the logbook nor the shop has it"):
            await engine.skip("000009999", reason="nobody's")
    async with world.engine() as engine:
        async for _ in engine.sync("orders", dry_run=False, limit=2):
            pass
        await engine.skip("000000002", reason="posted by hand", who="ann")
    _, outcomes = await run(world, since=BEGINNING)
    assert outcomes["order", "000000002"].reason == "skipped by ann: posted by hand"


async def test_an_invoice_that_vanished_is_not_posted_again_in_silence(world) -> None:
    await run(world)
    async with world.engine() as engine:
        bound = await engine.logbook.binding("M:order:6:invoice")
        await engine.books.invoices.delete(int(bound.target))
        plan = await engine.plan_order("000000006")
    assert [p.code for p in plan.problems] == [causes.POSTED_IS_GONE]
    assert plan.is_held


async def test_what_changed_after_posting_is_drift_until_a_person_accepts_it(world) -> None:
    await run(world)
    async with world.engine() as engine:
        number = int((await engine.logbook.binding("M:order:6:invoice")).target)
    lines = next(i for i in world.account.invoices() if i["Number"] == number)["LineItems"]
    lines[0]["VATAmount"] = Decimal("0.07")
    world.account.edit_invoice(number, {"LineItems": lines})
    _, outcomes = await run(world)
    assert outcomes["order", "000000006"].outcome is Outcome.SKIPPED  # nobody has looked
    _, outcomes = await run(world, "drift")
    assert outcomes["order", "000000006"].outcome is Outcome.HELD
    assert set(outcomes["order", "000000006"].codes) <= causes.DRIFT
    async with world.engine() as engine:
        assert await engine.accept("000000006", reason="the bookkeeper knows", who="ann") == 1
    _, outcomes = await run(world, "drift")
    assert outcomes["order", "000000006"].reason == "accepted as it is: the bookkeeper knows"
    lines[0]["VATAmount"] = Decimal("0.08")
    world.account.edit_invoice(number, {"LineItems": lines})
    _, outcomes = await run(world, "drift")
    assert outcomes["order", "000000006"].outcome is Outcome.HELD


async def test_memos_that_are_known_are_counted_again_as_skipped(world) -> None:
    first, _ = await run(world, "refunds", since=BEGINNING)
    second, _ = await run(world, "refunds", since=BEGINNING)
    assert first.read == second.read == len(world.shop.credit_memos())
    assert second.posted == 0


async def test_an_order_that_cannot_be_served_is_counted_and_the_others_go_on(tmp_path) -> None:
    poisoned = Faults.of(Rule(Kind.POISON_RECORD, probability=0.3), seed=5)
    async with World(tmp_path, policy=GO_LIVE, magento_faults=poisoned) as world:
        world.shop.load_recorded()
        finished, outcomes = await run(world)
        assert finished.read == 12
        failed = [one for one in outcomes.values() if one.outcome is Outcome.FAILED]
        assert failed
        assert finished.posted
        for one in failed:
            assert one.reason
            assert causes.remedy_of(one.codes) is not None
        async with world.engine() as engine:
            (story, *_) = await engine.why(failed[0].document.number)
            assert story.document.outcome == "failed"


async def test_orders_whose_documents_may_not_be_read_are_counted_and_told(world) -> None:
    world.shop.credentials = ORDERS_ONLY
    finished, outcomes = await run(world)
    assert finished.read == finished.failed == 12
    for one in outcomes.values():
        assert one.codes == (causes.NOT_PERMITTED,)
        assert "sales_invoice" in one.reason


async def test_a_refused_sign_in_ends_the_run_at_once(world) -> None:
    world.account.lock_user()
    finished, outcomes = await run(world)
    assert finished.posted == 0
    assert any(causes.SIGN_IN_REFUSED in one.codes for one in outcomes.values())
    assert world.census().refused_sign_ins <= 8


async def test_a_fault_in_a_plugin_costs_its_orders_and_names_it(world) -> None:
    class Bad:
        name = "bad"

        @hookimpl
        def kashmag_choose_vat(self, line: Any) -> Any:
            raise ZeroDivisionError("boom")

    finished, outcomes = await run(world, plugins=[Bad()])
    assert finished.posted == 0
    failed = [one for one in outcomes.values() if one.outcome is Outcome.FAILED]
    assert failed
    assert all(causes.PLUGIN in one.codes and "bad" in one.reason for one in failed)


async def test_what_ends_in_between_is_told_to_observers(world) -> None:
    class Watching:
        name = "watching"

        def __init__(self) -> None:
            self.seen: list[str] = []

        @hookimpl
        def kashmag_observe(self, event: Any) -> None:
            self.seen.append(type(event).__name__)

    watching = Watching()
    await run(world, plugins=[watching])
    assert watching.seen[0] == "RunStarted"
    assert watching.seen[-2:] == ["RunFinished", "AlertRaised"]
    assert watching.seen.count("DocumentFinished") == 12
    assert watching.seen.count("ActionSent") == watching.seen.count("ActionDone") > 12


async def test_without_a_beginning_a_run_is_refused(world) -> None:
    with pytest.raises(SettingsError, match="where to begin"):
        await run(world, policy=POLICY)
    with pytest.raises(SettingsError, match="no flow"):
        await run(world, "nonsense")


async def test_an_order_that_is_committed_late_is_found_by_the_next_run(tmp_path) -> None:
    late = Faults.of(Rule(Kind.LATE_COMMIT, probability=0.5, seconds=120), seed=3)
    async with World(tmp_path, policy=GO_LIVE, magento_faults=late) as world:
        world.shop.load_recorded()
        first, _ = await run(world)
        world.time.turn(3600)
        second, _ = await run(world)
        async with world.engine() as engine:
            for order in world.shop.orders():
                record = await engine.logbook.document(f"M:order:{order['entity_id']}")
                assert record is not None, (first, second)
                assert record.outcome


async def test_an_invoice_of_another_reference_is_adopted_when_it_says_the_same(world) -> None:
    async with world.engine() as engine:
        await engine.apply(await engine.plan_order("000000006"))
        number = int((await engine.logbook.binding("M:order:6:invoice")).target)
    world.account.edit_invoice(number, {"CustomerReference": "WEB-6"})
    fresh = World.__new__(World)
    fresh.__dict__.update(world.__dict__)
    fresh.logbook_url = world.logbook_url.replace("logbook.sqlite", "second.sqlite")
    async with fresh.engine() as engine:
        plan = await engine.adopt("000000006", number, reason="posted by the old connector")
        assert plan.actions == ()
        assert [a.number for a in plan.adoptions] == [number]
        with pytest.raises(HeldError, match="is not order"):
            await engine.adopt("000000002", number, reason="wrong one")
    assert world.census().invoices == 1


async def test_a_stored_plan_is_finished_before_the_order_is_planned_again(world) -> None:
    """The process died after the customer; the settings changed; the open plan is still done."""

    class Dying:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        async def send(self, request: Any) -> Any:
            if request.method == "POST" and request.url.endswith("/invoices"):
                raise DiedError
            return await self.inner.send(request)

        async def aclose(self) -> None:
            pass

    async with world.engine(around=Dying) as engine:
        plan = await engine.plan_order("000000002")
        with pytest.raises(DiedError):
            await engine.apply(plan)
        stored = await engine.logbook.opened_plan("M:order:2")
        assert [e.state for e in stored.entries][:2] == [State.DONE, State.SENT]
    world.time.turn(200)
    async with world.engine(policy=evolve(GO_LIVE, nominals=Nominals(4010))) as engine:
        assert [e async for e in engine.sync("orders", limit=1)][-1].posted == 1
        lines = world.account.invoices()[0]["LineItems"]
        assert 4010 not in {line["NominalCode"] for line in lines}


async def test_a_full_disk_ends_the_run_with_one_clear_sentence(world, monkeypatch) -> None:
    async with world.engine() as engine:

        async def full(*_: Any, **__: Any) -> Any:
            raise LogbookError("the logbook cannot be read or written: database or disk is full")

        for write in ("send", "finish", "move", "done"):
            monkeypatch.setattr(engine.logbook, write, full)
        with pytest.raises(LogbookError, match="disk is full"):
            async for _ in engine.sync("orders"):
                pass
    assert world.census().invoices == 0
    assert (await run(world))[0].posted == 6


async def test_orders_can_be_run_by_number(world) -> None:
    async with world.engine() as engine:
        events = [e async for e in engine.sync_numbers("000000002", "000000006", "nonsense")]
        done = {e.document.number: e for e in events if isinstance(e, DocumentFinished)}
        assert set(done) == {"000000002", "000000006", "nonsense"}
        assert done["nonsense"].codes == (causes.NOT_FOUND,)
        assert (events[-1].read, events[-1].posted, events[-1].failed) == (3, 2, 1)
        assert await engine.logbook.documents_numbered("nonsense") == []


async def test_an_erased_plan_costs_its_order_and_not_the_run(world) -> None:
    async with world.engine() as engine:
        await engine.apply(await engine.plan_order("000000002"))
        assert await engine.erase("000000002", reason="asked for") > 0
        assert await engine.verify_audit() == ()
        (story,) = [s for s in await engine.why("000000002") if s.document.kind == "order"]
        assert "Sampleford" not in str(story.to_json())
        assert [b.target for b in story.bindings if b.kind == "invoice"]
    assert (await run(world))[0].failed == 0


def test_the_default_time_until_something_is_surely_absent_is_ninety_seconds() -> None:
    assert EngineOptions().settled_after == timedelta(seconds=90)


def test_the_gravest_remedy_wins() -> None:
    assert causes.remedy_of(["posted_differs", causes.UNREACHABLE]) is Remedy.TRY_LATER
    assert causes.remedy_of([causes.FATE_UNKNOWN, causes.UNREACHABLE]) is Remedy.PROBE
    assert causes.remedy_of([causes.BUG, causes.PLUGIN]) is Remedy.REPORT_BUG
    assert causes.remedy_of([]) is None


async def test_applying_what_is_posted_already_leaves_it_posted(world) -> None:
    async with world.engine() as engine:
        first = await engine.apply(await engine.plan_order("000000003"))
        again = await engine.apply(await engine.plan_order("000000003"))
        stories = await engine.why("000000003")
    assert (first.outcome, again.outcome) == (Outcome.POSTED, Outcome.SKIPPED)
    assert {one.document.outcome for one in stories if one.document.kind == "order"} == {"posted"}


class CutThenDead:
    """Takes the first new customer, cuts the line, and answers nothing but 503 from then on."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.is_dead = False

    async def send(self, request: Request) -> Response:
        if self.is_dead:
            return Response(503)
        response = await self.inner.send(request)
        if request.method == "POST" and request.url.endswith("/customers"):
            self.is_dead = True
            raise NoAnswerError("the line was cut")
        return response

    async def aclose(self) -> None:
        await self.inner.aclose()


async def test_what_was_sent_and_cannot_be_looked_for_is_told_as_of_unknown_fate(world) -> None:
    outcomes = {}
    async with world.engine(around=CutThenDead) as engine:
        async for event in engine.sync("orders"):
            if isinstance(event, DocumentFinished):
                outcomes[event.document.number] = event
        assert await engine.logbook.entries_in(State.UNKNOWN)
    assert any(causes.FATE_UNKNOWN in event.codes for event in outcomes.values())
    assert world.census().customers == 1
    await run(world)
    assert world.census().duplicate_references == {}
