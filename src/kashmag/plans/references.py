"""What the further invoices of an order carry, what reverses them, and what is ours at all.

What a reference is about is read again in `reconciliation.references`.
"""

from __future__ import annotations

import re
from typing import Final

OURS: Final = re.compile(r"([A-Za-z]{1,8}\w+)-(ORD|CRN|REV)-(\S+)")


def is_ours(reference: str) -> bool:
    """Tell a reference that kashmag writes."""
    return bool(OURS.fullmatch(reference))


def is_further(reference: str) -> bool:
    """Tell what reverses an order's invoice, and an invoice of it after the first."""
    found = OURS.fullmatch(reference)
    if found is None:
        return False
    return found[2] == "REV" or (found[2] == "ORD" and "/" in found[3])


def memo_of(reference: str) -> str:
    """The number of the credit memo behind a reference of ours; empty where it is another's."""
    found = OURS.fullmatch(reference)
    return found[3] if found and found[2] == "CRN" else ""


def nth_reference(first: str, generation: int) -> str:
    """What the n-th invoice carries of an order whose first one carries `first`."""
    return first if generation == 1 else f"{first}/{generation}"


def reversal_reference(first: str, generation: int) -> str:
    """What carries the credit note that brings the n-th invoice to nothing."""
    shop, _, number = first.partition("-ORD-")
    return nth_reference(f"{shop}-REV-{number}", generation)
