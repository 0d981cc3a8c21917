"""What rows mean: over Magento's releases, in customised shops, and where it stays in doubt."""

import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("docs", Path(__file__).with_name("documents.py"))
docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs)
order, row, reading, codes, figures = docs.order, docs.row, docs.reading, docs.codes, docs.figures
BASE, ORDERED, both = docs.BASE, docs.ORDERED, docs.both
EITHER = pytest.mark.parametrize("basis", [BASE, ORDERED], ids=["base", "order"])


def discounted(item_id, *, row_total, row_total_incl_tax, **more):
    """Two at 12.00 with VAT, 10 % off prices with VAT: 21.60 is owed, 3.60 of it VAT."""
    told = both(
        row_total=row_total,
        row_total_incl_tax=row_total_incl_tax,
        tax_amount=Decimal("3.60"),
        price=10,
        price_incl_tax=12,
        discount_amount=Decimal("2.40"),
        discount_tax_compensation_amount=Decimal("0.40"),
    )
    return row(item_id, 0, quantity=2, **{**told, **more})


SEMANTICS = {
    "2.3.0": (20, 24),
    "2.3.1 to 2.4.7": ("17.60", "21.60"),
    "2.4.8": ("7.60", "21.60"),
    "net after everything": (18, "21.60"),
    "net after everything, with tax before discount": (18, 24),
    "without row_total_incl_tax": ("17.60", None),
    "without row_total": (None, "21.60"),
    "stored, without row_total_incl_tax": (20, None),
    "net after everything, without row_total_incl_tax": (18, None),
    "without either": (None, None),
}


@EITHER
@pytest.mark.parametrize("semantics", SEMANTICS)
def test_a_discounted_row_is_the_same_whatever_its_totals_mean(semantics, basis):
    row_total, with_tax = SEMANTICS[semantics]
    told = order(
        discounted(1, row_total=row_total, row_total_incl_tax=with_tax),
        row(2, "10.00", "0.00", rate=0, **both(row_total=10, row_total_incl_tax=10)),
        grand_total="31.60",
        tax="3.60",
    )
    found = reading(told, basis=basis)
    assert figures(found) == {"item:1": ("18.00", "3.60", "20"), "item:2": ("10.00", "0.00", "0")}
    assert found.problems == ()


def test_rows_that_fit_in_two_ways_are_ambiguous():
    told = order(
        # after discount 9 + 2, or before it 9 - 1 + 2; the next row the other way round
        row(1, 0, **both(row_total=9, row_total_incl_tax=None, tax_amount=2, discount_amount=1)),
        row(2, 0, **both(row_total=9, row_total_incl_tax=None, tax_amount=2, discount_amount=-1)),
        grand_total="22.00",
        tax="4.00",
    )
    found = reading(told)
    assert found.sale is None
    assert codes(found) == ["ambiguous_rows"]
    assert "item:1" in found.problems[0].message


def test_rows_in_doubt_though_the_stable_meaning_fits_are_ambiguous():
    # Both come to 22: 12 + 10 as served, 11 + 11 as stored; and no known release prints this.
    told = order(
        row(1, 0, **both(row_total=10, row_total_incl_tax=12, tax_amount=2, discount_amount=1)),
        row(2, 0, **both(row_total=10, row_total_incl_tax=10, tax_amount=2, discount_amount=1)),
        grand_total="22.00",
        tax="4.00",
    )
    assert codes(reading(told)) == ["ambiguous_rows"]


@EITHER
def test_a_row_that_was_floored_is_put_below_nothing_by_the_total(basis):
    # 5.00 without VAT, 6.00 off: -1.00 + 0.00, and REST says 0.
    floored = row(
        1,
        0,
        **both(row_total=0, row_total_incl_tax=0, price=5, discount_amount=6, price_incl_tax=6),
    )
    told = order(floored, row(2, "12.00", "2.00"), grand_total="11.00", tax="2.00")
    assert figures(reading(told, basis=basis))["item:1"] == ("-1.00", "0.00", "20")


