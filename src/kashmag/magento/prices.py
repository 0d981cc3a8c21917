"""Base, special and tier prices in bulk: shapes and operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class BasePrice:
    """A product's price in one store view (0: everywhere)."""

    __repr__ = shown

    sku: str
    price: Decimal
    store_id: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class TierPrice:
    """A price from a quantity on, for a website and a customer group."""

    __repr__ = shown

    sku: str
    price: Decimal
    price_type: str | None = None
    website_id: int | None = None
    customer_group: str | None = None
    quantity: Decimal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class SpecialPrice:
    """A price for a time, in one store view (0: everywhere)."""

    __repr__ = shown

    sku: str
    price: Decimal
    store_id: int | None = None
    price_from: datetime | None = None
    price_to: datetime | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class PriceFault:
    """Why one price of many was refused."""

    __repr__ = shown

    message: str
    parameters: tuple[Json, ...] = ()
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
