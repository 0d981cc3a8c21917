"""Products and stock. A product's code is unique only within its nominal."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.rest.codec import Json


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
