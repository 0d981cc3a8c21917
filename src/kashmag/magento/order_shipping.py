"""Where an order is sent to and what that costs. Parcels: `magento.shipments`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.order_addresses import OrderAddress
from kashmag.magento.order_items import OrderItem
from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class ShippingAssignment:
    """What is sent where and how; it repeats all items."""

    __repr__ = shown

    shipping: Shipping | None = None
    items: tuple[OrderItem, ...] = ()
    stock_id: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class Shipping:
    """Where to, by which method, and what it costs."""

    __repr__ = shown

    address: OrderAddress | None = None
    method: str | None = None
    total: ShippingTotal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ShippingTotal:
    """What shipping costs, in both currencies."""

    __repr__ = shown

    base_shipping_amount: Decimal | None = None
    base_shipping_canceled: Decimal | None = None
    base_shipping_discount_amount: Decimal | None = None
    base_shipping_discount_tax_compensation_amnt: Decimal | None = None
    base_shipping_incl_tax: Decimal | None = None
    base_shipping_invoiced: Decimal | None = None
    base_shipping_refunded: Decimal | None = None
    base_shipping_tax_amount: Decimal | None = None
    base_shipping_tax_refunded: Decimal | None = None
    shipping_amount: Decimal | None = None
    shipping_canceled: Decimal | None = None
    shipping_discount_amount: Decimal | None = None
    shipping_discount_tax_compensation_amount: Decimal | None = None
    shipping_incl_tax: Decimal | None = None
    shipping_invoiced: Decimal | None = None
    shipping_refunded: Decimal | None = None
    shipping_tax_amount: Decimal | None = None
    shipping_tax_refunded: Decimal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
