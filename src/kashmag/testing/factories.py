"""Small, honest sales to test with: say only what the test is about, the rest is plausible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kashmag.accounting import (
    Address,
    Buyer,
    Discount,
    LineKind,
    Money,
    Payment,
    Refund,
    Sale,
    SaleLine,
    total_of,
)

ORDERED_ON = date(2026, 4, 14)


def pounds(amount: str | int | Decimal) -> Money:
    """An amount of pounds sterling: `pounds("12.50")`."""
    return Money(Decimal(amount), "GBP")


def make_line(
    net: str = "10.00",
    vat: str = "2.00",
    *,
    rate: str = "20",
    sku: str = "MUG",
    quantity: str = "1",
    kind: LineKind = LineKind.GOODS,
    key: str = "",
    discount: Discount | None = None,
) -> SaleLine:
    """One line; its amounts are for the whole quantity."""
    return SaleLine(
        key or f"{kind.value}:{sku}",
        sku.title() if kind is LineKind.GOODS else kind.value.title(),
        net=pounds(net),
        vat=pounds(vat),
        vat_rate=Decimal(rate),
        quantity=Decimal(quantity),
        kind=kind,
        sku=sku if kind is LineKind.GOODS else "",
        discount=discount,
    )


def make_discount(net: str = "1.00", vat: str = "0.20", *, label: str = "SPRING10") -> Discount:
    """What was taken off a line; positive."""
    return Discount(pounds(net), vat=pounds(vat), label=label)


def make_buyer(email: str = "robin@example.com", *, name: str = "Robin Example") -> Buyer:
    """A buyer at home in the United Kingdom."""
    first, _, last = name.partition(" ")
    home = Address(
        name=name, street=("1 Invented Lane",), city="Sampleford", postcode="ZZ99 1AA",
        country_code="GB",
    )  # fmt: skip
    return Buyer(
        email, name, first_name=first, last_name=last, source_id="7", billing=home, delivery=home
    )


def make_sale(
    *lines: SaleLine,
    number: str = "000000012",
    source_id: str = "12",
    buyer: Buyer | None = None,
    ordered_on: date = ORDERED_ON,
    payment_method: str = "checkmo",
) -> Sale:
    """A sale in pounds; without lines, of one mug at 12.00."""
    sold = lines or (make_line(),)
    return Sale(
        source_id,
        number,
        lines=sold,
        gross=total_of((line.gross for line in sold), "GBP"),
        buyer=buyer or make_buyer(),
        ordered_on=ordered_on,
        payment_method=payment_method,
    )


def make_payment(
    amount: str = "12.00", *, method: str = "checkmo", number: str = "000000034"
) -> Payment:
    """Money received by an offline method, named by its Magento invoice's number."""
    return Payment(number, method, amount=pounds(amount), paid_on=ORDERED_ON, invoice_number=number)


def make_refund(
    lines: Sequence[SaleLine] = (), *, number: str = "000000003", adjustment: str | None = None
) -> Refund:
    """A credit memo; without lines, of one mug at 12.00."""
    taken_back = tuple(lines) or (make_line(),)
    extra = None if adjustment is None else pounds(adjustment)
    gross = total_of((line.gross for line in taken_back), "GBP")
    return Refund(
        "3",
        number,
        lines=taken_back,
        gross=gross if extra is None else gross + extra,
        refunded_on=ORDERED_ON,
        adjustment=extra,
    )
