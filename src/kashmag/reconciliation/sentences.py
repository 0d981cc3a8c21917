"""The words of differences: what a document is called, how figures are said."""

from __future__ import annotations

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
