"""Products and stock. A product's code is unique only within its nominal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from attrs import field, frozen

from kashmag.kashflow import codec
from kashmag.kashflow.assumptions import ASSUMED, Assumptions
from kashmag.kashflow.comparing import shape
from kashmag.kashflow.connection import Connection
from kashmag.kashflow.listing import Page, page, rows
from kashmag.kashflow.routes import do, path, read, send
from kashmag.kashflow.updating import Updatable, Update, update
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


@frozen
class Product:
    """A product; nominal and code together are its key. `price` is without VAT.

    `quantity_in_stock` is absolute, and falls by itself when the product is invoiced.
    """

    code: str
    nominal_code: int
    id: int | None = field(default=None, kw_only=True)
    nominal_id: int | None = field(default=None, kw_only=True)
    name: str | None = field(default=None, kw_only=True)
    description: str | None = field(default=None, kw_only=True)
    price: Decimal | None = field(default=None, kw_only=True)
    whole_sale_price: Decimal | None = field(default=None, kw_only=True)
    vat_rate: Decimal | None = field(default=None, kw_only=True)
    vat_exempt: bool | None = field(default=None, kw_only=True)
    is_default: bool | None = field(default=None, kw_only=True)
    auto_fill_line_item: bool | None = field(default=None, kw_only=True)
    in_use: bool | None = field(default=None, kw_only=True)
    manage_stock_level: bool | None = field(default=None, kw_only=True)
    quantity_in_stock: Decimal | None = field(default=None, kw_only=True)
    stock_warning_quantity: Decimal | None = field(default=None, kw_only=True)
    purchase_nominal_id: int | None = field(default=None, kw_only=True)
    purchase_sub_nominal_id: int | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class ProductDraft:
    """What is sent to create a product. Stock quantities are whole numbers."""

    code: str
    name: str
    nominal_code: int = field(kw_only=True)
    description: str | None = field(default=None, kw_only=True)
    price: Decimal | None = field(default=None, kw_only=True)
    whole_sale_price: Decimal | None = field(default=None, kw_only=True)
    vat_rate: Decimal | None = field(default=None, kw_only=True)
    vat_exempt: bool | None = field(default=None, kw_only=True)
    auto_fill_line_item: bool | None = field(default=None, kw_only=True)
    in_use: bool = field(default=True, kw_only=True)
    manage_stock_level: bool | None = field(default=None, kw_only=True)
    quantity_in_stock: int | None = field(default=None, kw_only=True)
    stock_warning_quantity: int | None = field(default=None, kw_only=True)


@frozen
class StockOptions:
    """Which parts of stock keeping the account has switched on."""

    enable_stock_management: bool | None = None
    enable_wholesale_pricing: bool | None = None
    ec_sales_products: bool | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class StockRow:
    """The stock of one product."""

    nominal_code: int
    product_code: str | None = None
    nominal_name: str | None = field(default=None, kw_only=True)
    product_name: str | None = field(default=None, kw_only=True)
    product_description: str | None = field(default=None, kw_only=True)
    product_price: Decimal | None = field(default=None, kw_only=True)
    quantity_in_stock: Decimal | None = field(default=None, kw_only=True)
    stock_value: Decimal | None = field(default=None, kw_only=True)
    pending_delivery: Decimal | None = field(default=None, kw_only=True)
    alert_level: Decimal | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class StockOverview:
    """The stock of every product that has one, in a single answer."""

    stocks: tuple[StockRow, ...] = ()
    total_value: Decimal | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


# Nominal code and product code: a product code alone is not unique.
ProductKey: TypeAlias = tuple[int, str]


def get(nominal_code: int, code: str) -> Operation[Product]:
    """Read one product."""
    return read(Product, path("products", nominal_code, code), name="products.get")


def every(
    *,
    nominal_code: int | None = None,
    in_use_only: bool = False,
    number: int = 1,
    assumed: Assumptions = ASSUMED,
) -> Operation[Page[Product]]:
    """Read one page of products, of one nominal or of all, sorted by code.

    KashFlow itself leaves out products that are not in use, unless it is told otherwise.
    """
    route = "/products/list" if nominal_code is None else path("nominals", nominal_code, "products")
    return page(
        Product,
        "products.every",
        route,
        asking=(("order", "Asc"), ("sortcolumn", 0), ("filterbyinuseonly", in_use_only)),
        number=number,
        size=assumed.product_page_size,
    )


def create(draft: ProductDraft) -> Operation[Product]:
    """Create a product."""
    return send(Product, "POST", "/products", body=draft, name="products.create")


def replace(key: ProductKey, product: Product) -> Operation[None]:
    """Replace the whole record, its stock included."""
    # The specification has whole numbers here, and refuses 5.0000 for 5.
    body = {
        name: int(value) if isinstance(value, Decimal) and value == int(value) else value
        for name, value in codec.write(product).items()
    }
    return do("PUT", path("products", *key), body=body, effect=Effect.ONCE, name="products.replace")


def delete(nominal_code: int, code: str) -> Operation[None]:
    """Delete a product."""
    return do("DELETE", path("products", nominal_code, code), name="products.delete")


def stock_overview(
    *, orders_only: bool = False, alerts_only: bool = False, exclude_ordered: bool = False
) -> Operation[StockOverview]:
    """Read the stock of every product in one answer: the cheapest way to look.

    With `alerts_only` only what has fallen to its warning quantity.
    """
    return read(
        StockOverview,
        "/reports/business/stockoverview",
        asking=(
            ("ordersOnly", orders_only),
            ("alertsOnly", alerts_only),
            ("excludeOrdered", exclude_ordered),
        ),
        name="products.stock_overview",
    )


def stock_options() -> Operation[StockOptions]:
    """Read which parts of stock keeping are switched on."""
    return read(StockOptions, "/stockoptions", name="products.stock_options")


def set_stock_options(wanted: StockOptions) -> Operation[StockOptions]:
    """Switch parts of stock keeping on and off."""
    return send(
        StockOptions, "PUT", "/stockoptions", body=wanted, name="products.set_stock_options"
    )


UPDATABLE: Final = Updatable[ProductKey, Product](
    noun="product",
    get=lambda key: get(*key),
    replace=replace,
    key=lambda product: (product.nominal_code, product.code),
    counting=shape(
        """Code Name NominalCode Price WholeSalePrice VATRate VATExempt Description
        AutoFillLineItem IsDefault InUse ManageStockLevel QuantityInStock StockWarningQuantity
        PurchaseNominalId PurchaseSubNominalId"""
    ),
)


class Products:
    """The products of an account and their stock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, nominal_code: int, code: str, options: Options | None = None) -> Product:
        """Read one product."""
        return await self._connection.call(get(nominal_code, code), options)

    def every(
        self,
        *,
        nominal_code: int | None = None,
        in_use_only: bool = False,
        options: Options | None = None,
    ) -> AsyncIterator[Product]:
        """Yield products, of one nominal or of all, each once."""
        assumed = self._connection.assumptions
        first = every(nominal_code=nominal_code, in_use_only=in_use_only, assumed=assumed)
        return rows(
            self._connection.caller, first, lambda one: (one.nominal_code, one.code), options
        )

    async def create(self, draft: ProductDraft, options: Options | None = None) -> Product:
        """Create a product."""
        return await self._connection.call(create(draft), options)

    async def update(
        self,
        key: ProductKey,
        change: Callable[[Product], Product],
        *,
        seen: Product | None = None,
        options: Options | None = None,
    ) -> Product:
        """Read a product, apply the change, write it, read it back (see `updating`).

        Stock is an absolute number: a sale in the moment between reading and writing is lost.
        """
        return await update(self._connection, UPDATABLE, Update(key, change, seen), options)

    async def delete(self, nominal_code: int, code: str, options: Options | None = None) -> None:
        """Delete a product."""
        await self._connection.call(delete(nominal_code, code), options)

    async def stock_overview(self, options: Options | None = None) -> StockOverview:
        """Read the stock of every product in one answer."""
        return await self._connection.call(stock_overview(), options)

    async def stock_warnings(self, options: Options | None = None) -> tuple[StockRow, ...]:
        """Read the stock of the products that have fallen to their warning quantity."""
        overview = await self._connection.call(stock_overview(alerts_only=True), options)
        return overview.stocks

    async def stock_options(self, options: Options | None = None) -> StockOptions:
        """Read which parts of stock keeping are switched on."""
        return await self._connection.call(stock_options(), options)

    async def set_stock_options(
        self, wanted: StockOptions, options: Options | None = None
    ) -> StockOptions:
        """Switch parts of stock keeping on and off."""
        return await self._connection.call(set_stock_options(wanted), options)
