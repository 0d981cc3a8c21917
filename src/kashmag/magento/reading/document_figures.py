"""Invoices and credit memos as figures of one currency: with `order_figures` the only choice."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kashmag.magento.credit_memos import CreditMemo, CreditMemoExtension, CreditMemoItem
from kashmag.magento.invoices import Invoice, InvoiceExtension, InvoiceItem
from kashmag.magento.reading import extra_totals, fixed_taxes
from kashmag.magento.reading.figures import (
    Base,
    DocumentFigures,
    DocumentRow,
    Ordered,
    figure,
    perhaps,
)

_ZERO: Final = Decimal(0)


def _is_one_currency(document: Invoice | CreditMemo) -> bool:
    return document.base_currency_code == document.order_currency_code


def _number(document: Invoice | CreditMemo) -> str:
    return document.increment_id or f"#{document.entity_id}"


def invoice_in_base(invoice: Invoice) -> DocumentFigures[Base]:
    """A Magento invoice in base currency."""
    told = invoice.extension_attributes or InvoiceExtension()
    return DocumentFigures[Base](
        entity_id=invoice.entity_id,
        number=_number(invoice),
        order_id=invoice.order_id,
        state=invoice.state,
        currency=invoice.base_currency_code or "",
        created_at=invoice.created_at,
        transaction_id=invoice.transaction_id or "",
        grand_total=perhaps(invoice.base_grand_total),
        discount=figure(invoice.base_discount_amount),
        tax=figure(invoice.base_tax_amount),
        compensation=figure(invoice.base_discount_tax_compensation_amount),
        shipping=figure(invoice.base_shipping_amount),
        shipping_compensation=figure(invoice.base_shipping_discount_tax_compensation_amnt),
        shipping_tax=figure(invoice.base_shipping_tax_amount),
        shipping_incl_tax=perhaps(invoice.base_shipping_incl_tax),
        adjustment=figure(None),
        rows=tuple(_row_in_base(item) for item in invoice.items),
        fees=extra_totals.wrapping_in_base(told),
        credits=extra_totals.credits_of(
            told.base_gift_cards_amount, told.base_customer_balance_amount, None
        ),
        strangers=extra_totals.strangers_in_base(
            (invoice.extra, told.extra), is_same=_is_one_currency(invoice)
        ),
    )


def invoice_in_order_currency(invoice: Invoice) -> DocumentFigures[Ordered]:
    """A Magento invoice in order currency."""
    told = invoice.extension_attributes or InvoiceExtension()
    return DocumentFigures[Ordered](
        entity_id=invoice.entity_id,
        number=_number(invoice),
        order_id=invoice.order_id,
        state=invoice.state,
        currency=invoice.order_currency_code or "",
        created_at=invoice.created_at,
        transaction_id=invoice.transaction_id or "",
        grand_total=perhaps(invoice.grand_total),
        discount=figure(invoice.discount_amount),
        tax=figure(invoice.tax_amount),
        compensation=figure(invoice.discount_tax_compensation_amount),
        shipping=figure(invoice.shipping_amount),
        shipping_compensation=figure(invoice.shipping_discount_tax_compensation_amount),
        shipping_tax=figure(invoice.shipping_tax_amount),
        shipping_incl_tax=perhaps(invoice.shipping_incl_tax),
        adjustment=figure(None),
        rows=tuple(_row_in_order_currency(item) for item in invoice.items),
        fees=extra_totals.wrapping_in_order_currency(told),
        credits=extra_totals.credits_of(told.gift_cards_amount, told.customer_balance_amount, None),
        strangers=extra_totals.strangers_in_order_currency((invoice.extra, told.extra)),
    )


def memo_in_base(memo: CreditMemo) -> DocumentFigures[Base]:
    """A credit memo in base currency."""
    told = memo.extension_attributes or CreditMemoExtension()
    return DocumentFigures[Base](
        entity_id=memo.entity_id,
        number=_number(memo),
        order_id=memo.order_id,
        state=memo.state,
        currency=memo.base_currency_code or "",
        created_at=memo.created_at,
        transaction_id=memo.transaction_id or "",
        grand_total=perhaps(memo.base_grand_total),
        discount=figure(memo.base_discount_amount),
        tax=figure(memo.base_tax_amount),
        compensation=figure(memo.base_discount_tax_compensation_amount),
        shipping=figure(memo.base_shipping_amount),
        shipping_compensation=figure(memo.base_shipping_discount_tax_compensation_amnt),
        shipping_tax=figure(memo.base_shipping_tax_amount),
        shipping_incl_tax=perhaps(memo.base_shipping_incl_tax),
        adjustment=figure(
            _adjustment(
                memo.base_adjustment_positive,
                memo.base_adjustment_negative,
                memo.base_adjustment,
            )
        ),
        rows=tuple(_memo_row_in_base(item) for item in memo.items),
        fees=extra_totals.wrapping_in_base(told),
        credits=extra_totals.credits_of(
            told.base_gift_cards_amount, told.base_customer_balance_amount, None
        ),
        strangers=extra_totals.strangers_in_base(
            (memo.extra, told.extra), is_same=_is_one_currency(memo)
        ),
    )


def memo_in_order_currency(memo: CreditMemo) -> DocumentFigures[Ordered]:
    """A credit memo in order currency."""
    told = memo.extension_attributes or CreditMemoExtension()
    return DocumentFigures[Ordered](
        entity_id=memo.entity_id,
        number=_number(memo),
        order_id=memo.order_id,
        state=memo.state,
        currency=memo.order_currency_code or "",
        created_at=memo.created_at,
        transaction_id=memo.transaction_id or "",
        grand_total=perhaps(memo.grand_total),
        discount=figure(memo.discount_amount),
        tax=figure(memo.tax_amount),
        compensation=figure(memo.discount_tax_compensation_amount),
        shipping=figure(memo.shipping_amount),
        shipping_compensation=figure(memo.shipping_discount_tax_compensation_amount),
        shipping_tax=figure(memo.shipping_tax_amount),
        shipping_incl_tax=perhaps(memo.shipping_incl_tax),
        adjustment=figure(
            _adjustment(memo.adjustment_positive, memo.adjustment_negative, memo.adjustment)
        ),
        rows=tuple(_memo_row_in_order_currency(item) for item in memo.items),
        fees=extra_totals.wrapping_in_order_currency(told),
        credits=extra_totals.credits_of(told.gift_cards_amount, told.customer_balance_amount, None),
        strangers=extra_totals.strangers_in_order_currency((memo.extra, told.extra)),
    )


def _adjustment(
    positive: Decimal | None, negative: Decimal | None, both: Decimal | None
) -> Decimal | None:
    """Refund less fee; Magento leaves out the two parts of some memos and gives their sum."""
    if positive is None and negative is None:
        return both
    return (positive or _ZERO) - (negative or _ZERO)


def _row_in_base(item: InvoiceItem) -> DocumentRow[Base]:
    return DocumentRow[Base](
        order_item_id=item.order_item_id,
        sku=item.sku or "",
        name=item.name or item.sku or "",
        quantity=item.qty or _ZERO,
        row_total=perhaps(item.base_row_total),
        row_total_incl_tax=perhaps(item.base_row_total_incl_tax),
        discount=figure(item.base_discount_amount),
        tax=figure(item.base_tax_amount),
        compensation=figure(item.base_discount_tax_compensation_amount),
    )


def _row_in_order_currency(item: InvoiceItem) -> DocumentRow[Ordered]:
    return DocumentRow[Ordered](
        order_item_id=item.order_item_id,
        sku=item.sku or "",
        name=item.name or item.sku or "",
        quantity=item.qty or _ZERO,
        row_total=perhaps(item.row_total),
        row_total_incl_tax=perhaps(item.row_total_incl_tax),
        discount=figure(item.discount_amount),
        tax=figure(item.tax_amount),
        compensation=figure(item.discount_tax_compensation_amount),
    )


def _memo_row_in_base(item: CreditMemoItem) -> DocumentRow[Base]:
    return DocumentRow[Base](
        order_item_id=item.order_item_id,
        sku=item.sku or "",
        name=item.name or item.sku or "",
        quantity=item.qty or _ZERO,
        row_total=perhaps(item.base_row_total),
        row_total_incl_tax=perhaps(item.base_row_total_incl_tax),
        discount=figure(item.base_discount_amount),
        tax=figure(item.base_tax_amount),
        compensation=figure(item.base_discount_tax_compensation_amount),
        fixed_taxes=fixed_taxes.in_base(
            item.weee_tax_applied, item.base_weee_tax_applied_row_amnt, item.qty or _ZERO
        ),
    )


def _memo_row_in_order_currency(item: CreditMemoItem) -> DocumentRow[Ordered]:
    return DocumentRow[Ordered](
        order_item_id=item.order_item_id,
        sku=item.sku or "",
        name=item.name or item.sku or "",
        quantity=item.qty or _ZERO,
        row_total=perhaps(item.row_total),
        row_total_incl_tax=perhaps(item.row_total_incl_tax),
        discount=figure(item.discount_amount),
        tax=figure(item.tax_amount),
        compensation=figure(item.discount_tax_compensation_amount),
        fixed_taxes=fixed_taxes.in_order_currency(
            item.weee_tax_applied, item.weee_tax_applied_row_amount, item.qty or _ZERO
        ),
    )
