"""Whose money a problem is about that a person has accepted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.kashflow import PaymentLine
from kashmag.plans.acceptances import Acceptance, acceptance_key
from kashmag.plans.drift_problems import changed_payment
from kashmag.plans.payment_problems import (
    Named,
    document_locked,
    entered_by_hand,
    payment_exceeds,
    payment_moved,
    unmapped_credit,
    unmapped_payment_method,
)
from kashmag.reconciliation import Cause, DocumentKind, Figures, ShopDocument, ShopPayment
from kashmag.reconciliation.accepted import as_settled, with_told
from kashmag.reconciliation.sentences import about

DAY = date(2026, 5, 2)
amounts = st.integers(1, 99).map(lambda n: Decimal(n).scaleb(-2).quantize(Decimal("0.0001")))
tokens = st.sampled_from(("000000003", "TX1", "3.00", "gift_card:42"))


def document(payments: tuple[tuple[str, Decimal], ...], memo: str = "") -> ShopDocument:
    return ShopDocument(
        f"M:order:42:{'credit_note:3' if memo else 'invoice'}",
        kind=DocumentKind.CREDIT_NOTE if memo else DocumentKind.INVOICE,
        number=memo or "42",
        order="42",
        reference="M1-CRN-3" if memo else "M1-ORD-42",
        dated_on=DAY,
        issue_on=DAY,
        bands={"20": Figures(Decimal(1))},
        payments=tuple(
            ShopPayment(token, amount, method="checkmo", paid_on=DAY) for token, amount in payments
        ),
    )


def problems_of(named: Named):
    """Everything that a plan may say of one payment."""
    return (
        payment_exceeds(named, 7, Decimal("3.00")),
        document_locked(named, 7, "3.00 of it is in a filed VAT return"),
        payment_moved(named, 7),
        entered_by_hand(named, PaymentLine(1, named.amount, date=DAY), 7),
        unmapped_payment_method(named, "checkmo"),
        unmapped_credit(named, "gift_card"),
        changed_payment(
            7,
            named.token,
            "a",
            "b",
            reference=f"M1-CRN-{named.memo}" if named.memo else "M1-ORD-42",
        ),
    )


@given(
    paid=st.lists(st.tuples(tokens, amounts), min_size=1, max_size=4, unique_by=lambda one: one[0]),
    memo=st.sampled_from(("", "3")),
    data=st.data(),
)
def test_a_problem_is_about_its_own_payment_whatever_its_sentence_says(paid, memo, data) -> None:
    """Two payments may have one amount, and a sale and its refund one token."""
    token, amount = data.draw(st.sampled_from(paid))
    named = Named(token, amount, order="42", memo=memo)
    for problem in problems_of(named):
        sale, refund = (
            with_told(document(tuple(paid), one), [problem]).payments for one in ("", "3")
        )
        mine, other = (refund, sale) if memo else (sale, refund)
        assert all(one.told == () for one in other)
        told = {one.token: one.told for one in mine if one.told}
        assert told == {token: ((problem.code, problem.message),)}


@given(tokens, tokens, amounts, st.sampled_from(("", "3")))
def test_what_is_accepted_of_one_payment_is_not_accepted_of_another_of_its_amount(
    mine, other, amount, memo
) -> None:
    shop = document(((mine, amount), (other, amount)), memo)
    said = payment_moved(Named(mine, amount, order="42", memo=memo), 7).message
    accepted = (Acceptance(acceptance_key(said), because="agreed"),)
    for payment in shop.payments:
        gone = about(Cause.DELETED, "It is gone.", shop)
        cause = as_settled(gone, shop, payment, 7, accepted).cause
        assert (cause is Cause.ACCEPTED) is (payment.token == mine)


@given(tokens, tokens, amounts, st.dates(), st.dates())
def test_money_entered_by_hand_is_accepted_with_its_day_and_no_other(
    mine, other, amount, day, later
) -> None:
    def told(token: str, on: date) -> tuple[ShopDocument, ShopPayment]:
        problem = entered_by_hand(
            Named(token, amount, order="42"), PaymentLine(1, amount, date=on), 7
        )
        shop = with_told(document(((token, amount),)), [problem])
        return shop, shop.payments[0]

    ((_, said),) = told(mine, day)[1].told
    accepted = (Acceptance(acceptance_key(said), because="agreed"),)
    for token, on in ((mine, day), (other, day), (mine, later)):
        shop, payment = told(token, on)
        dated = about(Cause.WRONG_DATE, "It is dated otherwise.", shop)
        cause = as_settled(dated, shop, payment, 7, accepted).cause
        assert (cause is Cause.ACCEPTED) is ((token, on) == (mine, day))


@given(tokens, amounts)
def test_every_sentence_names_the_order_and_the_money(token, amount) -> None:
    for problem in problems_of(Named(token, amount, order="000000063"))[:-1]:
        assert "order 000000063" in problem.message
        assert f"{amount:.2f}" in problem.message
        assert f"{amount} " not in problem.message  # in pence


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (Named("000000061", Decimal("54.0000"), order="000000063"), "Payment 000000061 of 54.00"),
        (Named("000000003", Decimal("-5"), order="000000063", memo="000000003"), "Refund of 5.00"),
        (Named("re_1", Decimal("-5"), order="000000063", memo="000000003"), "Refund re_1 of 5.00"),
    ],
)
def test_money_back_is_named_by_its_credit_memo_and_no_number_is_taken_for_the_orders(named, said):
    by = " by credit memo 000000003" if named.memo else ""
    assert str(named) == f"{said}{by} for order 000000063"
