"""`kashmag errors`: what waits for a person, grouped by cause, and what to do about it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from cyclopts import App, Parameter

from kashmag.cli.options import COMMON, Common, Reason
from kashmag.errors import SettingsError
from kashmag.plans.proposals import Way

errors: Final = App(
    "errors", help="What waits for a person, grouped by cause.", help_format="plaintext"
)


@errors.command(name="list")
def list_(*, common: Common = COMMON) -> int:
    """List what is held or has failed, grouped by cause, each with its remedy.

    The logbook alone is asked. Ends with 0 when nothing waits.

    Args:
        common: what every command takes.
    """
    from kashmag.cli.queue import list_groups

    return asyncio.run(list_groups(common))


@errors.command
def show(what: str, /, *, common: Common = COMMON) -> int:
    """Show every document that waits for one cause, or one document with its problems.

    Args:
        what: a cause as `errors list` names it, or a document: `000000042`, `memo:000000042`.
        common: what every command takes.
    """
    from kashmag.cli.queue import show_one

    return asyncio.run(show_one(what, common))


@errors.command
def retry(
    *documents: str,
    code: str = "",
    item: str = "",
    reason: Reason = "retried",
    common: Common = COMMON,
) -> int:
    """Plan documents anew and carry it out: those named, or all that wait for one cause.

    Args:
        documents: their numbers, with STORE: before them where they are ambiguous; `memo:000000042`
            is a credit memo, `customer:7` a customer.
        code: a cause as `errors list` names it.
        item: take back that this item of the document was skipped.
        reason: why.
        common: what every command takes.
    """
    if not documents and not code:
        raise SettingsError("retry what? name documents, or a cause with --code")
    if item and (code or len(documents) != 1):
        raise SettingsError("--item is about one document: name it, and no cause")
    from kashmag.cli.queue import retry_all

    return asyncio.run(retry_all(documents, code, item, reason, common))


@errors.command
def skip(document: str, /, *, reason: Reason, item: str = "", common: Common = COMMON) -> int:
    """Never post this order, or send the money of one item of it to suspense, for a reason.

    An order's credit memos are skipped with it; a single one is called `memo:000000042`. The shop
    is asked only for what no run has read yet.

    Args:
        document: its number, `memo:NUMBER` for a credit memo, with STORE: before the number where
            it is ambiguous.
        reason: why.
        item: only this item: its SKU, or the key of its line where the SKU is there twice.
        common: what every command takes.
    """
    from kashmag.cli.queue import skip_item, skip_one

    if item:
        return asyncio.run(skip_item(document, item, reason, common))
    return asyncio.run(skip_one(document, reason, common))


@errors.command
def drop(document: str, /, *, reason: Reason, common: Common = COMMON) -> int:
    """Give up what is left of an order's open plan, for a reason; then it is planned anew.

    Args:
        document: its number, `memo:NUMBER` for a credit memo, with STORE: before the number where
            it is ambiguous.
        reason: why.
        common: what every command takes.
    """
    from kashmag.cli.queue import drop_one

    return asyncio.run(drop_one(document, reason, common))


@errors.command
def accept(document: str, /, *, reason: Reason, common: Common = COMMON) -> int:
    """Take what is disputed, refused or unknown about an order as done, for a reason.

    Args:
        document: its number, `memo:NUMBER` for a credit memo, with STORE: before the number where
            it is ambiguous.
        reason: why.
        common: what every command takes.
    """
    from kashmag.cli.queue import accept_one

    return asyncio.run(accept_one(document, reason, common))


@errors.command
def adopt(document: str, invoice: int, /, *, reason: Reason, common: Common = COMMON) -> int:
    """Say that an invoice which is there already is this order's, if it agrees to the penny.

    Args:
        document: the order's number, with STORE: before it where it is ambiguous.
        invoice: the invoice's number in KashFlow.
        reason: why.
        common: what every command takes.
    """
    from kashmag.cli.queue import adopt_one

    return asyncio.run(adopt_one(document, invoice, reason, common))


@errors.command
def resolve(
    document: str,
    /,
    *,
    by: Annotated[
        Way,
        # As the settings and the pages spell them.
        Parameter(help="credit, credit_and_reissue, post_anew or post.", name_transform=str.lower),
    ],
    reason: Reason,
    digest: str = "",
    common: Common = COMMON,
) -> int:
    """Take one of the ways out that the plan of a changed order proposes, for a reason.

    Args:
        document: the order's number, with STORE: before it where it is ambiguous.
        by: which of the ways; `kashmag plan` shows them.
        reason: why.
        digest: of the plan that was shown; it is refused if it is no longer that one.
        common: what every command takes.
    """
    from kashmag.cli.queue import resolve_one

    return asyncio.run(resolve_one(document, by, reason, common, digest=digest))
