"""The words of differences: what a document is called, how figures are said."""

from __future__ import annotations

from collections.abc import Sized
from typing import Final

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import AccountDocument, ShopDocument
from kashmag.reconciliation.figures import EXEMPT, Bands, Figures, pence

_WITHOUT_VAT: Final = {"0": "zero-rated", EXEMPT: "exempt from VAT"}


def title_of(shop: ShopDocument) -> str:
    """What people call a document of the shop."""
    if shop.number == shop.order and shop.kind.value == "invoice":
        return f"Order {shop.order}"
    return f"Credit memo {shop.number} of order {shop.order}"


def said(bands: Bands) -> str:
    """Figures by rate, in words."""
    return ", ".join(_said(band, one) for band, one in bands.items()) or "nothing"


def _said(band: str, one: Figures) -> str:
    if not one.vat and band in _WITHOUT_VAT:
        return f"{pence(one.net)} {_WITHOUT_VAT[band]}"
    at = f"at {band} %" if band[0].isdecimal() else f"({band})"
    return f"{pence(one.net)} + {pence(one.vat)} VAT {at}"


def sentence(reason: str) -> str:
    """A reason as it ends a sentence."""
    told = reason.strip() or "no reason is remembered"
    return told if told.endswith((".", "!", "?")) else f"{told}."


def verdict(differences: Sized, *, waits: int, unread: Sized = (), remarks: Sized = ()) -> str:
    """What a report comes to, by how many of its differences wait for a person."""
    if waits:
        return f"{waits} {'differences need' if waits > 1 else 'difference needs'} a person."
    if unread:
        return "Not everything could be read: that needs a person."
    if remarks:
        return "What is said of the account needs a person."
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
