"""Every behaviour of KashFlow that no public material proves, as a named switch.

The defaults are the proposals of our reference notes; a client that is right is right under all of
them. What is proved is no switch and stands in the code.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from attrs import frozen


@frozen(kw_only=True)
class Switches:
    """How this stand-in decides where the real service is unknown."""

    # Answers
    post_invoice_reply: Literal["created", "empty_ok"] = "created"
    """201 with the whole invoice and a Location, or 200 with `{}`: the specification says both."""
    number_as_text: bool = False
    """Whether the `Number` of a created document arrives as a string, as one client defends."""
    decimals: Literal["four", "mixed"] = "four"
    """How amounts are printed: four decimals, or as seen here and there: 6.08, 195.080000, 0."""
    dates_carry_offset: bool = False
    """Whether dates end in ` +05:30`, as in the vendor's old samples."""
    page_links: Literal["absolute", "relative"] = "absolute"
    permalinks: Literal["relative", "absolute"] = "relative"
    list_rows_carry_lines: bool = False
    """Invoice list rows: lines and currency, or null."""
    missing_record: Literal["body", "empty"] = "body"
    """A 404 with {Error, Message} or with nothing."""
    unpaged_products: bool = False
    """`GET /products` as a bare array instead of a page."""

    # Numbers and sums
    taken_number: Literal["refuse", "assign_next"] = "refuse"
    first_invoice_number: int = 1
    rate_decimals: Literal[2, 4] = 4
    """Decimals that the store keeps of a line's `Rate`."""
    vat_amount: Literal["as_sent", "recomputed"] = "as_sent"
    line_net: Literal["exact", "pence"] = "exact"
    """Quantity x Rate kept to four places, or rounded half up to pence per line."""
    part_paid_status: bool = False
    """Whether a partly paid invoice shows `PartPaid` or `OverduePartPaid`."""

    # Visibility and order
    read_after_write_lag: timedelta = timedelta(0)
    """How long a new record stays invisible to reads."""
    lag_hides_references: bool = False
    """Whether an invoice for a customer who is still invisible is refused."""
    shuffle_ties: bool = False
    """Whether rows with equal sort keys change places from request to request."""
    lists_hide_archived: bool = True
    search_text: Literal["contains", "exact", "prefix"] = "contains"
    """How `searchtext` and `searchText` match; never by case."""
    max_perpage: int = 200
    over_max_perpage: Literal["refuse", "clamp"] = "refuse"

    # What is checked
    codes_ignore_case: bool = True
    unknown_vat_rate: Literal["accept", "refuse"] = "accept"
    unknown_product: Literal["accept", "refuse"] = "refuse"
    archived_customer: Literal["refuse", "accept"] = "refuse"
    """A document for a customer who is in the archive."""
    unknown_payment_reference: Literal["refuse", "accept"] = "refuse"
    """A payment whose method or bank account does not exist."""
    locked_documents: Literal["refuse", "allow"] = "refuse"
    """Writes to documents in a VAT return, reconciled, or in a locked bank period."""
    late_documents: Literal["accept", "refuse"] = "accept"
    """New documents that are dated in a period whose VAT return is filed."""
    validation_error: str = "ValidationError"
    duplicate_code_error: str = "DuplicateCustomerCode"
    taken_number_error: str = "DuplicateInvoiceNumber"
    locked_error: str = "TransactionLocked"
    not_found_error: str = "NotFound"

    # Features
    bulk_payments: bool = True
    internal_routes: bool = True
    """Whether `/internal/...` answers at all: published, but unsupported."""
    stock_on_create: bool = True
    stock_on_edit: bool = True
    stock_on_delete: bool = True
    stock_on_credit: Literal["ignore", "restore", "fall"] = "ignore"
    """What a line of negative value does to stock."""
    calculate_tax_on_unit_price: bool = False
    """The account setting by which VAT, where it is computed, is rounded per unit."""

    # Sign-in
    temporary_token_life: timedelta = timedelta(minutes=5)
    session_idle_life: timedelta = timedelta(minutes=60)
    failures_until_locked: int = 5
    several_sessions: bool = True