def test_a_floored_row_with_vat_before_discount_keeps_its_vat():
    floored = row(1, 0, **both(row_total=0, row_total_incl_tax=0, price=5, tax_amount=1,
                               discount_amount="6.50", price_incl_tax=6))  # fmt: skip
    told = order(floored, row(2, "12.00", "2.00"), grand_total="11.50", tax="3.00")
    assert figures(reading(told))["item:1"] == ("-1.50", "1.00", "20")


def test_a_floored_row_that_was_nothing_stays_nothing():
    floored = row(1, 0, **both(row_total=0, row_total_incl_tax=0, price=5, discount_amount=5))
    told = order(floored, row(2, "12.00", "2.00"), grand_total="12.00", tax="2.00")
    assert figures(reading(told))["item:1"] == ("0.00", "0.00", "20")


def test_of_two_floored_rows_only_the_one_below_nothing_takes_what_is_short():
    none = row(1, 0, **both(row_total=0, row_total_incl_tax=0, price=5, discount_amount=5))
    below = row(2, 0, **both(row_total=0, row_total_incl_tax=0, price=5, discount_amount="5.75"))
    told = order(none, below, row(3, "12.00", "2.00"), grand_total="11.25", tax="2.00")
    found = figures(reading(told))
    assert found["item:1"][0] == "0.00"
    assert found["item:2"][0] == "-0.75"


def test_a_floored_row_takes_what_its_rounded_price_only_nearly_explains():
    # 7 at 5.004: the price is served as 5.00, the row as 35.03, 36 off.
    below = row(1, 0, quantity=7, **both(row_total=0, row_total_incl_tax=0, price=5,
                                         price_incl_tax=None, discount_amount=36))  # fmt: skip
    told = order(below, row(2, "12.00", "2.00"), grand_total="11.03", tax="2.00")
    assert figures(reading(told))["item:1"][0] == "-0.97"


def test_a_floored_row_does_not_take_what_it_cannot_explain():
    below = row(1, 0, **both(row_total=0, row_total_incl_tax=0, price=5, discount_amount=6))
    told = order(below, row(2, "12.00", "2.00"), grand_total="9.00", tax="2.00", subtotal="7.00")
    found = reading(told)
    assert found.sale is None
    assert codes(found) == ["rows_do_not_meet"]
    assert "-3.00" in found.problems[0].message


def test_invoiced_rows_say_what_a_floored_row_was():
    floored = row(
        1, 0, quantity=3, qty_invoiced=3,
        **both(row_total=0, row_total_incl_tax=0, price="3.34", price_incl_tax=4,
               discount_amount=12, row_invoiced="10.01"),
    )  # fmt: skip
    other = row(2, 0, quantity=3, qty_invoiced=3,
                **both(row_total=0, row_total_incl_tax=0, price="3.34", price_incl_tax=4,
                       discount_amount=13, row_invoiced="10.02"))  # fmt: skip
    told = order(floored, other, row(3, "12.00", "2.00"), grand_total="7.03", tax="2.00")
    found = figures(reading(told))
    assert found["item:1"][0] == "-1.99"
    assert found["item:2"][0] == "-2.98"


def test_a_configurable_counts_its_parent():
    told = order(
        row(1, "12.00", "2.00", product_type="configurable"),
        row(2, 0, parent_item_id=1),
        grand_total="12.00",
        tax="2.00",
    )
    assert list(figures(reading(told))) == ["item:1"]


def test_a_dynamic_bundle_counts_its_children():
    told = order(
        row(1, "24.00", "4.00", product_type="bundle", tax_percent=None),
        row(2, "12.00", "2.00", parent_item_id=1),
        row(3, "12.00", "2.00", parent_item_id=1),
        row(4, "3.00", "0.50"),
        grand_total="27.00",
        tax="4.50",
    )
    assert list(figures(reading(told))) == ["item:2", "item:3", "item:4"]


def test_a_fixed_bundle_counts_its_parent():
    told = order(
        row(1, "24.00", "4.00", product_type="bundle"),
        row(2, 0, parent_item_id=1),
        grand_total="24.00",
        tax="4.00",
    )
    assert list(figures(reading(told))) == ["item:1"]


