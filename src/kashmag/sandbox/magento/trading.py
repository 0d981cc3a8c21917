"""The routes that read and change orders and the documents after them."""

from collections.abc import Callable

from kashmag.sandbox.magento.answers import bad_request, not_found
from kashmag.sandbox.magento.bodies import number, quantities, snake
from kashmag.sandbox.magento.calls import Answer, Call, Handler, answer
from kashmag.sandbox.magento.changing import cancel_order, comment_order, hold_order, unhold_order
from kashmag.sandbox.magento.crediting import refund_order
from kashmag.sandbox.magento.documents import ZERO, Document, Value, amount, duplicate
from kashmag.sandbox.magento.invoicing import invoice_order
from kashmag.sandbox.magento.listing import Kind, find, write
from kashmag.sandbox.magento.reading import shaped
from kashmag.sandbox.magento.refunding import Refund
from kashmag.sandbox.magento.shipping import add_track, ship_order
from kashmag.sandbox.magento.shop import Shop, link_copies
from kashmag.sandbox.magento.store import Shelf

_ITEM = Kind("order_item", "item_id")


def order_of(shop: Shop, entity_id: int) -> Document:
    """A copy of an order to work on, so that a refusal half-way leaves the order as it was."""
    found = shop.orders.get(entity_id)
    if found is None or shop.is_uncommitted("order", entity_id):
        raise not_found()
    copy = duplicate(found)
    link_copies(copy)
    return copy


def invoice(call: Call) -> Answer:
    """POST order/{id}/invoice: the number of the new invoice, as a text."""
    order = order_of(call.shop, call.id)
    wanted = quantities(call.given("items"), call.shop.settings)
    return answer(str(invoice_order(call.shop, order, wanted)["entity_id"]))


def ship(call: Call) -> Answer:
    """POST order/{id}/ship: the number of the new shipment, as a text."""
    order = order_of(call.shop, call.id)
    arguments = _members(call.given("arguments"))
    source = _members(arguments.get("extension_attributes")).get("source_code")
    tracks = [_members(track) for track in call.given("tracks") or ()]
    wanted = quantities(call.given("items"), call.shop.settings)
    shipment = ship_order(call.shop, order, wanted, source=source, tracks=tracks)
    return answer(str(shipment["entity_id"]))


def refund(call: Call) -> Answer:
    """POST order/{id}/refund: offline; the number of the new credit memo, as a text."""
    return answer(
        str(refund_order(call.shop, order_of(call.shop, call.id), _refund(call))["entity_id"])
    )


def refund_invoice(call: Call) -> Answer:
    """POST invoice/{id}/refund: only an invoice that was paid through a gateway can be refunded."""
    found = call.shop.invoices.get(call.id)
    if found is None:
        raise not_found()
    order = order_of(call.shop, found["order_id"])
    if not found.get("transaction_id"):
        raise bad_request(
            "Creditmemo Document Validation Error(s):\nWe can't create creditmemo for the invoice."
        )
    wanted = _refund(call)
    memo = refund_order(call.shop, order, wanted)
    memo |= {"invoice_id": call.id, "transaction_id": f"{found['transaction_id']}-refund"}
    call.shop.add("credit_memo", [memo])
    return answer(str(memo["entity_id"]))


def _refund(call: Call) -> Refund:
    arguments = _members(call.given("arguments"))
    shipping = arguments.get("shipping_amount")
    names = "adjustment_positive" in arguments or "adjustment_negative" in arguments
    items = call.given("items")
    wanted = quantities(items, call.shop.settings)
    if items == []:
        wanted = None if shipping is None and not names else {}
    return Refund(
        wanted,
        shipping=None if shipping is None else number(shipping, "shippingAmount"),
        adjustment_positive=number(arguments.get("adjustment_positive") or ZERO, "adjustment"),
        adjustment_negative=number(arguments.get("adjustment_negative") or ZERO, "adjustment"),
        names_adjustments=names,
    )


def cancel(call: Call) -> Answer:
    """POST orders/{id}/cancel: whether anything was cancelled."""
    return answer(cancel_order(call.shop, order_of(call.shop, call.id)))


def hold(call: Call) -> Answer:
    """POST orders/{id}/hold."""
    hold_order(call.shop, order_of(call.shop, call.id))
    return answer(True)


