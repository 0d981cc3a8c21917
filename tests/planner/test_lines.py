"""Shapes: KashFlow lines that say a line's net and VAT exactly, with nothing left to rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.accounting import LineKind, Money, SaleLine
from kashmag.planner.lines import Placement, shape
from kashmag.testing.strategies import sale_lines

PLAIN = Placement(4000)
STOCKED = Placement(4000, "MUG", keeps_whole_units=True)


def line(net, vat="0", *, quantity="1", rate="20", currency="GBP"):
    return SaleLine(
        "item:1", "Mug", net=Money(Decimal(net), currency), vat=Money(Decimal(vat), currency),
        vat_rate=Decimal(rate), quantity=Decimal(quantity), kind=LineKind.GOODS, sku="MUG",
    )  # fmt: skip


def said(drafts):
    return [(str(d.quantity), str(d.rate), str(d.vat_amount)) for d in drafts]


@given(sale_lines(), st.sampled_from([2, 4]), st.sampled_from([1, -1]), st.booleans())
def test_every_line_has_an_exact_shape(sold, decimals, sign, stocked):
    drafts = shape(sold, STOCKED if stocked else PLAIN, rate_decimals=decimals, sign=sign)
    assert sum(d.quantity * d.rate for d in drafts) == sign * sold.net.amount
    assert sum(d.vat_amount for d in drafts) == sign * sold.vat.amount
    for draft in drafts:
        product = draft.quantity * draft.rate
        assert product == product.quantize(Decimal("0.01"))
        assert draft.rate == draft.rate.quantize(Decimal(1).scaleb(-decimals))
        assert draft.quantity > 0
        assert draft.vat_level == sold.vat_rate


@given(sale_lines(), st.sampled_from([2, 4]))
def test_stocked_products_keep_the_units_that_left_the_shelf(sold, decimals):
    drafts = shape(sold, STOCKED, rate_decimals=decimals)
    on_product = sum((d.quantity for d in drafts if d.product_code), Decimal(0))
    assert on_product in (sold.quantity, 0)
    if sold.quantity == sold.quantity.to_integral_value():
        assert on_product == sold.quantity
        assert all(d.quantity == d.quantity.to_integral_value() for d in drafts)


def test_a_price_that_divides_is_one_line():
    assert said(shape(line("30.00", "6.00", quantity="3"), PLAIN, rate_decimals=2)) == [
        ("3", "10.00", "6.00")
    ]


def test_four_decimals_are_used_only_where_the_account_keeps_them():
    nine = line("9.00", "1.80", quantity="8")
    assert said(shape(nine, PLAIN, rate_decimals=4)) == [("8", "1.1250", "1.80")]
    assert said(shape(nine, PLAIN, rate_decimals=2)) == [
        ("4", "1.13", "0.90"),
        ("4", "1.12", "0.90"),
    ]


def test_a_price_that_does_not_divide_is_two_a_penny_apart():
    drafts = shape(line("10.00", "2.00", quantity="3"), STOCKED, rate_decimals=4)
    assert said(drafts) == [("1", "3.34", "0.67"), ("2", "3.33", "1.33")]
    assert [d.product_code for d in drafts] == ["MUG", "MUG"]
    assert [d.description for d in drafts] == ["Mug", "Mug"]


def test_below_nothing_is_divided_like_above_it():
    drafts = shape(line("-10.00", "-2.00", quantity="3"), PLAIN, rate_decimals=2)
    assert said(drafts) == [("1", "-3.34", "-0.67"), ("2", "-3.33", "-1.33")]


def test_pennies_fewer_than_units_leave_units_for_nothing():
    drafts = shape(line("0.02", "0.00", quantity="5"), PLAIN, rate_decimals=2)
    assert said(drafts) == [("2", "0.01", "0.00"), ("3", "0.00", "0.00")]
    assert said(shape(line("-0.02", quantity="5"), PLAIN, rate_decimals=2))[1] == (
        "3",
        "0.00",
        "0.00",
    )


def test_a_decimal_quantity_that_divides_stays_one():
    assert said(shape(line("5.50", "1.10", quantity="2.7500"), PLAIN, rate_decimals=2)) == [
        ("2.75", "2.00", "1.10")
    ]


def test_a_decimal_quantity_that_does_not_is_one_unit_with_the_quantity_in_the_text():
    (draft,) = shape(line("10.00", "2.00", quantity="2.7500"), PLAIN, rate_decimals=4)
    assert said([draft]) == [("1", "10.00", "2.00")]
    assert draft.description == "2.75 x Mug"


def test_one_unit_for_many_is_no_product_whose_stock_would_fall_by_one():
    odd = line("10.00", "2.00", quantity="2.75")
    assert shape(odd, STOCKED, rate_decimals=4)[0].product_code is None
    unmanaged = Placement(4000, "MUG")
    assert shape(odd, unmanaged, rate_decimals=4)[0].product_code == "MUG"


def test_nothing_of_something_is_said_as_one_unit():
    (draft,) = shape(line("3.00", quantity="0"), PLAIN, rate_decimals=2)
    assert said([draft]) == [("1", "3.00", "0.00")]
    assert draft.description == "0 x Mug"


def test_a_free_line_keeps_its_quantity():
    assert said(shape(line("0.00", "0.00", quantity="7"), PLAIN, rate_decimals=2)) == [
        ("7", "0.00", "0.00")
    ]


def test_vat_without_net_is_carried_all_the_same():
    assert said(shape(line("0.00", "1.00", quantity="3"), PLAIN, rate_decimals=2)) == [
        ("3", "0.00", "1.00")
    ]


def test_a_credit_note_negates_rates_and_vat_and_no_quantities():
    drafts = shape(line("10.00", "2.00", quantity="3"), PLAIN, rate_decimals=2, sign=-1)
    assert said(drafts) == [("1", "-3.34", "-0.67"), ("2", "-3.33", "-1.33")]
    (nothing,) = shape(line("0.00"), PLAIN, rate_decimals=2, sign=-1)
    assert said([nothing]) == [("1", "0.00", "0.00")]


def test_the_placement_is_on_every_line():
    placement = Placement(4100, "CODE", vat_exempt=True)
    for draft in shape(line("10.00", quantity="3", rate="0.0000"), placement, rate_decimals=2):
        assert (draft.nominal_code, draft.product_code, draft.vat_exempt) == (4100, "CODE", True)
        assert str(draft.vat_level) == "0"


@pytest.mark.parametrize(("currency", "net"), [("JPY", "1000"), ("KWD", "1.001")])
def test_other_currencies_are_divided_by_their_own_minor_units(currency, net):
    drafts = shape(line(net, quantity="3", currency=currency), PLAIN, rate_decimals=2)
    assert sum(d.quantity * d.rate for d in drafts) == Decimal(net)


def test_a_tiny_quantity_is_written_out_in_the_text():
    (draft,) = shape(line("10.00", quantity="0.0000003"), PLAIN, rate_decimals=2)
    assert draft.description == "0.0000003 x Mug"


def test_prices_and_quantities_are_written_plainly():
    assert said(shape(line("300.00", "60.00", quantity="30.0000"), PLAIN, rate_decimals=4)) == [
        ("30", "10.00", "60.00")
    ]
    assert said(shape(line("1.00", "0.20", quantity="0.5000"), PLAIN, rate_decimals=4)) == [
        ("0.5", "2.00", "0.20")
    ]


def test_vat_follows_the_net_and_not_the_units():
    drafts = shape(line("0.02", "0.04", quantity="5"), PLAIN, rate_decimals=2)
    assert said(drafts) == [("2", "0.01", "0.04"), ("3", "0.00", "0.00")]
