"""The certificate: equal to the last digit at every rate, or not exact; and the read-back."""

from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given

from kashmag import kashflow
from kashmag.kashflow import LineDraft, LineItem
from kashmag.kashflow.currencies import CurrencyRef
from kashmag.plans.certificate import Certificate, certify, confirm
from kashmag.testing.factories import make_line, make_refund, make_sale
from kashmag.testing.strategies import refunds, sales


def draft(net, vat, rate="20", quantity="1"):
    return LineDraft(
        "Mug", quantity=Decimal(quantity), rate=Decimal(net), vat_level=Decimal(rate),
        vat_amount=Decimal(vat), nominal_code=4000,
    )  # fmt: skip


def invoice_of(lines, **more):
    items = tuple(
        LineItem(
            at, "Mug", quantity=one.quantity, rate=one.rate, vat_level=one.vat_level,
            vat_amount=one.vat_amount,
        )
        for at, one in enumerate(lines, start=1)
    )  # fmt: skip
    net = sum((one.net for one in items), Decimal(0))
    vat = sum((one.vat_amount for one in items), Decimal(0))
    return kashflow.Invoice(
        7, net_amount=net, vat_amount=vat, gross_amount=net + vat, total_paid_amount=Decimal(0),
        line_items=items, **more,
    )  # fmt: skip


MIXED = make_sale(
    make_line("10.00", "2.00", sku="MUG"),
    make_line("4.00", "0.20", rate="5", sku="BOOK"),
)
MIXED_LINES = [draft("10.00", "2.00"), draft("4.00", "0.20", "5.0000")]


def test_equal_sides_are_exact_and_print_as_promised():
    certificate = certify(MIXED, MIXED_LINES)
    assert certificate.exact
    assert certificate.to_json() == {
        "currency": "GBP",
        "net": "14.00",
        "vat": "2.20",
        "gross": "16.20",
        "by_rate": [
            {"rate": "20", "net": "10.00", "vat": "2.00"},
            {"rate": "5", "net": "4.00", "vat": "0.20"},
        ],
        "exact": True,
    }
    assert str(certificate) == (
        "14.00 + 2.20 VAT = 16.20 GBP (20 %: 10.00 + 2.00, 5 %: 4.00 + 0.20; exact)"
    )


@pytest.mark.parametrize(
    "lines",
    [
        [draft("10.01", "2.00"), draft("4.00", "0.20", "5")],
        [draft("10.00", "2.01"), draft("4.00", "0.20", "5")],
        [draft("10.01", "2.00"), draft("3.99", "0.20", "5")],
        [draft("10.00", "2.01"), draft("4.00", "0.19", "5")],
        [draft("10.00", "2.00")],
        [draft("10.00", "2.00"), draft("4.00", "0.20", "17.5")],
        [*MIXED_LINES, draft("0.01", "0.00", "0")],
        [*MIXED_LINES, draft("0.01", "0.00"), draft("-0.01", "0.01")],
    ],
)
def test_a_penny_at_any_rate_is_not_exact(lines):
    certificate = certify(MIXED, lines)
    assert not certificate.exact
    told = certificate.to_json()
    assert told["exact"] is False
    assert told["gross"] == "16.20"
    assert told["invoice"]["by_rate"] != told["by_rate"]
    assert "NOT EXACT" in str(certificate)


def test_a_net_that_hangs_on_rounding_is_not_exact():
    lines = [draft("3.3333", "2.00", quantity="3"), draft("4.00", "0.20", "5")]
    assert sum(one.net for one in lines) == 14
    assert not certify(MIXED, lines).exact
    assert certify(MIXED, lines).to_json()["is_whole"] is False


def test_two_nets_that_only_together_are_whole_are_not_exact():
    lines = [draft("4.995", "1.00"), draft("5.005", "1.00"), draft("4.00", "0.20", "5")]
    certificate = certify(MIXED, lines)
    assert certificate.invoice_net == 14
    assert not certificate.exact


