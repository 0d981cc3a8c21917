"""Sales, refunds, payments and VAT totals: what cannot be built, and what follows from what is."""

from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given

from kashmag.accounting import (
    Credit,
    CreditKind,
    Holds,
    Money,
    Problem,
    Refund,
    Sale,
    VatTotal,
    by_rate,
    total_of,
)
from kashmag.accounting.vat import plain_rate
from kashmag.testing.factories import (
    ORDERED_ON,
    make_buyer,
    make_line,
    make_refund,
    make_sale,
    pounds,
)
from kashmag.testing.strategies import refunds, sales


@given(sales())
def test_a_sales_sums_hold_by_construction(sale):
    assert sale.net + sale.vat == sale.gross == sale.owed
    assert total_of((one.net for one in sale.by_rate), "GBP") == sale.net
    assert [one.rate for one in sale.by_rate] == sorted(
        {line.vat_rate for line in sale.lines}, reverse=True
    )
    with pytest.raises(ValueError, match="come to"):
        evolve(sale, gross=sale.gross + pounds("0.01"))


@given(refunds())
def test_a_refunds_sums_hold_by_construction(refund):
    lines = total_of((line.gross for line in refund.lines), "GBP")
    assert lines + (refund.adjustment or pounds(0)) == refund.gross == refund.returned
    with pytest.raises(ValueError, match="come to"):
        evolve(refund, gross=refund.gross + pounds("0.01"))


def test_no_line_is_counted_twice():
    line = make_line()
    with pytest.raises(ValueError, match="counts a line twice"):
        Sale("1", "1", lines=(line, line), gross=pounds(24), buyer=make_buyer(),
             ordered_on=ORDERED_ON)  # fmt: skip
    with pytest.raises(ValueError, match="document 7 counts a line twice"):
        Refund("1", "7", lines=(line, line), gross=pounds(24), refunded_on=ORDERED_ON)


def test_a_sale_is_of_one_currency():
    euros = Credit(CreditKind.GIFT_CARD, Money(Decimal(5), "EUR"))
    with pytest.raises(ValueError, match="another currency"):
        evolve(make_sale(), credits=(euros,))
    with pytest.raises(TypeError):
        evolve(make_sale(), gross=Money(Decimal(12), "EUR"))
    assert make_sale().currency == "GBP"
    assert make_refund().currency == "GBP"


def test_credits_are_what_is_left_out_of_what_is_owed():
    card = Credit(CreditKind.GIFT_CARD, pounds(5))
    sale = evolve(make_sale(), credits=(card,))
    assert sale.gross == pounds(12)
    assert sale.owed == pounds(7)
    refund = evolve(make_refund(), credits=(card,))
    assert refund.returned == pounds(7)


def test_rates_are_told_without_needless_zeros():
    assert str(plain_rate(Decimal("20.0000"))) == "20"
    assert str(plain_rate(Decimal("17.5000"))) == "17.5"
    assert str(plain_rate(Decimal(100))) == "100"


def test_lines_at_one_rate_are_one_total_however_the_rate_is_written():
    lines = [make_line(rate="20.0000", sku="A"), make_line(rate="20", sku="B"),
             make_line("1.00", "0.05", rate="5", sku="C")]  # fmt: skip
    assert by_rate(lines) == (
        VatTotal(Decimal(20), pounds(20), vat=pounds(4)),
        VatTotal(Decimal(5), pounds(1), vat=pounds("0.05")),
    )
    assert by_rate(lines)[0].gross == pounds(24)
    assert by_rate([]) == ()
    assert make_refund(lines).by_rate == by_rate(lines)


def test_a_line_is_worth_its_net_and_vat():
    assert make_line("10.00", "2.00").gross == pounds(12)


@pytest.mark.parametrize(
    ("email", "domain"), [("Robin@Example.COM", "example.com"), ("no at sign", "no at sign")]
)
def test_the_domain_of_an_email_is_in_lower_case(email, domain):
    assert make_buyer(email).email_domain == domain


def test_a_problem_holds_the_plan_unless_it_says_otherwise():
    assert Problem("code", "Message.", remedy="Do.").holds is Holds.PLAN
    assert Problem("code", "Message.", remedy="Do.").document == ""
