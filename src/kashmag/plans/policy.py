"""Policy: the bookkeeper's settled answers, as one frozen value. Where they come from: `settings`.

Every field has the default that the documentation states. `Policy.for_store` gives the policy of
one store view: its own answers over the common ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum

from attrs import evolve, field, fields, frozen

from kashmag.magento.reading.basis import StackedTaxes, TotalKind


class Numbering(Enum):
    """Who numbers invoices: KashFlow itself, or the order's own number."""

    ACCOUNT = "account"
    ORDER = "order"


class CurrencyChoice(Enum):
    """Which of Magento's two sets of figures is posted."""

    BASE = "base"
    ORDER = "order"


class UnknownSku(Enum):
    """What becomes of a SKU that is no product in KashFlow."""

    LINE = "line"
    HOLD = "hold"
    CREATE = "create"


class Adjustments(Enum):
    """How a credit memo's adjustment carries VAT."""

    HOLD = "hold"
    NO_VAT = "no_vat"
    PRO_RATA = "pro_rata"
    STANDARD = "standard"


class ClosedPeriod(Enum):
    """What becomes of a document dated in a closed period."""

    HOLD = "hold"
    FIRST_OPEN_DAY = "first_open_day"


class Terms(Enum):
    """Whose payment terms date the due day: the policy's `payment_days`, or the customer's."""

    POLICY = "policy"
    CUSTOMER = "customer"


class ForeignVat(Enum):
    """What becomes of VAT of another country (OSS)."""

    HOLD = "hold"
    SEPARATE = "separate"  # to `nominals.foreign_vat`, at that country's own rates


class GuestAccounts(Enum):
    """Whose KashFlow customer a guest's orders go to."""

    PER_EMAIL = "per_email"
    PER_STORE = "per_store"


class OrderOutcome(Enum):
    """What an order's state means for its invoice."""

    WAIT = "wait"
    UNPAID = "unpaid"
    PAID = "paid"
    VOID = "void"


class PaymentAction(Enum):
    """`POST` a payment line, or `LEAVE` it: the account imports it itself, or it comes later."""

    POST = "post"
    LEAVE = "leave"


@frozen
class Nominals:
    """Nominal codes by what is sold; None holds what would need it.

    Without one for `discount` nothing is held: lines are posted after discount.
    """

    goods: int = 4000
    carriage: int = field(default=4100, kw_only=True)
    fees: int = field(default=4200, kw_only=True)
    discount: int | None = field(default=None, kw_only=True)
    adjustments: int | None = field(default=None, kw_only=True)
    vouchers: int | None = field(default=None, kw_only=True)
    suspense: int | None = field(default=None, kw_only=True)
    foreign_vat: int | None = field(default=None, kw_only=True)

    def named(self) -> Mapping[str, int | None]:
        """Every nominal by its key."""
        return {one.name: getattr(self, one.name) for one in fields(type(self))}


@frozen
class PaymentRule:
    """Where money received by one payment method goes.

    `method` is KashFlow's payment method id and `bank_account` its bank account id, both needed
    to post.
    """

    action: PaymentAction
    method: int | None = field(default=None, kw_only=True)
    bank_account: int | None = field(default=None, kw_only=True)


@frozen
class Limits:
    """The most that one run may change before a person must say so."""

    documents: int | None = None
    money: Decimal | None = field(default=None, kw_only=True)


@frozen
class TestOrders:
    """Orders that are nobody's purchase, by rule."""

    __test__ = False  # the name is no test class of pytest's

    email_domains: tuple[str, ...] = ()
    customer_groups: tuple[str, ...] = field(default=(), kw_only=True)
    zero_total: bool = field(default=False, kw_only=True)


@frozen
class Policy:
    """The settled answers of one environment."""

    shop: str = "M"
    go_live: date | None = field(default=None, kw_only=True)
    books_closed_until: date | None = field(default=None, kw_only=True)
    closed_period: ClosedPeriod = field(default=ClosedPeriod.HOLD, kw_only=True)
    locked_bank: ClosedPeriod = field(default=ClosedPeriod.HOLD, kw_only=True)
    numbering: Numbering = field(default=Numbering.ACCOUNT, kw_only=True)
    credit_numbers_from: int | None = field(default=None, kw_only=True)
    currency: CurrencyChoice = field(default=CurrencyChoice.BASE, kw_only=True)
    time_zone: str = field(default="Europe/London", kw_only=True)
    unknown_sku: UnknownSku = field(default=UnknownSku.LINE, kw_only=True)
    stock_baseline: bool = field(default=False, kw_only=True)
    adjustments: Adjustments = field(default=Adjustments.HOLD, kw_only=True)
    foreign_vat: ForeignVat = field(default=ForeignVat.HOLD, kw_only=True)
    flat_rate: Decimal | None = field(default=None, kw_only=True)
    exempt_tax_classes: tuple[str, ...] = field(default=(), kw_only=True)
    margin_tax_classes: tuple[str, ...] = field(default=(), kw_only=True)
    guests: GuestAccounts = field(default=GuestAccounts.PER_EMAIL, kw_only=True)
    match_customers_by: tuple[str, ...] = field(default=("email",), kw_only=True)
    nominals: Nominals = field(factory=Nominals, kw_only=True)
    nominals_by_tax_class: Mapping[str, int] = field(factory=dict, kw_only=True)
    nominals_by_attribute: Mapping[str, Mapping[str, int]] = field(factory=dict, kw_only=True)
    payments: Mapping[str, PaymentRule] = field(factory=dict, kw_only=True)
    credits: Mapping[str, PaymentRule] = field(factory=dict, kw_only=True)
    statuses: Mapping[str, OrderOutcome] = field(factory=dict, kw_only=True)
    totals: Mapping[str, TotalKind] = field(factory=dict, kw_only=True)
    stacked_taxes: StackedTaxes = field(default=StackedTaxes.HOLD, kw_only=True)
    terms: Terms = field(default=Terms.POLICY, kw_only=True)
    payment_days: int = field(default=0, kw_only=True)
    credit_control: bool = field(default=False, kw_only=True)
    test_orders: TestOrders = field(factory=TestOrders, kw_only=True)
    limits: Limits = field(factory=Limits, kw_only=True)
    store: Mapping[str, Mapping[str, object]] = field(factory=dict, kw_only=True)

    @property
    def asks_products(self) -> bool:
        """Tell whether an answer hangs on what the shop's product is (tax class, attributes)."""
        return bool(
            self.exempt_tax_classes
            or self.margin_tax_classes
            or self.nominals_by_tax_class
            or self.nominals_by_attribute
        )

    def for_store(self, store: str) -> Policy:
        """This policy with the answers that one store view (by code or id) has of its own."""
        own = self.store.get(store)
        return evolve(self, store={}, **own) if own else self  # type: ignore[arg-type]
