"""Hypothesis strategies: amounts, sales, refunds, and orders as Magento makes them.

How a cart becomes an order is `testing.checkout`; single plausible values are `testing.factories`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from attrs import frozen
from hypothesis import strategies as st

from kashmag import magento
from kashmag.accounting import Discount, LineKind, Money, Refund, Sale, SaleLine, total_of
from kashmag.magento import codec
from kashmag.magento.credit_memos import CreditMemo
from kashmag.magento.invoices import Invoice
from kashmag.magento.order_record import Order
from kashmag.rest.codec import Json
from kashmag.testing.checkout import (
    Algorithm,
    Cart,
    CartLine,
    Release,
    TaxSettings,
    document_json,
    order_json,
)
from kashmag.testing.factories import ORDERED_ON, make_buyer

RATES: Final = (Decimal(20), Decimal(5), Decimal(0))


def pence(minimum: int = 0, maximum: int = 1_000_000) -> st.SearchStrategy[Decimal]:
    """Amounts in whole pence."""
    return st.integers(minimum, maximum).map(lambda whole: Decimal(whole) / 100)


def moneys(
    currency: str = "GBP", minimum: int = -1_000_000, maximum: int = 1_000_000
) -> st.SearchStrategy[Money]:
    """Money of one currency, bounds in pence."""
    return pence(minimum, maximum).map(lambda amount: Money(amount, currency))


def quantities() -> st.SearchStrategy[Decimal]:
    """Whole quantities mostly, and such as 2.75 and 0.333."""
    whole = st.integers(1, 40).map(Decimal)
    parts = st.integers(1, 9_999).map(lambda n: Decimal(n) / 1000)
    return st.one_of(whole, whole, whole, parts)


@st.composite
def sale_lines(draw: st.DrawFn, *, key: str = "item:1", minimum: int = -100_000) -> SaleLine:
    """One line; its VAT is near its percentage, as a shop's rounding leaves it."""
    rate = draw(st.sampled_from(RATES))
    net = draw(moneys(minimum=minimum, maximum=100_000))
    off = draw(st.integers(-30, 30)) if rate else 0
    vat = (net.amount * rate / 100).quantize(Decimal("0.01")) + Decimal(off) / 100
    return SaleLine(
        key,
        draw(st.text(min_size=1, max_size=12)),
        net=net,
        vat=Money(vat, "GBP"),
        vat_rate=rate,
        quantity=draw(quantities()),
        kind=draw(st.sampled_from((LineKind.GOODS, LineKind.CARRIAGE, LineKind.FEE))),
        sku=draw(st.sampled_from(("MUG", "CAP", ""))),
        discount=draw(st.none() | discounts()),
    )


@st.composite
def discounts(draw: st.DrawFn) -> Discount:
    """What was taken off a line: with VAT in it, or without."""
    net = draw(moneys(minimum=1, maximum=20_000))
    vat = draw(st.sampled_from((Decimal(0), net.amount * 20 / 100)))
    label = draw(st.sampled_from(("", "SPRING10", "Three for two")))
    return Discount(net, vat=Money(vat.quantize(Decimal("0.01")), "GBP"), label=label)


@st.composite
def _documents_lines(draw: st.DrawFn) -> tuple[SaleLine, ...]:
    many = draw(st.integers(0, 6))
    return tuple(draw(sale_lines(key=f"item:{at}")) for at in range(many))


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    """Sales whose sums hold, of any lines."""
    lines = draw(_documents_lines())
    return Sale(
        "12",
        "000000012",
        lines=lines,
        gross=total_of((line.gross for line in lines), "GBP"),
        buyer=make_buyer(),
        ordered_on=ORDERED_ON,
    )


@st.composite
def refunds(draw: st.DrawFn) -> Refund:
    """Refunds whose sums hold, some with an adjustment."""
    lines = draw(_documents_lines())
    adjustment = draw(st.none() | moneys(minimum=-500, maximum=500))
    gross = total_of((line.gross for line in lines), "GBP")
    return Refund(
        "3",
        "000000003",
        lines=lines,
        gross=gross + adjustment if adjustment else gross,
        refunded_on=ORDERED_ON,
        adjustment=adjustment,
    )


@st.composite
def tax_settings(draw: st.DrawFn) -> TaxSettings:
    """Every tax configuration that changes figures."""
    return TaxSettings(
        algorithm=draw(st.sampled_from(Algorithm)),
        prices_include_tax=draw(st.booleans()),
        shipping_includes_tax=draw(st.booleans()),
        tax_after_discount=draw(st.booleans()),
        shipping_rate=draw(st.sampled_from(RATES)),
    )


