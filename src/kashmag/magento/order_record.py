"""An order as a record. Operations on orders: `magento.orders`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.order_addresses import OrderAddress
from kashmag.magento.order_items import GiftMessage, OrderItem
from kashmag.magento.order_payments import OrderPayment, PaymentAdditionalInfo
from kashmag.magento.order_shipping import ShippingAssignment
from kashmag.magento.order_taxes import AppliedTax, ItemAppliedTaxes, OrderTax, OrderTaxItem
from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class Order:
    """An order as the REST API serves it; amounts in order currency, `base_*` in the website's."""

    __repr__ = shown

    entity_id: int
    adjustment_negative: Decimal | None = None
    adjustment_positive: Decimal | None = None
    applied_rule_ids: str | None = None
    base_adjustment_negative: Decimal | None = None
    base_adjustment_positive: Decimal | None = None
    base_currency_code: str | None = None
    base_discount_amount: Decimal | None = None
    base_discount_canceled: Decimal | None = None
    base_discount_invoiced: Decimal | None = None
    base_discount_refunded: Decimal | None = None
    base_grand_total: Decimal | None = None
    base_discount_tax_compensation_amount: Decimal | None = None
    base_discount_tax_compensation_invoiced: Decimal | None = None
    base_discount_tax_compensation_refunded: Decimal | None = None
    base_shipping_amount: Decimal | None = None
    base_shipping_canceled: Decimal | None = None
    base_shipping_discount_amount: Decimal | None = None
    base_shipping_discount_tax_compensation_amnt: Decimal | None = None
    base_shipping_incl_tax: Decimal | None = None
    base_shipping_invoiced: Decimal | None = None
    base_shipping_refunded: Decimal | None = None
    base_shipping_tax_amount: Decimal | None = None
    base_shipping_tax_refunded: Decimal | None = None
    base_subtotal: Decimal | None = None
    base_subtotal_canceled: Decimal | None = None
    base_subtotal_incl_tax: Decimal | None = None
    base_subtotal_invoiced: Decimal | None = None
    base_subtotal_refunded: Decimal | None = None
    base_tax_amount: Decimal | None = None
    base_tax_canceled: Decimal | None = None
    base_tax_invoiced: Decimal | None = None
    base_tax_refunded: Decimal | None = None
    base_total_canceled: Decimal | None = None
    base_total_due: Decimal | None = None
    base_total_invoiced: Decimal | None = None
    base_total_invoiced_cost: Decimal | None = None
    base_total_offline_refunded: Decimal | None = None
    base_total_online_refunded: Decimal | None = None
    base_total_paid: Decimal | None = None
    base_total_qty_ordered: Decimal | None = None
    base_total_refunded: Decimal | None = None
    base_to_global_rate: Decimal | None = None
    base_to_order_rate: Decimal | None = None
    billing_address_id: int | None = None
    can_ship_partially: int | None = None
    can_ship_partially_item: int | None = None
    coupon_code: str | None = None
    created_at: datetime | None = None
    customer_dob: str | None = None
    customer_email: str | None = None
    customer_firstname: str | None = None
    customer_gender: int | None = None
    customer_group_id: int | None = None
    customer_id: int | None = None
    customer_is_guest: int | None = None
    customer_lastname: str | None = None
    customer_middlename: str | None = None
    customer_note: str | None = None
    customer_note_notify: int | None = None
    customer_prefix: str | None = None
    customer_suffix: str | None = None
    customer_taxvat: str | None = None
    discount_amount: Decimal | None = None
    discount_canceled: Decimal | None = None
    discount_description: str | None = None
    discount_invoiced: Decimal | None = None
    discount_refunded: Decimal | None = None
    edit_increment: int | None = None
    email_sent: int | None = None
    ext_customer_id: str | None = None
    ext_order_id: str | None = None
    forced_shipment_with_invoice: int | None = None
    global_currency_code: str | None = None
    grand_total: Decimal | None = None
    discount_tax_compensation_amount: Decimal | None = None
    discount_tax_compensation_invoiced: Decimal | None = None
    discount_tax_compensation_refunded: Decimal | None = None
    hold_before_state: str | None = None
    hold_before_status: str | None = None
    increment_id: str | None = None
    is_virtual: int | None = None
    order_currency_code: str | None = None
    original_increment_id: str | None = None
    payment_authorization_amount: Decimal | None = None
    payment_auth_expiration: int | None = None
    protect_code: str | None = None
    quote_address_id: int | None = None
    quote_id: int | None = None
    relation_child_id: str | None = None
    relation_child_real_id: str | None = None
    relation_parent_id: str | None = None
    relation_parent_real_id: str | None = None
    remote_ip: str | None = None
    shipping_amount: Decimal | None = None
    shipping_canceled: Decimal | None = None
    shipping_description: str | None = None
    shipping_discount_amount: Decimal | None = None
    shipping_discount_tax_compensation_amount: Decimal | None = None
    shipping_incl_tax: Decimal | None = None
    shipping_invoiced: Decimal | None = None
    shipping_refunded: Decimal | None = None
    shipping_tax_amount: Decimal | None = None
    shipping_tax_refunded: Decimal | None = None
    state: str | None = None
    status: str | None = None
    store_currency_code: str | None = None
    store_id: int | None = None
    store_name: str | None = None
    store_to_base_rate: Decimal | None = None
    store_to_order_rate: Decimal | None = None
    subtotal: Decimal | None = None
    subtotal_canceled: Decimal | None = None
    subtotal_incl_tax: Decimal | None = None
    subtotal_invoiced: Decimal | None = None
    subtotal_refunded: Decimal | None = None
    tax_amount: Decimal | None = None
    tax_canceled: Decimal | None = None
    tax_invoiced: Decimal | None = None
    tax_refunded: Decimal | None = None
    total_canceled: Decimal | None = None
    total_due: Decimal | None = None
    total_invoiced: Decimal | None = None
    total_item_count: int | None = None
    total_offline_refunded: Decimal | None = None
    total_online_refunded: Decimal | None = None
    total_paid: Decimal | None = None
    total_qty_ordered: Decimal | None = None
    total_refunded: Decimal | None = None
    updated_at: datetime | None = None
    weight: Decimal | None = None
    x_forwarded_for: str | None = None
    items: tuple[OrderItem, ...] = ()
    billing_address: OrderAddress | None = None
    payment: OrderPayment | None = None
    status_histories: tuple[OrderComment, ...] = ()
    extension_attributes: OrderExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class OrderExtension:
    """What modules add to an order: shipping, taxes per rate, store credit, gift cards."""

    __repr__ = shown

    shipping_assignments: tuple[ShippingAssignment, ...] = ()
    payment_additional_info: tuple[PaymentAdditionalInfo, ...] = ()
    company_order_attributes: CompanyOrder | None = None
    custom_fees: tuple[CustomFee, ...] = ()
    applied_taxes: tuple[AppliedTax, ...] = ()
    item_applied_taxes: tuple[ItemAppliedTaxes, ...] = ()
    converting_from_quote: bool | None = None
    taxes: tuple[OrderTax, ...] = ()
    additional_itemized_taxes: tuple[OrderTaxItem, ...] = ()
    base_customer_balance_amount: Decimal | None = None
    customer_balance_amount: Decimal | None = None
    base_customer_balance_invoiced: Decimal | None = None
    customer_balance_invoiced: Decimal | None = None
    base_customer_balance_refunded: Decimal | None = None
    customer_balance_refunded: Decimal | None = None
    base_customer_balance_total_refunded: Decimal | None = None
    customer_balance_total_refunded: Decimal | None = None
    gift_cards: tuple[GiftCard, ...] = ()
    base_gift_cards_amount: Decimal | None = None
    gift_cards_amount: Decimal | None = None
    base_gift_cards_invoiced: Decimal | None = None
    gift_cards_invoiced: Decimal | None = None
    base_gift_cards_refunded: Decimal | None = None
    gift_cards_refunded: Decimal | None = None
    gift_message: GiftMessage | None = None
    gw_id: str | None = None
    gw_allow_gift_receipt: str | None = None
    gw_add_card: str | None = None
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
    gw_base_price_incl_tax: str | None = None
    gw_price_incl_tax: str | None = None
    gw_items_base_price_incl_tax: str | None = None
    gw_items_price_incl_tax: str | None = None
    gw_card_base_price_incl_tax: str | None = None
    gw_card_price_incl_tax: str | None = None
    gw_base_price_invoiced: str | None = None
    gw_price_invoiced: str | None = None
    gw_items_base_price_invoiced: str | None = None
    gw_items_price_invoiced: str | None = None
    gw_card_base_price_invoiced: str | None = None
    gw_card_price_invoiced: str | None = None
    gw_base_tax_amount_invoiced: str | None = None
    gw_tax_amount_invoiced: str | None = None
    gw_items_base_tax_invoiced: str | None = None
    gw_items_tax_invoiced: str | None = None
    gw_card_base_tax_invoiced: str | None = None
    gw_card_tax_invoiced: str | None = None
    gw_base_price_refunded: str | None = None
    gw_price_refunded: str | None = None
    gw_items_base_price_refunded: str | None = None
    gw_items_price_refunded: str | None = None
    gw_card_base_price_refunded: str | None = None
    gw_card_price_refunded: str | None = None
    gw_base_tax_amount_refunded: str | None = None
    gw_tax_amount_refunded: str | None = None
    gw_items_base_tax_refunded: str | None = None
    gw_items_tax_refunded: str | None = None
    gw_card_base_tax_refunded: str | None = None
    gw_card_tax_refunded: str | None = None
    pickup_location_code: str | None = None
    notification_sent: int | None = None
    send_notification: int | None = None
    coupon_codes: tuple[str, ...] = ()
    coupon_discounts: tuple[str, ...] = ()
    reward_points_balance: int | None = None
    reward_currency_amount: Decimal | None = None
    base_reward_currency_amount: Decimal | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class OrderComment:
    """One entry of an order's history."""

    __repr__ = shown

    comment: str | None = None
    created_at: datetime | None = None
    entity_id: int | None = None
    entity_name: str | None = None
    is_customer_notified: int | None = None
    is_visible_on_front: int | None = None
    parent_id: int | None = None
    status: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class GiftCard:
    """A gift card spent on an order."""

    __repr__ = shown

    id: int | None = None
    code: str | None = None
    amount: Decimal | None = None
    base_amount: Decimal | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CompanyOrder:
    """The business customer that an order belongs to."""

    __repr__ = shown

    order_id: int | None = None
    company_id: int | None = None
    company_name: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CustomFee:
    """A fee that an extension has put on an order."""

    __repr__ = shown

    id: str | None = None
    order_id: str | None = None
    custom_fee_code: str | None = None
    custom_fee_label: str | None = None
    custom_fee_amount: Decimal | None = None
    base_custom_fee_amount: Decimal | None = None
    custom_fee_amount_invoiced: Decimal | None = None
    base_custom_fee_amount_invoiced: Decimal | None = None
    custom_fee_amount_refunded: Decimal | None = None
    base_custom_fee_amount_refunded: Decimal | None = None
    apply_fee_on_last_invoice: bool | None = None
    apply_fee_on_last_creditmemo: bool | None = None
    invoice_id: str | None = None
    creditmemo_id: str | None = None
    extra: Mapping[str, Json] = field(factory=dict)
