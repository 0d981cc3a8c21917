"""How sentences are worded: money in pence, rates as people say them, plugins last."""

import inspect
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_type_hints

import pytest

from kashmag.accounting import Money, Payment, Problem
from kashmag.accounting.vat import shown_rate
from kashmag.kashflow import PaymentLine
from kashmag.plans import (
    customer_problems,
    dating_problems,
    drift_problems,
    import_problems,
    lookalike_problems,
    payment_problems,
    problems,
)
from kashmag.testing.factories import make_payment, pounds

RAW = Decimal("22.5000")  # as both vendors tell 22.50
SAMPLES = {
    payment_problems.Named: payment_problems.Named("TX1", RAW, order="000000042"),
    lookalike_problems.Lookalike: lookalike_problems.Lookalike(
        order="000000042", gross=RAW, currency="GBP", invoice=7, issued_on=date(2026, 4, 14),
        invoice_gross=Decimal("7.3500"), evidence="names the order's number",
    ),
    str: "word",
    str | None: "word",
    int: 7,
    bool: False,
    date: date(2026, 4, 14),
    datetime: datetime(2026, 4, 14, 9, 0, tzinfo=UTC),
    Problem: Problem("word", "Word.", remedy="Word."),
    Decimal: RAW,
    Money: pounds("22.5"),
    Payment: make_payment("22.50"),
    PaymentLine: PaymentLine(1, Decimal("7.5000")),
}  # fmt: skip
MODULES = (
    customer_problems, dating_problems, drift_problems, import_problems, lookalike_problems,
    payment_problems, problems,
)  # fmt: skip
FUNCTIONS = [
    one
    for module in MODULES
    for _, one in inspect.getmembers(module, inspect.isfunction)
    if one.__module__ == module.__name__ and get_type_hints(one).get("return") is Problem
]


def made(function) -> Problem:
    """The problem, from raw amounts wherever it takes one."""
    hints, told = get_type_hints(function), {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.default is inspect.Parameter.empty:
            of_many = [RAW] if "Decimal" in str(hints[name]) else ["word"]
            told[name] = SAMPLES.get(hints[name], of_many)
    positional = {
        name
        for name, one in inspect.signature(function).parameters.items()
        if one.kind is not one.KEYWORD_ONLY
    }
    by_place = [value for name, value in told.items() if name in positional]
    by_name = {name: value for name, value in told.items() if name not in positional}
    return function(*by_place, **by_name)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_amounts_stand_in_pence_and_rates_without_needless_zeros(function):
    said = made(function)
    for text in (said.message, said.remedy):
        assert not re.search(r"\d\.\d(?!\d)(?! %)", text)  # 22.5
        assert not re.search(r"\d\.\d\d0+(?!\d)", text)  # 22.5000


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_a_remedy_says_first_what_a_bookkeeper_can_do(function):
    remedy = made(function).remedy
    before, hook, _ = remedy.partition("kashmag_")
    assert not hook or "plugin" in before
    assert not hook or len(before.split()) > 6


@pytest.mark.parametrize(
    ("rate", "said"), [("20.0000", "20"), ("17.5", "17.5"), ("0", "0"), ("100", "100")]
)
def test_a_rate_is_said_as_people_say_it(rate, said):
    assert shown_rate(Decimal(rate)) == said
