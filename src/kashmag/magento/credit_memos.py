"""Credit memos: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class CreditMemo:
    """A refund document; state 1 is open, 2 refunded, 3 canceled."""

    __repr__ = shown

    entity_id: int
    adjustment: Decimal | None = None
    adjustment_negative: Decimal | None = None
    adjustment_positive: Decimal | None = None
    base_adjustment: Decimal | None = None
    base_adjustment_negative: Decimal | None = None
    base_adjustment_positive: Decimal | None = None
    base_currency_code: str | None = None
    base_discount_amount: Decimal | None = None
    base_grand_total: Decimal | None = None
    base_discount_tax_compensation_amount: Decimal | None = None
    base_shipping_amount: Decimal | None = None
    base_shipping_discount_tax_compensation_amnt: Decimal | None = None
    base_shipping_incl_tax: Decimal | None = None
    base_shipping_tax_amount: Decimal | None = None
    base_subtotal: Decimal | None = None
    base_subtotal_incl_tax: Decimal | None = None
    base_tax_amount: Decimal | None = None
    base_to_global_rate: Decimal | None = None
    base_to_order_rate: Decimal | None = None
    billing_address_id: int | None = None
    created_at: datetime | None = None
    creditmemo_status: int | None = None
    discount_amount: Decimal | None = None
    discount_description: str | None = None
    email_sent: int | None = None
    global_currency_code: str | None = None
    grand_total: Decimal | None = None
    discount_tax_compensation_amount: Decimal | None = None
    increment_id: str | None = None
    invoice_id: int | None = None
    order_currency_code: str | None = None
    order_id: int | None = None
    shipping_address_id: int | None = None
    shipping_amount: Decimal | None = None
    shipping_discount_tax_compensation_amount: Decimal | None = None
    shipping_incl_tax: Decimal | None = None
    shipping_tax_amount: Decimal | None = None
    state: int | None = None
    store_currency_code: str | None = None
    store_id: int | None = None
    store_to_base_rate: Decimal | None = None
    store_to_order_rate: Decimal | None = None
    subtotal: Decimal | None = None
    subtotal_incl_tax: Decimal | None = None
    tax_amount: Decimal | None = None
    transaction_id: str | None = None
    updated_at: datetime | None = None
    items: tuple[CreditMemoItem, ...] = ()
    comments: tuple[CreditMemoComment, ...] = ()
    extension_attributes: CreditMemoExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CreditMemoExtension:
    """What modules add to a credit memo."""

    __repr__ = shown

    base_customer_balance_amount: Decimal | None = None
    customer_balance_amount: Decimal | None = None
    base_gift_cards_amount: Decimal | None = None
    gift_cards_amount: Decimal | None = None
    gw_base_price: str | None = None
    gw_price: str | None = None
    gw_items_base_price: str | None = None
    gw_items_price: str | None = None
    gw_card_base_price: str | None = None
    gw_card_price: str | None = None
    gw_base_tax_amount: str | None = None
    gw_tax_amount: str | None = None
    gw_items_base_tax_amount: str | None = None
    gw_items_tax_amount: str | None = None
    gw_card_base_tax_amount: str | None = None
    gw_card_tax_amount: str | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CreditMemoItem:
    """A row of a credit memo; its order item says what it is."""

    __repr__ = shown

    additional_data: str | None = None
    base_cost: Decimal | None = None
    base_discount_amount: Decimal | None = None
    base_discount_tax_compensation_amount: Decimal | None = None
    base_price: Decimal | None = None
    base_price_incl_tax: Decimal | None = None
    base_row_total: Decimal | None = None
    base_row_total_incl_tax: Decimal | None = None
    base_tax_amount: Decimal | None = None
    base_weee_tax_applied_amount: Decimal | None = None
    base_weee_tax_applied_row_amnt: Decimal | None = None
    base_weee_tax_disposition: Decimal | None = None
    base_weee_tax_row_disposition: Decimal | None = None
    description: str | None = None
    discount_amount: Decimal | None = None
    entity_id: int | None = None
    discount_tax_compensation_amount: Decimal | None = None
    name: str | None = None
    order_item_id: int | None = None
    parent_id: int | None = None
    price: Decimal | None = None
    price_incl_tax: Decimal | None = None
    product_id: int | None = None
    qty: Decimal | None = None
    row_total: Decimal | None = None
    row_total_incl_tax: Decimal | None = None
    sku: str | None = None
    tax_amount: Decimal | None = None
    weee_tax_applied: str | None = None
    weee_tax_applied_amount: Decimal | None = None
    weee_tax_applied_row_amount: Decimal | None = None
    weee_tax_disposition: Decimal | None = None
    weee_tax_row_disposition: Decimal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CreditMemoComment:
    """A note on a credit memo."""

    __repr__ = shown

    comment: str | None = None
    created_at: datetime | None = None
    entity_id: int | None = None
    is_customer_notified: int | None = None
    is_visible_on_front: int | None = None
    parent_id: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
