"""Partly cancelled orders: what was not cancelled, read from the order's Magento invoices."""

import importlib.util
from decimal import Decimal
from pathlib import Path

from kashmag.accounting import CreditKind, LineKind

_spec = importlib.util.spec_from_file_location("docs", Path(__file__).with_name("documents.py"))
docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs)
order, row, reading, codes, both = docs.order, docs.row, docs.reading, docs.codes, docs.both
document, part, figures = docs.document, docs.part, docs.figures

SHIPPED = {
    "item_applied_taxes": [
        {"type": "shipping", "applied_taxes": [{"percent": 5, "amount": 1, "base_amount": 1}]}
    ]
}
# Five at 12.00 and carriage of 21.00; three were invoiced in two parts, two cancelled.
TOLD = order(
    row(1, "60.00", "10.00", quantity=5, qty_invoiced=3, qty_canceled=2,
        product_type="configurable"),
    grand_total="81.00",
    tax="11.00",
    extension=SHIPPED,
    shipping_description="Royal Mail",
    **both(shipping_amount=20, shipping_tax_amount=1, total_canceled=24, total_invoiced=57),
)  # fmt: skip
FIRST = document(part(1, 20, 4, quantity=2), entity_id=5, grand_total="45.00", tax=5,
                 **both(shipping_amount=20, shipping_tax_amount=1))  # fmt: skip
SECOND = document(part(1, 10, 2), entity_id=6, grand_total="12.00", tax=2)


def test_several_invoices_are_one_sale_of_what_was_not_cancelled():
    found = reading(TOLD, [FIRST, SECOND])
    assert found.problems == ()
    assert figures(found) == {"item:1": ("30.00", "6.00", "20"), "shipping": ("20.00", "1.00", "5")}
    sale = found.sale
    goods, carriage = sale.lines
    assert goods.quantity == 3
    assert (goods.description, goods.sku) == ("Thing 1", "SKU-1")
    assert goods.product_type == "configurable"
    assert (carriage.kind, carriage.description) == (LineKind.CARRIAGE, "Royal Mail")
    assert carriage.quantity == 1
    assert sale.gross.amount == 57
    assert [one.amount.amount for one in found.payments] == [45, 12]


def test_a_row_invoiced_twice_in_one_invoice_is_one_line():
    both_parts = document(part(1, 20, 4, quantity=2), part(1, 10, 2), entity_id=5,
                          grand_total="57.00", tax=7,
                          **both(shipping_amount=20, shipping_tax_amount=1))  # fmt: skip
    found = reading(TOLD, [both_parts])
    assert figures(found)["item:1"] == ("30.00", "6.00", "20")
    assert found.sale.lines[0].quantity == 3


def test_a_cancelled_invoice_says_nothing():
    dead = {**SECOND, "entity_id": 7, "increment_id": "7", "state": 3}
    assert reading(TOLD, [FIRST, SECOND, dead]).sale.gross.amount == 57
    assert codes(reading(TOLD, [dead])) == ["partly_cancelled_without_invoices"]


def test_an_open_invoice_counts_though_it_is_not_paid():
    found = reading(TOLD, [FIRST, {**SECOND, "state": 1}])
    assert found.sale.gross.amount == 57
    assert [one.amount.amount for one in found.payments] == [45]


def test_invoices_that_leave_a_part_open_are_held_with_both_sums():
    (problem,) = reading(TOLD, [FIRST]).problems
    assert problem.code == "invoices_do_not_meet"
    assert "order 000000012" in problem.message
    assert "45.00 GBP" in problem.message
    assert "57.00" in problem.message


def test_an_invoice_whose_rows_miss_its_total_is_held_with_both_sums():
    (problem,) = reading(TOLD, [FIRST, {**SECOND, "items": [part(1, 9, 2)]}]).problems
    assert problem.code == "invoice_does_not_meet"
    assert problem.document == "000000006"
    assert "11.00 GBP" in problem.message
    assert "12.00" in problem.message


def test_a_cancelled_quantity_is_enough_to_look_at_the_invoices():
    free = order(
        row(1, "12.00", "2.00", qty_invoiced=1), row(2, "0.00", qty_canceled=1),
        grand_total="12.00", tax="2.00",
    )  # fmt: skip
    (problem,) = reading(free).problems
    assert problem.code == "partly_cancelled_without_invoices"
    assert "Order 000000012 is cancelled in part (0.00 GBP)" in problem.message
    found = reading(free, [document(part(1, 10, 2), entity_id=5, grand_total=12, tax=2)])
    assert list(figures(found)) == ["item:1"]


