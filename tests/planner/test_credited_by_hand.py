"""Which credit note, typed by hand, counts as the reversal of an invoice that is owed no longer."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.planner.credited_by_hand import credit_questions, credited_by_hand
from kashmag.planner.generations import Live, what_is_left
from kashmag.plans.actions import DocumentId
from kashmag.plans.questions import Answers
from kashmag.testing.factories import ORDERED_ON

DOCUMENT = DocumentId("M", "order", entity_id="12", number="000000012")
Band = tuple[str, str, str]  # rate, net, VAT


def document(
    number: int, bands: tuple[Band, ...], *, reference: str = "", paid: str = "0"
) -> kashflow.Invoice:
    lines = tuple(
        kashflow.LineItem(
            at,
            "mugs",
            quantity=Decimal(1),
            rate=Decimal(net),
            vat_level=Decimal(rate),
            vat_amount=Decimal(vat),
        )
        for at, (rate, net, vat) in enumerate(bands, start=1)
    )
    net = sum((line.net for line in lines), Decimal(0))
    vat = sum((line.vat_amount for line in lines), Decimal(0))
    return kashflow.Invoice(
        number,
        customer_code="ROBIN",
        customer_reference=reference,
        issued_date=ORDERED_ON,
        net_amount=net,
        vat_amount=vat,
        gross_amount=net + vat,
        total_paid_amount=Decimal(paid),
        line_items=lines,
    )


INVOICE = document(
    97, (("20", "10.00", "2.00"), ("0", "5.00", "0.00")), reference=DOCUMENT.reference
)
WHOLE = (("20", "-10.00", "-2.00"), ("0", "-5.00", "0.00"))
bands = st.sampled_from(
    (
        WHOLE,
        tuple(reversed(WHOLE)),
        (("20", "-4.00", "-0.80"), ("20", "-6.00", "-1.20"), ("0", "-5.00", "0.00")),  # WHOLE, too
        (("0", "-17.00", "0.00"),),  # the same gross without its VAT
        WHOLE[:1],
        (("20", "10.00", "2.00"), ("0", "5.00", "0.00")),  # once more, and not back
    )
)
NAMED = ("Credit note for invoice 97", "order 000000012", "M1-ORD-000000012 cancelled")
UNNAMED = ("", "by telephone", "invoice 970", "97.00 back", "order 000000013")
notes = st.builds(
    document,
    st.integers(100, 120),
    bands,
    reference=st.sampled_from(NAMED + UNNAMED),
    paid=st.sampled_from(("0", "-3.00")),
)


def is_it(note: kashflow.Invoice) -> bool:
    by_rate: dict[Decimal, Decimal] = {}
    for line in (*INVOICE.line_items, *note.line_items):
        by_rate[line.vat_level] = by_rate.get(line.vat_level, Decimal(0)) + line.gross
    is_nothing = not any(by_rate.values()) and not note.total_paid_amount
    return is_nothing and note.customer_reference in NAMED


@given(st.lists(notes, max_size=4, unique_by=lambda one: one.number).map(tuple))
def test_one_that_names_it_and_leaves_nothing_of_it_at_any_rate_and_no_other(typed):
    live = Live(DOCUMENT, posted=(INVOICE,))
    (question,) = credit_questions(live)
    found, told = credited_by_hand(live, Answers({question: typed}))
    fitting = [one.number for one in typed if is_it(one)]
    if not fitting:
        assert found == live
        assert told.adoptions == ()
        return
    assert what_is_left(found) == 0
    assert found.settled[-1].left == ()
    (adoption,) = told.adoptions
    assert adoption.number == fitting[0]
    assert adoption.key == "M:order:12:reversal:1"


def test_nothing_is_asked_where_nothing_is_posted():
    assert list(credit_questions(Live(DOCUMENT))) == []
