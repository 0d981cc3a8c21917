"""The ranges of invoice numbers under `numbering = "order"`: whose numbers lie where.

An order's invoice has the order's own number. Credit notes are numbered from one beginning, in
step with their memos; what an order needs beside these (a reversal, a further invoice) takes the
next free number from another. Which number a document gets: `planner.numbers`.
"""

from __future__ import annotations

from typing import Final

from kashmag.plans.policy import Numbering, Policy

# KashFlow's `Number` is a 32-bit integer in its published specification.
LARGEST: Final = 2**31 - 1
# Where credit notes are numbered from unless the policy says otherwise: far above the orders of
# a shop's first store (000000001 upwards), below those of its second (2000000001 upwards).
CREDIT_NOTES_FROM: Final = 500_000_000
# How many numbers are kept for further documents: no shop reverses a million invoices.
FURTHER_NUMBERS: Final = 1_000_000
# Where they are likely to be free: clear of credit notes, and of the first and second store.
FURTHER_SUGGESTED: Final = 1_500_000_000


def credit_notes_from(policy: Policy) -> int:
    """What is added to a memo's own number."""
    start = policy.credit_numbers_from
    return CREDIT_NOTES_FROM if start is None else start


def further_numbers(policy: Policy) -> range:
    """The numbers of reversals and further invoices; empty where the policy names none."""
    start = policy.further_numbers_from
    if policy.numbering is not Numbering.ORDER or start is None:
        return range(0)
    return range(start, start + FURTHER_NUMBERS)
