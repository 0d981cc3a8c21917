"""An order and its documents must not contradict each other or themselves before they are read."""

import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest

from kashmag.accounting import Holds

_spec = importlib.util.spec_from_file_location("docs", Path(__file__).with_name("documents.py"))
docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs)
order, row, reading, codes = docs.order, docs.row, docs.reading, docs.codes
document, part, BASE, ORDERED = docs.document, docs.part, docs.BASE, docs.ORDERED

GOOD = order(row(1, "12.00", "2.00"), grand_total="12.00", tax="2.00")
TOTALS = ("grand_total", "subtotal", "tax_amount", "shipping_amount", "discount_amount")


def a_penny_more(told, name):
    return {**told, name: Decimal(str(told.get(name) or 0)) + Decimal("0.01")}


@pytest.mark.parametrize("basis", [BASE, ORDERED])
@pytest.mark.parametrize("name", TOTALS)
@pytest.mark.parametrize("prefix", ["", "base_"])
def test_figures_that_differ_by_a_penny_in_one_and_the_same_currency_hold_the_order(
    basis, name, prefix
):
    found = reading(a_penny_more(GOOD, prefix + name), basis=basis)
    assert "figures_differ" in codes(found)
    assert found.is_held


@pytest.mark.parametrize("name", ["grand_total", "base_grand_total"])
def test_the_figures_of_invoices_and_memos_are_compared_too(name):
    told = document(part(1, 10, 2), entity_id=7, grand_total=12, tax=2)
    assert "figures_differ" in codes(reading(GOOD, [a_penny_more(told, name)], ()))
    assert "figures_differ" in codes(reading(GOOD, (), [a_penny_more(told, name)]))


def test_two_currencies_may_differ_as_they_like():
    told = {**a_penny_more(GOOD, "grand_total"), "order_currency_code": "EUR"}
    assert "figures_differ" not in codes(reading(told))


def test_two_memos_under_one_number_hold_the_order_and_one_given_twice_does_not():
    told = document(part(1, 5, 1), entity_id=7, grand_total=6, tax=1)
    other = {**told, "entity_id": 8}
    assert "number_twice" not in codes(reading(GOOD, (), [told, told]))
    found = reading(GOOD, (), [told, other])
    assert "number_twice" in codes(found)
    assert found.is_held


@pytest.mark.parametrize(
    ("name", "code"),
    [("increment_id", "increment_number_missing"), ("store_id", "store_missing")],
)
def test_an_order_that_could_not_be_found_again_is_held(name, code):
    found = reading({**GOOD, name: None})
    assert codes(found) == [code]
    assert found.is_held


def test_a_memo_without_a_number_is_held():
    told = {**document(part(1, 5, 1), entity_id=7, grand_total=6, tax=1), "increment_id": None}
    found = reading(GOOD, (), [told])
    assert ("memo_incomplete", Holds.PLAN) in [(p.code, p.holds) for p in found.problems]


def test_a_refund_whose_memos_are_not_at_hand_is_said():
    told = {**GOOD, "total_refunded": 6, "base_total_refunded": 6}
    memo = document(part(1, 5, 1), entity_id=7, grand_total=6, tax=1)
    said = [(p.code, p.holds) for p in reading(told).problems]
    assert said == [("memos_unread", Holds.NOTHING)]
    assert "memos_unread" not in codes(reading(told, (), [memo]))
