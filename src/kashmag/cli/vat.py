"""`kashmag vat`: boxes 1 and 6 as the shop sees them, beside what KashFlow's documents say."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter

from kashmag.cli.options import COMMON, Common

Flag = Annotated[bool, Parameter(negative=())]


def vat(
    *,
    first: Annotated[str, Parameter(name="--from")],
    last: Annotated[str, Parameter(name="--to")],
    remote: Flag = False,
    csv: Flag = False,
    html: Flag = False,
    common: Common = COMMON,
) -> int:
    """Boxes 1 and 6 of the VAT return, on both sides, and the documents that make a difference.

    It ends with 1 when a difference needs a person, and with 0 when each is explained: an order
    that is skipped, say, or one dated by policy. So wherever `reconcile` ends with 0, this does.

    The VAT scheme is that of the account (not registered, standard, cash accounting); a flat rate
    is told by policy.flat_rate, and its turnover is what is invoiced (basic), or, of an account on
    cash accounting, what is paid (cash based). Filing stays in KashFlow.

    Args:
        first: the first day of the period, such as 2026-04-01.
        last: its last day.
        remote: read shop and account anew.
        csv: print a table for a spreadsheet on standard output.
        html: print a page for the printer on standard output.
        common: what every command takes.
    """
    from kashmag.cli.reconciling import Wanted, run_vat

    wanted = Wanted(first, last, remote=remote, csv=csv, html=html)
    return asyncio.run(run_vat(wanted, common))