def test_a_kit_of_an_extension_that_is_paid_for_by_its_parts_is_read_by_its_sums():
    told = order(
        row(1, 0, product_type="kit"),
        row(2, "12.00", "2.00", parent_item_id=1),
        row(3, "6.00", "1.00", parent_item_id=1),
        row(4, "3.00", "0.50"),
        grand_total="21.00",
        tax="3.50",
    )
    assert list(figures(reading(told))) == ["item:2", "item:3", "item:4"]


def test_binary_noise_is_nothing():
    told = order(row(1, "12.00", "2.00", row_total_incl_tax=Decimal("12.0000000000000018")),
                 grand_total="12.00", tax="2.00")  # fmt: skip
    assert reading(told, basis=ORDERED).sale.gross.amount == 12


def test_a_row_without_id_has_its_place_for_a_key():
    first = row(1, "12.00", "2.00")
    del first["item_id"]
    assert list(figures(reading(order(first, grand_total="12.00", tax="2.00")))) == ["row:0"]


def test_a_total_of_fractions_is_what_was_paid():
    told = order(row(1, "12.005", "2.0008"), grand_total="12.005", tax="2.0008",
                 payment={"method": "checkmo", "amount_ordered": "12.01", "base_amount_ordered": "12.01"})  # fmt: skip  # noqa: E501
    assert figures(reading(told)) == {"item:1": ("10.01", "2.00", "20")}


def test_without_an_amount_ordered_the_total_is_rounded_half_up():
    told = order(
        row(1, "12.005", "2.00"), grand_total="12.005", tax="2.00", payment={"method": "x"}
    )
    assert reading(told).sale.gross.amount == Decimal("12.01")


def test_an_amount_ordered_of_another_size_is_held():
    told = order(row(1, "12.00", "2.00"), grand_total="12.00", tax="2.00",
                 payment={"amount_ordered": 11, "base_amount_ordered": 11})  # fmt: skip
    assert codes(reading(told)) == ["amount_ordered_differs"]


def test_vat_that_does_not_add_up_is_held():
    told = order(row(1, "12.00", "2.00"), grand_total="12.00", tax="2.01")
    found = reading(told)
    assert codes(found) == ["vat_does_not_meet"]
    assert "2.01" in found.problems[0].message


def test_vat_at_another_percentage_than_the_order_lists_is_held():
    told = order(
        row(1, "12.00", "2.00"), row(2, "10.50", "0.50", rate=5), grand_total="22.50", tax="2.50",
        extension={"applied_taxes": [{"percent": 20, "amount": "2.5", "base_amount": "2.5"}]},
    )  # fmt: skip
    found = reading(told)
    assert found.sale is None
    assert set(codes(found)) == {"rates_do_not_meet"}
    assert len(found.problems) == 2


def test_half_a_penny_between_rows_and_listed_taxes_is_rounding():
    listed = [{"percent": 20, "amount": "2.005", "base_amount": "2.005"}]
    told = order(row(1, "12.00", "2.00"), grand_total="12.00", tax="2.00",
                 extension={"applied_taxes": listed})  # fmt: skip
    assert figures(reading(told))["item:1"] == ("9.99", "2.01", "20")


def test_the_percentage_of_a_row_may_come_from_the_orders_taxes():
    taxed = {"type": "product", "item_id": 1, "applied_taxes": [{"percent": "12.5", "amount": 2}]}
    told = order(row(1, "18.00", "2.00", tax_percent=None), grand_total="18.00", tax="2.00",
                 extension={"item_applied_taxes": [taxed]})  # fmt: skip
    assert figures(reading(told))["item:1"][2] == "12.5"


def test_two_rows_of_unknown_percentage_are_proved_by_arithmetic():
    listed = [{"percent": p, "amount": a, "base_amount": a} for p, a in ((20, 2), (5, "0.5"))]
    told = order(
        row(1, "12.00", "2.00", tax_percent=None), row(2, "10.50", "0.50", tax_percent=None),
        grand_total="22.50", tax="2.50", extension={"applied_taxes": listed},
    )  # fmt: skip
    assert [line[2] for line in figures(reading(told)).values()] == ["20", "5"]
