"""`kashmag plan`: make and print plans; nothing is written at the far end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import Parameter

from kashmag.cli.exits import DONE, worst
from kashmag.cli.offline import Files, plan_files
from kashmag.cli.options import COMMON, Common
from kashmag.cli.printing import print_plan
from kashmag.errors import SettingsError

PathList = Annotated[list[Path] | None, Parameter(negative=(), consume_multiple=False)]


def plan(
    *orders: str,
    order_file: PathList = None,
    invoice_file: PathList = None,
    credit_memo_file: PathList = None,
    common: Common = COMMON,
) -> int:
    """Make and print the plan of each order; nothing is written at the far end.

    An ORDER is an increment number, with STORE: before it where it is ambiguous. With files it
    works offline, from Magento JSON as the REST API serves it: one document, a list or a search
    result. What is not known then is assumed and listed.

    Args:
        orders: increment numbers.
        order_file: orders; may be repeated.
        invoice_file: Magento invoices of these orders; may be repeated.
        credit_memo_file: credit memos of these orders; may be repeated.
        common: what every command takes.
    """
    files = (order_file or [], invoice_file or [], credit_memo_file or [])
    if orders and any(files):
        raise SettingsError("give order numbers or files, not both")
    if orders:
        from kashmag.cli.planning import plan_numbers

        return asyncio.run(plan_numbers(orders, common))
    if not files[0]:
        raise SettingsError("which orders? give their numbers, or --order-file FILE")
    return _offline(files, common)


def _offline(paths: tuple[Sequence[Path], Sequence[Path], Sequence[Path]], common: Common) -> int:
    from kashmag.assembly import assemble_hooks

    settings, output = common.load(), common.output
    files = Files.read(*paths)
    for sentence in files.strays():
        output.warn(sentence)
    if not files.orders:
        output.warn("the order files hold no order")
    today = datetime.now(ZoneInfo(settings.policy.time_zone)).date()
    codes = [DONE]
    for planned in plan_files(files, settings.policy, assemble_hooks(settings), today=today):
        codes.append(print_plan(planned, output))
    return worst(codes)
