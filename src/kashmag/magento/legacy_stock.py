"""Stock as before multi-source inventory: shapes and operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.listing import Listing, Page
from kashmag.magento.routes import (
    as_id,
    read_route,
    segment,
    write_route,
)
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options


@frozen(kw_only=True, repr=False)
class StockItem:
    """Stock as before multi-source inventory: it speaks of the default source only."""

    __repr__ = shown

    item_id: int | None = None
    product_id: int | None = None
    stock_id: int | None = None
    qty: Decimal | None = None
    is_in_stock: bool | None = None
    is_qty_decimal: bool | None = None
    show_default_notification_message: bool | None = None
    use_config_min_qty: bool | None = None
    min_qty: Decimal | None = None
    use_config_min_sale_qty: int | None = None
    min_sale_qty: Decimal | None = None
    use_config_max_sale_qty: bool | None = None
    max_sale_qty: Decimal | None = None
    use_config_backorders: bool | None = None
    backorders: int | None = None
    use_config_notify_stock_qty: bool | None = None
    notify_stock_qty: Decimal | None = None
    use_config_qty_increments: bool | None = None
    qty_increments: Decimal | None = None
    use_config_enable_qty_inc: bool | None = None
    enable_qty_increments: bool | None = None
    use_config_manage_stock: bool | None = None
    manage_stock: bool | None = None
    low_stock_date: datetime | None = None
    is_decimal_divided: bool | None = None
    stock_status_changed_auto: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class StockStatus:
    """Whether a product can be sold, as before multi-source inventory."""

    __repr__ = shown

    product_id: int | None = None
    stock_id: int | None = None
    qty: int | None = None
    stock_status: int | None = None
    stock_item: StockItem | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


def get(sku: str) -> Operation[StockItem]:
    """The stock of a product at the default source."""
    return read_route(f"/V1/stockItems/{segment(sku)}", reads(StockItem), name="get stock item")


def status(sku: str) -> Operation[StockStatus]:
    """Whether a product can be sold, and how many."""
    return read_route(
        f"/V1/stockStatuses/{segment(sku)}", reads(StockStatus), name="get stock status"
    )


def update(sku: str, item: StockItem) -> Operation[int]:
    """Write the stock of a product at the default source; what is None stays."""
    path = f"/V1/products/{segment(sku)}/stockItems/{item.item_id or 1}"
    return write_route("PUT", path, as_id, body={"stockItem": item}, name="update stock item")


def low(
    quantity: Decimal | int, *, page: int = 1, page_size: int = 100
) -> Operation[Page[StockItem]]:
    """One page of stock items with no more than a quantity at the default source."""
    query = (
        ("scopeId", "0"),
        ("qty", format(Decimal(quantity), "f")),
        ("currentPage", str(page)),
        ("pageSize", str(page_size)),
    )
    # The slash at the end belongs to the route.
    path = "/V1/stockItems/lowStock/"
    return read_route(path, LOW.decode, query=query, name="list low stock")


LOW: Final = Listing(
    noun="low stock",
    path="/V1/stockItems/lowStock/",
    kind=StockItem,
    identity=lambda row: row.item_id,
)


class LegacyStock:
    """Stock of the default source: `shop.inventory.legacy`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, sku: str, options: Options | None = None) -> StockItem:
        """The stock of a product at the default source."""
        return await self._caller.call(get(sku), options)

    async def status(self, sku: str, options: Options | None = None) -> StockStatus:
        """Whether a product can be sold, and how many."""
        return await self._caller.call(status(sku), options)

    async def update(self, sku: str, item: StockItem, options: Options | None = None) -> int:
        """Write the stock of a product at the default source; what is None stays."""
        return await self._caller.call(update(sku, item), options)

    async def low(
        self,
        quantity: Decimal | int,
        *,
        page: int = 1,
        page_size: int = 100,
        options: Options | None = None,
    ) -> Page[StockItem]:
        """One page of stock items with no more than a quantity at the default source."""
        operation = low(quantity, page=page, page_size=page_size)
        return await self._caller.call(operation, options)
