"""VAT rules: they compare and advise, and hold only what must not land in the UK return."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag.accounting import Address, Holds, LineKind
from kashmag.planner.vat_rates_abroad import FOREIGN_RATES, countries_with, rates_of
from kashmag.planner.vat_rules import (
    UK_RATES,
    Territory,
    advise,
    destination,
    foreign_rates,
    is_uk_rate,
    territory,
)
from kashmag.testing.factories import make_buyer, make_line, make_sale

DAY = date(2026, 4, 14)


def going_to(country, *lines, postcode="", day=DAY, vat_number="", product_type=""):
    buyer = evolve(
        make_buyer(), delivery=Address(country_code=country, postcode=postcode),
        vat_number=vat_number,
    )  # fmt: skip
    sold = tuple(evolve(one, product_type=product_type) for one in lines or (make_line(),))
    return make_sale(*sold, buyer=buyer, ordered_on=day)


def at(rate, vat="2.00", net="10.00", **more):
    return make_line(net, vat, rate=rate, **more)


@pytest.mark.parametrize(
    ("country", "postcode", "where"),
    [
        ("GB", "SW1A 1AA", Territory.GREAT_BRITAIN),
        ("gb", "b1 1aa", Territory.GREAT_BRITAIN),
        ("GB", "BT1 1AA", Territory.NORTHERN_IRELAND),
        ("GB", "bt11aa", Territory.NORTHERN_IRELAND),
        ("GB", "B7 1AA", Territory.GREAT_BRITAIN),
        ("GB", "IM1 1AA", Territory.ISLE_OF_MAN),
        ("IM", "", Territory.ISLE_OF_MAN),
        ("GB", "JE2 3AB", Territory.CHANNEL_ISLANDS),
        ("GB", "GY1 1AA", Territory.CHANNEL_ISLANDS),
        ("JE", "", Territory.CHANNEL_ISLANDS),
        ("GG", "GY1 1AA", Territory.CHANNEL_ISLANDS),
        ("XI", "", Territory.NORTHERN_IRELAND),
        ("DE", "10115", Territory.EU),
        ("DE", "27498", Territory.REST_OF_WORLD),
        ("ES", "28001", Territory.EU),
        ("ES", "35001", Territory.REST_OF_WORLD),
        ("IE", "", Territory.EU),
        ("EL", "10431", Territory.EU),
        ("US", "35001", Territory.REST_OF_WORLD),
        ("GB", "", Territory.GREAT_BRITAIN),
        ("", "SW1A 1AA", Territory.UNKNOWN),
    ],
)
def test_where_an_address_lies_for_vat(country, postcode, where):
    assert territory(Address(country_code=country, postcode=postcode)) is where


@pytest.mark.parametrize(
    ("percent", "day", "is_uk"),
    [
        ("20", date(2011, 1, 4), True),
        ("20", date(2011, 1, 3), False),
        ("17.5", date(2011, 1, 3), True),
        ("17.5", date(2011, 1, 4), False),
        ("17.5", date(2009, 12, 31), False),
        ("15", date(2009, 12, 31), True),
        ("15", date(2010, 1, 1), False),
        ("12.5", date(2021, 9, 30), False),
        ("12.5", date(2021, 10, 1), True),
        ("12.5", date(2022, 3, 31), True),
        ("12.5", date(2022, 4, 1), False),
        ("5", DAY, True),
        ("0", DAY, True),
        ("23", DAY, False),
    ],
)
def test_uk_rates_have_their_days(percent, day, is_uk):
    assert is_uk_rate(Decimal(percent), day) is is_uk


def test_every_uk_rate_names_its_source():
    assert all(rate.source for rate in UK_RATES)


@pytest.mark.parametrize("where", [("GB", "SW1A 1AA"), ("GB", "BT1 1AA"), ("IM", "IM1 1AA")])
def test_uk_vat_at_home_is_right(where):
    country, postcode = where
    assert advise(going_to(country, at("20"), at("5", "0.50", sku="B"), postcode=postcode)) == ()


@pytest.mark.parametrize("rate", ["23", "19", "13.5", "21"])
def test_foreign_vat_holds_wherever_it_goes(rate):
    for country in ("IE", "DE", "GB", "US"):
        (problem,) = advise(going_to(country, at(rate)))
        assert problem.code == "foreign_vat"
        assert problem.holds is Holds.PLAN
        assert f"{rate} %" in problem.message
        assert "2.00 GBP" in problem.message


def test_foreign_vat_that_has_a_nominal_of_its_own_is_only_said():
    (problem,) = advise(going_to("IE", at("23")), foreign_vat_holds=False)
    assert (problem.code, problem.holds) == ("foreign_vat", Holds.NOTHING)


def test_a_percentage_that_both_countries_charge_is_held_where_it_goes_abroad():
    (problem,) = advise(going_to("FR", at("20"), postcode="75001"))
    assert (problem.code, problem.holds) == ("foreign_vat", Holds.PLAN)
    assert "that country's rate (FR)" in problem.message
    assert [p.code for p in advise(going_to("JE", at("5", "0.50")))] == ["foreign_vat"]
    assert [p.code for p in advise(going_to("GB", at("5", "0.50"), postcode="JE2 3AB"))] == [
        "foreign_vat"
    ]


def test_before_the_transition_ended_uk_vat_went_to_the_eu():
    assert advise(going_to("FR", at("20"), day=date(2020, 12, 31))) == ()
    assert advise(going_to("FR", at("20"), day=date(2021, 1, 1))) != ()
    assert [p.code for p in advise(going_to("IE", at("23"), day=date(2020, 12, 31)))] == [
        "foreign_vat"
    ]


def test_each_foreign_percentage_is_told_with_its_vat():
    found = advise(going_to("IE", at("23", "2.30"), at("13.5", "1.35", sku="B"), at("20", sku="C")))
    assert [p.message.split(" carries ")[1][:8] for p in found] == ["2.30 GBP", "1.35 GBP"]


@pytest.mark.parametrize("country", ["US", "DE", "GG"])
def test_uk_vat_on_goods_that_leave_is_advice(country):
    (problem,) = advise(going_to(country, at("20")))
    assert (problem.code, problem.holds) == ("uk_vat_on_export", Holds.NOTHING)


@pytest.mark.parametrize("country", ["US", "DE", "JE", "FR"])
def test_exports_without_vat_are_right(country):
    assert advise(going_to(country, at("0", "0.00"))) == ()


@pytest.mark.parametrize("kind", ["virtual", "downloadable"])
def test_uk_vat_on_services_to_a_business_in_the_eu_is_advice(kind):
    business = going_to("DE", at("20"), vat_number="DE123", product_type=kind)
    assert [p.code for p in advise(business)] == ["uk_vat_on_business_service"]
    assert advise(going_to("DE", at("20"), product_type=kind)) == ()


def test_carriage_without_vat_on_goods_with_it_is_advice():
    carriage = at("0", "0.00", net="3.00", kind=LineKind.CARRIAGE, sku="")
    (problem,) = advise(going_to("GB", at("20"), carriage))
    assert (problem.code, problem.holds) == ("carriage_without_vat", Holds.NOTHING)
    assert "3.00 GBP" in problem.message
    mixed = going_to("GB", at("20"), at("0", "0.00", sku="B"), carriage)
    assert advise(mixed) == ()
    assert advise(going_to("GB", at("0", "0.00"), carriage)) == ()
    assert advise(going_to("US", at("0", "0.00"), carriage)) == ()


def test_an_order_without_a_country_cannot_be_compared():
    (problem,) = advise(going_to(""))
    assert (problem.code, problem.holds) == ("destination_unknown", Holds.NOTHING)


def test_what_has_no_delivery_goes_to_the_buyer():
    sale = make_sale(buyer=evolve(make_buyer(), delivery=None))
    assert destination(sale) == sale.buyer.billing


def test_rates_abroad_have_their_days():
    assert Decimal(16) in rates_of("DE", date(2020, 7, 1))
    assert Decimal(16) not in rates_of("DE", date(2021, 1, 1))
    assert rates_of("EL", DAY) == rates_of("GR", DAY) != frozenset()
    assert rates_of("ZZ", DAY) == frozenset()
    assert Decimal(20) in rates_of("SK", date(2024, 12, 31))
    assert Decimal(20) not in rates_of("SK", date(2025, 1, 1))
    assert countries_with(Decimal(27), DAY) == ("HU",)
    assert all(rate.percent > 0 for rate in FOREIGN_RATES)


@given(st.sampled_from(["GB", "IE", "FR", "US", "JE", ""]), st.sampled_from(["20", "5", "0", "23"]))
def test_advice_never_changes_the_sale_and_holds_only_for_foreign_vat(country, rate):
    sale = going_to(country, at(rate, "0.00" if rate == "0" else "2.00"))
    for problem in advise(sale):
        assert (problem.holds is Holds.PLAN) == (problem.code == "foreign_vat")
        assert sale.number in problem.message


def test_foreign_percentages_are_named_for_whoever_sends_them_elsewhere():
    sale = going_to("IE", at("23", "2.30"), at("20", sku="B"), at("0", "0.00", sku="C"))
    assert foreign_rates(sale) == {Decimal(23)}
    assert foreign_rates(going_to("FR", at("20"))) == {Decimal(20)}
    assert foreign_rates(going_to("GB", at("20"), at("5", sku="B"))) == frozenset()
