"""An order as figures of one currency: with `document_figures` the only place that chooses.

Every field is said twice here, once as `base_*` and once without, and nowhere else: what follows
cannot mix them. Two names are oddly spelt in the base set:
`base_shipping_discount_tax_compensation_amnt`, `base_weee_tax_applied_row_amnt`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from kashmag.magento.order_items import OrderItem
from kashmag.magento.order_payments import OrderPayment
from kashmag.magento.order_record import Order, OrderExtension
from kashmag.magento.order_taxes import AppliedTax
from kashmag.magento.reading import extra_totals, fixed_taxes
from kashmag.magento.reading.figures import (
    Base,
    Ordered,
    OrderFigures,
    RowFigures,
    TaxFigures,
    figure,
    perhaps,
)
from kashmag.rest.codec import Json

_NO_EXTENSION: Final = OrderExtension()
_NO_PAYMENT: Final = OrderPayment()
_ZERO: Final = Decimal(0)


def in_base(order: Order) -> OrderFigures[Base]:
    """The order in the website's base currency."""
    told = order.extension_attributes or _NO_EXTENSION
    return OrderFigures[Base](
        number=number_of(order),
        currency=order.base_currency_code or "",
        grand_total=perhaps(order.base_grand_total),
        amount_ordered=perhaps((order.payment or _NO_PAYMENT).base_amount_ordered),
        subtotal=perhaps(order.base_subtotal),
        discount=figure(order.base_discount_amount),
        tax=figure(order.base_tax_amount),
        compensation=figure(order.base_discount_tax_compensation_amount),
        shipping=figure(order.base_shipping_amount),
        shipping_discount=figure(order.base_shipping_discount_amount),
        shipping_compensation=figure(order.base_shipping_discount_tax_compensation_amnt),
        shipping_tax=figure(order.base_shipping_tax_amount),
        shipping_incl_tax=perhaps(order.base_shipping_incl_tax),
        total_canceled=figure(order.base_total_canceled),
        total_invoiced=perhaps(order.base_total_invoiced),
        shipping_title=order.shipping_description or "Shipping",
        discount_label=_discount_label(order),
        rows=tuple(_row_in_base(item, at) for at, item in enumerate(order.items)),
        applied_taxes=tuple(_tax_in_base(one, "", None) for one in told.applied_taxes),
        item_taxes=tuple(
            _tax_in_base(one, taxed.type or "", taxed.item_id or taxed.associated_item_id)
            for taxed in told.item_applied_taxes
            for one in taxed.applied_taxes
        ),
        fees=(
            *extra_totals.wrapping_in_base(told),
            *extra_totals.fees_in_base(told.custom_fees),
        ),
        credits=extra_totals.credits_of(
            told.base_gift_cards_amount,
            told.base_customer_balance_amount,
            told.base_reward_currency_amount,
        ),
        strangers=extra_totals.strangers_in_base(
            _extras(order), is_same=order.base_currency_code == order.order_currency_code
        ),
    )


def in_order_currency(order: Order) -> OrderFigures[Ordered]:
    """The order in the currency that the buyer saw."""
    told = order.extension_attributes or _NO_EXTENSION
    return OrderFigures[Ordered](
        number=number_of(order),
        currency=order.order_currency_code or "",
        grand_total=perhaps(order.grand_total),
        amount_ordered=perhaps((order.payment or _NO_PAYMENT).amount_ordered),
        subtotal=perhaps(order.subtotal),
        discount=figure(order.discount_amount),
        tax=figure(order.tax_amount),
        compensation=figure(order.discount_tax_compensation_amount),
        shipping=figure(order.shipping_amount),
        shipping_discount=figure(order.shipping_discount_amount),
        shipping_compensation=figure(order.shipping_discount_tax_compensation_amount),
        shipping_tax=figure(order.shipping_tax_amount),
        shipping_incl_tax=perhaps(order.shipping_incl_tax),
        total_canceled=figure(order.total_canceled),
        total_invoiced=perhaps(order.total_invoiced),
        shipping_title=order.shipping_description or "Shipping",
        discount_label=_discount_label(order),
        rows=tuple(_row_in_order_currency(item, at) for at, item in enumerate(order.items)),
        applied_taxes=tuple(_tax_in_order_currency(one, "", None) for one in told.applied_taxes),
        item_taxes=tuple(
            _tax_in_order_currency(one, taxed.type or "", taxed.item_id or taxed.associated_item_id)
            for taxed in told.item_applied_taxes
            for one in taxed.applied_taxes
        ),
        fees=(
            *extra_totals.wrapping_in_order_currency(told),
            *extra_totals.fees_in_order_currency(told.custom_fees),
        ),
        credits=extra_totals.credits_of(
            told.gift_cards_amount, told.customer_balance_amount, told.reward_currency_amount
        ),
        strangers=extra_totals.strangers_in_order_currency(_extras(order)),
    )


