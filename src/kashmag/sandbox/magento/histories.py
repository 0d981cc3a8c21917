"""The history of an order: comments, and what happened to it."""

from kashmag.sandbox.magento.documents import Document, present
from kashmag.sandbox.magento.shop import Shop


def add_history(
    shop: Shop,
    order: Document,
    comment: str,
    *,
    entity_name: str | None = None,
    status: str | None = None,
    is_customer_notified: int = 0,
    is_visible_on_front: int = 0,
) -> Document:
    """Put a comment on top of an order's history."""
    start = 0
    if "order_history" not in shop.shelf("counter"):
        known = (h["entity_id"] for each in shop.orders for h in each["status_histories"])
        start = max(known, default=0)
    history = present(
        {
            "comment": comment,
            "created_at": shop.stamp(),
            "entity_id": shop.count("order_history", start),
            "entity_name": entity_name,
            "is_customer_notified": is_customer_notified,
            "is_visible_on_front": is_visible_on_front,
            "parent_id": order["entity_id"],
            "status": status or order["status"],
        }
    )
    order["status_histories"].insert(0, history)
    return history
