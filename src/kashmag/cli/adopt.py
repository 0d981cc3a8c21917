"""`kashmag adopt`: find invoices that were typed by hand for orders, and adopt them one by one."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter

from kashmag.cli.options import COMMON, Common
from kashmag.errors import SettingsError


def adopt(
    order: str = "",
    invoice: int | None = None,
    *,
    reason: str = "",
    first: Annotated[str, Parameter(name="--from")] = "",
    common: Common = COMMON,
) -> int:
    """Without an order, show what may be adopted; with one, make an invoice its counterpart.

    Shown are the orders from before go_live that were paid or refunded since, and the invoices of
    KashFlow that look like an order: they name its number, or have its customer, its gross and a
    near date. To leave an invoice, do nothing; to leave an order, skip it (kashmag errors skip).

    Args:
        order: an increment number, with STORE: before it where it is ambiguous.
        invoice: the number of the invoice in KashFlow.
        reason: why it is the right one; kept in the logbook.
        first: from which day to look; 60 days before go_live without it.
        common: what every command takes.
    """
    from kashmag.cli.adopting import adopt_one, show_candidates

    if not order:
        return asyncio.run(show_candidates(first, common))
    if invoice is None or not reason:
        raise SettingsError("say which invoice, and why: kashmag adopt ORDER INVOICE --reason TEXT")
    return asyncio.run(adopt_one(order, invoice, reason, common))
