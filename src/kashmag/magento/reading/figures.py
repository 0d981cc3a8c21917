"""The figures of Magento's documents in one of their two currencies, as types.

`Figure[Base]` and `Figure[Ordered]` neither add nor compare: mypy refuses it. The currency is
chosen once, in `choosing`; everything after is written for any one currency `C`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final, Generic, TypeVar

from attrs import frozen

from kashmag.accounting.payment import CreditKind
from kashmag.accounting.sale import LineKind

# What Magento stores: four decimals. REST adds binary noise (1.1102230246252e-16) behind them.
_STORED: Final = Decimal("0.0001")


class Base:
    """Marks figures in the website's base currency."""


class Ordered:
    """Marks figures in the currency of the order."""


C = TypeVar("C")


@frozen(order=True)
class Figure(Generic[C]):
    """A figure of one of the two currencies, exact to the four decimals that Magento stores."""

    value: Decimal

    def __add__(self, other: Figure[C]) -> Figure[C]:
        return Figure(self.value + other.value)

    def __sub__(self, other: Figure[C]) -> Figure[C]:
        return Figure(self.value - other.value)

    def __neg__(self) -> Figure[C]:
        return Figure(-self.value)

    def __abs__(self) -> Figure[C]:
        return Figure(abs(self.value))

    def __bool__(self) -> bool:
        return bool(self.value)

    def times(self, quantity: Decimal) -> Figure[C]:
        """So many of it."""
        return Figure(self.value * quantity)


def figure(value: Decimal | None) -> Figure[C]:
    """Take a field as a figure; Magento leaves out what is null, and null is nothing."""
    return Figure(_NOTHING if value is None else value.quantize(_STORED))


def perhaps(value: Decimal | None) -> Figure[C] | None:
    """Take a field as a figure where it matters that it is missing."""
    return None if value is None else figure(value)


_NOTHING: Final = Decimal(0)


def summed(figures: Iterable[Figure[C]]) -> Figure[C]:
    """Add up figures of one currency."""
    return Figure(sum((one.value for one in figures), _NOTHING))


@frozen(kw_only=True)
class FixedTax(Generic[C]):
    """A fixed product tax (FPT) on a row, for the whole row; it may carry VAT."""

    title: str
    net: Figure[C]
    gross: Figure[C]
    unit_gross: Figure[C]


@frozen(kw_only=True)
class RowFigures(Generic[C]):
    """What a row of an order says of its money. What it means is proved in `proving`."""

    key: str
    item_id: int | None
    parent_item_id: int | None
    product_type: str
    sku: str
    name: str
    quantity: Decimal | None
    quantity_invoiced: Decimal
    quantity_canceled: Decimal
    tax_percent: Decimal | None
    price: Figure[C]
    price_incl_tax: Figure[C] | None
    row_total: Figure[C] | None
    row_total_incl_tax: Figure[C] | None
    row_invoiced: Figure[C] | None
    discount: Figure[C]
    tax: Figure[C]
    tax_invoiced: Figure[C]
    compensation: Figure[C]
    fixed_taxes: tuple[FixedTax[C], ...] = ()


@frozen(kw_only=True)
class TaxFigures(Generic[C]):
    """One tax of a row, of shipping, or of something else (`kind` is Magento's type)."""

    kind: str
    item_id: int | None
    percent: Decimal
    amount: Figure[C]


@frozen(kw_only=True)
class FeeFigures(Generic[C]):
    """A total of its own that is named in the document: gift wrapping, a custom fee.

    `tax_kind` is the type under which the order's taxes list its tax.
    """

    key: str
    title: str
    net: Figure[C]
    tax: Figure[C]
    tax_kind: str = ""


@frozen(kw_only=True)
class CreditFigures(Generic[C]):
    """What was paid from a gift card, store credit or reward points; positive."""

    kind: CreditKind
    amount: Figure[C]


