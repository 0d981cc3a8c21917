"""Invoices: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import Listing, Page
from kashmag.magento.order_documents import RefundRequest
from kashmag.magento.routes import (
    as_bool,
    as_id,
    as_items,
    read_route,
    write_route,
)
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options


@frozen(kw_only=True, repr=False)
class Invoice:
    """A Magento invoice; state 1 is open, 2 paid, 3 canceled."""

    __repr__ = shown

    entity_id: int
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
    base_total_refunded: Decimal | None = None
    base_to_global_rate: Decimal | None = None
    base_to_order_rate: Decimal | None = None
    billing_address_id: int | None = None
    can_void_flag: int | None = None
    created_at: datetime | None = None
    discount_amount: Decimal | None = None
    discount_description: str | None = None
    email_sent: int | None = None
    global_currency_code: str | None = None
    grand_total: Decimal | None = None
    discount_tax_compensation_amount: Decimal | None = None
    increment_id: str | None = None
    is_used_for_refund: int | None = None
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
    total_qty: Decimal | None = None
    transaction_id: str | None = None
    updated_at: datetime | None = None
    items: tuple[InvoiceItem, ...] = ()
    comments: tuple[InvoiceComment, ...] = ()
    extension_attributes: InvoiceExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class InvoiceExtension:
    """What modules add to an invoice."""

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
class InvoiceItem:
    """A row of an invoice; its order item says what it is."""

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
    description: str | None = None
    discount_amount: Decimal | None = None
    entity_id: int | None = None
    discount_tax_compensation_amount: Decimal | None = None
    name: str | None = None
    parent_id: int | None = None
    price: Decimal | None = None
    price_incl_tax: Decimal | None = None
    product_id: int | None = None
    row_total: Decimal | None = None
    row_total_incl_tax: Decimal | None = None
    sku: str | None = None
    tax_amount: Decimal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    order_item_id: int | None = None
    qty: Decimal | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class InvoiceComment:
    """A note on an invoice."""

    __repr__ = shown

    is_customer_notified: int | None = None
    parent_id: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    comment: str | None = None
    is_visible_on_front: int | None = None
    created_at: datetime | None = None
    entity_id: int | None = None
    extra: Mapping[str, Json] = field(factory=dict)


LISTING: Final = Listing(
    noun="invoices",
    path="/V1/invoices",
    kind=Invoice,
    key="entity_id",
    key_of=lambda row: row.entity_id,
    identity=lambda row: row.entity_id,
    always=("entity_id",),
)


def get(entity_id: int) -> Operation[Invoice]:
    """One invoice, by its entity id."""
    return read_route(f"/V1/invoices/{entity_id}", reads(Invoice), name="get invoice")


def matching(criteria: Criteria) -> Operation[Page[Invoice]]:
    """One page of invoices."""
    return LISTING.page(criteria)


def comments(entity_id: int) -> Operation[tuple[InvoiceComment, ...]]:
    """The notes on an invoice."""
    path = f"/V1/invoices/{entity_id}/comments"
    return read_route(path, as_items(InvoiceComment), name="get invoice comments")


def add_comment(entity_id: int, comment: str) -> Operation[InvoiceComment]:
    """Add a note to an invoice."""
    told = {
        "comment": comment,
        "parent_id": entity_id,
        "is_customer_notified": 0,
        "is_visible_on_front": 0,
    }
    path = "/V1/invoices/comments"
    decode = reads(InvoiceComment)
    return write_route("POST", path, decode, body={"entity": told}, name="comment on invoice")


def capture(entity_id: int) -> Operation[bool]:
    """Take the money of an open invoice through its payment method."""
    return write_route("POST", f"/V1/invoices/{entity_id}/capture", as_bool, name="capture invoice")


def void(entity_id: int) -> Operation[bool]:
    """Void what was authorised for an invoice."""
    return write_route("POST", f"/V1/invoices/{entity_id}/void", as_bool, name="void invoice")


def email(entity_id: int) -> Operation[bool]:
    """Send the buyer the invoice's e-mail."""
    return write_route("POST", f"/V1/invoices/{entity_id}/emails", as_bool, name="e-mail invoice")


def refund(invoice_id: int, request: RefundRequest, *, online: bool) -> Operation[int]:
    """Refund an invoice, `online` through the gateway; the answer is the credit memo's id."""
    path = f"/V1/invoice/{invoice_id}/refund"
    body = {"isOnline": online, **request.as_json()}
    return write_route("POST", path, as_id, body=body, name="refund invoice")


class Invoices(Searchable[Invoice]):
    """Invoices of a shop: `shop.invoices`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)

    async def get(self, entity_id: int, options: Options | None = None) -> Invoice:
        """One invoice, by its entity id."""
        return await self._caller.call(get(entity_id), options)

    async def comments(
        self, entity_id: int, options: Options | None = None
    ) -> tuple[InvoiceComment, ...]:
        """The notes on an invoice."""
        return await self._caller.call(comments(entity_id), options)

    async def add_comment(
        self, entity_id: int, comment: str, options: Options | None = None
    ) -> InvoiceComment:
        """Add a note to an invoice."""
        return await self._caller.call(add_comment(entity_id, comment), options)

    async def capture(self, entity_id: int, options: Options | None = None) -> bool:
        """Take the money of an open invoice through its payment method."""
        return await self._caller.call(capture(entity_id), options)

    async def void(self, entity_id: int, options: Options | None = None) -> bool:
        """Void what was authorised for an invoice."""
        return await self._caller.call(void(entity_id), options)

    async def email(self, entity_id: int, options: Options | None = None) -> bool:
        """Send the buyer the invoice's e-mail."""
        return await self._caller.call(email(entity_id), options)

    async def refund(
        self,
        invoice_id: int,
        request: RefundRequest | None = None,
        *,
        online: bool,
        options: Options | None = None,
    ) -> int:
        """Refund all that is left, or what the request says; returns the credit memo's id."""
        operation = refund(invoice_id, request or RefundRequest(), online=online)
        return await self._caller.call(operation, options)
