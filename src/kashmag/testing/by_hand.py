"""What a bookkeeper types into KashFlow by hand, as drafts: for tests of what is not ours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kashmag import kashflow

_NOMINAL = 4000


def copied(
    invoice: kashflow.Invoice, *, reference: str, on: date, times: Decimal = Decimal(1)
) -> kashflow.InvoiceDraft:
    """What stands on an invoice, typed once more; `times` -1 is a credit note for all of it."""
    lines = tuple(
        kashflow.LineDraft(
            line.description or "",
            quantity=line.quantity,
            rate=line.rate * times,
            vat_level=line.vat_level,
            vat_amount=line.vat_amount * times,
            nominal_code=line.nominal_code or _NOMINAL,
        )
        for line in invoice.line_items
    )
    return kashflow.InvoiceDraft(
        invoice.customer_code or "", reference, issued_date=on, due_date=on, line_items=lines
    )


def typed(
    customer_code: str, reference: str, what: str, net: Decimal, *, on: date
) -> kashflow.InvoiceDraft:
    """An invoice about something else, with VAT at 20 %."""
    line = kashflow.LineDraft(
        what,
        quantity=Decimal(1),
        rate=net,
        vat_level=Decimal(20),
        vat_amount=round(net / 5, 2),
        nominal_code=_NOMINAL,
    )
    return kashflow.InvoiceDraft(
        customer_code, reference, issued_date=on, due_date=on, line_items=(line,)
    )