def test_an_invoiced_row_that_the_order_does_not_know_is_held_for_its_percentage():
    strange = {**SECOND, "items": [part(99, 10, 2, name="Ghost")]}
    (problem,) = reading(TOLD, [FIRST, strange]).problems
    assert problem.code == "rate_unknown"
    assert "Ghost of order 000000012" in problem.message
    assert "2.00" in problem.message


def test_an_invoiced_row_that_the_order_does_not_know_without_vat_is_a_line():
    strange = {**SECOND, **both(grand_total=Decimal(12), tax_amount=0),
               "items": [part(99, 12, 0, name="")]}  # fmt: skip
    found = reading(TOLD, [FIRST, strange])
    assert figures(found)["item:99"] == ("12.00", "0.00", "0")
    assert found.sale.lines[-1].description == "SKU-99"
    assert found.sale.lines[-1].product_type == ""


def test_credits_spent_on_the_invoices_are_the_sales():
    told = {**TOLD, **both(grand_total=Decimal(71)),
            "payment": {"amount_ordered": 71, "base_amount_ordered": 71},
            "extension_attributes": {**SHIPPED, **both(gift_cards_amount=10)}}  # fmt: skip
    spent = {**FIRST, **both(grand_total=Decimal(38)),
             "extension_attributes": both(gift_cards_amount=7)}  # fmt: skip
    more = {**SECOND, **both(grand_total=Decimal(9)),
            "extension_attributes": both(gift_cards_amount=3)}  # fmt: skip
    sale = reading(told, [spent, more]).sale
    assert [(one.kind, one.amount.amount) for one in sale.credits] == [(CreditKind.GIFT_CARD, 10)]
    assert sale.gross.amount == 57
    assert sale.owed.amount == 47


def test_parts_of_pennies_of_invoices_are_rounded_once():
    told = order(row(1, "24.01", "4.00", quantity=2, qty_canceled=1), grand_total="24.01",
                 tax="4.00", **both(total_canceled="12.005"))  # fmt: skip
    half = document(part(1, "10.005", 2), entity_id=5, grand_total="12.005", tax=2)
    assert reading(told, [half]).sale.gross.amount == Decimal("12.01")


def test_a_wrapped_invoice_carries_the_wrapping_at_its_orders_percentage():
    wrapped = {"gw_price": "3.00", "gw_tax_amount": "0.60",
               "gw_base_price": "3.00", "gw_base_tax_amount": "0.60"}  # fmt: skip
    listed = {"type": "quote_gw", "applied_taxes": [{"percent": 20, "amount": "0.6"}]}
    told = order(row(1, "24.00", "4.00", quantity=2, qty_canceled=1), grand_total="27.60",
                 tax="4.60", extension={**wrapped, "item_applied_taxes": [listed]},
                 **both(total_canceled=12))  # fmt: skip
    one = document(part(1, 10, 2), entity_id=5, grand_total="15.60", tax="2.60",
                   extension_attributes=wrapped)  # fmt: skip
    found = reading(told, [one])
    assert figures(found)["fee:gift_wrapping"] == ("3.00", "0.60", "20")
    assert found.sale.lines[1].description == "Gift wrapping"
    assert found.sale.lines[1].kind is LineKind.FEE


def test_invoices_whose_vat_is_not_their_rows_are_held():
    odd = {**SECOND, **both(tax_amount=Decimal("2.50"))}
    (problem,) = reading(TOLD, [FIRST, odd]).problems
    assert problem.code == "vat_does_not_meet"
    assert "order 000000012 comes to 7.00 GBP" in problem.message
    assert "7.50" in problem.message


def test_an_invoice_has_the_discount_of_shipping_and_its_compensation():
    told = order(row(1, "24.00", "4.00", quantity=2, qty_canceled=1), grand_total="29.40",
                 tax="4.90", extension={"item_applied_taxes": [
                     {"type": "shipping", "applied_taxes": [{"percent": 20}]}]},
                 **both(total_canceled=12, shipping_amount=5, shipping_tax_amount="0.90",
                        shipping_discount_amount="0.60", discount_amount="-0.60",
                        shipping_discount_tax_compensation_amount="0.10"))  # fmt: skip
    one = document(part(1, 10, 2), entity_id=5, grand_total="17.40", tax="2.90",
                   **both(shipping_amount=5, shipping_tax_amount="0.90", discount_amount="-0.60",
                          shipping_discount_tax_compensation_amount="0.10"))  # fmt: skip
    assert figures(reading(told, [one]))["shipping"] == ("4.50", "0.90", "20")
