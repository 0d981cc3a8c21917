"""Which invoice of an order counts: the newest that has not been brought to nothing. Pure.

The theory. A posted document is frozen. Where an order has changed since, its invoice is reversed
by a credit note and the order is posted as a further invoice, each under a reference of its own:
`M1-ORD-000000012` and `M1-REV-000000012`, then `M1-ORD-000000012/2` and so on. So the account
itself tells which one counts, to whoever reads the references in turn, and a lost logbook loses
nothing. The first that is not reversed is the live one; it may not be posted yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count

from attrs import field, frozen

from kashmag import kashflow
from kashmag.plans.actions import DocumentId
from kashmag.plans.certificate import certify_reversal, confirm
from kashmag.plans.questions import Answers, InvoicesByReference


@frozen
class Settled:
    """An invoice and the credit note that brings it to nothing."""

    invoice: kashflow.Invoice
    reversal: kashflow.Invoice

    @property
    def left(self) -> tuple[str, ...]:
        """What is left of it, where the two are no longer equal and opposite; none is good."""
        return confirm(certify_reversal(self.invoice, (), ""), self.reversal)


@frozen
class Live:
    """The invoice of an order that counts, the `number`-th; `posted` is empty until it is there."""

    document: DocumentId
    number: int = 1
    posted: tuple[kashflow.Invoice, ...] = field(default=(), kw_only=True)
    settled: tuple[Settled, ...] = field(default=(), kw_only=True)

    @property
    def reference(self) -> str:
        """What it carries, or will carry."""
        return self.document.nth_reference(self.number)

    @property
    def reference_before(self) -> str:
        """What the invoice before it carries, if there is one and nobody adopted it."""
        return self.document.nth_reference(self.number - 1) if self.number > 1 else ""

    @property
    def key(self) -> str:
        """The key of the deed."""
        return self.document.key("invoice" if self.number == 1 else f"invoice:{self.number}")

    @property
    def next_key(self) -> str:
        """The key of the deed that would post the order once more."""
        return self.document.key(f"invoice:{self.number + 1}")

    @property
    def reversal_key(self) -> str:
        """The key of the deed that would bring it to nothing."""
        return self.document.key(f"reversal:{self.number}")

    def reversed_by(self, reversal: kashflow.Invoice) -> Live:
        """What is live when this one has been brought to nothing."""
        done = Settled(self.posted[0], reversal)
        return Live(self.document, self.number + 1, settled=(*self.settled, done))


def live_questions(document: DocumentId, answers: Answers) -> Iterator[InvoicesByReference]:
    """The references to be looked for, each when it is known that the one before is there."""
    for number in count(1):
        posted = InvoicesByReference(document.nth_reference(number))
        yield posted
        if not answers.get(posted):
            return
        reversal = InvoicesByReference(document.reversal_reference(number))
        yield reversal
        if not answers.get(reversal):
            return


def live_invoice(document: DocumentId, answers: Answers) -> Live:
    """The invoice that counts, by what the account holds."""
    live = Live(document)
    while True:
        posted = answers.get(InvoicesByReference(live.reference)) or ()
        live = Live(document, live.number, posted=posted, settled=live.settled)
        reference = document.reversal_reference(live.number)
        reversals = answers.get(InvoicesByReference(reference)) or ()
        if not posted or not reversals:
            return live
        live = live.reversed_by(reversals[0])


def what_is_left(live: Live) -> Decimal:
    """What the invoices of an order and their reversals come to, gross."""
    documents = [*live.posted]
    for one in live.settled:
        documents += [one.invoice, one.reversal]
    return sum((one.gross_amount for one in documents), Decimal(0))
