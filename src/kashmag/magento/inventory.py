"""Multi-source inventory: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.legacy_stock import LegacyStock
from kashmag.magento.listing import Listing
from kashmag.magento.routes import (
    as_bool,
    as_id,
    as_list,
    as_nothing,
    as_number,
    read_route,
    segment,
    write_route,
)
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.magento.source_items import SourceItems
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


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
class StockSourceLink:
    """Which source serves which stock, lowest priority number first."""

    __repr__ = shown

    stock_id: int
    source_code: str
    priority: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class Salability:
    """Whether a product can be sold from a stock."""

    __repr__ = shown

    sku: str | None = None
    stock_id: int | None = None
    salable: bool | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


SOURCES: Final = Listing(
    noun="sources",
    path="/V1/inventory/sources",
    kind=Source,
    identity=lambda row: row.source_code,
    always=("source_code",),
)
STOCKS: Final = Listing(
    noun="stocks",
    path="/V1/inventory/stocks",
    kind=Stock,
    identity=lambda row: row.stock_id,
    always=("stock_id",),
)
LINKS: Final = Listing(
    noun="stock source links",
    path="/V1/inventory/stock-source-links",
    kind=StockSourceLink,
    identity=lambda row: (row.stock_id, row.source_code),
    always=("stock_id", "source_code"),
)


def source(code: str) -> Operation[Source]:
    """One source, by its code."""
    path = f"/V1/inventory/sources/{segment(code)}"
    return read_route(path, reads(Source), name="get source")


def create_source(told: Source) -> Operation[None]:
    """Create a source."""
    body = {"source": told}
    return write_route("POST", "/V1/inventory/sources", as_nothing, body=body, name="create source")


def update_source(told: Source) -> Operation[None]:
    """Write a source; its code says which."""
    path = f"/V1/inventory/sources/{segment(told.source_code)}"
    return write_route("PUT", path, as_nothing, body={"source": told}, name="update source")


def stock(stock_id: int) -> Operation[Stock]:
    """One stock."""
    return read_route(f"/V1/inventory/stocks/{stock_id}", reads(Stock), name="get stock")


def create_stock(told: Stock) -> Operation[int]:
    """Create a stock; the answer is its id."""
    body = {"stock": told}
    return write_route("POST", "/V1/inventory/stocks", as_id, body=body, name="create stock")


def update_stock(told: Stock) -> Operation[int]:
    """Write a stock; its id says which, and is the answer."""
    path = f"/V1/inventory/stocks/{told.stock_id}"
    return write_route("PUT", path, as_id, body={"stock": told}, name="update stock")


def delete_stock(stock_id: int) -> Operation[None]:
    """Delete a stock."""
    path = f"/V1/inventory/stocks/{stock_id}"
    return write_route("DELETE", path, as_nothing, effect=Effect.REPEATABLE, name="delete stock")


def stock_of_website(code: str) -> Operation[Stock]:
    """The stock that a website sells from."""
    path = f"/V1/inventory/stock-resolver/website/{segment(code)}"
    return read_route(path, reads(Stock), name="get stock of website")


def link(*links: StockSourceLink) -> Operation[None]:
    """Let sources serve stocks."""
    path = "/V1/inventory/stock-source-links"
    body = {"links": list(links)}
    return write_route(
        "POST", path, as_nothing, body=body, effect=Effect.REPEATABLE, name="link sources"
    )


def unlink(*links: StockSourceLink) -> Operation[None]:
    """No longer let sources serve stocks."""
    path = "/V1/inventory/stock-source-links-delete"
    body = {"links": list(links)}
    return write_route(
        "POST", path, as_nothing, body=body, effect=Effect.REPEATABLE, name="unlink sources"
    )


def salable_quantity(sku: str, stock_id: int) -> Operation[Decimal]:
    """How many can be sold: all sources less reservations; an unknown SKU is a BrokenError."""
    path = f"/V1/inventory/get-product-salable-quantity/{segment(sku)}/{stock_id}"
    return read_route(path, as_number, name="get salable quantity")


def is_salable(sku: str, stock_id: int) -> Operation[bool]:
    """Tell whether a product can be sold from a stock."""
    path = f"/V1/inventory/is-product-salable/{segment(sku)}/{stock_id}"
    return read_route(path, as_bool, name="is salable")


def are_salable(stock_id: int, *skus: str) -> Operation[tuple[Salability, ...]]:
    """Tell which of these products can be sold from a stock."""
    named = tuple((f"skus[{i}]", sku) for i, sku in enumerate(skus))
    query = (*named, ("stockId", str(stock_id)))
    path = "/V1/inventory/are-products-salable"
    return read_route(path, as_list(Salability), query=query, name="are salable")


class Inventory:
    """Sources, stocks, and what lies and can be sold where: `shop.inventory`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.sources: Final = Searchable(caller, SOURCES)
        self.stocks: Final = Searchable(caller, STOCKS)
        self.links: Final = Searchable(caller, LINKS)
        self.source_items: Final = SourceItems(caller)
        self.legacy: Final = LegacyStock(caller)

    async def source(self, code: str, options: Options | None = None) -> Source:
        """One source, by its code."""
        return await self._caller.call(source(code), options)

    async def create_source(self, told: Source, options: Options | None = None) -> None:
        """Create a source."""
        return await self._caller.call(create_source(told), options)

    async def update_source(self, told: Source, options: Options | None = None) -> None:
        """Write a source; its code says which."""
        return await self._caller.call(update_source(told), options)

    async def stock(self, stock_id: int, options: Options | None = None) -> Stock:
        """One stock."""
        return await self._caller.call(stock(stock_id), options)

    async def create_stock(self, told: Stock, options: Options | None = None) -> int:
        """Create a stock; returns its id."""
        return await self._caller.call(create_stock(told), options)

    async def update_stock(self, told: Stock, options: Options | None = None) -> int:
        """Write a stock; its id says which."""
        return await self._caller.call(update_stock(told), options)

    async def delete_stock(self, stock_id: int, options: Options | None = None) -> None:
        """Delete a stock."""
        await self._caller.call(delete_stock(stock_id), options)

    async def stock_of_website(self, code: str, options: Options | None = None) -> Stock:
        """The stock that a website sells from."""
        return await self._caller.call(stock_of_website(code), options)

    async def link(self, *links: StockSourceLink, options: Options | None = None) -> None:
        """Let sources serve stocks."""
        await self._caller.call(link(*links), options)

    async def unlink(self, *links: StockSourceLink, options: Options | None = None) -> None:
        """No longer let sources serve stocks."""
        await self._caller.call(unlink(*links), options)

    async def salable_quantity(
        self, sku: str, stock_id: int, options: Options | None = None
    ) -> Decimal:
        """How many can be sold: all sources less reservations."""
        return await self._caller.call(salable_quantity(sku, stock_id), options)

    async def is_salable(self, sku: str, stock_id: int, options: Options | None = None) -> bool:
        """Tell whether a product can be sold from a stock."""
        return await self._caller.call(is_salable(sku, stock_id), options)

    async def are_salable(
        self, stock_id: int, *skus: str, options: Options | None = None
    ) -> tuple[Salability, ...]:
        """Tell which of these products can be sold from a stock."""
        return await self._caller.call(are_salable(stock_id, *skus), options)
