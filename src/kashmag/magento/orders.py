"""Operations on orders, and the class that sends them. The record: `magento.order_record`."""

from __future__ import annotations

from typing import Final

from kashmag.magento.codec import reads
from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import Listing, Page
from kashmag.magento.order_addresses import OrderAddress
from kashmag.magento.order_documents import InvoiceRequest, RefundRequest, ShipmentRequest
from kashmag.magento.order_items import OrderItem
from kashmag.magento.order_payments import OrderPayment
from kashmag.magento.order_record import Order, OrderComment, OrderExtension
from kashmag.magento.routes import as_bool, as_id, as_items, as_text, read_route, write_route
from kashmag.magento.searching import Searchable
from kashmag.rest.caller import Caller
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options

__all__ = [
    "LISTING",
    "Order",
    "OrderAddress",
    "OrderComment",
    "OrderExtension",
    "OrderItem",
    "OrderPayment",
    "Orders",
    "add_comment",
    "cancel",
    "comments",
    "email",
    "get",
    "hold",
    "invoice",
    "item",
    "items_matching",
    "matching",
    "refund",
    "ship",
    "status",
    "unhold",
]

LISTING: Final = Listing(
    noun="orders",
    path="/V1/orders",
    kind=Order,
    key="entity_id",
    key_of=lambda order: order.entity_id,
    identity=lambda order: order.entity_id,
    always=("entity_id",),
)
ITEMS: Final = Listing(
    noun="order items",
    path="/V1/orders/items",
    kind=OrderItem,
    key="item_id",
    key_of=lambda item: item.item_id,
    identity=lambda item: item.item_id,
    always=("item_id",),
)


def get(entity_id: int) -> Operation[Order]:
    """One order, by its entity id (not the number that the buyer sees)."""
    return read_route(f"/V1/orders/{entity_id}", reads(Order), name="get order")


def matching(criteria: Criteria) -> Operation[Page[Order]]:
    """One page of orders."""
    return LISTING.page(criteria)


def item(item_id: int) -> Operation[OrderItem]:
    """One row of any order."""
    return read_route(f"/V1/orders/items/{item_id}", reads(OrderItem), name="get order item")


def items_matching(criteria: Criteria) -> Operation[Page[OrderItem]]:
    """One page of rows of all orders."""
    return ITEMS.page(criteria)


def comments(entity_id: int) -> Operation[tuple[OrderComment, ...]]:
    """The history of an order."""
    path = f"/V1/orders/{entity_id}/comments"
    return read_route(path, as_items(OrderComment), name="get order comments")


def add_comment(
    entity_id: int, comment: str, *, status: str, visible: bool = False, notify: bool = False
) -> Operation[bool]:
    """Add to the history of an order.

    `status` is the order's current status: without one, versions up to 2.4.6 lose the order's.
    """
    told = {
        "comment": comment,
        "status": status,
        "is_visible_on_front": int(visible),
        "is_customer_notified": int(notify),
        "parent_id": entity_id,
    }
    path = f"/V1/orders/{entity_id}/comments"
    body = {"statusHistory": told}
    return write_route("POST", path, as_bool, body=body, name="comment on order")


def status(entity_id: int) -> Operation[str]:
    """The status of an order, in the merchant's own codes."""
    return read_route(f"/V1/orders/{entity_id}/statuses", as_text, name="get order status")


def hold(entity_id: int) -> Operation[bool]:
    """Hold an order; tells whether it was done."""
    return write_route("POST", f"/V1/orders/{entity_id}/hold", as_bool, name="hold order")


def unhold(entity_id: int) -> Operation[bool]:
    """Release an order from hold; tells whether it was done."""
    return write_route("POST", f"/V1/orders/{entity_id}/unhold", as_bool, name="unhold order")


def cancel(entity_id: int) -> Operation[bool]:
    """Cancel an order; false if it cannot be, or was before."""
    return write_route("POST", f"/V1/orders/{entity_id}/cancel", as_bool, name="cancel order")


