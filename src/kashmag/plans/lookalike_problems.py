"""The problem of an invoice, typed by hand, that may be the very order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from attrs import frozen

from kashmag.accounting.money import shown
from kashmag.accounting.problems import Problem

LOOKALIKE: Final = "lookalike"


@frozen(kw_only=True)
class Lookalike:
    """An order beside an invoice that nobody but a person has made, and what speaks for the two."""

    order: str
    gross: Decimal
    currency: str
    invoice: int
    issued_on: date | None
    invoice_gross: Decimal
    evidence: str


def lookalike(one: Lookalike) -> Problem:
    """The order is to be posted, and stands there already, it seems."""
    on = f" of {one.issued_on}" if one.issued_on else ""
    order = f"{shown(one.gross)} {one.currency}"
    differs = "" if one.invoice_gross == one.gross else f", where the order comes to {order}"
    return Problem(
        LOOKALIKE,
        f"Invoice {one.invoice}{on} over {shown(one.invoice_gross)} looks like order {one.order} "
        f"({one.evidence}{differs}), and was typed by hand.",
        remedy=f"If it is this order, adopt it (kashmag errors adopt {one.order} {one.invoice}), "
        "or skip the order (kashmag errors skip); if it is something else, accept it with a "
        "reason (kashmag errors accept), and the next run posts the order. What is never of the "
        "shop belongs into policy.not_of_the_shop.",
    )
