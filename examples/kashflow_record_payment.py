"""Record a payment on an invoice: python kashflow_record_payment.py NUMBER AMOUNT METHOD ACCOUNT.

KashFlow replaces a whole invoice on every write; `update` reads it, adds the payment, makes sure
that nobody has edited it meanwhile, writes it and reads it back. Reads KASHMAG_KASHFLOW_URL,
_USERNAME, _PASSWORD and _MEMORABLE_WORD.
"""

import asyncio
import datetime
import os
import sys
from decimal import Decimal

import attrs

from kashmag import kashflow
from kashmag.errors import ConflictError


def told(name: str) -> str:
    """What the environment says, or an end with one sentence."""
    return os.environ.get(name) or sys.exit(f"{name} is not set")


async def main(number: int, amount: Decimal, method: int, account: int) -> None:
    """Add one payment line, once: a line with the same note is not added again."""
    auth = kashflow.SignIn(
        told("KASHMAG_KASHFLOW_USERNAME"),
        told("KASHMAG_KASHFLOW_PASSWORD"),
        told("KASHMAG_KASHFLOW_MEMORABLE_WORD"),
    )
    today = datetime.datetime.now(datetime.UTC).date()
    note = f"Received {amount} for {number}"

    def paid(invoice: kashflow.Invoice) -> kashflow.Invoice:
        if any(line.note == note for line in invoice.payment_lines):
            return invoice
        line = kashflow.PaymentLine(
            0, amount, date=today, method=method, account_id=account, note=note
        )
        return attrs.evolve(invoice, payment_lines=(*invoice.payment_lines, line))

    url = os.environ.get("KASHMAG_KASHFLOW_URL", "https://api.kashflow.com/v2")
    async with kashflow.Client(url, auth=auth) as books:
        try:
            invoice = await books.invoices.update(number, paid)
        except ConflictError as error:
            print(f"left alone: {error}")
            return
        print(f"invoice {number}: {invoice.total_paid_amount} of {invoice.gross_amount} paid")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Decimal(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
