"""Money: exact, of one currency, rounded in one way and divided without loss."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.accounting import Money, minor_units, round_money, spread, total_of
from kashmag.testing.strategies import moneys

SHARES = st.lists(
    st.integers(-1_000_000, 1_000_000).map(lambda n: Decimal(n) / 10_000), min_size=1, max_size=8
)


def pounds(amount):
    return Money(Decimal(amount), "GBP")


@given(moneys(), moneys())
def test_money_adds_and_takes_away_exactly(one, other):
    assert (one + other) - other == one
    assert one + -one == Money.zero("GBP")
    assert (one + other).amount == one.amount + other.amount


@given(moneys(), moneys())
def test_money_of_one_currency_compares(one, other):
    assert (one < other) == (one.amount < other.amount)
    assert (one <= other) == (one.amount <= other.amount)
    assert (one > other) == (one.amount > other.amount)
    assert (one >= other) == (one.amount >= other.amount)


@pytest.mark.parametrize("deed", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_never_meet(deed):
    with pytest.raises(TypeError, match="GBP meets EUR"):
        getattr(pounds(1), deed)(Money(Decimal(1), "EUR"))
    with pytest.raises(TypeError, match="money meets Decimal"):
        getattr(pounds(1), deed)(Decimal(1))


def test_two_currencies_are_not_equal():
    assert pounds(1) != Money(Decimal(1), "EUR")


@pytest.mark.parametrize("amount", ["0.001", "1.005"])
def test_a_fraction_of_a_penny_cannot_be_built(amount):
    with pytest.raises(ValueError, match="fraction of a minor unit"):
        pounds(amount)


def test_only_finite_decimals_are_money():
    with pytest.raises(TypeError, match="float"):
        Money(1.5, "GBP")
    for odd in ("NaN", "Infinity"):
        with pytest.raises(ValueError, match="no amount of money"):
            pounds(odd)


def test_equal_amounts_print_alike_and_there_is_no_minus_nothing():
    assert str(pounds("5")) == str(pounds("5.0000")) == "5.00 GBP"
    assert str(pounds("-0.00")) == "0.00 GBP"
    assert str(-pounds("0")) == "0.00 GBP"
    assert hash(pounds("5")) == hash(pounds("5.00"))


def test_nothing_is_false_and_a_penny_is_true():
    assert not pounds(0)
    assert pounds("0.01")
    assert pounds("-0.01")


@pytest.mark.parametrize(
    ("currency", "units"), [("GBP", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("XPF", 0), ("TND", 3)]
)
def test_minor_units_are_those_of_iso_4217(currency, units):
    assert minor_units(currency) == units
    assert str(round_money(Decimal("1.23456"), currency).amount) == {
        0: "1", 2: "1.23", 3: "1.235"
    }[units]  # fmt: skip


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("0.015", "0.02"), ("-0.005", "-0.01"),
     ("-0.0149", "-0.01"), ("2.675", "2.68"), ("1.23", "1.23")],
)  # fmt: skip
def test_halves_are_rounded_away_from_nothing(exact, rounded):
    assert round_money(Decimal(exact), "GBP") == pounds(rounded)


def test_nothing_adds_up_to_nothing():
    assert total_of([], "GBP") == pounds(0)
    assert total_of([pounds(1), pounds(2)], "GBP") == pounds(3)
    with pytest.raises(TypeError):
        total_of([pounds(1)], "EUR")


@given(SHARES)
def test_what_is_spread_comes_to_the_total_and_stays_within_a_penny(shares):
    total = round_money(sum(shares), "GBP")
    parts = spread(total, shares)
    assert len(parts) == len(shares)
    assert total_of(parts, "GBP") == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part.amount - share) <= Decimal("0.01")


@given(st.lists(moneys(), min_size=1, max_size=8))
def test_shares_in_whole_pence_stay_as_they_are(parts):
    assert spread(total_of(parts, "GBP"), [part.amount for part in parts]) == tuple(parts)


@given(moneys(), SHARES)
def test_any_total_is_spread_to_the_last_penny(total, shares):
    assert total_of(spread(total, shares), "GBP") == total


def test_the_odd_penny_is_carried_along():
    third = Decimal(10) / 3
    assert [str(p.amount) for p in spread(pounds(10), [third] * 3)] == ["3.33", "3.34", "3.33"]


def test_what_the_shares_miss_is_carried_by_the_last_that_is_something():
    assert spread(pounds("3.02"), [Decimal(1), Decimal(2), Decimal(0)]) == (
        pounds(1), pounds("2.02"), pounds(0)
    )  # fmt: skip
    assert spread(pounds(1), [Decimal(0), Decimal(0)]) == (pounds(0), pounds(1))


def test_nothing_is_spread_over_nothing():
    assert spread(pounds(0), []) == ()
    with pytest.raises(ValueError, match=r"1.00 GBP cannot be spread"):
        spread(pounds(1), [])
