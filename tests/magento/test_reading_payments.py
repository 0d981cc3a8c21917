"""Payments: the paid Magento invoices of an order, and never more than is owed."""

import importlib.util
from datetime import date
from decimal import Decimal
from pathlib import Path

from kashmag.accounting import Holds

_spec = importlib.util.spec_from_file_location("docs", Path(__file__).with_name("documents.py"))
docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs)
order, row, reading, codes = docs.order, docs.row, docs.reading, docs.codes
document, part = docs.document, docs.part

TOLD = order(row(1, "24.00", "4.00", quantity=2), grand_total="24.00", tax="4.00")


def invoice(entity_id, gross, **more):
    return document(part(1, 10, 2), entity_id=entity_id, grand_total=gross, tax=2, **more)


def test_a_paid_invoice_is_a_payment_keyed_by_its_transaction():
    (payment,) = reading(TOLD, [invoice(5, 24, transaction_id="ch_1")]).payments
    assert (payment.key, payment.transaction_id, payment.invoice_number) == (
        "ch_1",
        "ch_1",
        "000000005",
    )
    assert payment.amount.amount == 24
    assert payment.method == "checkmo"
    assert payment.paid_on == date(2026, 4, 15)


def test_an_offline_payment_is_keyed_by_its_invoice():
    (payment,) = reading(TOLD, [invoice(5, 24)]).payments
    assert (payment.key, payment.transaction_id) == ("000000005", "")


def test_two_invoices_of_one_transaction_have_keys_of_their_own():
    found = reading(TOLD, [invoice(6, 12, transaction_id="t"), invoice(5, 12, transaction_id="t")])
    assert [one.key for one in found.payments] == ["t", "t/000000006"]


def test_the_key_of_a_payment_stays_when_another_invoice_of_its_transaction_comes():
    before = reading(TOLD, [invoice(5, 12, transaction_id="t")])
    after = reading(TOLD, [invoice(5, 12, transaction_id="t"), invoice(6, 12, transaction_id="t")])
    assert before.payments[0].key == after.payments[0].key


def test_open_and_cancelled_invoices_are_no_payments():
    assert reading(TOLD, [invoice(5, 24, state=1), invoice(6, 24, state=3)]).payments == ()


def test_an_invoice_of_nothing_is_no_payment():
    assert reading(TOLD, [invoice(5, 0)]).payments == ()


def test_more_paid_than_owed_holds_the_payments_and_not_the_sale():
    found = reading(TOLD, [invoice(5, 24), invoice(6, 1)])
    assert [(p.code, p.holds) for p in found.problems] == [("paid_above_owed", Holds.PAYMENT)]
    assert "25.00 GBP" in found.problems[0].message
    assert "24.00 GBP" in found.problems[0].message
    assert found.sale is not None
    assert not found.is_held


def test_what_is_paid_with_credits_is_the_rest():
    told = order(row(1, "24.00", "4.00"), grand_total="14.00", tax="4.00",
                 extension={"gift_cards_amount": 10, "base_gift_cards_amount": 10})  # fmt: skip
    found = reading(told, [invoice(5, 14)])
    assert found.sale.gross.amount == 24
    assert found.payments[0].amount == found.sale.owed
    above = reading(told, [invoice(5, 15)])
    assert codes(above) == ["paid_above_owed"]


def test_parts_of_a_penny_are_paid_once():
    told = order(row(1, "24.01", "4.00", quantity=2), grand_total="24.01", tax="4.00")
    found = reading(told, [invoice(5, "12.005"), invoice(6, "12.005")])
    assert sum(one.amount.amount for one in found.payments) == Decimal("24.01")
    assert found.problems == ()


def test_one_partial_invoice_is_rounded_by_itself():
    (payment,) = reading(TOLD, [invoice(5, "12.005")]).payments
    assert payment.amount.amount == Decimal("12.01")


def test_a_paid_invoice_without_a_day_holds_the_payments():
    found = reading(TOLD, [{**invoice(5, 24), "created_at": None}])
    assert [(p.code, p.holds) for p in found.problems] == [("payment_undated", Holds.PAYMENT)]
    assert found.problems[0].document == "000000005"
    assert found.payments == ()
