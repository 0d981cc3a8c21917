"""Shipments and their tracks: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import Listing, Page
from kashmag.magento.routes import (
    as_bool,
    as_items,
    as_text,
    read_route,
    write_route,
)
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


@frozen(kw_only=True, repr=False)
class Shipment:
    """A parcel, or several, sent for one order."""

    __repr__ = shown

    entity_id: int
    billing_address_id: int | None = None
    created_at: datetime | None = None
    customer_id: int | None = None
    email_sent: int | None = None
    increment_id: str | None = None
    order_id: int | None = None
    packages: tuple[Json, ...] = ()
    shipment_status: int | None = None
    shipping_address_id: int | None = None
    shipping_label: str | None = None
    store_id: int | None = None
    total_qty: Decimal | None = None
    total_weight: Decimal | None = None
    updated_at: datetime | None = None
    items: tuple[ShipmentItem, ...] = ()
    tracks: tuple[Track, ...] = ()
    comments: tuple[ShipmentComment, ...] = ()
    extension_attributes: ShipmentExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ShipmentExtension:
    """What modules add to a shipment."""

    __repr__ = shown

    source_code: str | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ShipmentItem:
    """A row of a shipment."""

    __repr__ = shown

    additional_data: str | None = None
    description: str | None = None
    entity_id: int | None = None
    name: str | None = None
    parent_id: int | None = None
    price: Decimal | None = None
    product_id: int | None = None
    row_total: Decimal | None = None
    sku: str | None = None
    weight: Decimal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    order_item_id: int | None = None
    qty: Decimal | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class Track:
    """A tracking number of a shipment."""

    __repr__ = shown

    order_id: int | None = None
    created_at: datetime | None = None
    entity_id: int | None = None
    parent_id: int | None = None
    updated_at: datetime | None = None
    weight: Decimal | None = None
    qty: Decimal | None = None
    description: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    track_number: str | None = None
    title: str | None = None
    carrier_code: str | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ShipmentComment:
    """A note on a shipment."""

    __repr__ = shown

    is_customer_notified: int | None = None
    parent_id: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    comment: str | None = None
    is_visible_on_front: int | None = None
    created_at: datetime | None = None
    entity_id: int | None = None
    extra: Mapping[str, Json] = field(factory=dict)


LISTING: Final = Listing(
    noun="shipments",
    path="/V1/shipments",
    kind=Shipment,
    key="entity_id",
    key_of=lambda row: row.entity_id,
    identity=lambda row: row.entity_id,
    always=("entity_id",),
)


def get(entity_id: int) -> Operation[Shipment]:
    """One shipment, by its entity id."""
    return read_route(f"/V1/shipment/{entity_id}", reads(Shipment), name="get shipment")


def matching(criteria: Criteria) -> Operation[Page[Shipment]]:
    """One page of shipments."""
    return LISTING.page(criteria)


def comments(entity_id: int) -> Operation[tuple[ShipmentComment, ...]]:
    """The notes on a shipment."""
    path = f"/V1/shipment/{entity_id}/comments"
    return read_route(path, as_items(ShipmentComment), name="get shipment comments")


def add_comment(entity_id: int, comment: str) -> Operation[ShipmentComment]:
    """Add a note to a shipment."""
    told = {
        "comment": comment,
        "parent_id": entity_id,
        "is_customer_notified": 0,
        "is_visible_on_front": 0,
    }
    path = f"/V1/shipment/{entity_id}/comments"
    decode = reads(ShipmentComment)
    return write_route("POST", path, decode, body={"entity": told}, name="comment on shipment")


def label(entity_id: int) -> Operation[str]:
    """The shipping label, as base64 text."""
    return read_route(f"/V1/shipment/{entity_id}/label", as_text, name="get shipment label")


def add_track(track: Track) -> Operation[Track]:
    """Add a tracking number; the track's `parent_id` is the shipment, `order_id` the order."""
    body = {"entity": track}
    return write_route("POST", "/V1/shipment/track", reads(Track), body=body, name="add track")


def delete_track(track_id: int) -> Operation[bool]:
    """Delete a tracking number."""
    path = f"/V1/shipment/track/{track_id}"
    return write_route("DELETE", path, as_bool, effect=Effect.REPEATABLE, name="delete track")


def email(entity_id: int) -> Operation[bool]:
    """Send the buyer the shipment's e-mail."""
    return write_route("POST", f"/V1/shipment/{entity_id}/emails", as_bool, name="e-mail shipment")


class Shipments(Searchable[Shipment]):
    """Shipments of a shop: `shop.shipments`. New ones: `shop.orders.ship`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)

    async def get(self, entity_id: int, options: Options | None = None) -> Shipment:
        """One shipment, by its entity id."""
        return await self._caller.call(get(entity_id), options)

    async def comments(
        self, entity_id: int, options: Options | None = None
    ) -> tuple[ShipmentComment, ...]:
        """The notes on a shipment."""
        return await self._caller.call(comments(entity_id), options)

    async def add_comment(
        self, entity_id: int, comment: str, options: Options | None = None
    ) -> ShipmentComment:
        """Add a note to a shipment."""
        return await self._caller.call(add_comment(entity_id, comment), options)

    async def label(self, entity_id: int, options: Options | None = None) -> str:
        """The shipping label, as base64 text."""
        return await self._caller.call(label(entity_id), options)

    async def add_track(self, track: Track, options: Options | None = None) -> Track:
        """Add a tracking number to the shipment that the track names."""
        return await self._caller.call(add_track(track), options)

    async def delete_track(self, track_id: int, options: Options | None = None) -> bool:
        """Delete a tracking number."""
        return await self._caller.call(delete_track(track_id), options)

    async def email(self, entity_id: int, options: Options | None = None) -> bool:
        """Send the buyer the shipment's e-mail."""
        return await self._caller.call(email(entity_id), options)
