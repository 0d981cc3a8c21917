"""`kashmag sync`: plan and apply for all that is due."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from cyclopts import App, Parameter

from kashmag.cli.options import COMMON, Common
from kashmag.errors import SettingsError

Flag = Annotated[bool, Parameter(negative=())]

sync: Final = App("sync", help="Plan and apply for all that is due.", help_format="plaintext")


@sync.command
def orders(
    *numbers: str,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    dry_run: Flag = False,
    quiet: Flag = False,
    approved: str = "",
    common: Common = COMMON,
) -> int:
    """Orders to invoices, with their customers, payments and credit notes.

    Without --since it goes on from the last complete run, or begins at go_live.

    Args:
        numbers: these orders only, each with STORE: before it where it is ambiguous.
        since: what the shop has changed from here on; 2026-04-01 or 2026-04-01T09:00.
        until: what the shop has changed up to here.
        limit: the most documents to read.
        dry_run: plan and print, document by document, what would be posted; write nothing.
        quiet: say only what waits, and the counts.
        approved: the reason for which this run may exceed the limits of the policy.
        common: what every command takes.
    """
    if numbers:
        if since or until or limit is not None or approved:
            raise SettingsError("name orders, or say which with --since and so on; not both")
        from kashmag.cli.syncing import run_numbers

        return asyncio.run(run_numbers(numbers, common, dry_run=dry_run, quiet=quiet))
    return _sync(
        "orders",
        since,
        until,
        limit=limit,
        dry=dry_run,
        quiet=quiet,
        approved=approved,
        common=common,
    )


@sync.command
def payments(
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    dry_run: Flag = False,
    quiet: Flag = False,
    approved: str = "",
    common: Common = COMMON,
) -> int:
    """Payments that have arrived since, to the orders' invoices.

    Args:
        since: what the shop has changed from here on; 2026-04-01 or 2026-04-01T09:00.
        until: what the shop has changed up to here.
        limit: the most documents to read.
        dry_run: plan and print, document by document, what would be posted; write nothing.
        quiet: say only what waits, and the counts.
        approved: the reason for which this run may exceed the limits of the policy.
        common: what every command takes.
    """
    return _sync(
        "payments",
        since,
        until,
        limit=limit,
        dry=dry_run,
        quiet=quiet,
        approved=approved,
        common=common,
    )


@sync.command
def refunds(
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    dry_run: Flag = False,
    quiet: Flag = False,
    approved: str = "",
    common: Common = COMMON,
) -> int:
    """Credit memos to credit notes, with the money that was returned.

    Args:
        since: what the shop has changed from here on; 2026-04-01 or 2026-04-01T09:00.
        until: what the shop has changed up to here.
        limit: the most documents to read.
        dry_run: plan and print, document by document, what would be posted; write nothing.
        quiet: say only what waits, and the counts.
        approved: the reason for which this run may exceed the limits of the policy.
        common: what every command takes.
    """
    return _sync(
        "refunds",
        since,
        until,
        limit=limit,
        dry=dry_run,
        quiet=quiet,
        approved=approved,
        common=common,
    )


@sync.command
def customers(
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    dry_run: Flag = False,
    quiet: Flag = False,
    approved: str = "",
    common: Common = COMMON,
) -> int:
    """Customers as master data, field by field; what a bookkeeper changed stays.

    Args:
        since: what the shop has changed from here on; 2026-04-01 or 2026-04-01T09:00.
        until: what the shop has changed up to here.
        limit: the most documents to read.
        dry_run: plan and print, document by document, what would be posted; write nothing.
        quiet: say only what waits, and the counts.
        approved: the reason for which this run may exceed the limits of the policy.
        common: what every command takes.
    """
    return _sync(
        "customers",
        since,
        until,
        limit=limit,
        dry=dry_run,
        quiet=quiet,
        approved=approved,
        common=common,
    )


@sync.command
def drift(
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    dry_run: Flag = False,
    quiet: Flag = False,
    approved: str = "",
    common: Common = COMMON,
) -> int:
    """Look at everything that is posted for what has changed since on either side.

    Args:
        since: what the shop has changed from here on; 2026-04-01 or 2026-04-01T09:00.
        until: what the shop has changed up to here.
        limit: the most documents to read.
        dry_run: plan and print, document by document, what would be posted; write nothing.
        quiet: say only what waits, and the counts.
        approved: the reason for which this run may exceed the limits of the policy.
        common: what every command takes.
    """
    return _sync(
        "drift",
        since,
        until,
        limit=limit,
        dry=dry_run,
        quiet=quiet,
        approved=approved,
        common=common,
    )


@sync.command
def stock(*, common: Common = COMMON) -> int:
    """Stock levels: not built yet.

    Args:
        common: what every command takes.
    """
    del common
    raise SettingsError("sync stock is not built yet")


def _sync(
    flow: str,
    since: str | None,
    until: str | None,
    *,
    limit: int | None,
    dry: bool,
    quiet: bool,
    approved: str,
    common: Common,
) -> int:
    from kashmag.cli.syncing import Asked, run_flow

    asked = Asked(
        flow, since=since, until=until, limit=limit, dry_run=dry, approved=approved, quiet=quiet
    )
    return asyncio.run(run_flow(asked, common))
