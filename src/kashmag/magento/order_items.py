"""The rows of an order. Which of them are owed for: `magento.reading`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.order_taxes import OrderTaxItem
from kashmag.magento.product_options import ProductOption
from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class GiftMessage:
    """A message that goes with a gift."""

    __repr__ = shown

    gift_message_id: int | None = None
    customer_id: int | None = None
    sender: str | None = None
    recipient: str | None = None
    message: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class OrderItem:
    """A row of an order; not every row is a line that is owed for."""

    __repr__ = shown

    additional_data: str | None = None
    amount_refunded: Decimal | None = None
    applied_rule_ids: str | None = None
    base_amount_refunded: Decimal | None = None
    base_cost: Decimal | None = None
    base_discount_amount: Decimal | None = None
    base_discount_invoiced: Decimal | None = None
    base_discount_refunded: Decimal | None = None
    base_discount_tax_compensation_amount: Decimal | None = None
    base_discount_tax_compensation_invoiced: Decimal | None = None
    base_discount_tax_compensation_refunded: Decimal | None = None
    base_original_price: Decimal | None = None
    base_price: Decimal | None = None
    base_price_incl_tax: Decimal | None = None
    base_row_invoiced: Decimal | None = None
    base_row_total: Decimal | None = None
    base_row_total_incl_tax: Decimal | None = None
    base_tax_amount: Decimal | None = None
    base_tax_before_discount: Decimal | None = None
    base_tax_invoiced: Decimal | None = None
    base_tax_refunded: Decimal | None = None
    base_weee_tax_applied_amount: Decimal | None = None
    base_weee_tax_applied_row_amnt: Decimal | None = None
    base_weee_tax_disposition: Decimal | None = None
    base_weee_tax_row_disposition: Decimal | None = None
    created_at: datetime | None = None
    description: str | None = None
    discount_amount: Decimal | None = None
    discount_invoiced: Decimal | None = None
    discount_percent: Decimal | None = None
    discount_refunded: Decimal | None = None
    event_id: int | None = None
    ext_order_item_id: str | None = None
    free_shipping: int | None = None
    gw_base_price: Decimal | None = None
    gw_base_price_invoiced: Decimal | None = None
    gw_base_price_refunded: Decimal | None = None
    gw_base_tax_amount: Decimal | None = None
    gw_base_tax_amount_invoiced: Decimal | None = None
    gw_base_tax_amount_refunded: Decimal | None = None
    gw_id: int | None = None
    gw_price: Decimal | None = None
    gw_price_invoiced: Decimal | None = None
    gw_price_refunded: Decimal | None = None
    gw_tax_amount: Decimal | None = None
    gw_tax_amount_invoiced: Decimal | None = None
    gw_tax_amount_refunded: Decimal | None = None
    discount_tax_compensation_amount: Decimal | None = None
    discount_tax_compensation_canceled: Decimal | None = None
    discount_tax_compensation_invoiced: Decimal | None = None
    discount_tax_compensation_refunded: Decimal | None = None
    is_qty_decimal: int | None = None
    is_virtual: int | None = None
    item_id: int | None = None
    locked_do_invoice: int | None = None
    locked_do_ship: int | None = None
    name: str | None = None
    no_discount: int | None = None
    order_id: int | None = None
    original_price: Decimal | None = None
    parent_item_id: int | None = None
    price: Decimal | None = None
    price_incl_tax: Decimal | None = None
    product_id: int | None = None
    product_type: str | None = None
    qty_backordered: Decimal | None = None
    qty_canceled: Decimal | None = None
    qty_invoiced: Decimal | None = None
    qty_ordered: Decimal | None = None
    qty_refunded: Decimal | None = None
    qty_returned: Decimal | None = None
    qty_shipped: Decimal | None = None
    quote_item_id: int | None = None
    row_invoiced: Decimal | None = None
    row_total: Decimal | None = None
    row_total_incl_tax: Decimal | None = None
    row_weight: Decimal | None = None
    sku: str | None = None
    store_id: int | None = None
    tax_amount: Decimal | None = None
    tax_before_discount: Decimal | None = None
    tax_canceled: Decimal | None = None
    tax_invoiced: Decimal | None = None
    tax_percent: Decimal | None = None
    tax_refunded: Decimal | None = None
    updated_at: datetime | None = None
    weee_tax_applied: str | None = None
    weee_tax_applied_amount: Decimal | None = None
    weee_tax_applied_row_amount: Decimal | None = None
    weee_tax_disposition: Decimal | None = None
    weee_tax_row_disposition: Decimal | None = None
    weight: Decimal | None = None
    parent_item: OrderItem | None = None
    product_option: ProductOption | None = None
    extension_attributes: OrderItemExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class OrderItemExtension:
    """What modules add to a row of an order."""

    __repr__ = shown

    itemized_taxes: tuple[OrderTaxItem, ...] = ()
    gift_message: GiftMessage | None = None
    gw_id: str | None = None
    gw_base_price: str | None = None
    gw_price: str | None = None
    gw_base_tax_amount: str | None = None
    gw_tax_amount: str | None = None
    gw_base_price_invoiced: str | None = None
    gw_price_invoiced: str | None = None
    gw_base_tax_amount_invoiced: str | None = None
    gw_tax_amount_invoiced: str | None = None
    gw_base_price_refunded: str | None = None
    gw_price_refunded: str | None = None
    gw_base_tax_amount_refunded: str | None = None
    gw_tax_amount_refunded: str | None = None
    extra: Mapping[str, Json] = field(factory=dict)
