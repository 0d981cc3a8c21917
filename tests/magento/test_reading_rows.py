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
    assert found.problems[0].message == (
        "The rows of order 000000012 can be read in two ways that both come to its total: item:1 "
        "is 10.00 or 11.00."
    )


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


def test_a_line_is_of_its_rows_product_and_quantity():
    told = order(
        row(1, "12.00", "2.00", quantity=3, product_type="virtual"), grand_total="12.00", tax="2.00"
    )
    (line,) = reading(told).sale.lines
    assert (line.sku, line.product_type, line.quantity) == ("SKU-1", "virtual", 3)
    assert (line.discount, line.discount_doubt) == (None, "")


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
    (problem,) = reading(told).problems
    assert problem.code == "amount_ordered_differs"
    assert "Order 000000012 comes to 12.00 GBP" in problem.message
    told["payment"] = {"amount_ordered": "12.01", "base_amount_ordered": "12.01"}
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


def nearly_explained(other):
    below = row(1, 0, quantity=7, **both(row_total=0, row_total_incl_tax=0, price=5,
                                         price_incl_tax=None, discount_amount=36))  # fmt: skip
    return order(below, other, row(3, "12.00", "2.00"), grand_total="11.03", tax="2.00")


def floored_at(discount):
    return row(2, 0, quantity=3, **both(row_total=0, row_total_incl_tax=0, price="3.33",
                                        price_incl_tax=None, discount_amount=discount))  # fmt: skip


def test_another_floored_row_that_may_be_nothing_leaves_what_is_short_to_the_one_that_fits():
    for discount in ("9.99", "10.00", "9.98"):
        found = figures(reading(nearly_explained(floored_at(discount))))
        assert found["item:1"][0] == "-0.97"
        assert found["item:2"][0] == "0.00"


def test_another_floored_row_that_cannot_be_nothing_holds_the_order():
    assert reading(nearly_explained(floored_at("10.40"))).sale is None


def test_two_floored_rows_that_each_fit_hold_the_order():
    twin = row(2, 0, quantity=7, **both(row_total=0, row_total_incl_tax=0, price=5,
                                        price_incl_tax=None, discount_amount=36))  # fmt: skip
    assert reading(nearly_explained(twin)).sale is None


def test_rows_beside_shipping_fees_and_discounts_are_told_in_full_when_they_do_not_meet():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="24.00",
        tax="3.40",
        subtotal="10.00",
        extension={
            "gw_price": "1.00", "gw_base_price": "1.00",
            "gw_tax_amount": "0.20", "gw_base_tax_amount": "0.20",
        },
        **both(shipping_amount=5, shipping_tax_amount=1, shipping_discount_amount=Decimal("0.50"),
               shipping_discount_tax_compensation_amount=Decimal("0.10"),
               discount_amount=Decimal("-0.50")),
    )  # fmt: skip
    (problem,) = reading(told).problems
    # 12.00 + 4.60 + 1.00 + 1.20 of rows and totals; the order's own totals leave 5.00 = 24 - 19,
    # of which 0.20 is VAT that no row carries.
    assert problem.code == "rows_do_not_meet"
    assert "18.80 GBP" in problem.message
    assert "5.20 is missing" in problem.message


def test_what_the_totals_of_the_order_leave_is_an_unknown_total():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="23.80",
        tax="3.20",
        subtotal="10.00",
        extension={
            "gw_price": "1.00", "gw_base_price": "1.00",
            "gw_tax_amount": "0.20", "gw_base_tax_amount": "0.20",
        },
        **both(shipping_amount=5, shipping_tax_amount=1, shipping_discount_amount=Decimal("0.50"),
               shipping_discount_tax_compensation_amount=Decimal("0.10"),
               discount_amount=Decimal("-0.50")),
    )  # fmt: skip
    (problem,) = reading(told).problems
    assert problem.code == "unknown_total"
    assert "5.00 GBP" in problem.message


def test_rows_that_miss_an_order_whose_totals_agree_are_named_as_rows():
    told = order(row(1, "12.00", "2.00"), grand_total="15.00", tax="2.00", subtotal="13.00")
    (problem,) = reading(told).problems
    assert problem.code == "rows_do_not_meet"
    assert "12.00 GBP" in problem.message
    assert "15.00 is owed" in problem.message
    assert "3.00 is missing" in problem.message


