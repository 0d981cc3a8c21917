"""Reading never raises for the data's sake: what is missing or wrong is a problem, said in full."""

import importlib.util
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.accounting import Holds

_spec = importlib.util.spec_from_file_location("docs", Path(__file__).with_name("documents.py"))
docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs)
order, row, reading, codes = docs.order, docs.row, docs.reading, docs.codes
document, part, BASE, ORDERED = docs.document, docs.part, docs.BASE, docs.ORDERED

GOOD = order(row(1, "12.00", "2.00"), grand_total="12.00", tax="2.00")


def without(told, *names):
    return {name: value for name, value in told.items() if name not in names}


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (without(GOOD, "base_grand_total"), "grand_total_missing"),
        (without(GOOD, "base_currency_code"), "currency_missing"),
        (without(GOOD, "created_at"), "date_missing"),
        ({**GOOD, "items": []}, "rows_missing"),
        ({**GOOD, "items": [without(row(1, "12.00", "2.00"), "qty_ordered")]},
         "quantity_missing"),
        ({**GOOD, "items": [row(1, "12.00", "2.00", quantity=-1)]}, "negative_quantity"),
        (order(row(1, "-0.01"), grand_total="-0.01", tax=0), "order_below_nothing"),
    ],
)  # fmt: skip
def test_what_is_missing_or_absurd_holds_the_order(told, code):
    found = reading(told)
    assert found.sale is None
    assert found.is_held
    assert code in codes(found)
    assert not found.is_void
    assert all(problem.remedy and "000000012" in problem.message for problem in found.problems)


def test_an_order_that_rounds_to_nothing_is_a_sale_of_nothing():
    found = reading(order(row(1, "-0.004"), grand_total="-0.004", tax=0))
    assert found.problems == ()
    assert found.sale.gross.amount == 0


def test_a_sale_without_email_is_read_and_held():
    found = reading(without(GOOD, "customer_email"))
    assert codes(found) == ["email_missing"]
    assert found.is_held
    assert found.sale.buyer.email == ""


def test_the_email_of_an_address_does_not_stand_in_for_the_orders_own():
    billing = {**GOOD["billing_address"], "email": "robin@example.com"}
    found = reading({**without(GOOD, "customer_email"), "billing_address": billing})
    assert [problem.code for problem in found.problems] == ["email_missing"]


def test_an_order_without_anything_is_problems_and_no_exception():
    found = reading({"entity_id": 12})
    assert found.sale is None
    assert {"grand_total_missing", "currency_missing", "date_missing", "rows_missing"} <= set(
        codes(found)
    )
    assert "#12" in found.problems[0].message


def test_a_foreign_order_without_its_rate_is_held_in_its_own_currency_only():
    told = without({**GOOD, "order_currency_code": "EUR"}, "base_to_order_rate")
    assert codes(reading(told, basis=ORDERED)) == ["exchange_rate_missing"]
    assert reading(told, basis=BASE).problems == ()


def test_documents_of_another_order_hold_the_plan_and_are_not_counted():
    invoice = document(part(1, 10, 2), entity_id=5, grand_total=12, tax=2, order_id=13)
    memo = document(part(1, 10, 2), entity_id=6, grand_total=12, tax=2, order_id=14)
    found = reading(GOOD, [invoice], [memo])
    assert codes(found) == ["document_of_another_order", "document_of_another_order"]
    assert [problem.document for problem in found.problems] == ["000000005", "000000006"]
    assert found.payments == ()
    assert found.refunds == ()
    assert found.is_held
    assert found.sale is not None


def test_documents_in_another_currency_hold_the_plan_and_are_not_counted():
    invoice = document(part(1, 10, 2), entity_id=5, grand_total=12, tax=2,
                       base_currency_code="USD")  # fmt: skip
    found = reading(GOOD, [invoice], [{**invoice, "entity_id": 7, "increment_id": "7"}])
    assert codes(found) == ["currency_mixed", "currency_mixed"]
    assert "USD" in found.problems[0].message
    assert "GBP" in found.problems[0].message
    assert found.payments == ()
    assert found.refunds == ()


def test_a_document_handed_in_twice_counts_once():
    invoice = document(part(1, 10, 2), entity_id=5, grand_total=12, tax=2)
    found = reading(GOOD, [invoice, invoice])
    assert [payment.amount.amount for payment in found.payments] == [12]
    assert found.problems == ()


