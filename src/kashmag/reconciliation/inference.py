"""What a shop's recent orders and an account's invoices show of how both are set up.

Only what the documents prove is told; where they are silent, the field says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from kashmag import kashflow, magento
from kashmag.accounting.vat import plain_rate
from kashmag.plans.references import is_ours

_ZERO = Decimal(0)


class Prices(Enum):
    """Whether the catalogue's prices are with VAT."""

    INCLUDE_VAT = "include VAT"
    EXCLUDE_VAT = "exclude VAT"
    UNKNOWN = "unknown"


class Numbers(Enum):
    """How the account's invoices are numbered so far."""

    NONE = "no invoices yet"
    BY_ACCOUNT = "by KashFlow"
    BY_ORDER = "by the shop's order numbers"


@frozen
class ShopUse:
    """What recent orders show; counts are numbers of orders."""

    orders: int
    stores: Mapping[int, str] = field(kw_only=True)
    base_currencies: Mapping[str, int] = field(kw_only=True)
    order_currencies: Mapping[str, int] = field(kw_only=True)
    payment_methods: Mapping[str, int] = field(kw_only=True)
    vat_rates: Mapping[str, int] = field(kw_only=True)
    prices: Prices = field(kw_only=True)
    discounts: int = field(kw_only=True)
    shipping_with_vat: int = field(kw_only=True)
    shipping_without_vat: int = field(kw_only=True)
    countries_without_vat: Mapping[str, int] = field(kw_only=True)
    totals_of_nothing: int = field(kw_only=True)
    credits: Mapping[str, int] = field(kw_only=True)
    numbers_are_digits: bool = field(kw_only=True)


@frozen
class AccountUse:
    """What the account's existing invoices show."""

    invoices: int
    highest: int | None = field(kw_only=True)
    numbers: Numbers = field(kw_only=True)
    ours: int = field(kw_only=True)


def shop_use(orders: Sequence[magento.Order]) -> ShopUse:
    """Read the set-up of a shop off its orders."""
    return ShopUse(
        len(orders),
        stores={
            order.store_id: " / ".join((order.store_name or "").splitlines())
            for order in orders
            if order.store_id is not None
        },
        base_currencies=_counted(order.base_currency_code for order in orders),
        order_currencies=_counted(order.order_currency_code for order in orders),
        payment_methods=_counted(o.payment.method if o.payment else None for o in orders),
        vat_rates=_counted(rate for order in orders for rate in _rates(order)),
        prices=_prices(orders),
        discounts=sum(bool(order.base_discount_amount) for order in orders),
        shipping_with_vat=sum(bool(order.base_shipping_tax_amount) for order in orders),
        shipping_without_vat=sum(
            bool(order.base_shipping_amount) and not order.base_shipping_tax_amount
            for order in orders
        ),
        countries_without_vat=_counted(
            _country(order) for order in orders if not order.base_tax_amount
        ),
        totals_of_nothing=sum(not order.base_grand_total for order in orders),
        credits=_counted(kind for order in orders for kind in _credits(order)),
        numbers_are_digits=all((order.increment_id or "").isdecimal() for order in orders),
    )


def account_use(
    invoices: Sequence[kashflow.InvoiceRow], order_numbers: Iterable[str]
) -> AccountUse:
    """Read off the invoices who numbers them; a shop's numbers may be among them."""
    numbers = {invoice.number for invoice in invoices}
    shop = {int(number) for number in order_numbers if number.isdecimal()}
    named = numbers & shop
    # One or two may be chance: KashFlow counts from one, and so do many shops.
    by_order = len(named) > 2 and 2 * len(named) >= min(len(numbers), len(shop))
    way = Numbers.BY_ORDER if by_order else Numbers.BY_ACCOUNT
    return AccountUse(
        len(invoices),
        highest=max(numbers, default=None),
        numbers=way if numbers else Numbers.NONE,
        ours=sum(is_ours(invoice.customer_reference or "") for invoice in invoices),
    )


def _counted(values: Iterable[str | None]) -> Mapping[str, int]:
    counts = Counter(value for value in values if value)
    return dict(counts.most_common())


def _rates(order: magento.Order) -> set[str]:
    """The percentages charged on an order; 0 % where a row carries no VAT."""
    return {
        format(plain_rate(item.tax_percent or _ZERO), "f")
        for item in order.items
        if item.parent_item_id is None and item.product_type != "bundle"
    }


def _prices(orders: Sequence[magento.Order]) -> Prices:
    """A price before VAT of whole pence, with one that is not beside it, tells which was typed.

    A catalogue price is typed with two decimals at most; the other of the pair seldom has so few
    (`original_price` is the catalogue's, with VAT or without, as it was typed).
    """
    including = excluding = 0
    for order in orders:
        for item in order.items:
            if not item.tax_percent or item.parent_item_id is not None or not item.price:
                continue
            typed = item.original_price
            if typed is None or item.price == item.price_incl_tax:
                continue
            including += typed == item.price_incl_tax
            excluding += typed == item.price
    if including == excluding:
        return Prices.UNKNOWN
    return Prices.INCLUDE_VAT if including > excluding else Prices.EXCLUDE_VAT


def _country(order: magento.Order) -> str:
    told = order.extension_attributes
    for assignment in told.shipping_assignments if told else ():
        address = assignment.shipping.address if assignment.shipping else None
        if address is not None and address.country_id:
            return address.country_id
    return (order.billing_address.country_id if order.billing_address else None) or ""


def _credits(order: magento.Order) -> Iterable[str]:
    told = order.extension_attributes
    if told is None:
        return
    if told.base_gift_cards_amount:
        yield "gift_card"
    if told.base_customer_balance_amount:
        yield "store_credit"
