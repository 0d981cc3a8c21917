"""Whose money a sentence is about that a person has accepted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kashmag.plans.payment_problems import payment_exceeds, payment_moved
from kashmag.plans.problems import document_locked
from kashmag.reconciliation import DocumentKind, Figures, ShopDocument, ShopPayment
from kashmag.reconciliation.accepted import with_told

DAY = date(2026, 5, 2)


def pounds(pence: int) -> Decimal:
    """As Magento tells an amount, with four decimals."""
    return Decimal(pence).scaleb(-2).quantize(Decimal("0.0001"))


@given(pence=st.lists(st.integers(1, 9999), min_size=2, max_size=2, unique=True))
def test_a_sentence_is_about_the_payment_with_which_it_begins_and_no_other(pence) -> None:
    """One that finds no room names the room, and that may be another payment's amount."""
    mine, other = pounds(pence[0]), pounds(pence[1])
    document = ShopDocument(
        "M:order:42:invoice",
        kind=DocumentKind.INVOICE,
        number="42",
        order="42",
        reference="M1-ORD-42",
        dated_on=DAY,
        issue_on=DAY,
        bands={"20": Figures(mine + other, Decimal(0))},
        payments=tuple(
            ShopPayment(token, amount, method="checkmo", paid_on=DAY)
            for token, amount in (("t1", mine), ("t2", other))
        ),
    )
    for problem in (
        payment_exceeds("42", 7, other, mine),
        document_locked(7, f"{other} of it is in a filed VAT return", mine),
        payment_moved(7, mine),
    ):
        told = with_told(document, [problem]).payments
        assert [one.told for one in told] == [((problem.code, problem.message),), ()]