def test_an_order_without_a_subtotal_says_what_its_rows_lack():
    told = order(row(1, "12.00", "2.00"), grand_total="15.00", tax="2.00")
    del told["base_subtotal"]
    assert codes(reading(told)) == ["rows_do_not_meet"]


def test_rows_without_any_total_are_counted_as_nothing():
    bare = row(1, 0, **both(row_total=None, row_total_incl_tax=None, price=3, price_incl_tax=None))
    (problem,) = reading(order(bare, grand_total="15.00", tax="0", subtotal="15.00")).problems
    assert problem.code == "rows_do_not_meet"
    assert "come to 0.00 GBP" in problem.message
    stored = row(1, 0, **both(row_total=7, row_total_incl_tax=None, price=3, price_incl_tax=None))
    (problem,) = reading(order(stored, grand_total="15.00", tax="0", subtotal="15.00")).problems
    assert "come to 7.00 GBP" in problem.message


def test_an_amount_of_the_size_of_what_rows_lack_is_a_hint():
    told = order(row(1, "12.00", "2.00"), grand_total="15.00", tax="2.00", subtotal="13.00",
                 extension={"saving": "-3.00", "other": "2.99"})  # fmt: skip
    (problem,) = reading(told).problems
    assert problem.code == "unknown_total"
    assert "3.00 GBP" in problem.message
    assert "has saving of that amount" in problem.message


def floored_pair(*, price, price_incl_tax, discount, short):
    """A decimal quantity whose row was rounded to pence, beside one that is exactly nothing."""
    told = both(row_total=0, row_total_incl_tax=0, price=price, price_incl_tax=price_incl_tax)
    below = row(1, 0, quantity=Decimal("2.021"), **told, **both(discount_amount=discount))
    none = row(2, 0, **both(row_total=0, row_total_incl_tax=0, price="0.02",
                            price_incl_tax="0.02", discount_amount="0.02"))  # fmt: skip
    gross = Decimal("12.00") - Decimal(short)
    return order(below, none, row(3, "12.00", "2.00"), grand_total=gross, tax="2.00")


def test_a_floored_row_of_a_decimal_quantity_is_rounded_as_the_algorithms_do():
    # 0.01 x 2.021 is a row of 0.02; 0.03 off leaves -0.01.
    told = floored_pair(price="0.01", price_incl_tax=None, discount="0.03", short="0.01")
    found = figures(reading(told))
    assert found["item:1"][0] == "-0.01"
    assert found["item:2"][0] == "0.00"


def test_a_floored_row_may_be_told_by_its_price_with_tax():
    # 0.01 with tax x 2.021 is a row of 0.02; without tax nothing comes out.
    told = floored_pair(price="0.00", price_incl_tax="0.01", discount="0.03", short="0.01")
    assert figures(reading(told))["item:1"][0] == "-0.01"
    # 5.05 x 2.021 = 10.20605 is a row of 10.21; 10.22 off leaves -0.01.
    told = floored_pair(price="4.00", price_incl_tax="5.05", discount="10.22", short="0.01")
    assert figures(reading(told))["item:1"][0] == "-0.01"


def test_a_floored_row_is_estimated_with_its_vat_and_compensation():
    # 0.01 x 2.021 is 0.02; 0.05 off, 0.01 of compensation, 0.01 of VAT: -0.01.
    told = both(row_total=0, row_total_incl_tax=0, price="0.01", price_incl_tax=None)
    told |= both(discount_amount="0.05", tax_amount="0.01", discount_tax_compensation_amount="0.01")
    below = row(1, 0, quantity=Decimal("2.021"), **told)
    none = row(
        2, 0, **both(row_total=0, row_total_incl_tax=0, price="0.02", discount_amount="0.02")
    )
    told = order(below, none, row(3, "12.00", "2.00"), grand_total="11.99", tax="2.01")
    found = figures(reading(told))
    assert found["item:1"] == ("-0.02", "0.01", "20")
    assert found["item:2"][0] == "0.00"