def test_an_order_of_nothing_is_a_sale_of_nothing():
    free = order(row(1, "0.00"), grand_total="0", tax="0")
    found = reading(free)
    assert found.sale.gross.amount == 0
    assert not found.is_void
    assert [line.key for line in found.sale.lines] == ["item:1"]


def test_a_cancelled_order_is_void_unless_something_of_it_was_invoiced():
    assert reading({**GOOD, "state": "canceled"}).is_void
    half = {**GOOD, "state": "canceled", "base_total_invoiced": 12, "base_total_canceled": 0}
    assert not reading(half).is_void
    live = document(part(1, 10, 2), entity_id=5, grand_total=12, tax=2)
    assert reading({**GOOD, "state": "canceled"}, [live]).sale is not None
    dead = {**live, "state": 3}
    assert reading({**GOOD, "state": "canceled"}, [dead]).is_void


def test_figures_beyond_all_money_are_a_problem():
    found = reading({**GOOD, "base_grand_total": "1e40"})
    assert codes(found) == ["absurd_figures"]
    assert found.sale is None


def test_days_are_those_of_the_shops_calendar():
    late = {**GOOD, "created_at": "2026-06-30 23:30:00"}
    assert reading(late).sale.ordered_on == date(2026, 7, 1)
    utc = docs.Basis(docs.CurrencyBasis.BASE, time_zone="UTC")
    assert reading(late, basis=utc).sale.ordered_on == date(2026, 6, 30)


def test_the_buyer_and_where_it_goes_are_read():
    told = {
        **GOOD,
        "customer_id": 7,
        "customer_group_id": 2,
        "customer_is_guest": 0,
        "customer_taxvat": "GB1",
        "store_id": 3,
        "billing_address": {
            "firstname": "Robin", "lastname": "Example", "company": " Example Ltd ",
            "vat_id": "IE9", "country_id": "ie", "postcode": " D01 ", "city": "Dublin",
            "street": ["1 Invented Lane", ""], "telephone": None, "region": "Leinster",
        },
        "extension_attributes": {
            "shipping_assignments": [
                {"shipping": {"address": {"firstname": "Sam", "country_id": "GB"}}}
            ]
        },
    }  # fmt: skip
    sale = reading(told).sale
    buyer = sale.buyer
    assert (buyer.name, buyer.company, buyer.vat_number) == ("Robin Example", "Example Ltd", "IE9")
    assert (buyer.source_id, buyer.group, buyer.is_guest) == ("7", "2", False)
    assert buyer.billing.street == ("1 Invented Lane",)
    assert (buyer.billing.country_code, buyer.billing.postcode) == ("IE", "D01")
    assert (buyer.billing.city, buyer.billing.region) == ("Dublin", "Leinster")
    assert buyer.delivery.name == "Sam"
    assert sale.store_id == "3"
    assert sale.payment_method == "checkmo"
    assert reading(GOOD).sale.buyer.delivery is None
    assert reading(GOOD).sale.buyer.is_guest


AMOUNTS = st.sampled_from(["0", "12.00", "-3.5", "0.0001", "1e12", "1e40", None, "12"])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_figures_whatever_make_reading_raise(data):
    def spoilt(told, names):
        return {**told, **{name: data.draw(AMOUNTS) for name in names}}

    rows = [
        spoilt(row(at, "12.00", "2.00"), data.draw(st.sets(st.sampled_from(ROW_FIELDS))))
        for at in range(data.draw(st.integers(0, 3)))
    ]
    fields = data.draw(st.sets(st.sampled_from(ORDER_FIELDS)))
    told = spoilt(order(*rows, grand_total="24.00", tax="4.00"), fields)
    invoice = spoilt(document(part(1, 10, 2), entity_id=5, grand_total=12, tax=2), fields)
    memo = document(part(0, 10, 2), entity_id=6, grand_total=12, tax=2)
    found = reading(told, [invoice], [memo])
    assert found.sale is not None or found.is_void or found.is_held
    for problem in found.problems:
        assert problem.message.endswith((".", "!"))
        assert problem.remedy
        assert isinstance(problem.holds, Holds)


ROW_FIELDS = [
    "base_row_total", "base_row_total_incl_tax", "base_tax_amount", "base_discount_amount",
    "base_price", "qty_ordered", "qty_canceled", "tax_percent",
]  # fmt: skip
ORDER_FIELDS = [
    "base_grand_total", "base_tax_amount", "base_subtotal", "base_shipping_amount",
    "base_total_canceled", "base_shipping_tax_amount",
]  # fmt: skip