def number_of(order: Order) -> str:
    """The number that people call the order by."""
    return order.increment_id or f"#{order.entity_id}"


def _discount_label(order: Order) -> str:
    """What the discounts of an order are called: its coupon, its rules, or both."""
    coupon, rules = order.coupon_code or "", order.discount_description or ""
    return ", ".join(one for one in (coupon, rules) if one) if coupon not in rules else rules


def row_key(item_id: int | None, at: int) -> str:
    """What tells a row's line apart for ever: Magento's id of it, else its place."""
    return f"row:{at}" if item_id is None else f"item:{item_id}"


def _extras(order: Order) -> Sequence[Mapping[str, Json]]:
    told = order.extension_attributes or _NO_EXTENSION
    return (order.extra, told.extra, (order.payment or _NO_PAYMENT).extra)


def _tax_in_base(tax: AppliedTax, kind: str, item_id: int | None) -> TaxFigures[Base]:
    return TaxFigures(
        kind=kind, item_id=item_id, percent=tax.percent or _ZERO, amount=figure(tax.base_amount)
    )


def _tax_in_order_currency(tax: AppliedTax, kind: str, item_id: int | None) -> TaxFigures[Ordered]:
    return TaxFigures(
        kind=kind, item_id=item_id, percent=tax.percent or _ZERO, amount=figure(tax.amount)
    )


def _row_in_base(item: OrderItem, at: int) -> RowFigures[Base]:
    return RowFigures[Base](
        key=row_key(item.item_id, at),
        item_id=item.item_id,
        parent_item_id=item.parent_item_id,
        product_type=item.product_type or "",
        sku=item.sku or "",
        name=_name(item),
        quantity=item.qty_ordered,
        quantity_invoiced=item.qty_invoiced or _ZERO,
        quantity_canceled=item.qty_canceled or _ZERO,
        tax_percent=item.tax_percent,
        price=figure(item.base_price),
        price_incl_tax=perhaps(item.base_price_incl_tax),
        row_total=perhaps(item.base_row_total),
        row_total_incl_tax=perhaps(item.base_row_total_incl_tax),
        row_invoiced=perhaps(item.base_row_invoiced),
        discount=figure(item.base_discount_amount),
        tax=figure(item.base_tax_amount),
        tax_invoiced=figure(item.base_tax_invoiced),
        compensation=figure(item.base_discount_tax_compensation_amount),
        fixed_taxes=fixed_taxes.in_base(
            item.weee_tax_applied, item.base_weee_tax_applied_row_amnt, item.qty_ordered or _ZERO
        ),
    )


def _row_in_order_currency(item: OrderItem, at: int) -> RowFigures[Ordered]:
    return RowFigures[Ordered](
        key=row_key(item.item_id, at),
        item_id=item.item_id,
        parent_item_id=item.parent_item_id,
        product_type=item.product_type or "",
        sku=item.sku or "",
        name=_name(item),
        quantity=item.qty_ordered,
        quantity_invoiced=item.qty_invoiced or _ZERO,
        quantity_canceled=item.qty_canceled or _ZERO,
        tax_percent=item.tax_percent,
        price=figure(item.price),
        price_incl_tax=perhaps(item.price_incl_tax),
        row_total=perhaps(item.row_total),
        row_total_incl_tax=perhaps(item.row_total_incl_tax),
        row_invoiced=perhaps(item.row_invoiced),
        discount=figure(item.discount_amount),
        tax=figure(item.tax_amount),
        tax_invoiced=figure(item.tax_invoiced),
        compensation=figure(item.discount_tax_compensation_amount),
        fixed_taxes=fixed_taxes.in_order_currency(
            item.weee_tax_applied, item.weee_tax_applied_row_amount, item.qty_ordered or _ZERO
        ),
    )


def _name(item: OrderItem) -> str:
    return item.name or item.sku or f"Item {item.item_id}"
