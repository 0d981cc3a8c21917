"""What else happens to an order: cancelled, held, released, commented on, edited, touched.

Each moves `updated_at` or leaves it alone as the real shop was seen to.
"""

from kashmag.sandbox.magento.amounts import CURRENCIES, carries_money
from kashmag.sandbox.magento.answers import bad_request
from kashmag.sandbox.magento.baskets import Basket
from kashmag.sandbox.magento.documents import Document, amount
from kashmag.sandbox.magento.histories import add_history
from kashmag.sandbox.magento.ordering import place_order
from kashmag.sandbox.magento.shop import Shop
from kashmag.sandbox.magento.states import can_cancel, can_hold, repeat_shipping, touch, wrap_up
from kashmag.sandbox.magento.stock import release, reserve_order


def place(shop: Shop, basket: Basket) -> Document:
    """Take an order for a basket, and reserve its stock."""
    order = place_order(shop, basket, shop.now())
    reserve_order(shop, order)
    return order


def cancel_order(shop: Shop, order: Document) -> bool:
    """Cancel what is not invoiced; an order with nothing to cancel stays and the answer is no."""
    if not can_cancel(order):
        return False
    for item in order["items"]:
        left = amount(item["qty_ordered"]) - amount(item["qty_invoiced"])
        left -= amount(item["qty_canceled"])
        if left <= 0:
            continue
        item["qty_canceled"] = amount(item["qty_canceled"]) + left
        if item.get("parent_item_id") is None:
            release(shop, order, item, left)
        if carries_money(order, item):
            part = left / amount(item["qty_ordered"])
            item["tax_canceled"] = amount(item["tax_amount"]) * part
            hidden = amount(item.get("discount_tax_compensation_amount"))
            item["discount_tax_compensation_canceled"] = hidden * part
    _book_cancellation(order)
    touch(shop, order, [item["item_id"] for item in order["items"]])
    if amount(order.get("total_invoiced")):
        wrap_up(order)
    else:
        order["state"] = order["status"] = "canceled"
        repeat_shipping(order)
    shop.add("order", [order])
    return True


def _book_cancellation(order: Document) -> None:
    for prefix in CURRENCIES:
        left = {
            name: amount(order[f"{prefix}{name}"]) - amount(order.get(f"{prefix}{done}"))
            for name, done in (
                ("subtotal", "subtotal_invoiced"),
                ("tax_amount", "tax_invoiced"),
                ("shipping_amount", "shipping_invoiced"),
            )
        }
        taken = abs(amount(order[f"{prefix}discount_amount"]))
        taken -= abs(amount(order.get(f"{prefix}discount_invoiced")))
        whole = amount(order[f"{prefix}grand_total"])
        order[f"{prefix}subtotal_canceled"] = left["subtotal"]
        order[f"{prefix}tax_canceled"] = left["tax_amount"]
        order[f"{prefix}shipping_canceled"] = left["shipping_amount"]
        order[f"{prefix}discount_canceled"] = taken
        order[f"{prefix}total_canceled"] = whole - amount(order.get(f"{prefix}total_paid"))


def hold_order(shop: Shop, order: Document) -> None:
    """Put an order on hold."""
    if not can_hold(order):
        raise bad_request("A hold action is not available.")
    order["hold_before_state"], order["hold_before_status"] = order["state"], order["status"]
    order["state"] = order["status"] = "holded"
    touch(shop, order)
    shop.add("order", [order])


def unhold_order(shop: Shop, order: Document) -> None:
    """Let an order on hold go on."""
    if order["state"] != "holded":
        raise bad_request("You cannot remove the hold.")
    order["state"] = order.pop("hold_before_state")
    order["status"] = order.pop("hold_before_status")
    touch(shop, order)
    shop.add("order", [order])


def comment_order(shop: Shop, order: Document, comment: Document) -> None:
    """Add a comment; `updated_at` stays where it is unless the status changes."""
    status = comment.get("status")
    changes = status is not None and status != order["status"]
    if changes:
        order["status"] = status
    add_history(
        shop,
        order,
        str(comment.get("comment", "")),
        status=status,
        is_customer_notified=int(comment.get("is_customer_notified", 0)),
        is_visible_on_front=int(comment.get("is_visible_on_front", 0)),
    )
    if changes:
        touch(shop, order)
    shop.add("order", [order])


def edit_order(shop: Shop, order: Document, basket: Basket) -> Document:
    """Replace an order: the old one is cancelled, the new one gets its number with a suffix."""
    if not cancel_order(shop, order):
        raise bad_request("This order can no longer be edited.")
    increment = int(order.get("edit_increment", 0)) + 1
    original = str(order.get("original_increment_id", order["increment_id"]))
    replacement = place(shop, basket)
    replacement |= {
        "edit_increment": increment,
        "increment_id": f"{original}-{increment}",
        "original_increment_id": original,
        "relation_parent_id": str(order["entity_id"]),
        "relation_parent_real_id": order["increment_id"],
    }
    order |= {
        "relation_child_id": str(replacement["entity_id"]),
        "relation_child_real_id": replacement["increment_id"],
    }
    shop.add("order", [replacement, order])
    return replacement
