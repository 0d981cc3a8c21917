"""The example of docs/testing.md: how a user tests a plugin of their own."""

import sys
from datetime import timedelta

import pytest

from kashmag import (
    Decision,
    Outcome,
    PaymentAction,
    PaymentRule,
    Problem,
    ProductChoice,
    hookimpl,
)
from kashmag.engine.options import EngineOptions
from kashmag.plans.questions import CustomersByEmail
from kashmag.sandbox.faults import Faults
from kashmag.testing.assertions import (
    assert_exact,
    assert_not_posted,
    assert_paid,
    assert_posted_once,
)
from kashmag.testing.orders import place_order


@hookimpl
def kashmag_resolve_product(line):
    """Books have a nominal of their own."""
    if line.sku.startswith("BOOK-"):
        return Decision(ProductChoice(4010), because="books go to 4010")
    return None


@hookimpl
def kashmag_object(sale):
    """Nobody buys a hundred anvils."""
    if any(line.sku == "ANVIL" for line in sale.lines):
        yield Problem("anvils", f"Order {sale.number} has anvils.", remedy="Ring the buyer.")


@pytest.fixture
def kashmag_plugins():
    return [sys.modules[__name__]]


def test_books_go_to_their_own_nominal(kashmag_engine, magento_sandbox, kashflow_sandbox):
    order = place_order(magento_sandbox, ("BOOK-1", "12.00"), ("MUG", "6.00", 2))

    kashmag_engine.sync()

    invoice = assert_posted_once(kashflow_sandbox, order)
    assert_exact(invoice, order)
    assert_paid(invoice)
    assert [line["NominalCode"] for line in invoice["LineItems"]] == [4010, 4000]


def test_the_plan_names_our_rule_and_its_reason(kashmag_engine, magento_sandbox):
    order = place_order(magento_sandbox, ("BOOK-1", "12.00"))
    plan = kashmag_engine.plan(order["increment_id"])
    note = next(one for one in plan.decisions if one.question == "product of BOOK-1")
    assert note.because == "books go to 4010"
    assert note.rule.endswith("test_a_users_plugin")


def test_anvils_are_held_and_the_others_go_on(kashmag_engine, magento_sandbox, kashflow_sandbox):
    held = place_order(magento_sandbox, ("ANVIL", "99.00"))
    other = place_order(magento_sandbox)

    ran = kashmag_engine.sync()

    assert ran.outcome_of(held["increment_id"]).codes == ("anvils",)
    assert ran.numbers(Outcome.HELD) == (held["increment_id"],)
    assert_not_posted(kashflow_sandbox, held)
    assert_posted_once(kashflow_sandbox, other)


def test_running_again_posts_nothing(kashmag_engine, magento_sandbox, kashflow_sandbox):
    order = place_order(magento_sandbox)
    kashmag_engine.sync()
    assert kashmag_engine.sync().counts.posted == 0
    assert_posted_once(kashflow_sandbox, order)


def test_time_is_in_your_hand(kashmag_engine, kashmag_time, magento_sandbox, kashflow_sandbox):
    first = place_order(magento_sandbox)
    kashmag_time.advance(timedelta(days=3))
    second = place_order(magento_sandbox)
    kashmag_engine.sync()
    days = [
        assert_posted_once(kashflow_sandbox, order)["IssuedDate"][:10] for order in (first, second)
    ]
    assert days == [order["created_at"][:10] for order in (first, second)]
    assert days[0] != days[1]


class TestOnABadDay:
    @pytest.fixture
    def kashflow_faults(self):
        return Faults.named("cut_after", seed=1)

    @pytest.fixture
    def kashmag_options(self):
        return EngineOptions(patience=timedelta(minutes=30))

    def test_every_order_is_posted_once(self, kashmag_engine, magento_sandbox, kashflow_sandbox):
        orders = [place_order(magento_sandbox, email=f"{n}@example.com") for n in range(6)]
        for _ in range(3):
            kashmag_engine.sync()
        for order in orders:
            assert_posted_once(kashflow_sandbox, order)


async def test_the_engine_itself_is_there_for_async_tests(kashmag_engine, magento_sandbox):
    order = place_order(magento_sandbox)
    async with kashmag_engine.opened() as engine:
        plan = await engine.plan_order(order["increment_id"])
        assert (await engine.apply(plan)).outcome is Outcome.POSTED


class TestWhoseAccountAndWhichBank:
    """Two more judgements that integrators override."""

    @hookimpl
    def kashmag_ask(self, sale):
        if sale.buyer.email_domain == "builder.example":
            yield CustomersByEmail("head-office@builder.example")

    @hookimpl
    def kashmag_match_customer(self, sale, candidates):
        return next(
            (
                Decision(one, because="trade domain builder.example")
                for one in candidates
                if sale.buyer.email_domain == "builder.example"
            ),
            None,
        )

    @hookimpl
    def kashmag_map_payment(self, payment):
        rule = PaymentRule(PaymentAction.POST, method=2, bank_account=2)
        return Decision(rule, because="cheques are paid into the second account")

    @pytest.fixture
    def kashmag_plugins(self):
        return [self]

    async def test_trade_buyers_are_invoiced_on_their_company_s_account(
        self, kashmag_engine, magento_sandbox, kashflow_sandbox
    ):
        first = place_order(magento_sandbox, email="head-office@builder.example")
        second = place_order(magento_sandbox, email="site-7@builder.example")
        async with kashmag_engine.opened() as engine:
            for order in (first, second):
                await engine.apply(await engine.plan_order(order["increment_id"]))
        (account,) = kashflow_sandbox.customers()
        assert assert_posted_once(kashflow_sandbox, second)["CustomerCode"] == account["Code"]

    def test_payments_go_where_the_rule_says(
        self, kashmag_engine, magento_sandbox, kashflow_sandbox
    ):
        order = place_order(magento_sandbox)
        kashmag_engine.sync()
        (line,) = assert_posted_once(kashflow_sandbox, order)["PaymentLines"]
        assert (line["Method"], line["AccountId"]) == (2, 2)
