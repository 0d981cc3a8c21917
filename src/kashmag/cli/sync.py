"""`kashmag sync`: plan and apply for all that is due."""

from __future__ import annotations

import asyncio
from typing import Final

from cyclopts import App

from kashmag.cli.options import ASKED, COMMON, Asked, Common
from kashmag.errors import SettingsError

sync: Final = App("sync", help="Plan and apply for all that is due.", help_format="plaintext")


@sync.command
def orders(*numbers: str, asked: Asked = ASKED, common: Common = COMMON) -> int:
    """Orders to invoices, with their customers, payments and credit notes.

    Without --since it goes on from the last complete run, or begins at go_live.

    Args:
        numbers: these orders only, each with STORE: before it where it is ambiguous.
        asked: what every flow takes.
        common: what every command takes.
    """
    if not numbers:
        return _sync("orders", asked, common)
    if asked.says_which:
        raise SettingsError("name orders, or say which with --since and so on; not both")
    from kashmag.cli.syncing import run_numbers

    return asyncio.run(run_numbers(numbers, common, dry_run=asked.dry_run, quiet=asked.quiet))


@sync.command
def payments(*, asked: Asked = ASKED, common: Common = COMMON) -> int:
    """Payments that have arrived since, to the orders' invoices.

    Args:
        asked: what every flow takes.
        common: what every command takes.
    """
    return _sync("payments", asked, common)


@sync.command
def refunds(*, asked: Asked = ASKED, common: Common = COMMON) -> int:
    """Credit memos to credit notes, with the money that was returned.

    Args:
        asked: what every flow takes.
        common: what every command takes.
    """
    return _sync("refunds", asked, common)


@sync.command
def customers(*, asked: Asked = ASKED, common: Common = COMMON) -> int:
    """Customers as master data, field by field; what a bookkeeper changed stays.

    Args:
        asked: what every flow takes.
        common: what every command takes.
    """
    return _sync("customers", asked, common)


@sync.command
def drift(*, asked: Asked = ASKED, common: Common = COMMON) -> int:
    """Look at everything that is posted for what has changed since on either side.

    Args:
        asked: what every flow takes.
        common: what every command takes.
    """
    return _sync("drift", asked, common)


@sync.command
def stock(*, common: Common = COMMON) -> int:
    """Stock levels: not built yet.

    Args:
        common: what every command takes.
    """
    del common
    raise SettingsError("sync stock is not built yet")


def _sync(flow: str, asked: Asked, common: Common) -> int:
    from kashmag.cli.syncing import run_flow

    return asyncio.run(run_flow(flow, asked, common))
