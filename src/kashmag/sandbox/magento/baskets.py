"""What a buyer puts into the basket: the input from which an order is made.

Prices are in base currency, as entered in the catalogue. What they come to is `pricing`'s.
"""

from decimal import Decimal
from typing import Final, Literal

from attrs import field, frozen

from kashmag.sandbox.magento.discounting import CartRule
from kashmag.sandbox.magento.documents import ZERO

ProductType = Literal["simple", "virtual", "downloadable", "configurable", "bundle", "grouped"]

NO_TAX_CLASS: Final = 0
STANDARD: Final = 2
ZERO_RATED: Final = 4
REDUCED: Final = 5


@frozen
class Address:
    """A postal address on an order."""

    firstname: str
    lastname: str
    street: tuple[str, ...] = field(kw_only=True)
    city: str = field(kw_only=True)
    postcode: str | None = field(kw_only=True)
    country: str = field(default="GB", kw_only=True)
    telephone: str | None = field(default="01632 960000", kw_only=True)
    company: str | None = field(default=None, kw_only=True)
    region: str | None = field(default=None, kw_only=True)
    vat_id: str | None = field(default=None, kw_only=True)


@frozen
class Line:
    """One product in the basket; `children` makes it a configurable product or a bundle.

    A configurable product has one child without a price. A bundle whose children have prices has a
    dynamic price: they carry the money. Otherwise the parent does.
    """

    sku: str
    price: Decimal
    quantity: Decimal = field(default=Decimal(1), kw_only=True)
    """Of a child: for each one of its parent."""
    name: str = field(kw_only=True)
    product_type: ProductType = field(default="simple", kw_only=True)
    tax_class: int = field(default=STANDARD, kw_only=True)
    product_id: int | None = field(default=None, kw_only=True)
    original_price: Decimal | None = field(default=None, kw_only=True)
    cost: Decimal | None = field(default=None, kw_only=True)
    weight: Decimal = field(default=Decimal("0.5"), kw_only=True)
    children: "tuple[Line, ...]" = field(default=(), kw_only=True)
    rules: frozenset[int] | None = field(default=None, kw_only=True)
    """The cart rules whose conditions the line meets; None for all."""

    @name.default
    def _name(self) -> str:
        return self.sku

    @property
    def is_virtual(self) -> bool:
        """Whether nothing is shipped for it."""
        return self.product_type in ("virtual", "downloadable")

    @property
    def has_dynamic_price(self) -> bool:
        """Whether it is a bundle that costs what its children cost."""
        return self.product_type == "bundle" and any(child.price for child in self.children)


@frozen
class Basket:
    """Everything that an order is made from."""

    email: str
    lines: tuple[Line, ...]
    billing: Address = field(kw_only=True)
    shipping: Address | None = field(default=None, kw_only=True)
    """Where it goes; None for the billing address, or for nowhere if nothing is shipped."""
    customer_id: int | None = field(default=None, kw_only=True)
    customer_group: int = field(default=0, kw_only=True)
    customer_taxvat: str | None = field(default=None, kw_only=True)
    store_id: int = field(default=1, kw_only=True)
    shipping_method: str = field(default="flatrate_flatrate", kw_only=True)
    shipping_description: str = field(default="Flat Rate - Fixed", kw_only=True)
    shipping_price: Decimal = field(default=ZERO, kw_only=True)
    payment_method: str = field(default="checkmo", kw_only=True)
    payment_title: str = field(default="Check / Money order", kw_only=True)
    rules: tuple[CartRule, ...] = field(default=(), kw_only=True)
    tax_exempt: bool = field(default=False, kw_only=True)

    @property
    def is_virtual(self) -> bool:
        """Whether nothing is shipped."""
        return all(line.is_virtual for line in self.lines)

    @property
    def destination(self) -> Address:
        """The address that decides the tax."""
        return self.billing if self.is_virtual else (self.shipping or self.billing)

    @property
    def coupon(self) -> CartRule | None:
        """The rule that came with a coupon code, if any."""
        return next((rule for rule in self.rules if rule.coupon), None)
