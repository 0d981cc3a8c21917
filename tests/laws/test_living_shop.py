"""A machine of everything: a shop that lives, a bookkeeper at work, persons who decide, bad days.

Orders are placed, paid, shipped, refunded, cancelled, held, edited; in KashFlow invoices are
changed and voided; people skip, retry, accept and resolve; processes of every flow work and die
anywhere. However it went: every order and memo has one outcome, nothing is there twice, what is
posted says what the shop says, who waits was told of it, and to run again changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import evolve
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from kashmag.errors import KashmagError
from kashmag.plans.policy import (
    Adjustments,
    DriftRules,
    OnDrift,
    OrderOutcome,
    PaymentAction,
    PaymentRule,
)
from kashmag.reconciliation.remembering import NAME
from kashmag.sandbox.faults import Faults
from kashmag.sandbox.kashflow.switches import Switches
from kashmag.sandbox.magento.refunding import Refund
from kashmag.sandbox.workload import ShopProfile, generate
from kashmag.testing.deaths import DiedError, Mortal
from kashmag.testing.worlds import BEGINNING, POLICY, World

MORE = int(os.environ.get("TORTURE", "1"))
FLOWS = ("orders", "payments", "refunds", "customers", "drift")
PAID_BY = ("checkmo", "banktransfer", "stripe_payments", "paypal_express")
CAREFUL = evolve(
    POLICY,
    go_live=BEGINNING.date(),
    statuses={"pending": OrderOutcome.UNPAID},  # posted before they are paid: they may be cancelled
    payments={way: PaymentRule(PaymentAction.POST, method=1, bank_account=1) for way in PAID_BY},
    nominals=evolve(POLICY.nominals, adjustments=POLICY.nominals.goods),
    adjustments=Adjustments.PRO_RATA,
)
BASKETS = tuple(
    story.basket
    for story in generate(60, seed=11, shop=ShopProfile(products=12, customers=6, exports=0))
)
DAYS = ("none", "cut_after", "error_500_after", "session_expired", "sql_timeout", "mixed")
WHICH_BASKET = st.integers(0, len(BASKETS) - 1)
BY_ITSELF = DriftRules(
    changed_in_shop=OnDrift.CREDIT_AND_REISSUE,
    cancelled=OnDrift.CREDIT,
    deleted_in_kashflow=OnDrift.POST_ANEW,
)
KEPT = ("entity_id", "increment_id", "created_at", "store_id", "state", "status")
REASON = "as agreed"
PENNY = Decimal("0.01")


class LivingShop(RuleBasedStateMachine):
    """What may happen in a shop, in its accounts, and between the two."""

    @initialize(
        day=st.sampled_from(DAYS),
        lag=st.sampled_from([timedelta(0), timedelta(seconds=2)]),
        drift=st.sampled_from([DriftRules(), BY_ITSELF]),
        bought=st.lists(WHICH_BASKET, min_size=2, max_size=5),
    )
    def begin(self, day: str, lag: timedelta, drift: DriftRules, bought: list[int]) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(
            self.folder,
            policy=evolve(CAREFUL, drift=drift),
            kashflow_faults=Faults.named(day, seed=3),
            switches=Switches(read_after_write_lag=lag, lag_hides_references=bool(lag)),
        )
        self.meddled: set[str] = set()  # references that a bookkeeper or a person has touched
        for at, basket in enumerate(bought):
            (self.an_order_is_paid if at % 2 else self.an_order_is_placed)(basket)
        self.world.time.turn(30)
        with contextlib.suppress(KashmagError):
            self.a_run_of_a_flow("orders")
        self.world.time.turn(4000)

    # -- the shop

    @rule(basket=WHICH_BASKET)
    def an_order_is_placed(self, basket: int) -> None:
        self.world.shop.place(BASKETS[basket])

    @rule(basket=WHICH_BASKET)
    def an_order_is_paid(self, basket: int) -> None:
        order = self.world.shop.place(BASKETS[basket])
        self.world.shop.invoice(order["entity_id"])

    @rule(which=st.integers(0, 5))
    def it_is_invoiced(self, which: int) -> None:
        self.with_order(which, self.world.shop.invoice)

    @rule(which=st.integers(0, 5))
    def it_is_shipped(self, which: int) -> None:
        self.with_order(which, self.world.shop.ship)

    @rule(which=st.integers(0, 5), kind=st.sampled_from(["all", "goodwill", "piece"]))
    def it_is_refunded(self, which: int, kind: str) -> None:
        def refund(order_id: int) -> None:
            self.world.shop.refund(order_id, self.wanted(order_id, kind))

        self.with_order(which, refund)

    @rule(which=st.integers(0, 5), what=st.sampled_from(["cancel", "hold", "unhold", "touch"]))
    def it_is_changed(self, which: int, what: str) -> None:
        self.with_order(which, getattr(self.world.shop, what))

    @rule(which=st.integers(0, 5), basket=WHICH_BASKET)
    def it_is_edited(self, which: int, basket: int) -> None:
        self.with_order(which, lambda order_id: self.world.shop.edit(order_id, BASKETS[basket]))

    @rule(which=st.integers(0, 5), basket=WHICH_BASKET)
    def an_extension_edits_it_in_place(self, which: int, basket: int) -> None:
        def edit(order_id: int) -> None:
            shop = self.world.shop
            order = next(one for one in shop.orders() if one["entity_id"] == order_id)
            if order["state"] == "new":
                other = shop.place(evolve(BASKETS[basket], store_id=order["store_id"]))
                kept = {name: order[name] for name in KEPT if name in order}
                shop.load(orders=[{**other, **kept}])
                shop.touch(order_id)

        self.with_order(which, edit)

    def with_order(self, which: int, doing: Callable[[int], Any]) -> None:
        """Do it to one of the orders, where the shop allows it."""
        orders = self.world.shop.orders()
        if orders:
            with contextlib.suppress(Exception):
                doing(orders[which % len(orders)]["entity_id"])

    def wanted(self, order_id: int, kind: str) -> Refund:
        if kind == "all":
            return Refund()
        if kind == "goodwill":
            return Refund({}, shipping=Decimal(0), adjustment_positive=Decimal(1))
        order = next(one for one in self.world.shop.orders() if one["entity_id"] == order_id)
        return Refund({order["items"][0]["item_id"]: Decimal(1)}, shipping=Decimal(0))

    # -- the bookkeeper

    @rule(which=st.integers(0, 5), what=st.sampled_from(["void", "line", "customer"]))
    def the_bookkeeper_changes_something(self, which: int, what: str) -> None:
        documents = self.world.account.invoices()
        if not documents:
            return
        document = documents[which % len(documents)]
        account = self.world.account
        if what == "customer":
            account.edit_customer(document["CustomerCode"], {"Name": "Renamed by hand"})
            return
        self.meddled.add(order_of(document["CustomerReference"]))
        if what == "void":
            account.void_invoice(document["Number"])
        else:
            line = document["LineItems"][0]
            account.edit_invoice(
                document["Number"], {"LineItems": [{**line, "Rate": line["Rate"] + 1}]}
            )

    # -- the persons

    @rule(which=st.integers(0, 5), what=st.sampled_from(["skip", "accept", "drop", "resolve"]))
    def somebody_decides(self, which: int, what: str) -> None:
        async def decide() -> None:
            async with self.world.engine() as engine:
                orders = self.world.shop.orders()
                if not orders:
                    return
                order = orders[which % len(orders)]
                number = order["increment_id"]
                self.meddled.add(f"M{order['store_id']}-ORD-{number}")
                with contextlib.suppress(KashmagError):
                    if what == "resolve":
                        plan = await engine.plan_order(number)
                        for proposal in plan.proposals[:1]:
                            await engine.resolve(number, proposal.way, reason=REASON)
                    else:
                        await getattr(engine, what)(number, reason=REASON)

        self.do(decide)

    @rule()
    def somebody_resolves_what_has_come_apart(self) -> None:
        async def resolve() -> None:
            async with self.world.engine() as engine:
                for order in self.world.shop.orders():
                    with contextlib.suppress(KashmagError):
                        plan = await engine.plan_order(order["increment_id"])
                        for proposal in plan.proposals[:1]:
                            number = order["increment_id"]
                            await engine.resolve(number, proposal.way, reason=REASON)

        self.do(resolve)

    @rule()
    def somebody_retries_what_waits(self) -> None:
        async def retry() -> None:
            async with self.world.engine() as engine:
                for group in await engine.errors():
                    with contextlib.suppress(KashmagError):
                        async for _ in engine.retry(code=group.code, reason=REASON):
                            pass

        self.do(retry)

    # -- kashmag

    @rule(flow=st.sampled_from(FLOWS), steps=st.integers(0, 250))
    def a_process_works_and_dies(self, flow: str, steps: int) -> None:
        async def work() -> None:
            life = Mortal(steps)
            with contextlib.suppress(DiedError, KashmagError):
                async with self.world.engine(around=life.around) as engine:
                    life.at_the_logbook(engine.logbook)
                    async for _ in engine.sync(flow):
                        pass

        self.do(work)

    @rule(flow=st.sampled_from(FLOWS))
    def a_run_of_a_flow(self, flow: str) -> None:
        self.do(lambda: self.run(flow))

    @rule(seconds=st.sampled_from([1, 30, 4000, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.world.time.turn(seconds)

    def do(self, doing: Callable[[], Awaitable[Any]]) -> Any:
        return asyncio.run(doing())  # type: ignore[arg-type]

    async def run(self, flow: str, **more: Any) -> Any:
        """One run, whose counts add up; its last event."""
        read: Counter[str] = Counter()
        last = None
        async with self.world.engine() as engine:
            async for event in engine.sync(flow, **more):
                last = event
                if type(event).__name__ == "DocumentFinished":
                    read[event.outcome.value] += 1
        assert type(last).__name__ == "RunFinished"
        told = {"posted": last.posted, "skipped": last.skipped}
        told |= {"held": last.held, "failed": last.failed}
        assert sum(told.values()) == last.read
        assert {name: count for name, count in told.items() if count} == dict(read)
        return last

    # -- what must hold in the end

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.time.turn(4000)
            self.do(self.finish)
            before = facts(self.world)
            self.do(self.finish)
            assert facts(self.world) == before, "to run again has changed something"
            self.do(self.everything_has_one_outcome)
            self.do(self.who_waits_was_told)
            self.nothing_is_there_twice()
            self.do(self.what_is_posted_is_what_the_shop_says)
        finally:
            self.world.account.close()
            self.world.shop.close()
            shutil.rmtree(self.folder)

    async def finish(self) -> None:
        """Every flow, on as many days as it takes until nothing fails."""
        for _ in range(12):
            runs = []
            for flow in ("customers", "orders", "payments", "refunds", "drift"):
                with contextlib.suppress(KashmagError):
                    runs.append(await self.run(flow))
                self.world.time.turn(600)
            if len(runs) == 5 and not any(run.failed for run in runs):
                return
            await self.settle_what_is_disputed()
        raise AssertionError(f"something fails for ever: {runs}")

    async def settle_what_is_disputed(self) -> None:
        """What was edited between its posting and its proof stops the account for a person."""
        async with self.world.engine() as engine:
            for group in await engine.errors():
                for number in group.numbers if group.code == "disputed" else ():
                    self.meddled |= {f"M{store}-ORD-{number}" for store in (1, 2, 3)}
                    with contextlib.suppress(KashmagError):
                        await engine.accept(number, reason=REASON)

    async def everything_has_one_outcome(self) -> None:
        async with self.world.engine() as engine:
            assert await engine.verify_audit() == ()
            shop = self.world.shop
            for kind, documents in (("order", shop.orders()), ("credit_memo", shop.credit_memos())):
                for document in documents:
                    key = f"M:{kind}:{document['entity_id']}"
                    (story,) = await engine.why(key)
                    assert story.document.outcome, key
                    if kind == "order":
                        assert await engine.logbook.recall(NAME + key), key

    async def who_waits_was_told(self) -> None:
        async with self.world.engine() as engine:
            told = set(json.loads(await engine.logbook.recall("alerts") or "{}"))
            waiting = {group.code for group in await engine.errors()}
            assert waiting <= told
            assert not any(code.startswith("run:") for code in told)

    def nothing_is_there_twice(self) -> None:
        there = Counter(
            document["CustomerReference"]
            for document in self.world.account.invoices()
            if not document.get("DeletedAt")
        )
        assert {reference for reference, count in there.items() if count > 1} == set()
        census = self.world.census()
        assert census.duplicate_payments == {}
        assert census.duplicate_emails == {}

    async def what_is_posted_is_what_the_shop_says(self) -> None:
        async with self.world.engine() as engine:
            for order in self.world.shop.orders():
                (story,) = await engine.why(f"M:order:{order['entity_id']}")
                is_open = story.document.outcome in ("held", "failed")
                if not is_open and order["state"] != "holded":
                    self.agrees(order, (order["state"], story.document.reason))

    def agrees(self, order: Any, said: Any) -> None:
        """What stands in the account for an order comes to what the shop says, to the penny."""
        own = f"M{order['store_id']}-ORD-{order['increment_id']}"
        entity_id, memos = order["entity_id"], self.world.shop.credit_memos()
        memos = [memo for memo in memos if memo["order_id"] == entity_id]
        names = {f"M{order['store_id']}-CRN-{memo['increment_id']}" for memo in memos} | {own}
        there = [
            document
            for document in self.world.account.invoices()
            if order_of(document["CustomerReference"]) in names
        ]
        if names & self.meddled or not there:
            return
        returned = sum((amount(memo, "base_grand_total") for memo in memos), Decimal(0))
        owed = amount(order, "base_grand_total") - amount(order, "base_total_canceled")
        gross = sum((one["GrossAmount"] for one in there), Decimal(0))
        paid = sum((one["TotalPaidAmount"] for one in there), Decimal(0))
        assert gross == (owed - returned).quantize(PENNY), (own, *said)
        money = amount(order, "base_total_paid") - returned
        assert paid == money.quantize(PENNY), (own, *said)


def amount(document: Any, name: str) -> Decimal:
    return Decimal(document.get(name) or 0)


def order_of(reference: str) -> str:
    """The order to which an invoice, its reversal or its further invoices belong."""
    return reference.partition("/")[0].replace("-REV-", "-ORD-")


def facts(world: World) -> Counter[Any]:
    """What the account holds, without the numbers that KashFlow gave."""
    documents = Counter(
        (
            d["CustomerReference"],
            d["CustomerCode"],
            bool(d.get("DeletedAt")),
            str(d["NetAmount"]),
            str(d["VATAmount"]),
            tuple(sorted((str(p["Amount"]), str(p["Note"])) for p in d["PaymentLines"])),
        )
        for d in world.account.invoices()
    )
    return documents + Counter((c["Code"], c["Name"]) for c in world.account.customers())


def test_whatever_happens_everything_is_there_once_and_nothing_is_silent() -> None:
    careful = settings(
        deadline=None,
        max_examples=5 * MORE,
        stateful_step_count=20,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(LivingShop, settings=careful)
