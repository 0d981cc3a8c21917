"""Each known meaning of a row's totals, by itself."""

from decimal import Decimal

import pytest

from kashmag.magento import OrderItem
from kashmag.magento.order_record import Order
from kashmag.magento.reading import order_figures, rows

# Two at 10.00 (12.00 with VAT), 2.40 off with VAT: row 20.00, compensation 0.40, VAT 3.60.
TOLD = {
    "item_id": 1, "qty_ordered": Decimal(2), "qty_invoiced": Decimal(2),
    "price": Decimal("10.01"), "price_incl_tax": Decimal("12.01"),
    "row_total": Decimal(7), "row_total_incl_tax": Decimal(11), "row_invoiced": Decimal(20),
    "discount_amount": Decimal("2.40"), "tax_amount": Decimal("3.60"),
    "discount_tax_compensation_amount": Decimal("0.40"), "weee_tax_applied_row_amount": Decimal(1),
}  # fmt: skip


def row(**more):
    item = OrderItem(**{**TOLD, **more})
    return order_figures.in_order_currency(Order(entity_id=12, items=(item,))).rows[0]


@pytest.mark.parametrize(
    ("meaning", "gross", "needs"),
    [
        (rows.served, "10", ["row_total_incl_tax"]),
        (rows.served_with_one_levy, "10", ["row_total_incl_tax"]),
        (rows.served_without_levies, "11", ["row_total_incl_tax"]),
        (rows.stored, "8.60", ["row_total"]),
        (rows.discounted, "11.00", ["row_total"]),
        (rows.finished, "10.60", ["row_total"]),
        (rows.stored_with_tax, "8.60", ["row_total_incl_tax"]),
        (rows.invoiced, "21.60", ["row_invoiced", "qty_ordered"]),
        (rows.priced, "21.62", ["qty_ordered"]),
        (rows.priced_with_tax, "21.62", ["qty_ordered", "price_incl_tax"]),
        (rows.priced_in_pence, "21.62", ["qty_ordered"]),
        (rows.priced_with_tax_in_pence, "21.62", ["qty_ordered", "price_incl_tax"]),
    ],
)
def test_a_meaning_is_what_it_says_and_none_without_its_fields(meaning, gross, needs):
    assert meaning(row()).value == Decimal(gross)
    for name in needs:
        assert meaning(row(**{name: None})) is None


def test_what_is_not_wholly_invoiced_does_not_tell_the_row():
    assert rows.invoiced(row(qty_invoiced=Decimal(1))) is None


def test_pence_are_rounded_half_up():
    half = row(price=Decimal("0.005"), price_incl_tax=Decimal("0.015"), qty_ordered=Decimal(1))
    assert rows.priced_in_pence(half).value == Decimal("1.61")
    assert rows.priced_with_tax_in_pence(half).value == Decimal("-2.38")
