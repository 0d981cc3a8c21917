"""Invoices that a rule says are not of the shop: named, counted, and asking nobody."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.plans.policy import NotOfTheShop
from kashmag.reconciliation import (
    Agreed,
    Cause,
    DocumentKind,
    Figures,
    Period,
    Remembered,
    ShopDocument,
    account_document,
    reconcile,
    vat_report,
)
from kashmag.reconciliation.going_live import doubles, proposals

QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
RULES = (
    NotOfTheShop(("cons01",)),
    NotOfTheShop(references=("CONS-",)),
    NotOfTheShop(invoices=(101,)),
)


def invoice(number=101, reference="CONS-7", code="CONS01", net="100.00"):
    line = kashflow.LineItem(
        1,
        quantity=Decimal(1),
        rate=Decimal(net),
        vat_level=Decimal(20),
        vat_amount=Decimal(net) / 5,
    )
    return kashflow.Invoice(
        number,
        customer_reference=reference,
        customer_code=code,
        issued_date=date(2026, 4, 20),
        net_amount=Decimal(net),
        vat_amount=Decimal(net) / 5,
        gross_amount=Decimal(net) * 6 / 5,
        total_paid_amount=Decimal(0),
        line_items=(line,),
    )


def sale():
    return ShopDocument(
        "M:order:7:invoice",
        kind=DocumentKind.INVOICE,
        number="000000007",
        order="000000007",
        reference="M1-ORD-000000007",
        dated_on=date(2026, 4, 19),
        issue_on=date(2026, 4, 19),
        bands={"20": Figures(Decimal("100.00"), Decimal("20.00"))},
        buyer_names=("CONS01",),
    )


@given(st.sampled_from(RULES), st.booleans(), st.decimals(1, 500, places=2))
def test_it_is_named_and_counted_and_asks_nobody(rules, is_credit, net):
    one = account_document(invoice(net=str(-net if is_credit else net)), rules=rules)
    report = reconcile((), (one,), {}, QUARTER)
    assert [each.cause for each in report.differences] == [Cause.NOT_OF_THE_SHOP]
    assert "not of the shop: policy.not_of_the_shop." in report.differences[0].message
    assert report.differences[0].delta == one.figures
    assert report.balances
    assert report.is_clean
    assert vat_report((), (one,), {}, QUARTER).is_clean


@pytest.mark.parametrize("rules", RULES)
def test_nobody_takes_it_for_an_order(rules):
    one = account_document(invoice(), rules=rules)
    found = reconcile((sale(),), (one,), {}, QUARTER)
    assert {each.cause for each in found.differences} == {Cause.NOT_POSTED, Cause.NOT_OF_THE_SHOP}
    assert proposals((sale(),), (one,), {}) == ()
    posted = account_document(invoice(9, "M1-ORD-000000007"))
    assert list(doubles((sale(),), (posted, one), {})) == []
    assert [
        each.invoice_number
        for each in doubles((sale(),), (posted, account_document(invoice())), {})
    ] == [101]


@pytest.mark.parametrize("rules", RULES)
def test_what_is_ours_or_adopted_is_of_the_shop_whatever_the_rules_say(rules):
    ours = account_document(invoice(101, "M1-ORD-000000007"), rules=rules)
    assert ours.left == ""
    adopted = account_document(invoice(), rules=rules)
    memory = {"M:order:7:invoice": Remembered("skipped", agreed=Agreed(101))}
    causes = {one.cause for one in reconcile((sale(),), (adopted,), memory, QUARTER).differences}
    assert Cause.NOT_OF_THE_SHOP not in causes
    assert Cause.NOT_POSTED not in causes


def test_without_rules_it_was_typed_by_hand():
    (one,) = reconcile((), (account_document(invoice()),), {}, QUARTER).differences
    assert one.cause is Cause.TYPED_BY_HAND