@st.composite
def carts(draw: st.DrawFn, *, decimal_quantities: bool = True, fixed_taxes: bool = True) -> Cart:
    """Carts of one to six rows, with percent and fixed discounts up to the whole row."""
    many = draw(st.integers(1, 6))
    lines = []
    for _ in range(many):
        price, rate = draw(pence(1, 30_000)), draw(st.sampled_from(RATES))
        quantity = draw(quantities()) if decimal_quantities else Decimal(draw(st.integers(1, 40)))
        share = draw(st.sampled_from((0, 0, 0, 5, 10, 33, 100)))
        discount = (price * quantity * share / 100).quantize(Decimal("0.01"))
        levy = draw(st.sampled_from((0, 0, 0, 150))) if fixed_taxes else 0
        lines.append(
            CartLine(
                price=price,
                quantity=quantity,
                rate=rate,
                # Never above the row: pence of a decimal quantity may round up past it.
                discount=min(discount, (price * quantity).quantize(Decimal("0.01"), "ROUND_DOWN")),
                fixed_tax=Decimal(levy) / 100,
            )
        )
    shipping = draw(pence(0, 2_000))
    share = draw(st.sampled_from((0, 0, 10, 50)))
    return Cart(
        lines=tuple(lines),
        shipping=shipping,
        shipping_discount=(shipping * share / 100).quantize(Decimal("0.01"), "ROUND_DOWN"),
        conversion=draw(st.sampled_from((Decimal(1), Decimal("1.1734"), Decimal("1.2619")))),
    )


@frozen
class OrderStory:
    """An order as Magento would make it, with what it was made from."""

    settings: TaxSettings
    cart: Cart
    release: Release
    order: Order
    invoices: tuple[Invoice, ...] = ()
    credit_memos: tuple[CreditMemo, ...] = ()


def as_order(told: Mapping[str, Json]) -> Order:
    """The record of an order's JSON."""
    return codec.read(Order, told)


@st.composite
def order_stories(
    draw: st.DrawFn,
    *,
    releases: tuple[Release, ...] = tuple(Release),
    refunded: bool = False,
    decimal_quantities: bool = True,
) -> OrderStory:
    """Orders as Magento makes them under any tax configuration; `refunded` gives everything back.

    A refunded order has no fixed product taxes, and its rows are given back whole.
    """
    settings = draw(tax_settings())
    cart = draw(carts(fixed_taxes=not refunded, decimal_quantities=decimal_quantities))
    release = draw(st.sampled_from(releases))
    order = as_order(order_json(settings, cart, release=release, invoiced=refunded))
    if not refunded:
        return OrderStory(settings, cart, release, order)
    whole = [line.quantity for line in cart.lines]
    invoice = codec.read(Invoice, document_json(settings, cart, whole, kind="invoice", number=1))
    parted = _in_parts(draw, cart)
    memos = tuple(
        codec.read(CreditMemo, document_json(settings, cart, part, kind="memo", number=number))
        for number, part in enumerate(parted, start=1)
    )
    return OrderStory(settings, cart, release, order, (invoice,), memos)


def _in_parts(draw: st.DrawFn, cart: Cart) -> list[list[Decimal]]:
    """Each row wholly in one of up to three memos."""
    many = draw(st.integers(1, 3))
    of_row = [draw(st.integers(1, many)) for _ in cart.lines]
    return [
        [
            line.quantity if row == memo else Decimal(0)
            for line, row in zip(cart.lines, of_row, strict=True)
        ]
        for memo in range(1, many + 1)
    ]


@st.composite
def shop_customers(draw: st.DrawFn) -> magento.Customer:
    """A customer of a shop: with no address, one for all, or one each, and gaps here and there."""
    texts = st.sampled_from(("", "Ann", "Example Ltd", "1 Lane", "Leeds", "LS1 1AA", " 0113 "))
    streets = st.lists(texts, min_size=1, max_size=5).map(tuple)

    def address(number: int, *, billing: bool, shipping: bool) -> magento.Address:
        return magento.Address(
            id=number,
            street=draw(streets),
            city=draw(texts),
            region=magento.Region(region=draw(st.sampled_from((None, "Yorkshire"))), region_id=0),
            postcode=draw(texts),
            country_id=draw(st.sampled_from(("GB", "DE", "GR", "JE"))),
            telephone=draw(texts),
            company=draw(st.sampled_from((None, "Example Ltd"))),
            vat_id=draw(st.sampled_from((None, "GB123456789"))),
            firstname=draw(texts),
            lastname=draw(texts),
            default_billing=billing or None,
            default_shipping=shipping or None,
        )

    addresses = draw(st.sampled_from(("none", "one for all", "one each", "and a third")))
    kept: tuple[magento.Address, ...] = ()
    if addresses == "one for all":
        kept = (address(1, billing=True, shipping=True),)
    elif addresses != "none":
        kept = (
            address(1, billing=True, shipping=False),
            address(2, billing=False, shipping=True),
        )
    if addresses == "and a third":
        kept = (*kept, address(3, billing=False, shipping=False))
    return magento.Customer(
        id=draw(st.integers(1, 99)),
        email=draw(st.sampled_from(("ann@example.com", "Ann+Shop@Example.com"))),
        firstname=draw(texts),
        lastname=draw(texts),
        taxvat=draw(st.sampled_from((None, "", "GB987654321"))),
        addresses=kept,
    )