def unhold(call: Call) -> Answer:
    """POST orders/{id}/unhold."""
    unhold_order(call.shop, order_of(call.shop, call.id))
    return answer(True)


def email(call: Call) -> Answer:
    """POST orders/{id}/emails: nothing is sent, so the answer is no."""
    order_of(call.shop, call.id)
    return answer(False)


def status(call: Call) -> Answer:
    """GET orders/{id}/statuses."""
    return answer(order_of(call.shop, call.id)["status"])


def order_comments(call: Call) -> Answer:
    """GET orders/{id}/comments, oldest first."""
    order = order_of(call.shop, call.id)
    return _comments(call, order["status_histories"][::-1])


def comments_of(kind: str) -> Handler:
    """GET the comments of an invoice or credit memo."""

    def handle(call: Call) -> Answer:
        found = call.shop.shelf(kind).get(call.id)
        return _comments(call, [] if found is None else found["comments"])

    return handle


def _comments(call: Call, comments: list[Document]) -> Answer:
    parent = {"field": "parent_id", "value": str(call.id), "condition_type": "eq"}
    return shaped(
        call,
        {
            "items": comments,
            "search_criteria": {"filter_groups": [{"filters": [parent]}]},
            "total_count": len(comments),
        },
    )


def add_order_comment(call: Call) -> Answer:
    """POST orders/{id}/comments."""
    order = order_of(call.shop, call.id)
    comment_order(call.shop, order, _members(call.member("status_history")))
    return answer(True)


def add_comment_to(kind: str) -> Handler:
    """POST a comment on an invoice, credit memo or shipment; nothing else moves."""

    def handle(call: Call) -> Answer:
        given = _members(call.member("entity"))
        parent_id = call.id if call.path else int(amount(given.get("parent_id")))
        found = call.shop.shelf(kind).get(parent_id)
        if found is None:
            raise not_found()
        comment = {
            "is_customer_notified": int(given.get("is_customer_notified") or 0),
            "parent_id": parent_id,
            "comment": str(given.get("comment", "")),
            "is_visible_on_front": int(given.get("is_visible_on_front") or 0),
            "created_at": call.shop.stamp(),
            "entity_id": call.shop.count(f"{kind}_comment", _highest_comment(call.shop, kind)),
        }
        found["comments"].append(comment)
        call.shop.add(kind, [found])
        return answer(comment)

    return handle


def _highest_comment(shop: Shop, kind: str) -> int:
    return max((c["entity_id"] for each in shop.shelf(kind) for c in each["comments"]), default=0)


def track(call: Call) -> Answer:
    """POST shipment/track."""
    given = _members(call.member("entity"))
    found = call.shop.shipments.get(int(amount(given.get("parent_id"))))
    if found is None:
        raise bad_request("The order does not exist.")
    return answer(add_track(call.shop, found, given))


def invoice_action(action: Callable[[Shop, Document], None]) -> Handler:
    """POST invoices/{id}/capture or void."""

    def handle(call: Call) -> Answer:
        found = call.shop.invoices.get(call.id)
        if found is None:
            raise not_found()
        action(call.shop, found)
        return answer(True)

    return handle


def refuse_capture(_: Shop, __: Document) -> None:
    """An offline invoice is paid from the start."""
    raise bad_request("The capture action is not available.")


def refuse_void(_: Shop, __: Document) -> None:
    """An offline invoice cannot be voided."""
    raise bad_request("The void action is not available.")


def item(call: Call) -> Answer:
    """GET orders/items/{id}."""
    for order in call.shop.orders:
        for each in order["items"]:
            if each["item_id"] == call.id:
                return shaped(call, _alone(each))
    raise not_found()


def items(call: Call) -> Answer:
    """GET orders/items."""
    shelf = Shelf("order_item", {})
    for order in call.shop.orders:
        for each in order["items"]:
            shelf.restore(each["item_id"], _alone(each))
    hits = find(shelf, _ITEM, call.query, call.shop.settings)
    return Answer(write(shelf, hits, fields=call.fields, render=shelf.text))


def _alone(each: Document) -> Document:
    """A row as it is served outside its order: without extension attributes."""
    found = {name: value for name, value in each.items() if name != "extension_attributes"}
    if "parent_item" in found:
        found["parent_item"] = _alone(found["parent_item"])
    return found


def _members(value: Value) -> Document:
    if not isinstance(value, dict):
        return {}
    return {snake(name): held for name, held in value.items()}
