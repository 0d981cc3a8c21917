"""Stock: source items, reservations, and what is salable.

Salable is what the sources of a stock hold, less what is reserved. An order reserves its pieces, a
shipment takes the reservation back and the pieces from a source.
"""

from collections.abc import Iterable
from decimal import Decimal

from kashmag.sandbox.magento.documents import ZERO, Document, amount
from kashmag.sandbox.magento.shop import Shop, source_item_key


def units_of(order: Document, item: Document, quantity: Decimal) -> Iterable[tuple[str, Decimal]]:
    """The pieces of stock behind some of an order's row: the children's, where there are any."""
    children = [each for each in order["items"] if each.get("parent_item_id") == item["item_id"]]
    if not children:
        yield item["sku"], quantity
    for child in children:
        share = amount(child["qty_ordered"]) / amount(item["qty_ordered"])
        yield child["sku"], quantity * share


def reserve_order(shop: Shop, order: Document) -> None:
    """Reserve all pieces of an order."""
    for item in order["items"]:
        if item.get("parent_item_id") is None:
            for sku, pieces in units_of(order, item, amount(item["qty_ordered"])):
                reserve(shop, sku, -pieces, f"order:{order['entity_id']}")


def reserve_open(shop: Shop, order: Document) -> None:
    """Reserve what an order that comes from elsewhere still has to ship; once for each order."""
    if order["entity_id"] in shop.orders:
        return
    for item in order["items"]:
        if item.get("parent_item_id") is None:
            left = amount(item["qty_ordered"]) - amount(item["qty_canceled"])
            left -= amount(item["qty_shipped"])
            for sku, pieces in units_of(order, item, max(left, ZERO)):
                reserve(shop, sku, -pieces, f"order:{order['entity_id']}")


def release(shop: Shop, order: Document, item: Document, quantity: Decimal) -> None:
    """Take a reservation back for pieces that will not be shipped."""
    for sku, pieces in units_of(order, item, quantity):
        reserve(shop, sku, pieces, f"released:{order['entity_id']}")


def reserve(shop: Shop, sku: str, quantity: Decimal, reason: str) -> None:
    """Write a reservation: negative takes pieces, positive gives them back."""
    key = sku.lower()
    held = shop.reservations.get(key) or {"sku": sku, "quantity": ZERO}
    total = amount(held["quantity"]) + quantity
    shop.reservations.put(key, {"sku": sku, "quantity": total, "reason": reason})


def deduct(shop: Shop, sku: str, source: str, quantity: Decimal) -> None:
    """Take pieces from a source, which may go below nought."""
    held = shop.source_items.get(source_item_key(sku, source))
    if held is not None:
        left = amount(held["quantity"]) - quantity
        held |= {"quantity": left, "status": int(left > 0)}
        shop.source_items.put(source_item_key(sku, source), held)


def put_source_item(shop: Shop, sku: str, source: str, quantity: Decimal, status: int) -> None:
    """Set what a source holds of a SKU, which is matched without regard to case."""
    key = source_item_key(sku, source)
    held = shop.source_items.get(key) or {"sku": sku, "source_code": source}
    held |= {"quantity": quantity, "status": status}
    shop.source_items.put(key, held)


def salable(shop: Shop, sku: str, stock_id: int) -> Decimal:
    """How many pieces of a SKU a stock can sell."""
    sources = {
        link["source_code"]
        for link in shop.shelf("stock_source_link")
        if link["stock_id"] == stock_id
    }
    held = sum(
        (
            amount(item["quantity"])
            for source in sources
            if (item := shop.source_items.get(source_item_key(sku, source))) and item["status"]
        ),
        ZERO,
    )
    reserved = shop.reservations.get(sku.lower())
    if reserved is None or stock_id != stock_of_website(shop):
        return held
    return held + amount(reserved["quantity"])


def stock_of_website(shop: Shop, code: str = "base") -> int | None:
    """The stock that sells for a website."""
    for stock in shop.shelf("stock"):
        channels = stock["extension_attributes"]["sales_channels"]
        if any(channel["code"] == code for channel in channels):
            found: int = stock["stock_id"]
            return found
    return None


def default_source_quantity(shop: Shop, sku: str) -> Decimal:
    """What the legacy stock item shows: the default source, whatever stock the website uses."""
    held = shop.source_items.get(source_item_key(sku, "default"))
    return amount(held["quantity"]) if held else ZERO
