"""Problems of invoice numbers where the policy says that they are the orders' own."""

from __future__ import annotations

from kashmag.accounting.problems import Problem
from kashmag.plans.cures import ACCOUNT_NUMBERS, cure
from kashmag.plans.number_ranges import FURTHER_SUGGESTED


def unusable_number(number: str, largest: int) -> Problem:
    """The number cannot be an invoice number."""
    return Problem(
        "unusable_number",
        f"Number {number} cannot be an invoice number: digits only, at most {largest}.",
        remedy='Set policy.numbering = "account".',
        settings=ACCOUNT_NUMBERS,
    )


def number_taken(number: int, reference: str | None) -> Problem:
    """Another invoice has this number."""
    return Problem(
        "number_taken",
        f"Invoice number {number} is taken by an invoice with reference "
        f"{reference or '(none)'}; it is never replaced.",
        remedy='Renumber that invoice, or set policy.numbering = "account".',
        settings=ACCOUNT_NUMBERS,
    )


def reissue_unnumbered(number: str) -> Problem:
    """Invoices carry their orders' numbers, and this order's is taken by its own reversed one."""
    return Problem(
        "reissue_unnumbered",
        f"Order {number} was posted and reversed, and its number is taken by the reversed invoice.",
        remedy="Set policy.further_numbers_from to where a million invoice numbers are free; or "
        "post it by hand and adopt it (errors adopt), or skip the order.",
        settings=cure("policy", further_numbers_from=FURTHER_SUGGESTED),
    )


def number_reserved(number: int, named: str, kept: range) -> Problem:
    """The document's own number lies among those that are kept for reversals and reissues."""
    return Problem(
        "number_reserved",
        f"Number {named} would be invoice {number}, and {kept.start} to {kept[-1]} are kept for "
        "reversals and further invoices (policy.further_numbers_from).",
        remedy="Set policy.further_numbers_from to where no order or credit note is numbered.",
        settings=cure("policy", further_numbers_from=FURTHER_SUGGESTED),
    )
