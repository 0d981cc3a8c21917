"""The two boxes: both sides by the scheme, per rate, and the documents that make the difference."""

import importlib.util
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.reconciliation import (
    AccountPayment,
    Cause,
    Figures,
    Period,
    Remembered,
    Scheme,
    ShopPayment,
    Standing,
    VatScheme,
    reconcile,
    scheme_of,
    vat_report,
)
from kashmag.reconciliation.registration import about_registration

_spec = importlib.util.spec_from_file_location(
    "reconciliation_worlds", Path(__file__).with_name("worlds.py")
)
worlds = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = worlds
_spec.loader.exec_module(worlds)

QUARTER = worlds.QUARTER
CASH = Scheme(VatScheme.CASH)
schemes = st.sampled_from(
    [
        Scheme(),
        CASH,
        Scheme(VatScheme.FLAT_RATE, Decimal("7.5")),
        Scheme(VatScheme.FLAT_RATE, Decimal("7.5"), is_cash_based=True),
        Scheme(VatScheme.NOT_REGISTERED),
    ]
)


def report(world, scheme=Scheme(), period=QUARTER):  # noqa: B008
    return vat_report(world.shop, world.account, world.memory, period, scheme=scheme)


@given(worlds.clean_worlds(), schemes)
def test_two_sides_that_agree_have_the_same_boxes_under_every_scheme(world, scheme):
    found = report(world, scheme)
    assert found.shop == found.account
    assert found.is_clean
    assert found.balances


@given(worlds.clean_worlds(), st.integers(0, 91))
def test_under_cash_accounting_two_halves_of_a_period_come_to_the_whole(world, cut):
    cut_on = date.fromordinal(QUARTER.first.toordinal() + min(cut, 89))
    first = Period(QUARTER.first, cut_on)
    second = Period(date.fromordinal(cut_on.toordinal() + 1), QUARTER.last)
    whole, one, two = (report(world, CASH, part) for part in (QUARTER, first, second))
    assert whole.shop.box_1 == one.shop.box_1 + two.shop.box_1
    assert whole.shop.box_6 == one.shop.box_6 + two.shop.box_6


@given(worlds.clean_worlds(), schemes, st.data())
def test_the_documents_listed_come_to_the_difference_per_rate(world, scheme, data):
    at = data.draw(st.integers(0, len(world.account) - 1))
    world = world.with_account(at, issued_on=data.draw(worlds.days))
    other = data.draw(st.integers(0, len(world.account) - 1))
    found = report(world.without_account(other), scheme)
    assert found.balances


def skipped(world, *, by_rule):
    """The first document is not there, because a rule or a person said so."""
    world = world.without_account(0)
    if by_rule:
        world = world.remembering(0, Remembered())
        return world.with_shop(0, standing=Standing.SKIPPED, reason="a test order")
    return world.remembering(0, Remembered("skipped", "skipped by ann: a sample", is_decided=True))


@given(worlds.clean_worlds(), schemes, st.booleans())
def test_what_is_skipped_is_listed_with_its_reason_and_asks_nobody(world, scheme, by_rule):
    world = skipped(world, by_rule=by_rule)
    found = report(world, scheme)
    assert found.balances
    assert found.is_clean
    assert all(one.causes == (Cause.SKIPPED,) for one in found.differences)
    assert len(found.differences) <= 1
    if scheme.kind in (VatScheme.STANDARD, VatScheme.NOT_REGISTERED):
        (one,) = found.differences
        assert one.delta == -world.shop[0].figures
        assert ("a test order" if by_rule else "skipped by ann: a sample.") in one.messages[0]


@given(worlds.clean_worlds(), worlds.days, schemes, worlds.periods, st.booleans())
def test_where_reconcile_asks_nobody_vat_asks_nobody(world, day, scheme, period, is_skipped):
    """Whatever is skipped, moved by policy or dated by the bank: the two exit codes agree."""
    at = len(world.shop) - 1
    world = world.with_shop(at, issue_on=day).with_account(at, issued_on=day)
    lines = tuple(evolve(one, paid_on=day) for one in world.account[at].payments)
    world = world.with_account(at, payments=lines)
    world = skipped(world, by_rule=False) if is_skipped else world
    found = report(world, scheme, period)
    compared = reconcile(world.shop, world.account, world.memory, period)
    assert found.balances
    assert all(one.causes for one in found.differences)
    assert found.is_clean or not compared.is_clean


@given(worlds.clean_worlds(max_size=2))
def test_a_document_dated_after_the_cut_off_straddles(world):
    moved = world.with_account(0, issued_on=date(2026, 7, 1))
    found = report(moved)
    (one,) = found.straddling
    assert one.causes == (Cause.WRONG_DATE,)
    assert one.shop_day in QUARTER
    assert one.delta == -world.shop[0].figures


def test_flat_rate_is_a_percentage_of_everything_with_vat():
    world = one_sale({"20": Figures(Decimal(100), Decimal(20)), "0": Figures(Decimal(30))})
    found = report(world, Scheme(VatScheme.FLAT_RATE, Decimal("7.5")))
    assert (found.shop.box_6, found.shop.box_1) == (Decimal(150), Decimal("11.25"))


