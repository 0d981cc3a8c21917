"""Products: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.attributes import CustomAttribute
from kashmag.magento.legacy_stock import StockItem
from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class Product:
    """A product; without `id` it is one to be created."""

    __repr__ = shown

    sku: str
    id: int | None = None
    name: str | None = None
    attribute_set_id: int | None = None
    price: Decimal | None = None
    status: int | None = None
    visibility: int | None = None
    type_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    weight: Decimal | None = None
    extension_attributes: ProductExtension | None = None
    product_links: tuple[ProductLink, ...] | None = None
    options: tuple[Json, ...] | None = None
    media_gallery_entries: tuple[MediaEntry, ...] | None = None
    tier_prices: tuple[ProductTierPrice, ...] | None = None
    custom_attributes: tuple[CustomAttribute, ...] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ProductExtension:
    """What modules add to a product: websites, categories, stock, variants."""

    __repr__ = shown

    website_ids: tuple[int, ...] | None = None
    category_links: tuple[CategoryLink, ...] | None = None
    discounts: tuple[Json, ...] | None = None
    bundle_product_options: tuple[Json, ...] | None = None
    stock_item: StockItem | None = None
    downloadable_product_links: tuple[Json, ...] | None = None
    downloadable_product_samples: tuple[Json, ...] | None = None
    giftcard_amounts: tuple[Json, ...] | None = None
    configurable_product_options: tuple[Json, ...] | None = None
    configurable_product_links: tuple[int, ...] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CategoryLink:
    """A product's place in a category."""

    __repr__ = shown

    position: int | None = None
    category_id: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ProductTierPrice:
    """A price from a quantity on, for a customer group."""

    __repr__ = shown

    customer_group_id: int | None = None
    qty: Decimal | None = None
    value: Decimal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ProductLink:
    """A tie to another product: related, up-sell, cross-sell, grouped."""

    __repr__ = shown

    sku: str | None = None
    link_type: str | None = None
    linked_product_sku: str | None = None
    linked_product_type: str | None = None
    position: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class MediaEntry:
    """An image or video of a product."""

    __repr__ = shown

    id: int | None = None
    media_type: str | None = None
    label: str | None = None
    position: int | None = None
    disabled: bool | None = None
    types: tuple[str, ...] | None = None
    file: str | None = None
    content: Json = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
