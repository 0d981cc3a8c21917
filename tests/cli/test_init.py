"""The settings file that init drafts: it loads, says what was found, and leaves money to people."""

import re
import tomllib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.cli.drafting_money import _METHODS, _rule
from kashmag.plans.cures import TO_BE_NAMED
from kashmag.plans.policy import PaymentAction
from kashmag.sandbox.workload import fill
from kashmag.settings import Settings


@pytest.fixture
def drafted(installed, kashmag, tmp_path):
    """A shop of many kinds of orders, and the file drafted from it."""
    fill(installed.magento, 60, seed=3)
    code, (told,), _ = kashmag("init", "--settings", "new.toml", "--go-live", "2026-04-01")
    assert (code, told["left_out"]) == (0, [])
    return tmp_path / "new.toml"


def settled(text):
    """The file after a person has taken the # away before every suggestion of money."""
    return re.sub(r"^# (\S+ = \{ action)", r"\1", text, flags=re.MULTILINE)


def test_what_was_found_stands_beside_what_follows_from_it(drafted):
    text = drafted.read_text()
    for told in (
        "# Store view default (1): base currency GBP",
        "by currency: GBP",
        "# The account has no invoices of the last three months.",
        "# KashFlow: registered for VAT.",
        "# Rates of the account: 0 %, 5 %, 20 %.",
        "# Orders by VAT rate: 20 %",
        "# The shop's prices include VAT.",
        "# Shipping with VAT: ",
        "# The shop's tax classes: ",
        "# KashFlow manages stock",
        "method: 1 Bank Transfer, 2 Credit / Debit Card",
        "bank_account: 1 Current Account, 2 Card Clearing, 3 PayPal",
    ):
        assert told in text, told
    policy = tomllib.loads(text)["policy"]
    assert policy["nominals"] == {"goods": 4000, "carriage": 4100, "fees": 4200, "suspense": 7900}
    assert policy["payments"] == {}
    assert policy["time_zone"] == "Europe/London"


def test_the_doctor_says_of_it_only_what_a_person_must_decide(drafted, kashmag):
    code, (told,), _ = kashmag("doctor", "--settings", "new.toml")
    assert (code, told["ok"]) == (0, True)
    warned = {one["code"] for one in told["findings"] if one["level"] == "warning"}
    assert warned == {"payment_method_unmapped"}
    drafted.write_text(settled(drafted.read_text()))
    payments = Settings.load(drafted, environ={}).policy.payments
    assert payments["paypal_express"].action is PaymentAction.MATCH
    code, (told,), _ = kashmag("doctor", "--settings", "new.toml")
    assert not [one for one in told["findings"] if one["level"] in ("warning", "fault")]


def test_every_other_suggestion_loads_too(drafted):
    text = re.sub(r"^# (\w+ = \d\S*|\w+ = \{ zero)", r"\1", drafted.read_text(), flags=re.MULTILINE)
    drafted.write_text(text)
    policy = Settings.load(drafted, environ={}).policy
    assert policy.books_closed_until == date(2026, 3, 31)
    assert policy.flat_rate == Decimal("7.5")
    assert policy.nominals.vouchers == 4300
    assert policy.nominals.foreign_vat == 4010


def test_existing_invoices_say_how_they_are_numbered_and_what_is_filed(
    installed, kashmag, tmp_path
):
    kashmag("sync", "orders")
    until = max(one["IssuedDate"][:10] for one in installed.kashflow.invoices())
    installed.kashflow.file_vat_return(date.fromisoformat(until))
    kashmag("init", "--settings", "new.toml")
    text = (tmp_path / "new.toml").read_text()
    assert "are numbered by the shop's order numbers, up to" in text
    assert "carry a reference of kashmag's already" in text
    assert f"# A document of {until} is in a VAT return" in text
    assert re.search(r"^# vat_returns_filed_until = \d{4}-\d\d-\d\d$", text, re.MULTILINE)


WAYS = {1: "Bank Transfer", 2: "Credit / Debit Card", 4: "Cheque", 5: "Cash"}
BANKS = {1: "Current Account", 2: "Card Clearing"}


@pytest.mark.parametrize(
    ("method", "rule"),
    [
        ("stripe_payments", '{ action = "post", method = 2, bank_account = 2 }'),
        ("banktransfer", '{ action = "post", method = 1, bank_account = 1 }'),
        ("checkmo", '{ action = "post", method = 4, bank_account = 1 }'),
        ("paypal_express", '{ action = "match" }'),
        ("free", '{ action = "leave" }'),
        ("something_else", '{ action = "post", method = 0, bank_account = 0 }'),
    ],
)
def test_a_guess_is_by_name_and_loads(method, rule):
    assert _rule(method, WAYS, BANKS) == rule
    assert tomllib.loads(f"x = {_rule(method, {}, {})}")


names = st.dictionaries(
    st.integers(1, 99), st.sampled_from((*WAYS.values(), *BANKS.values(), "Petty", "Till"))
)


@given(st.sampled_from([name for name, _, _ in _METHODS] + ["else"]), names, names)
def test_only_what_the_account_has_is_suggested_or_a_place_to_be_filled(method, ways, banks):
    rule = tomllib.loads(f"x = {_rule(method, ways, banks)}")["x"]
    if rule["action"] == "post":
        assert rule["method"] in {*ways, TO_BE_NAMED}
        assert rule["bank_account"] in {*banks, TO_BE_NAMED}