@frozen(kw_only=True)
class StrangeTotal(Generic[C]):
    """An amount in the document that no field of ours carries: perhaps a total of an extension."""

    name: str
    title: str
    amount: Figure[C]


@frozen(kw_only=True)
class OrderFigures(Generic[C]):
    """An order's totals, rows and taxes in one currency; discounts as Magento signs them."""

    number: str
    currency: str
    grand_total: Figure[C] | None
    amount_ordered: Figure[C] | None
    subtotal: Figure[C] | None
    discount: Figure[C]
    tax: Figure[C]
    compensation: Figure[C]
    shipping: Figure[C]
    shipping_discount: Figure[C]
    shipping_compensation: Figure[C]
    shipping_tax: Figure[C]
    shipping_incl_tax: Figure[C] | None = None
    total_canceled: Figure[C]
    total_invoiced: Figure[C] | None
    shipping_title: str
    discount_label: str = ""
    rows: tuple[RowFigures[C], ...]
    applied_taxes: tuple[TaxFigures[C], ...]
    item_taxes: tuple[TaxFigures[C], ...]
    fees: tuple[FeeFigures[C], ...] = ()
    credits: tuple[CreditFigures[C], ...] = ()
    strangers: tuple[StrangeTotal[C], ...] = ()


@frozen(kw_only=True)
class DocumentRow(Generic[C]):
    """A row of an invoice or credit memo; `row_total` is before discount here, always."""

    order_item_id: int | None
    sku: str
    name: str
    quantity: Decimal
    row_total: Figure[C] | None
    row_total_incl_tax: Figure[C] | None
    discount: Figure[C]
    tax: Figure[C]
    compensation: Figure[C]
    fixed_taxes: tuple[FixedTax[C], ...] = ()


@frozen(kw_only=True)
class DocumentFigures(Generic[C]):
    """A Magento invoice or credit memo in one currency."""

    entity_id: int
    number: str
    order_id: int | None
    state: int | None
    currency: str
    created_at: datetime | None
    transaction_id: str
    grand_total: Figure[C] | None
    discount: Figure[C]
    tax: Figure[C]
    compensation: Figure[C]
    shipping: Figure[C]
    shipping_compensation: Figure[C]
    shipping_tax: Figure[C]
    shipping_incl_tax: Figure[C] | None = None
    adjustment: Figure[C]
    rows: tuple[DocumentRow[C], ...]
    fees: tuple[FeeFigures[C], ...] = ()
    credits: tuple[CreditFigures[C], ...] = ()
    strangers: tuple[StrangeTotal[C], ...] = ()


@frozen(kw_only=True)
class DiscountFigures(Generic[C]):
    """What a discount took off a line, positive; with a doubt, both figures are nothing."""

    net: Figure[C]
    vat: Figure[C]
    label: str = ""
    doubt: str = ""


@frozen(kw_only=True)
class ExactLine(Generic[C]):
    """A line as the documents prove it, before it becomes whole pence."""

    key: str
    description: str
    net: Figure[C]
    vat: Figure[C]
    rate: Decimal
    quantity: Decimal = Decimal(1)
    kind: LineKind = LineKind.GOODS
    sku: str = ""
    product_type: str = ""
    discount: DiscountFigures[C] | None = None

    @property
    def gross(self) -> Figure[C]:
        """Net and VAT together."""
        return self.net + self.vat


@frozen(kw_only=True)
class Documents(Generic[C]):
    """An order with its invoices and credit memos, all in one currency."""

    order: OrderFigures[C]
    invoices: tuple[DocumentFigures[C], ...]
    memos: tuple[DocumentFigures[C], ...]
    exchange_rate: Decimal | None = None


def allowance(parts: int) -> Decimal:
    """How far sums of so many stored figures may miss each other.

    Magento rounds lines and totals to four decimals separately (money.md: 15 of 1,273 orders miss
    by 0.0001). It is far below half a penny: what is paid never depends on it.
    """
    return min(max(Decimal("0.0005"), _STORED * (parts + 1)), Decimal("0.004"))
