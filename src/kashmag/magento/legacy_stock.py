"""Stock as before multi-source inventory: shapes and operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


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