def email(entity_id: int) -> Operation[bool]:
    """Send the buyer the order's e-mail."""
    return write_route("POST", f"/V1/orders/{entity_id}/emails", as_bool, name="e-mail order")


def invoice(order_id: int, request: InvoiceRequest) -> Operation[int]:
    """Make an invoice; the answer is its entity id."""
    path = f"/V1/order/{order_id}/invoice"
    return write_route("POST", path, as_id, body=request.as_json(), name="invoice order")


def ship(order_id: int, request: ShipmentRequest) -> Operation[int]:
    """Make a shipment; the answer is its entity id."""
    path = f"/V1/order/{order_id}/ship"
    return write_route("POST", path, as_id, body=request.as_json(), name="ship order")


def refund(order_id: int, request: RefundRequest) -> Operation[int]:
    """Make an offline credit memo; the answer is its entity id."""
    path = f"/V1/order/{order_id}/refund"
    return write_route("POST", path, as_id, body=request.as_json(), name="refund order")


class Orders(Searchable[Order]):
    """Orders of a shop: `shop.orders`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)
        self.items: Final = Searchable(caller, ITEMS)

    async def get(self, entity_id: int, options: Options | None = None) -> Order:
        """One order, by its entity id."""
        return await self._caller.call(get(entity_id), options)

    async def numbered(
        self, increment_id: str, options: Options | None = None
    ) -> tuple[Order, ...]:
        """The orders with this number: none, one, or one in each of several stores."""
        criteria = Criteria().where("increment_id", "eq", increment_id)
        return tuple([order async for order in self.matching(criteria, options)])

    async def item(self, item_id: int, options: Options | None = None) -> OrderItem:
        """One row of any order."""
        return await self._caller.call(item(item_id), options)

    async def comments(
        self, entity_id: int, options: Options | None = None
    ) -> tuple[OrderComment, ...]:
        """The history of an order."""
        return await self._caller.call(comments(entity_id), options)

    async def add_comment(
        self,
        entity_id: int,
        comment: str,
        *,
        status: str | None = None,
        visible: bool = False,
        notify: bool = False,
        options: Options | None = None,
    ) -> bool:
        """Add to the history of an order, keeping its status unless another is given."""
        kept = status if status is not None else await self.status(entity_id, options)
        operation = add_comment(entity_id, comment, status=kept, visible=visible, notify=notify)
        return await self._caller.call(operation, options)

    async def status(self, entity_id: int, options: Options | None = None) -> str:
        """The status of an order, in the merchant's own codes."""
        return await self._caller.call(status(entity_id), options)

    async def hold(self, entity_id: int, options: Options | None = None) -> bool:
        """Hold an order; tells whether it was done."""
        return await self._caller.call(hold(entity_id), options)

    async def unhold(self, entity_id: int, options: Options | None = None) -> bool:
        """Release an order from hold; tells whether it was done."""
        return await self._caller.call(unhold(entity_id), options)

    async def cancel(self, entity_id: int, options: Options | None = None) -> bool:
        """Cancel an order; false if it cannot be, or was before."""
        return await self._caller.call(cancel(entity_id), options)

    async def email(self, entity_id: int, options: Options | None = None) -> bool:
        """Send the buyer the order's e-mail."""
        return await self._caller.call(email(entity_id), options)

    async def invoice(
        self,
        order_id: int,
        request: InvoiceRequest | None = None,
        options: Options | None = None,
    ) -> int:
        """Invoice all that is left, or what the request says; returns the invoice's id."""
        return await self._caller.call(invoice(order_id, request or InvoiceRequest()), options)

    async def ship(
        self,
        order_id: int,
        request: ShipmentRequest | None = None,
        options: Options | None = None,
    ) -> int:
        """Ship all that is left, or what the request says; returns the shipment's id."""
        return await self._caller.call(ship(order_id, request or ShipmentRequest()), options)

    async def refund(
        self, order_id: int, request: RefundRequest, options: Options | None = None
    ) -> int:
        """Refund offline what the request says; returns the credit memo's id."""
        return await self._caller.call(refund(order_id, request), options)
