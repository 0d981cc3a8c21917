"""Shipments and their tracks: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


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
