"""How a customer stands to the UK's border, and whom UK VAT is not charged to."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given

from kashmag import kashflow
from kashmag.accounting import Address, Sale
from kashmag.planner.border_types import ABROAD, DOMESTIC, border_type, contradicts, type_for
from kashmag.planner.vat_rules import UK_VAT, territory
from kashmag.testing.factories import make_buyer, make_line, make_sale
from kashmag.testing.strategies import sales


def address(country: str, postcode: str = "") -> Address:
    return Address(country_code=country, postcode=postcode)


def sold_to(country: str, postcode: str = "", *, rate: str = "20") -> Sale:
    buyer = make_buyer()
    home = evolve(buyer.billing, country_code=country, postcode=postcode)
    line = make_line(rate=rate, vat="2.00" if rate != "0" else "0.00")
    return make_sale(line, buyer=evolve(buyer, billing=home))  # delivered in Great Britain


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        (address("GB", "SW1A 1AA"), "Domestic"),
        (address("GB", "BT1 5GS"), "Domestic"),
        (address("XI"), "Domestic"),
        (address("GB", "IM1 1AA"), "Domestic"),
        (address("IM"), "Domestic"),
        (address("GB", "JE2 3AB"), "Rest of World"),
        (address("GG"), "Rest of World"),
        (address("DE", "10115"), "EU"),
        (address("GR", "10431"), "EU"),
        (address("ES", "35001"), "Rest of World"),
        (address("US"), "Rest of World"),
        (address(""), None),
    ],
)
def test_the_type_is_that_of_the_territory(where: Address, wanted: str | None) -> None:
    assert border_type(where) == wanted


@given(sales())
def test_a_type_never_contradicts_the_sale_it_was_chosen_for(sale: Sale) -> None:
    assert not contradicts(type_for(sale), sale)


@given(sales())
def test_whoever_is_charged_uk_vat_at_home_is_domestic(sale: Sale) -> None:
    if territory(sale.buyer.billing) in UK_VAT:
        assert type_for(sale) == DOMESTIC
    assert not contradicts(DOMESTIC, sale)
    assert not contradicts(None, sale)


def test_a_buyer_from_abroad_with_uk_vat_gets_no_type() -> None:
    assert type_for(sold_to("US")) is None
    assert type_for(sold_to("US", rate="0")) == "Rest of World"


@pytest.mark.parametrize("kind", sorted(ABROAD))
def test_uk_vat_contradicts_a_type_from_abroad(kind: str) -> None:
    assert contradicts(kind, sold_to("GB"))
    assert not contradicts(kind, sold_to("GB", rate="0"))
    old = evolve(sold_to("GB"), ordered_on=date(2020, 6, 1))
    assert not contradicts(kind, old)


def test_a_value_that_nobody_knows_contradicts_nothing() -> None:
    assert not contradicts("Something else", sold_to("GB"))


def test_foreign_vat_contradicts_nothing() -> None:
    sale = sold_to("DE", "10115", rate="19")
    there = evolve(sale.buyer, delivery=address("DE", "10115"))
    assert not contradicts("EU", evolve(sale, buyer=there))


def test_nothing_is_sent_unless_it_is_assumed() -> None:
    assert kashflow.ASSUMED.trade_border_types is False
