"""The words of differences: what a document is called, how figures are said."""

from __future__ import annotations

from collections.abc import Sized

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import AccountDocument, ShopDocument
from kashmag.reconciliation.figures import Bands


def title_of(shop: ShopDocument) -> str:
    """What people call a document of the shop."""
    if shop.number == shop.order and shop.kind.value == "invoice":
        return f"Order {shop.order}"
    return f"Credit memo {shop.number} of order {shop.order}"


def said(bands: Bands) -> str:
    """Figures by rate, in words."""
    return ", ".join(
        f"{one.net} + {one.vat} VAT at {band}{' %' if band[0].isdecimal() else ''}"
        for band, one in bands.items()
    ) or "nothing"  # fmt: skip


def sentence(reason: str) -> str:
    """A reason as it ends a sentence."""
    told = reason.strip() or "no reason is remembered"
    return told if told.endswith((".", "!", "?")) else f"{told}."


def verdict(differences: Sized, *, waits: int, unread: Sized = ()) -> str:
    """What a report comes to, by how many of its differences wait for a person."""
    if waits:
        return f"{waits} {'differences need' if waits > 1 else 'difference needs'} a person."
    if unread:
        return "Not everything could be read: that needs a person."
    if differences:
        return "Every difference is explained; nothing needs a person."
    return "Shop and KashFlow agree."


def about(
    cause: Cause, message: str, shop: ShopDocument, account: AccountDocument | None = None
) -> Difference:
    """A difference about a document of the shop, of no amount yet."""
    return Difference(
        cause,
        message,
        key=shop.key,
        order=shop.order,
        number=shop.number,
        invoice_number=account.number if account else None,
        day=shop.dated_on,
        currency=shop.currency,
    )
