"""`kashmag reconcile`: every shop document beside its KashFlow document, differences by cause."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter

from kashmag.cli.options import COMMON, Common

Flag = Annotated[bool, Parameter(negative=())]


def reconcile(
    *,
    first: Annotated[str, Parameter(name="--from")],
    last: Annotated[str, Parameter(name="--to")],
    remote: Flag = False,
    csv: Flag = False,
    html: Flag = False,
    common: Common = COMMON,
) -> int:
    """Set the shop's documents of a period beside KashFlow's and name every difference.

    Without --remote only the logbook is asked: what the shop said when it was last read, and what
    was posted. With it both sides are read anew, and what people changed since is found.

    Args:
        first: the first day of the period, such as 2026-04-01.
        last: its last day.
        remote: read shop and account anew.
        csv: print a table for a spreadsheet on standard output.
        html: print a page for the printer on standard output.
        common: what every command takes.
    """
    from kashmag.cli.reconciling import Wanted, run_reconcile

    wanted = Wanted(first, last, remote=remote, csv=csv, html=html)
    return asyncio.run(run_reconcile(wanted, common))
