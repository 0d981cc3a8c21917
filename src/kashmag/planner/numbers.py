"""Invoice numbers under `numbering = "order"`: the order's own digits, or none at all."""

from __future__ import annotations

from typing import Final

from kashmag.plans.policy import Policy

# KashFlow's `Number` is a 32-bit integer in its published specification.
LARGEST: Final = 2**31 - 1
# Where credit notes are numbered from unless the policy says otherwise: far above the orders of
# a shop's first store (000000001 upwards), below those of its second (2000000001 upwards).
CREDIT_NOTES_FROM: Final = 500_000_000


def order_number(number: str) -> int | None:
    """The invoice number of an order: digits only and at most 32 bits, else None."""
    if not (number.isascii() and number.isdecimal()):
        return None
    value = int(number)
    return value if 0 < value <= LARGEST else None


def credit_number(memo_number: str, policy: Policy) -> int | None:
    """The number of a credit note, in a range of its own: memos share numbers with orders."""
    own = order_number(memo_number)
    start = CREDIT_NOTES_FROM if policy.credit_numbers_from is None else policy.credit_numbers_from
    return None if own is None or own + start > LARGEST else own + start
