"""Print what customers owe, as CSV: one line per invoice that is not paid.

Reads KASHMAG_KASHFLOW_URL, _USERNAME, _PASSWORD and _MEMORABLE_WORD; changes nothing.
"""

import asyncio
import csv
import os
import sys

from kashmag import kashflow


def told(name: str) -> str:
    """What the environment says, or an end with one sentence."""
    return os.environ.get(name) or sys.exit(f"{name} is not set")


def open_books() -> kashflow.Client:
    """Open a client that cannot write, with what the environment says."""
    return kashflow.Client(
        os.environ.get("KASHMAG_KASHFLOW_URL", "https://api.kashflow.com/v2"),
        auth=kashflow.SignIn(
            told("KASHMAG_KASHFLOW_USERNAME"),
            told("KASHMAG_KASHFLOW_PASSWORD"),
            told("KASHMAG_KASHFLOW_MEMORABLE_WORD"),
        ),
        read_only=True,
    )


async def main() -> None:
    """Walk through all invoices; paid or not is told by the sum, not by the status."""
    table = csv.writer(sys.stdout)
    table.writerow(["number", "customer", "reference", "due", "gross", "owed"])
    async with open_books() as books:
        async for row in books.invoices.matching():
            owed = row.due_amount
            if owed:
                shown = (f"{row.gross_amount:.2f}", f"{owed:.2f}")
                table.writerow(
                    [row.number, row.customer_code, row.customer_reference, row.due_date, *shown]
                )


if __name__ == "__main__":
    asyncio.run(main())