def test_a_kit_whose_parts_bear_only_vat_is_paid_for_by_its_parts():
    part_of = row(2, "0.00", "0.00", parent_item_id=1)
    told = order(
        row(1, "5.00", "1.00", product_type="kit", tax_amount=1),
        {**part_of, **both(row_total=4, row_total_incl_tax=5, tax_amount=1)},
        row(3, "7.00", "1.00"),
        grand_total="17.00",
        tax="3.00",
    )
    found = reading(told)
    assert sorted(figures(found)) == ["item:1", "item:2", "item:3"]


def test_a_bundle_that_an_extension_prices_at_its_parent_is_read_by_its_sums():
    told = order(
        row(1, "24.00", "4.00", product_type="bundle"),
        row(2, "0.00", parent_item_id=1, **both(price=3)),
        grand_total="24.00",
        tax="4.00",
    )
    assert list(figures(reading(told))) == ["item:1"]


def test_rounded_prices_alone_prove_nothing():
    # Without row totals and without prices with tax, 3 x 3.34 may be 10.01 or 10.02.
    bare = row(1, 0, quantity=3, **both(row_total=None, row_total_incl_tax=None, price="3.34",
                                        price_incl_tax=None))  # fmt: skip
    assert reading(order(bare, grand_total="10.02", tax="0", subtotal="10.02")).sale is None
    sure = {**bare, **both(price_incl_tax="3.34")}
    found = reading(order(sure, grand_total="10.02", tax="0", subtotal="10.02"))
    assert figures(found) == {"item:1": ("10.02", "0.00", "20")}


def test_a_row_that_only_one_meaning_counts_is_ambiguous_at_nothing():
    # As served the second row is nothing, as stored it is 1.00; the first takes the difference.
    one = row(1, 0, **both(row_total=9, row_total_incl_tax=10, tax_amount=0))
    two = row(2, 0, **both(row_total=1, row_total_incl_tax=0, tax_amount=0))
    (problem,) = reading(order(one, two, grand_total="10.00", tax="0")).problems
    assert problem.code == "ambiguous_rows"
    assert "item:1 is 10.00 or 9.00" in problem.message


def test_the_percentage_of_a_levy_may_come_from_the_orders_taxes():
    tax = {"percent": 20, "amount": "0.6", "base_amount": "0.6"}
    listed = {"type": "weee", "associated_item_id": 1, "applied_taxes": [tax]}
    told = order(
        row(1, "13.60", 0, rate=0, **both(row_total=10, row_total_incl_tax="13.60"),
            weee_tax_applied='[{"title":"","row_amount":3,"row_amount_incl_tax":"3.60",'
            '"base_row_amount":3,"base_row_amount_incl_tax":"3.60"}]'),
        grand_total="13.60", tax="0.60", extension={"item_applied_taxes": [listed]},
    )  # fmt: skip
    found = reading(told)
    assert figures(found)["item:1:fpt:0"] == ("3.00", "0.60", "20")
    assert found.sale.lines[1].description == "Fixed product tax: Thing 1"


def test_the_vat_of_a_strange_fee_is_what_everything_named_leaves():
    # 2.00 of the row, 1.00 of shipping, 0.60 of a levy, 0.20 of wrapping; 0.30 are the fee's.
    told = order(
        row(1, "15.60", "2.00", **both(row_total=10, row_total_incl_tax="15.60"),
            weee_tax_applied='[{"title":"WEEE","row_amount":3,"row_amount_incl_tax":"3.60",'
            '"base_row_amount":3,"base_row_amount_incl_tax":"3.60"}]'),
        grand_total="24.60",
        tax="4.10",
        extension={
            "gw_price": "1.00", "gw_base_price": "1.00", "cod_fee": "1.50", "base_cod_fee": "1.50",
            "gw_tax_amount": "0.20", "gw_base_tax_amount": "0.20",
            "item_applied_taxes": [
                {"type": kind, "applied_taxes": [{"percent": 20, "amount": 1, "base_amount": 1}]}
                for kind in ("shipping", "quote_gw", "cod_fee")
            ],
        },
        **both(shipping_amount=5, shipping_tax_amount=1),
    )  # fmt: skip
    found = figures(reading(told))
    assert found["fee:cod_fee"] == ("1.50", "0.30", "20")
    assert found["fee:gift_wrapping"] == ("1.00", "0.20", "20")