@given(worlds.clean_worlds(), worlds.periods)
def test_a_cash_based_turnover_is_what_was_paid_with_vat(world, period):
    """The percentage is of what cash accounting counts, VAT included: VAT Notice 733."""
    flat = report(world, CASH.at(Decimal("7.5")), period)
    cash = report(world, CASH, period)
    turnover = sum((one.shop.gross for one in cash.by_rate), Decimal(0))
    assert flat.shop.box_6 == turnover
    assert abs(flat.shop.box_1 - turnover * Decimal("0.075")) <= Decimal("0.005")


@given(schemes, st.sampled_from([None, Decimal("7.5"), Decimal("16.5")]))
def test_a_flat_rate_keeps_what_the_account_tells(scheme, percent):
    flat = scheme.at(percent)
    assert flat.counts_money == scheme.counts_money or scheme.kind is VatScheme.FLAT_RATE
    if percent is None or scheme.kind is VatScheme.NOT_REGISTERED:
        assert flat == scheme
    else:
        assert (flat.kind, flat.percent) == (VatScheme.FLAT_RATE, percent)
        assert str(percent) in flat.title
        assert ("cash based" in flat.title) != ("basic" in flat.title)


def test_the_label_of_box_6_says_whether_vat_is_in_it():
    assert "without VAT" in Scheme().box_6
    assert "VAT included" in Scheme().at(Decimal("7.5")).box_6


@given(worlds.clean_worlds(), schemes, worlds.periods)
def test_an_account_that_is_not_registered_is_told_of_its_vat_in_one_sentence(
    world, scheme, period
):
    told = about_registration(scheme, world.account, period)
    vat = [
        one.figures.vat
        for one in world.account
        if one.issued_on in period and one.figures.vat and one.currency == "GBP"
    ]
    assert bool(told) == (scheme.kind is VatScheme.NOT_REGISTERED and bool(vat))
    if told:
        assert len(told) == 1
        assert f" {sum(vat)} of VAT" in told[0]
        assert not evolve(report(world, scheme, period), remarks=told).is_clean
        sides = (world.shop, world.account, world.memory, period)
        assert not evolve(reconcile(*sides), remarks=told).is_clean


def test_vat_of_another_country_is_in_no_box():
    world = one_sale(
        {"19": Figures(Decimal(100), Decimal(19)), "20": Figures(Decimal(50), Decimal(10))}
    )
    found = report(world)
    assert (found.shop.box_1, found.shop.box_6) == (Decimal(10), Decimal(50))
    assert [one.label for one in found.foreign] == ["19"]


def test_under_cash_accounting_a_part_payment_brings_its_share():
    world = one_sale({"20": Figures(Decimal("100.00"), Decimal("20.00"))})
    half = ShopPayment("t1", Decimal("40.00"), method="checkmo", paid_on=date(2026, 5, 2))
    world = world.with_shop(0, payments=(half,)).with_account(
        0, payments=(AccountPayment(Decimal("40.00"), paid_on=date(2026, 7, 2), note="checkmo t1"),)
    )
    found = report(world, CASH)
    assert (found.shop.box_1, found.shop.box_6) == (Decimal("6.67"), Decimal("33.33"))
    assert found.account.box_1 == 0
    assert found.balances


def test_foreign_documents_count_in_home_currency():
    world = one_sale({"20": Figures(Decimal("120.00"), Decimal("24.00"))})
    world = world.with_shop(0, currency="EUR", exchange_rate=Decimal("1.2"))
    world = world.with_account(0, currency="EUR", exchange_rate=Decimal("1.2"))
    found = report(world)
    assert (found.shop.box_1, found.account.box_6) == (Decimal("20.00"), Decimal("100.00"))


@pytest.mark.parametrize(
    ("settings", "flat", "kind"),
    [
        (kashflow.VatSettings(False), None, VatScheme.NOT_REGISTERED),
        (kashflow.VatSettings(True), None, VatScheme.STANDARD),
        (kashflow.VatSettings(True, cash_accounting=kashflow.VatCash(True)), None, VatScheme.CASH),
        (
            kashflow.VatSettings(True, cash_accounting=kashflow.VatCash(False)),
            None,
            VatScheme.STANDARD,
        ),
        (kashflow.VatSettings(True), Decimal("7.5"), VatScheme.FLAT_RATE),
        (kashflow.VatSettings(), None, VatScheme.STANDARD),
    ],
)
def test_the_scheme_is_read_from_the_account(settings, flat, kind):
    assert scheme_of(settings).at(flat).kind is kind


def one_sale(bands):
    day = date(2026, 4, 3)
    shop = worlds.ShopDocument(
        "M:order:0:invoice",
        kind=worlds.DocumentKind.INVOICE,
        number="000000001",
        order="000000001",
        reference="M1-ORD-000000001",
        dated_on=day,
        issue_on=day,
        bands=bands,
    )
    return worlds.World(
        (shop,), (worlds.mirrored(shop, 1000),), {shop.key: worlds.agreed(shop, 1000)}
    )


def test_a_filed_document_that_differs_says_so():
    world = one_sale({"20": Figures(Decimal(100), Decimal(20))})
    world = world.with_account(0, bands={"20": Figures(Decimal(90), Decimal(18))})
    found = report(evolve(world).with_account(0, is_in_vat_return=True))
    assert found.differences[0].is_filed
    assert found.differences[0].causes == (Cause.CHANGED_IN_KASHFLOW,)
