"""What is asked of an order: an invoice, a shipment, a refund. The documents themselves live in
`magento.invoices`, `magento.shipments` and `magento.credit_memos`.

Each of these makes a new document every time that it is sent: after an unknown fate look for the
document before sending again.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from attrs import field, frozen

from kashmag.rest.codec import Json

# Order item id to how many of it; empty means all that is left.
Quantities: TypeAlias = Mapping[int, Decimal | int]


@frozen(kw_only=True)
class InvoiceRequest:
    """An invoice for some of an order, or for all that is left of it.

    `capture` takes the money through the payment method; without it the invoice is marked paid
    for offline methods. `notify` sends the buyer an e-mail.
    """

    items: Quantities = field(factory=dict)
    capture: bool = False
    notify: bool = False
    comment: str | None = None

    def as_json(self) -> Mapping[str, Json]:
        """The body of the request."""
        return {"capture": self.capture, **_told(self.items, self.comment, notify=self.notify)}


@frozen(kw_only=True)
class NewTrack:
    """A tracking number to be told with a shipment."""

    track_number: str
    title: str
    carrier_code: str = "custom"


@frozen(kw_only=True)
class ShipmentRequest:
    """A parcel with some of an order, or with all that is left of it.

    `source_code` says where the goods lie; shops with several sources refuse without it.
    """

    items: Quantities = field(factory=dict)
    tracks: tuple[NewTrack, ...] = ()
    source_code: str | None = None
    notify: bool = False
    comment: str | None = None

    def as_json(self) -> Mapping[str, Json]:
        """The body of the request."""
        told = _told(self.items, self.comment, notify=self.notify)
        if self.tracks:
            told["tracks"] = [
                {
                    "track_number": one.track_number,
                    "title": one.title,
                    "carrier_code": one.carrier_code,
                }
                for one in self.tracks
            ]
        if self.source_code is not None:
            told["arguments"] = {"extension_attributes": {"source_code": self.source_code}}
        return told


@frozen(kw_only=True)
class RefundRequest:
    """A refund of some of an order or invoice, or of all that is left.

    Amounts are in base currency. Without `shipping_amount` all remaining shipping is refunded, so
    say 0 for none. Adjustments carry no tax. `return_to_stock` names order items.
    """

    items: Quantities = field(factory=dict)
    shipping_amount: Decimal | None = None
    adjustment_positive: Decimal = Decimal(0)
    adjustment_negative: Decimal = Decimal(0)
    return_to_stock: tuple[int, ...] = ()
    notify: bool = False
    comment: str | None = None

    def as_json(self) -> dict[str, Json]:
        """The body of the request."""
        arguments: dict[str, Json] = {
            "adjustment_positive": self.adjustment_positive,
            "adjustment_negative": self.adjustment_negative,
        }
        if self.shipping_amount is not None:
            arguments["shipping_amount"] = self.shipping_amount
        if self.return_to_stock:
            arguments["extension_attributes"] = {"return_to_stock_items": self.return_to_stock}
        told = _told(self.items, self.comment, notify=self.notify)
        return {**told, "arguments": arguments}


def _told(items: Quantities, comment: str | None, *, notify: bool) -> dict[str, Json]:
    told: dict[str, Json] = {"notify": notify}
    if items:
        told["items"] = [{"order_item_id": item, "qty": qty} for item, qty in items.items()]
    if comment is not None:
        told["append_comment"] = True
        told["comment"] = {"comment": comment, "is_visible_on_front": 0}
    return told
