"""`kashmag candidates`: what straddles go_live, and invoices that were typed by hand for orders."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter

from kashmag.cli.options import COMMON, Common


def candidates(
    *,
    first: Annotated[str, Parameter(name="--from")] = "",
    common: Common = COMMON,
) -> int:
    """Show what wants a decision before kashmag takes over; nothing is decided or written.

    Shown are the orders from before go_live that were paid, refunded or changed since, and the
    invoices of KashFlow that look like an order: they name its number, or have its customer, its
    gross and a near date. Adopt one with `kashmag errors adopt ORDER INVOICE`, leave an order with
    `kashmag errors skip ORDER`. One that looks like an order that is posted is likely its double.

    Args:
        first: from which day to look; 60 days before go_live without it.
        common: what every command takes.
    """
    from kashmag.cli.searching import show_candidates

    return asyncio.run(show_candidates(first, common))
