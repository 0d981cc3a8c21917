"""Whether settings and documents agree on which VAT returns are filed.

KashFlow's API has no list of returns: a filed month shows itself only by documents that carry a
`VATReturnId`, and only where there are any.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from kashmag import kashflow
from kashmag.cli.findings import Code, Finding, ok, warning

SUBJECT: Final = "policy.vat_returns_filed_until"


def about_returns(rows: Sequence[kashflow.InvoiceRow], stated: date | None) -> Finding:
    """One finding: what the settings state beside what the latest documents show."""
    filed = [row for row in rows if row.vat_return_id and row.issued_date is not None]
    newest = max(filed, key=_day, default=None)
    if stated is None:
        shown = f"the newest document in one is of {_day(newest)}" if newest else "none is in one"
        return ok(Code.VAT_RETURNS, SUBJECT, f"not stated; of the latest documents {shown}")
    if newest is not None and _day(newest) > stated:
        return warning(
            Code.VAT_RETURNS,
            SUBJECT,
            f"it is {stated}, but invoice {newest.number} of {_day(newest)} is in a VAT return",
            "Set it to the last day of that return.",
        )
    missed = next((row for row in rows if _should_be_filed(row, stated)), None)
    if missed is not None:
        return warning(
            Code.VAT_RETURNS,
            SUBJECT,
            f"it is {stated}, but invoice {missed.number} of {_day(missed)} carries VAT and is in "
            "no VAT return",
            "Look whether that return is filed; under cash accounting an unpaid invoice may wait.",
        )
    return ok(Code.VAT_RETURNS, SUBJECT, f"{stated}; the latest documents agree")


def _day(row: kashflow.InvoiceRow | None) -> date:
    return row.issued_date if row is not None and row.issued_date is not None else date.min


def _should_be_filed(row: kashflow.InvoiceRow, stated: date) -> bool:
    is_dated = row.issued_date is not None and row.issued_date <= stated
    return is_dated and bool(row.vat_amount) and not row.vat_return_id
