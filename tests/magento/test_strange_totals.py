"""Totals of extensions: joined by name, taken by settings, or proved by the sums."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.magento.reading.figures import Base, FeeFigures, Figure, StrangeTotal
from kashmag.magento.reading.strange_totals import called, explain, named


def amount(value) -> Figure[Base]:
    return Figure(Decimal(str(value)))


def strangers(**told):
    return tuple(
        StrangeTotal(name=name, title=name.upper(), amount=amount(value))
        for name, value in told.items()
    )


def explained(gap, vat=0, **told):
    found = explain(strangers(**told), amount(gap), amount(vat))
    return {fee.key: (str(fee.net.value), str(fee.tax.value)) for fee in found}


def test_the_amounts_of_one_total_are_joined():
    (one,) = named(strangers(cod_fee="1.50", cod_fee_tax="0.30", cod_fee_incl_tax="1.80"))
    assert (one.name, one.title) == ("cod_fee", "COD_FEE")
    assert (one.amount, one.tax, one.with_tax) == (amount("1.50"), amount("0.30"), amount("1.80"))


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("cod_fee", "amount"), ("cod_fee_amount", "amount"), ("cod_fee_excl_tax", "amount"),
        ("cod_fee_net", "amount"), ("cod_fee_price_excl_vat", "amount"),
        ("cod_fee_tax", "tax"), ("cod_fee_tax_amount", "tax"), ("cod_fee_vat", "tax"),
        ("cod_fee_incl_tax", "with_tax"), ("cod_fee_price_incl_vat", "with_tax"),
        ("cod_fee_gross", "with_tax"),
    ],
)  # fmt: skip
def test_a_name_says_which_amount_of_a_total_it_is(name, role):
    told = {"other_fee": 9, name: "1.50"}
    if role == "tax":
        told["cod_fee"] = "7"
    one = next(one for one in named(strangers(**told)) if one.name == "cod_fee")
    assert getattr(one, role) == amount("1.50")


def test_a_tax_alone_is_no_total():
    assert named(strangers(cod_fee_tax="0.30")) == ()


@pytest.mark.parametrize("word", ["invoiced", "refunded", "canceled", "cancelled", "paid", "due"])
def test_history_is_no_total(word):
    assert named(strangers(**{f"cod_fee_{word}": 1})) == ()


def test_one_fee_is_the_whole_gap():
    assert explained("1.50", cod_fee="1.50") == {"cod_fee": ("1.50", "0")}
    assert explained("1.51", cod_fee="1.50") == {}
    assert explained("-1.50", cod_fee="-1.50") == {}
    assert explained("1.50", club_points="1.50") == {}


def test_the_vat_of_one_fee_is_what_the_taxes_leave():
    assert explained("1.80", "0.30", cod_fee="1.50") == {"cod_fee": ("1.50", "0.30")}
    assert explained("1.80", "0.30", cod_fee="1.80") == {"cod_fee": ("1.50", "0.30")}
    assert explained("1.80", "0.30", cod_fee="1.60") == {}
    assert explained("1.80", "0.30", cod_fee_incl_tax="1.80") == {"cod_fee": ("1.50", "0.30")}


def test_several_fees_say_their_own_vat_or_none_is_read():
    two = {"cod_fee": "1.50", "cod_fee_tax": "0.30", "handling": "2.00"}
    assert explained("3.80", "0.30", **two) == {
        "cod_fee": ("1.50", "0.30"),
        "handling": ("2.00", "0"),
    }
    assert explained("3.80", "0.30", cod_fee="1.50", handling="2.00") == {}
    with_tax = {"cod_fee": "1.50", "cod_fee_incl_tax": "1.80", "handling": "2.00"}
    assert explained("3.80", "0.30", **with_tax)["cod_fee"] == ("1.50", "0.30")


def test_a_fee_whose_own_vat_the_taxes_do_not_know_is_not_read():
    assert explained("1.80", cod_fee="1.50", cod_fee_tax="0.30") == {}


def test_two_choices_of_fees_are_none():
    assert explained("3.00", cod_fee="1.00", handling="2.00", insurance="3.00") == {}
    assert explained("3.00", cod_fee="1.00", handling="2.00", insurance="3.01") == {
        "cod_fee": ("1.00", "0"),
        "handling": ("2.00", "0"),
    }


def test_two_names_of_one_amount_are_one_total():
    assert explained("1.50", cod_fee="1.50", payment_surcharge="1.50") == {"cod_fee": ("1.50", "0")}


def test_more_than_six_fees_are_not_searched_together():
    many = {f"fee_{word}": "0.01" for word in "abcdefgh"}
    assert explained("0.08", **many) == {}


@given(st.lists(st.integers(1, 500), min_size=1, max_size=4, unique=True), st.data())
def test_what_is_explained_is_always_the_whole_gap(pence, data):
    told = {f"fee_{at}": Decimal(one) / 100 for at, one in enumerate(pence)}
    gap = data.draw(st.integers(1, 1500).map(lambda n: Decimal(n) / 100))
    found: tuple[FeeFigures[Base], ...] = explain(strangers(**told), amount(gap), amount(0))
    if found:
        assert sum(fee.net.value + fee.tax.value for fee in found) == gap


def test_amounts_as_large_as_the_gap_are_called_by_name():
    told = strangers(a="-3.00", b="3.00", c="2.99")
    assert called(told, amount("3.00")) == ("a", "b")
    assert called(told, amount("-3.00")) == ("a", "b")
    assert called(strangers(a=0), amount(0)) == ()
