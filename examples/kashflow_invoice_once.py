"""Invoice a customer exactly once, however often this program is run or killed.

The reference is the key: it is looked for, whole, before anything is created. Reads
KASHMAG_KASHFLOW_URL, _USERNAME, _PASSWORD and _MEMORABLE_WORD.
"""

import asyncio
import datetime
import os
import sys
from decimal import Decimal

from kashmag import kashflow
from kashmag.errors import NotFoundError

CUSTOMER = kashflow.CustomerDraft(
    "FERN01",
    "Fernleigh Garden Supplies",
    contacts=(kashflow.Contact("Alex", "Sample", email="alex.sample@example.com"),),
    addresses=(kashflow.Address("1 Invented Lane", post_code="ZZ99 1AA", country_code="GB"),),
    currency=kashflow.CurrencyRef("GBP"),
    trade_border_type="Domestic",
)
INVOICE = kashflow.InvoiceDraft(
    CUSTOMER.code,
    "WEB-100042",
    issued_date=datetime.date(2026, 1, 20),
    due_date=datetime.date(2026, 1, 20),
    line_items=(
        kashflow.LineDraft(
            "Terracotta planter 30cm",
            quantity=Decimal(4),
            rate=Decimal("18.00"),
            vat_level=Decimal(20),
            vat_amount=Decimal("14.40"),
            nominal_code=4000,
        ),
    ),
    payment_lines=(
        kashflow.PaymentDraft(
            datetime.date(2026, 1, 20),
            Decimal("86.40"),
            method=2,
            account_id=2,
            note="Card payment WEB-100042",
        ),
    ),
)


def told(name: str) -> str:
    """What the environment says, or an end with one sentence."""
    return os.environ.get(name) or sys.exit(f"{name} is not set")


async def main() -> None:
    """Find or create the customer, then the invoice."""
    auth = kashflow.SignIn(
        told("KASHMAG_KASHFLOW_USERNAME"),
        told("KASHMAG_KASHFLOW_PASSWORD"),
        told("KASHMAG_KASHFLOW_MEMORABLE_WORD"),
    )
    url = os.environ.get("KASHMAG_KASHFLOW_URL", "https://api.kashflow.com/v2")
    async with kashflow.Client(url, auth=auth) as books:
        try:
            await books.customers.get(CUSTOMER.code)
        except NotFoundError:
            await books.customers.create(CUSTOMER)
        found = await books.invoices.by_reference(
            INVOICE.customer_reference, customer_code=CUSTOMER.code
        )
        if found:
            print(f"{INVOICE.customer_reference} is invoice {found[0].number} already")
            return
        invoice = await books.invoices.create(INVOICE)
        print(f"{INVOICE.customer_reference} is now invoice {invoice.number}, {invoice.status}")


if __name__ == "__main__":
    asyncio.run(main())
