"""A sale: an order whose sums have been proved, and what the accounts must know of it.

How a Magento order becomes one is `magento.reading`; what invoice it becomes is `planner`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from kashmag.accounting.money import Money, total_of
from kashmag.accounting.payment import Credit
from kashmag.accounting.vat import VatTotal, by_rate


class LineKind(Enum):
    """What a line is owed for; each kind has a nominal of its own."""

    GOODS = "goods"
    CARRIAGE = "carriage"
    FEE = "fee"
    ADJUSTMENT = "adjustment"


@frozen
class Discount:
    """What was taken off a line, as positive figures, and what for (a coupon, a rule).

    What the line would have cost is its own net and VAT and these.
    """

    net: Money
    vat: Money = field(kw_only=True)
    label: str = field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        zero = Money.zero(self.net.currency)
        if self.net < zero or self.vat < zero or not (self.net or self.vat):
            raise ValueError(f"{self.net} and {self.vat} VAT is no discount")


@frozen
class SaleLine:
    """One thing sold, as the accounts see it: what is owed for it, split once and for all.

    `key` tells lines of one document apart and never changes ("item:42", "shipping"). Amounts
    are for the whole quantity, after discount. `vat_rate` is a percentage. `discount` is what had
    been taken off, where the shop's figures prove it; where they do not, `discount_doubt` says why.
    """

    key: str
    description: str
    net: Money = field(kw_only=True)
    vat: Money = field(kw_only=True)
    vat_rate: Decimal = field(kw_only=True)
    quantity: Decimal = field(default=Decimal(1), kw_only=True)
    kind: LineKind = field(default=LineKind.GOODS, kw_only=True)
    sku: str = field(default="", kw_only=True)
    product_type: str = field(default="", kw_only=True)
    discount: Discount | None = field(default=None, kw_only=True)
    discount_doubt: str = field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.discount is None:
            return
        if self.discount.net.currency != self.currency:
            raise ValueError(f"line {self.key} has a discount of another currency")
        if self.discount_doubt:
            raise ValueError(f"line {self.key} has a discount that is proved and doubted")

    @property
    def currency(self) -> str:
        """The one currency of its amounts."""
        return self.net.currency

    @property
    def gross(self) -> Money:
        """What the buyer pays for this line."""
        return self.net + self.vat


@frozen
class Address:
    """Where somebody lives or something goes; `country_code` is ISO 3166 alpha-2."""

    name: str = field(default="", kw_only=True)
    company: str = field(default="", kw_only=True)
    street: tuple[str, ...] = field(default=(), kw_only=True)
    city: str = field(default="", kw_only=True)
    region: str = field(default="", kw_only=True)
    postcode: str = field(default="", kw_only=True)
    country_code: str = field(default="", kw_only=True)
    telephone: str = field(default="", kw_only=True)


@frozen
class Buyer:
    """Who it is owed by."""

    email: str
    name: str
    first_name: str = field(default="", kw_only=True)
    last_name: str = field(default="", kw_only=True)
    company: str = field(default="", kw_only=True)
    vat_number: str = field(default="", kw_only=True)
    source_id: str = field(default="", kw_only=True)  # the shop's customer id; empty for a guest
    group: str = field(default="", kw_only=True)
    is_guest: bool = field(default=False, kw_only=True)
    billing: Address = field(factory=Address, kw_only=True)
    delivery: Address | None = field(default=None, kw_only=True)

    @property
    def email_domain(self) -> str:
        """What stands behind the @ of the e-mail, in lower case."""
        return self.email.rpartition("@")[2].lower()


@frozen
class Sale:
    """What was sold to whom, in one currency; its sums hold by construction.

    `gross` is what the lines come to. `credits` (gift cards, store credit, reward points) are
    money the buyer had with the shop already; what is left is `owed`. `exchange_rate` is foreign
    units per home unit, 1 in the shop's base currency.
    """

    source_id: str
    number: str
    lines: tuple[SaleLine, ...] = field(kw_only=True)
    gross: Money = field(kw_only=True)
    buyer: Buyer = field(kw_only=True)
    ordered_on: date = field(kw_only=True)
    store_id: str = field(default="1", kw_only=True)
    store: str = field(default="", kw_only=True)  # code of the store view, where it is known
    exchange_rate: Decimal = field(default=Decimal(1), kw_only=True)
    credits: tuple[Credit, ...] = field(default=(), kw_only=True)
    payment_method: str = field(default="", kw_only=True)
    note: str = field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_document(self.number, self.lines, self.gross)
        if any(credit.amount.currency != self.currency for credit in self.credits):
            raise ValueError(f"sale {self.number} has credits of another currency")

    @property
    def currency(self) -> str:
        """The one currency of all amounts."""
        return self.gross.currency

    @property
    def net(self) -> Money:
        """All lines without VAT."""
        return total_of((line.net for line in self.lines), self.currency)

    @property
    def vat(self) -> Money:
        """The VAT of all lines."""
        return total_of((line.vat for line in self.lines), self.currency)

    @property
    def by_rate(self) -> tuple[VatTotal, ...]:
        """Net and VAT per percentage, highest first."""
        return by_rate(self.lines)

    @property
    def owed(self) -> Money:
        """What is left to pay in money, after credits."""
        return self.gross - total_of((credit.amount for credit in self.credits), self.currency)


def check_document(number: str, lines: tuple[SaleLine, ...], gross: Money) -> None:
    """Raise ValueError unless the lines are distinct, of one currency, and come to `gross`."""
    if len({line.key for line in lines}) != len(lines):
        raise ValueError(f"document {number} counts a line twice")
    total = total_of((line.gross for line in lines), gross.currency)
    if total != gross:
        raise ValueError(f"the lines of document {number} come to {total}, not {gross}")