def test_a_refund_is_certified_with_the_signs_of_its_credit_note():
    certificate = certify(make_refund(), [draft("-10.00", "-2.00")])
    assert certificate.exact
    assert (certificate.net, certificate.vat, certificate.gross) == (-10, -2, -12)
    assert not certify(make_refund(), [draft("10.00", "2.00")]).exact


def test_a_refund_whose_adjustment_is_nowhere_is_not_exact():
    certificate = certify(make_refund(adjustment="5.00"), [draft("-10.00", "-2.00")])
    assert certificate.gross == -17
    assert not certificate.exact


def test_nothing_is_certified_as_nothing():
    empty = evolve(make_sale(), lines=(), gross=make_sale().gross - make_sale().gross)
    certificate = certify(empty, [])
    assert certificate.exact
    assert str(certificate) == "0.00 + 0.00 VAT = 0.00 GBP (exact)"


@given(sales())
def test_a_certificate_survives_being_stored(sale):
    lines = [
        draft(one.net.amount, one.vat.amount, one.vat_rate)
        for one in sale.lines
    ]  # fmt: skip
    for certificate in (certify(sale, lines), certify(sale, lines[1:]), certify(sale, [])):
        assert Certificate.from_json(certificate.to_json()) == certificate


@given(refunds())
def test_a_credit_notes_certificate_survives_being_stored(refund):
    certificate = certify(refund, [])
    assert Certificate.from_json(certificate.to_json()) == certificate


@given(sales())
def test_what_was_posted_confirms_its_own_certificate(sale):
    lines = [draft(one.net.amount, one.vat.amount, one.vat_rate) for one in sale.lines]
    assert confirm(certify(sale, lines), invoice_of(lines)) == ()


def test_an_invoice_that_says_otherwise_is_named_figure_by_figure():
    other = [draft("10.00", "2.01"), draft("4.00", "0.20", "5")]
    assert confirm(certify(MIXED, MIXED_LINES), invoice_of(other)) == (
        "VAT is 2.21, not 2.20",
        "gross is 16.21, not 16.20",
        "VAT at 20 % is 2.01, not 2.00",
    )


def test_pennies_moved_between_rates_are_noticed():
    other = [draft("10.00", "2.01"), draft("4.00", "0.19", "5")]
    assert confirm(certify(MIXED, MIXED_LINES), invoice_of(other)) == (
        "VAT at 20 % is 2.01, not 2.00",
        "VAT at 5 % is 0.19, not 0.20",
    )


def test_a_line_at_a_rate_that_was_never_sent_is_noticed():
    other = [draft("10.00", "2.00"), draft("4.00", "0.20", "17.5")]
    assert confirm(certify(MIXED, MIXED_LINES), invoice_of(other)) == (
        "net at 17.5 % is 4.00, not 0.00",
        "VAT at 17.5 % is 0.20, not 0.00",
        "net at 5 % is 0.00, not 4.00",
        "VAT at 5 % is 0.00, not 0.20",
    )


def test_a_header_in_home_currency_confirms_a_foreign_invoice_and_nothing_else_does():
    certificate = certify(MIXED, MIXED_LINES)
    euro = CurrencyRef("EUR", exchange_rate=Decimal(2))
    foreign = invoice_of(MIXED_LINES, currency=euro)
    assert confirm(certificate, foreign) == ()
    home = evolve(
        foreign, net_amount=Decimal(7), vat_amount=Decimal("1.10"), gross_amount=Decimal("8.10")
    )
    assert confirm(certificate, home) == ()
    assert confirm(certificate, evolve(home, gross_amount=Decimal("8.11"))) == (
        "gross is 8.11, not 16.20",
    )
    pounds = evolve(home, currency=CurrencyRef("GBP", exchange_rate=Decimal(1)))
    assert len(confirm(certificate, pounds)) == 3
    assert len(confirm(certificate, evolve(home, currency=None))) == 3
