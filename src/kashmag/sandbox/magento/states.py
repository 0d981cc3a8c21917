"""The states of an order: what may be done to it, and where it stands after something was done.

`updated_at` moves as observed: on an invoice, a credit memo, a hold, a cancellation and on the
shipment that completes the order, and on nothing else.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from kashmag.sandbox.magento.amounts import carries_money
from kashmag.sandbox.magento.documents import ZERO, Document, amount, pence
from kashmag.sandbox.magento.ordering import shipping_total
from kashmag.sandbox.magento.shop import Shop, link_copies

_NOUGHT: Final = Decimal("0.0001")
_RESTING: Final = ("canceled", "complete", "closed", "holded", "payment_review")


def can_invoice(order: Document) -> bool:
    """Whether there is something left to invoice."""
    if order["state"] in _RESTING:
        return False
    return any(
        amount(item["qty_ordered"]) > amount(item["qty_invoiced"]) + amount(item["qty_canceled"])
        for item in order["items"]
        if carries_money(order, item)
    )


def can_ship(order: Document) -> bool:
    """Whether there is something left to ship."""
    if order["state"] in _RESTING or order["is_virtual"]:
        return False
    return any(left_to_ship(item) > 0 for item in order["items"] if ships(item))


def left_to_ship(item: Document) -> Decimal:
    """How many pieces of a row still have to be shipped."""
    done = amount(item["qty_shipped"]) + amount(item["qty_refunded"])
    return max(amount(item["qty_ordered"]) - amount(item["qty_canceled"]) - done, ZERO)


def ships(item: Document) -> bool:
    """Whether a row is shipped: parents are, for their children."""
    return not item["is_virtual"] and item.get("parent_item_id") is None


def can_refund(order: Document) -> bool:
    """Whether there is money left to give back."""
    if order["state"] in ("canceled", "closed", "holded", "payment_review"):
        return False
    if abs(amount(order["grand_total"])) < _NOUGHT:
        return order.get("total_refunded") is None and not can_invoice(order)
    left = pence(amount(order.get("total_paid"))) - amount(order.get("total_refunded"))
    # What was kept back as a fee is not left to be refunded.
    fee = amount(order.get("adjustment_negative"))
    return abs(left) >= _NOUGHT and abs(left - fee) >= _NOUGHT


def can_cancel(order: Document) -> bool:
    """Whether there is something that is not invoiced yet."""
    if order["state"] in ("canceled", "complete", "closed", "holded", "payment_review"):
        return False
    return can_invoice(order)


def can_hold(order: Document) -> bool:
    """Whether it may be put on hold."""
    return order["state"] not in _RESTING


def wrap_up(order: Document, state: str | None = None) -> None:
    """Put the order where it belongs after something was done to it."""
    if state and order["state"] == "new":
        _move(order, state)
    if order["state"] in ("new", "processing", "complete") and not can_invoice(order):
        nothing_due = not amount(order["base_grand_total"])
        if can_refund(order) or nothing_due:
            if order["state"] == "processing" and not can_ship(order):
                _move(order, "complete")
        elif amount(order.get("total_refunded")):
            _move(order, "closed")
    repeat_shipping(order)


def repeat_shipping(order: Document) -> None:
    """Bring the shipping's totals under the assignments up to date."""
    totals = shipping_total(order)
    for assignment in order["extension_attributes"]["shipping_assignments"]:
        assignment["shipping"]["total"] = totals


def _move(order: Document, state: str) -> None:
    order["state"] = order["status"] = state


def touch(shop: Shop, order: Document, items: Iterable[int] = ()) -> None:
    """Move `updated_at`, of the order and of rows of it."""
    stamp = shop.stamp()
    order["updated_at"] = stamp
    moved = frozenset(items)
    for item in order["items"]:
        if item["item_id"] in moved:
            item["updated_at"] = stamp
    link_copies(order)
