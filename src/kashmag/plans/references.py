"""What the further invoices of an order carry, and what reverses them; how it is read again is
`reconciliation.references`.
"""

from __future__ import annotations


def nth_reference(first: str, generation: int) -> str:
    """What the n-th invoice carries of an order whose first one carries `first`."""
    return first if generation == 1 else f"{first}/{generation}"


def reversal_reference(first: str, generation: int) -> str:
    """What carries the credit note that brings the n-th invoice to nothing."""
    shop, _, number = first.partition("-ORD-")
    return nth_reference(f"{shop}-REV-{number}", generation)
