"""The change of settings that a problem offers: pasted as it stands, the loader takes it."""

import inspect
from datetime import date
from decimal import Decimal
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.accounting import Money, Payment, Problem
from kashmag.accounting.problems import Holds
from kashmag.kashflow import PaymentLine
from kashmag.magento.reading import problems as reading_problems
from kashmag.planner.policy_check import lacking
from kashmag.planner.vat_rules import advise
from kashmag.plans import (
    dating_problems,
    import_problems,
    numbering_problems,
    payment_problems,
    problems,
    vat_problems,
)
from kashmag.plans.cures import TO_BE_NAMED, cure, joined
from kashmag.plans.policy import Policy
from kashmag.settings import Settings
from kashmag.testing.factories import make_line, make_payment, make_sale, pounds

NAMED = payment_problems.Named("000000034", Decimal("12.00"), order="000000042")
SAMPLES = {
    payment_problems.Named: NAMED,
    str: "odd.name",
    int: 4001,
    range: range(1_500_000_000, 1_501_000_000),
    date: date(2026, 4, 14),
    Decimal: Decimal("20"),
    Money: pounds(12),
    Payment: make_payment(),
    PaymentLine: PaymentLine(1, Decimal("12.00")),
    Holds: Holds.PLAN,
}
# What no setting cures: somebody has to put it right, or post it by hand.
BY_HAND = {
    "ambiguous_customer", "check_failed", "currency_not_home", "dated_in_future",
    "document_locked", "margin_goods", "no_exact_shape", "no_shape_recomputed", "payment_exceeds",
    "payment_missing", "posted_differs", "posted_twice", "product_gone", "unsuitable_customer",
    "vat_not_registered", "vat_not_the_shops", "vat_rate_missing", "void_but_posted",
    "payment_awaited", "payment_not_imported", "nominal_missing", "overpaid_reissue",
    "entered_by_hand", "payment_moved", "reversal_differs",
}  # fmt: skip


def made(function):
    """The problem, from a plausible value for each parameter."""
    hints = get_type_hints(function)
    told = {}
    for name, parameter in inspect.signature(function).parameters.items():
        kind = hints[name]
        if parameter.default is not inspect.Parameter.empty:
            continue
        told[name] = next((v for k, v in SAMPLES.items() if k is kind), None)
        if told[name] is None:
            told[name] = "odd.name" if "str" in str(kind) else [Decimal(20)]
        if name == "kind":  # of credit with the shop: a closed set
            told[name] = "gift_card"
    order = inspect.signature(function).parameters
    by_place = [told[n] for n, p in order.items() if n in told and p.kind is not p.KEYWORD_ONLY]
    by_name = {n: told[n] for n, p in order.items() if n in told and p.kind is p.KEYWORD_ONLY}
    return function(*by_place, **by_name)


FUNCTIONS = [
    one
    for module in (
        problems,
        payment_problems,
        import_problems,
        dating_problems,
        vat_problems,
        numbering_problems,
    )
    for name, one in inspect.getmembers(module, inspect.isfunction)
    if one.__module__ == module.__name__ and get_type_hints(one).get("return") is Problem
    # What several makers of problems share says nothing of its own.
    if not name.startswith("_")
]


def loaded(text, tmp_path):
    path = tmp_path / "kashmag.toml"
    path.write_text(text, encoding="utf-8")
    return Settings.load(path, environ={}).policy


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_what_a_setting_cures_offers_one_that_loads(function, tmp_path):
    problem = made(function)
    assert bool(problem.settings) == (function.__name__ not in BY_HAND)
    if problem.settings:
        policy = loaded(problem.settings, tmp_path)
        defaults = {
            "unknown_sku": "line",
            "unusable_number": 0,
            "number_taken": 0,
            "no_invoice_day": "order",
        }
        assert policy != Policy() or problem.code in defaults


NOMINALS = (kashflow.Nominal(4000, "Sales"),)
BANKS = (kashflow.BankAccount(7, "Current Account"),)
METHODS = (kashflow.PaymentMethod(3, "Cheque"),)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_a_change_that_is_pasted_unread_names_nothing_that_money_could_go_to(function, tmp_path):
    """What it does not know of the account is named in a fault before anything is read."""
    settings = made(function).settings
    if f"= {TO_BE_NAMED}" not in settings:
        return
    policy = loaded(settings, tmp_path)
    faults = lacking(policy, NOMINALS, BANKS, METHODS)
    named = settings.count(f"= {TO_BE_NAMED}")
    assert [one.number for one in faults] == [TO_BE_NAMED] * named
    assert "instead of 0" in settings


def test_no_change_names_an_id_that_nobody_has_seen(tmp_path):
    seen = {7: "Current\nAccount"}
    for problem in (
        payment_problems.unmapped_payment_method(NAMED, "card", bank_accounts=seen),
        payment_problems.incomplete_payment_rule("card", bank_accounts=seen),
        payment_problems.bank_account_missing("card", 1, bank_accounts=seen),
        payment_problems.unmapped_credit(NAMED, "gift_card", bank_accounts=seen),
    ):
        assert "bank accounts: 7 Current Account" in problem.settings
        policy = loaded(problem.settings, tmp_path)
        (rule,) = (policy.payments or policy.credits).values()
        assert (rule.method, rule.bank_account) == (TO_BE_NAMED, TO_BE_NAMED)


def test_the_method_itself_stands_in_the_change(tmp_path):
    problem = payment_problems.unmapped_payment_method(NAMED, "paypal_express")
    assert set(loaded(problem.settings, tmp_path).payments) == {"paypal_express"}
    odd = payment_problems.unmapped_payment_method(NAMED, 'pay "pal".x')
    assert set(loaded(odd.settings, tmp_path).payments) == {'pay "pal".x'}


def test_foreign_vat_totals_and_stacked_taxes_offer_theirs(tmp_path):
    (foreign,) = advise(make_sale(make_line("10.00", "1.90", rate="19")))
    assert loaded(foreign.settings, tmp_path).nominals.foreign_vat == TO_BE_NAMED
    total = reading_problems.unknown_total("12", Decimal(1), "GBP", named=["cod_fee"])
    assert set(loaded(total.settings, tmp_path).totals) == {"cod_fee"}
    stacked = reading_problems.stacked_taxes("12", ["a mug"], holds=Holds.PLAN)
    assert loaded(stacked.settings, tmp_path).stacked_taxes.value == "combine"


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers()), max_size=8)
)
def test_joined_changes_say_each_key_once_and_the_first_wins(changes):
    import tomllib

    text = joined(cure(table, **{key: value}) for table, key, value in changes)
    expected = {}
    for table, key, value in changes:
        expected.setdefault(table, {}).setdefault(key, value)
    assert tomllib.loads(text) == expected
