"""Multi-source inventory: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class Source:
    """A place where goods lie."""

    __repr__ = shown

    source_code: str
    name: str | None = None
    email: str | None = None
    contact_name: str | None = None
    enabled: bool | None = None
    description: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    country_id: str | None = None
    region_id: int | None = None
    region: str | None = None
    city: str | None = None
    street: str | None = None
    postcode: str | None = None
    phone: str | None = None
    fax: str | None = None
    use_default_carrier_config: bool | None = None
    carrier_links: tuple[Json, ...] | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class Stock:
    """What a website sells from: one or more sources."""

    __repr__ = shown

    stock_id: int | None = None
    name: str | None = None
    extension_attributes: StockExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class StockExtension:
    """Which websites sell from a stock."""

    __repr__ = shown

    sales_channels: tuple[SalesChannel, ...] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class SalesChannel:
    """A website that sells."""

    __repr__ = shown

    type: str
    code: str
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class SourceItem:
    """How much of a product lies at a source; status 1 is in stock, 0 out of stock."""

    __repr__ = shown

    sku: str
    source_code: str
    quantity: Decimal
    status: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class StockSourceLink:
    """Which source serves which stock, lowest priority number first."""

    __repr__ = shown

    stock_id: int
    source_code: str
    priority: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
