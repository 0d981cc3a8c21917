"""Products: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.errors import NotFoundError, SignInError
from kashmag.magento.attributes import CustomAttribute
from kashmag.magento.categories import Categories
from kashmag.magento.codec import reads
from kashmag.magento.configurables import ConfigurableOption, variant_options
from kashmag.magento.criteria import Criteria, split_list
from kashmag.magento.legacy_stock import StockItem
from kashmag.magento.listing import Listing, Page
from kashmag.magento.prices import Prices
from kashmag.magento.product_attributes import ProductAttributes
from kashmag.magento.routes import (
    as_bool,
    as_list,
    read_route,
    segment,
    write_route,
)
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


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


LISTING: Final = Listing(
    noun="products",
    path="/V1/products",
    kind=Product,
    key="entity_id",
    key_of=lambda row: row.id,
    identity=lambda row: row.sku,
    always=(
        "id",
        "sku",
    ),
)


def get(sku: str) -> Operation[Product]:
    """One product, complete with stock.

    A SKU with a slash or plus needs a web server that lets those through in a path, and there is
    no signature of it that all versions accept: `Products.get` searches for such.
    """
    return read_route(f"/V1/products/{segment(sku)}", reads(Product), name="get product")


def matching(criteria: Criteria) -> Operation[Page[Product]]:
    """One page of products; in lists they come without stock."""
    return LISTING.page(criteria)


def create(product: Product) -> Operation[Product]:
    """Create a product, or write the one with this SKU."""
    body = {"product": product}
    return write_route("POST", "/V1/products", reads(Product), body=body, name="create product")


def update(product: Product) -> Operation[Product]:
    """Write a product by its SKU: what is None stays.

    Without a store code Magento writes the default store view's values; scope `all` writes
    everybody's.
    """
    path = f"/V1/products/{segment(product.sku)}"
    body = {"product": product}
    return write_route("PUT", path, reads(Product), body=body, name="update product")


def delete(sku: str) -> Operation[bool]:
    """Delete a product; its source items stay."""
    path = f"/V1/products/{segment(sku)}"
    return write_route("DELETE", path, as_bool, effect=Effect.REPEATABLE, name="delete product")


def variants(sku: str) -> Operation[tuple[Product, ...]]:
    """The simple products behind a configurable one."""
    path = f"/V1/configurable-products/{segment(sku)}/children"
    return read_route(path, as_list(Product), name="get variants")


def is_plain(sku: str) -> bool:
    """Tell whether a SKU may stand in a path everywhere."""
    return not set(sku) & set("/+%\\?#@,=:;&$")


class Products(Searchable[Product]):
    """Products of a shop: `shop.products`; also `.prices`, `.attributes`, `.categories`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)
        self.prices: Final = Prices(caller)
        self.attributes: Final = ProductAttributes(caller)
        self.categories: Final = Categories(caller)

    async def get(self, sku: str, options: Options | None = None) -> Product:
        """One product, by its SKU.

        A SKU that cannot stand in every path is tried there first and then searched for; what is
        found by search comes without stock.

        Raises:
            NotFoundError: there is no such product.
        """
        try:
            return await self._caller.call(get(sku), options)
        except (NotFoundError, SignInError):
            if is_plain(sku):
                raise
            found = await self.by_skus(sku, options=options)
            if not found:
                raise
            return found[0]

    async def by_skus(self, *skus: str, options: Options | None = None) -> tuple[Product, ...]:
        """The products with these SKUs, as lists have them; unknown ones are left out."""
        found: list[Product] = []
        for plain in split_list(sku for sku in skus if "," not in sku):
            criteria = Criteria().where("sku", "in", plain)
            found += [one async for one in self.matching(criteria, options)]
        for sku in dict.fromkeys(sku for sku in skus if "," in sku):
            criteria = Criteria().where("sku", "eq", sku)
            found += [one async for one in self.matching(criteria, options)]
        return tuple(found)

    async def create(self, product: Product, options: Options | None = None) -> Product:
        """Create a product, or write the one with this SKU."""
        return await self._caller.call(create(product), options)

    async def update(self, product: Product, options: Options | None = None) -> Product:
        """Write a product by its SKU, for the client's or the options' store view.

        A SKU that cannot stand in every path goes in the body: Magento saves a product that is
        there by the same call as one that is not.
        """
        operation = update(product) if is_plain(product.sku) else create(product)
        return await self._caller.call(operation, options)

    async def delete(self, sku: str, options: Options | None = None) -> bool:
        """Delete a product; its source items stay."""
        return await self._caller.call(delete(sku), options)

    async def variants(self, sku: str, options: Options | None = None) -> tuple[Product, ...]:
        """The simple products behind a configurable one."""
        return await self._caller.call(variants(sku), options)

    async def variant_options(
        self, sku: str, options: Options | None = None
    ) -> tuple[ConfigurableOption, ...]:
        """What the variants of a configurable product differ in."""
        return await self._caller.call(variant_options(sku), options)
