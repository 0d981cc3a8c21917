"""A credit note that somebody typed by hand for an order which is owed no longer. Pure.

It counts as the invoice's reversal where that is certain: it stands on the same customer's
account, names the invoice or its order, and brings it to nothing at every rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kashmag import kashflow
from kashmag.planner.findings import Findings
from kashmag.planner.generations import Live, Settled
from kashmag.planner.likeness import mentions, texts_of
from kashmag.plans.plan import Adoption
from kashmag.plans.questions import Answers, TypedByHand


def credit_questions(live: Live) -> Iterator[TypedByHand]:
    """What must be known of the customer's account where an invoice is owed no longer."""
    for invoice in live.posted[:1]:
        if invoice.customer_code and invoice.issued_date:
            yield TypedByHand(
                invoice.customer_code, first=invoice.issued_date, document=live.document.whole
            )


def credited_by_hand(live: Live, answers: Answers) -> tuple[Live, Findings]:
    """What is live beside such a credit note, and that it is taken for the reversal."""
    for question in credit_questions(live):
        for note in answers.get(question) or ():
            if _reverses(note, live):
                reference = live.document.reversal_reference(live.number)
                adoption = Adoption(live.reversal_key, note.number, reference=reference)
                return live.reversed_by(note), Findings(adoptions=(adoption,))
    return live, Findings()


def _reverses(note: kashflow.Invoice, live: Live) -> bool:
    invoice = live.posted[0]
    names = (str(invoice.number), live.document.number, live.reference)
    named = any(mentions(text, name) for text in texts_of(note) for name in names)
    paid = invoice.total_paid_amount + note.total_paid_amount
    return named and paid == Decimal(0) and not Settled(invoice, note).left
