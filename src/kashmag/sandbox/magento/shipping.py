"""Shipments: pieces leave a source, reservations are taken back, tracks are added."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kashmag.sandbox.magento.answers import bad_request
from kashmag.sandbox.magento.documents import ZERO, Document, amount, present
from kashmag.sandbox.magento.invoicing import shipping_address_id
from kashmag.sandbox.magento.shop import Shop
from kashmag.sandbox.magento.states import can_ship, left_to_ship, ships, touch, wrap_up
from kashmag.sandbox.magento.stock import deduct, reserve, units_of

_HEADING = "Shipment Document Validation Error(s):\n"
_NO_SOURCE = "Could not save a shipment, see error log for details"


def ship_order(
    shop: Shop,
    order: Document,
    wanted: Mapping[int, Decimal] | None = None,
    *,
    source: str | None,
    tracks: Sequence[Document] = (),
) -> Document:
    """Ship rows of an order from a source, by item number and quantity, or all that is left.

    `updated_at` of the order moves only when the shipment completes it: `updated_at_log`.
    """
    if not can_ship(order):
        raise bad_request(_HEADING + "The order does not allow a shipment to be created.")
    quantities = _quantities(order, wanted)
    if source is None or source not in shop.shelf("source"):
        raise bad_request(_NO_SOURCE)
    entity_id = shop.count("shipment", shop.shipments.next_id() - 1)
    stamp = shop.stamp()
    items = [
        present(
            {
                "entity_id": shop.count("shipment_item", _highest(shop, "items")),
                "name": item["name"],
                "parent_id": entity_id,
                "price": item["price"],
                "product_id": item.get("product_id"),
                "sku": item["sku"],
                "weight": item["weight"],
                "order_item_id": item["item_id"],
                "qty": quantities[item["item_id"]],
            }
        )
        for item in order["items"]
        if item["item_id"] in quantities
    ]
    shipment = {
        "billing_address_id": order["billing_address_id"],
        "created_at": stamp,
        "entity_id": entity_id,
        "increment_id": shop.number("shipment", order["store_id"]),
        "order_id": order["entity_id"],
        "packages": [],
        "shipping_address_id": shipping_address_id(order),
        "store_id": order["store_id"],
        "total_qty": sum((item["qty"] for item in items), ZERO),
        "updated_at": stamp,
        "items": items,
        "tracks": [],
        "comments": [],
        "extension_attributes": {"source_code": source},
    }
    shop.add("shipment", [shipment])
    for track in tracks:
        add_track(shop, shipment, track)
    _book(shop, order, quantities, source)
    before = order["state"]
    wrap_up(order, "processing")
    if order["state"] != before:
        touch(shop, order, quantities)
    shop.add("order", [order])
    return shipment


def add_track(shop: Shop, shipment: Document, track: Document) -> Document:
    """Add a tracking number to a shipment; neither `updated_at` moves."""
    stamp = shop.stamp()
    kept = {
        "order_id": shipment["order_id"],
        "created_at": stamp,
        "entity_id": shop.count("track", _highest(shop, "tracks")),
        "parent_id": shipment["entity_id"],
        "updated_at": stamp,
        "weight": track.get("weight"),
        "qty": track.get("qty"),
        "description": track.get("description"),
        "track_number": track.get("track_number"),
        "title": track.get("title"),
        "carrier_code": track.get("carrier_code"),
    }
    shipment["tracks"].append(kept)
    shop.add("shipment", [shipment])
    return kept


def _highest(shop: Shop, part: str) -> int:
    if {"items": "shipment_item", "tracks": "track"}[part] in shop.shelf("counter"):
        return 0
    return max((each["entity_id"] for ship in shop.shipments for each in ship[part]), default=0)


def _quantities(order: Document, wanted: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    rows = {item["item_id"]: item for item in order["items"] if ships(item)}
    if wanted is None:
        return {key: left for key, item in rows.items() if (left := left_to_ship(item)) > 0}
    for item_id, quantity in wanted.items():
        if item_id not in rows:
            raise bad_request(
                _HEADING + "The shipment contains product item that is not part of the original "
                "order."
            )
        if quantity > left_to_ship(rows[item_id]):
            raise bad_request(
                _HEADING + "The quantity to ship must not be greater than the unshipped quantity."
            )
    return {item_id: quantity for item_id, quantity in wanted.items() if quantity > 0}


def _book(shop: Shop, order: Document, quantities: Mapping[int, Decimal], source: str) -> None:
    for item in order["items"]:
        quantity = quantities.get(item["item_id"])
        if quantity is None:
            continue
        item["qty_shipped"] = amount(item["qty_shipped"]) + quantity
        for sku, pieces in units_of(order, item, quantity):
            reserve(shop, sku, pieces, f"shipment:{order['entity_id']}")
            deduct(shop, sku, source, pieces)
