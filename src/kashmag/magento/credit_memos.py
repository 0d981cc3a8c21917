"""Credit memos: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import Listing, Page
from kashmag.magento.routes import (
    as_bool,
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


LISTING: Final = Listing(
    noun="credit memos",
    path="/V1/creditmemos",
    kind=CreditMemo,
    key="entity_id",
    key_of=lambda row: row.entity_id,
    identity=lambda row: row.entity_id,
    always=("entity_id",),
)


def get(entity_id: int) -> Operation[CreditMemo]:
    """One credit memo, by its entity id."""
    return read_route(f"/V1/creditmemo/{entity_id}", reads(CreditMemo), name="get credit memo")


def matching(criteria: Criteria) -> Operation[Page[CreditMemo]]:
    """One page of credit memos."""
    return LISTING.page(criteria)


def comments(entity_id: int) -> Operation[tuple[CreditMemoComment, ...]]:
    """The notes on a credit memo."""
    path = f"/V1/creditmemo/{entity_id}/comments"
    return read_route(path, as_items(CreditMemoComment), name="get credit memo comments")


def add_comment(entity_id: int, comment: str) -> Operation[CreditMemoComment]:
    """Add a note to a credit memo."""
    path = f"/V1/creditmemo/{entity_id}/comments"
    told = {
        "comment": comment,
        "parent_id": entity_id,
        "is_customer_notified": 0,
        "is_visible_on_front": 0,
    }
    decode = reads(CreditMemoComment)
    return write_route("POST", path, decode, body={"entity": told}, name="comment on credit memo")


def email(entity_id: int) -> Operation[bool]:
    """Send the buyer the credit memo's e-mail."""
    path = f"/V1/creditmemo/{entity_id}/emails"
    return write_route("POST", path, as_bool, name="e-mail credit memo")


class CreditMemos(Searchable[CreditMemo]):
    """Credit memos of a shop: `shop.credit_memos`. New ones: `shop.orders.refund`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)

    async def get(self, entity_id: int, options: Options | None = None) -> CreditMemo:
        """One credit memo, by its entity id."""
        return await self._caller.call(get(entity_id), options)

    async def comments(
        self, entity_id: int, options: Options | None = None
    ) -> tuple[CreditMemoComment, ...]:
        """The notes on a credit memo."""
        return await self._caller.call(comments(entity_id), options)

    async def add_comment(
        self, entity_id: int, comment: str, options: Options | None = None
    ) -> CreditMemoComment:
        """Add a note to a credit memo."""
        return await self._caller.call(add_comment(entity_id, comment), options)

    async def email(self, entity_id: int, options: Options | None = None) -> bool:
        """Send the buyer the credit memo's e-mail."""
        return await self._caller.call(email(entity_id), options)
