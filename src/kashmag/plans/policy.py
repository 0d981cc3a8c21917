"""Policy: the bookkeeper's settled answers, as one frozen value. Where they come from: `settings`.

Every field has the default that the documentation states. `Policy.for_store` gives the policy of
one store view: its own answers over the common ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Final

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


class BeforeGoLive(Enum):
    """What becomes of an order from before `go_live` to which something happened since."""

    HOLD = "hold"
    SKIP = "skip"
    POST = "post"


class IssueDate(Enum):
    """Which day dates an order's invoice: the order's, or that of its first Magento invoice."""

    ORDER = "order"
    INVOICE = "invoice"


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


class Notes(Enum):
    """What becomes of the note that a buyer wrote with the order."""

    NONE = "none"
    INVOICE = "invoice"  # a note on the invoice, for the bookkeeper


class GuestAccounts(Enum):
    """Whose KashFlow customer a guest's orders go to."""

    PER_EMAIL = "per_email"
    PER_STORE = "per_store"


class Lookalikes(Enum):
    """What becomes of an order beside an invoice, typed by hand, that looks like it."""

    HOLD = "hold"
    POST = "post"


class OrderOutcome(Enum):
    """What an order's state means for its invoice."""

    WAIT = "wait"
    UNPAID = "unpaid"
    PAID = "paid"
    VOID = "void"


class OnDrift(Enum):
    """What the policy does about a posted document and its source that have come apart."""

    HOLD = "hold"
    CREDIT = "credit"
    CREDIT_AND_REISSUE = "credit_and_reissue"
    POST_ANEW = "post_anew"
    ACCEPT = "accept"


class PaymentAction(Enum):
    """`POST` a payment line, `MATCH` it with the account's own import, or `LEAVE` it alone."""

    POST = "post"
    MATCH = "match"  # never posted; looked for on the invoice, and missed when it does not come
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


# The groups of a customer's fields that may go back to the shop. An e-mail never does.
WRITE_BACK: Final = ("name", "telephone", "address", "vat_number")


@frozen
class CustomerPolicy:
    """What becomes of customers as master data.

    `write_back` names the groups of fields (`WRITE_BACK`) that go back to the shop where the
    bookkeeper alone has changed them.
    """

    write_back: tuple[str, ...] = ()


@frozen
class Limits:
    """The most that one run may change before a person must say so."""

    documents: int | None = None
    money: Decimal | None = field(default=None, kw_only=True)


@frozen
class DriftRules:
    """What is done, without asking a person, when shop and account have come apart.

    Which of the two changed is known from what was posted; where that is not certain, a person
    is asked whatever stands here.
    """

    changed_in_shop: OnDrift = OnDrift.HOLD
    changed_in_kashflow: OnDrift = field(default=OnDrift.HOLD, kw_only=True)
    cancelled: OnDrift = field(default=OnDrift.HOLD, kw_only=True)
    deleted_in_kashflow: OnDrift = field(default=OnDrift.HOLD, kw_only=True)


@frozen
class TestOrders:
    """Orders that are nobody's purchase, by rule."""

    __test__ = False  # the name is no test class of pytest's

    email_domains: tuple[str, ...] = ()
    customer_groups: tuple[str, ...] = field(default=(), kw_only=True)
    zero_total: bool = field(default=False, kw_only=True)


@frozen
class NotOfTheShop:
    """Invoices of the account that were made for something else than the shop's orders.

    By their customer's code, by the first letters of their reference, or by their number.
    """

    customers: tuple[str, ...] = ()
    references: tuple[str, ...] = field(default=(), kw_only=True)
    invoices: tuple[int, ...] = field(default=(), kw_only=True)


@frozen
class Policy:
    """The settled answers of one environment."""

    shop: str = "M"
    go_live: date | None = field(default=None, kw_only=True)
    before_go_live: BeforeGoLive = field(default=BeforeGoLive.HOLD, kw_only=True)
    issue_date: IssueDate = field(default=IssueDate.ORDER, kw_only=True)
    books_closed_until: date | None = field(default=None, kw_only=True)
    vat_returns_filed_until: date | None = field(default=None, kw_only=True)
    closed_period: ClosedPeriod = field(default=ClosedPeriod.HOLD, kw_only=True)
    locked_bank: ClosedPeriod = field(default=ClosedPeriod.HOLD, kw_only=True)
    numbering: Numbering = field(default=Numbering.ACCOUNT, kw_only=True)
    credit_numbers_from: int | None = field(default=None, kw_only=True)
    further_numbers_from: int | None = field(default=None, kw_only=True)
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
    customers: CustomerPolicy = field(factory=CustomerPolicy, kw_only=True)
    nominals: Nominals = field(factory=Nominals, kw_only=True)
    nominals_by_tax_class: Mapping[str, int] = field(factory=dict, kw_only=True)
    nominals_by_attribute: Mapping[str, Mapping[str, int]] = field(factory=dict, kw_only=True)
    payments: Mapping[str, PaymentRule] = field(factory=dict, kw_only=True)
    match_within_days: int = field(default=7, kw_only=True)
    credits: Mapping[str, PaymentRule] = field(factory=dict, kw_only=True)
    statuses: Mapping[str, OrderOutcome] = field(factory=dict, kw_only=True)
    totals: Mapping[str, TotalKind] = field(factory=dict, kw_only=True)
    stacked_taxes: StackedTaxes = field(default=StackedTaxes.HOLD, kw_only=True)
    terms: Terms = field(default=Terms.POLICY, kw_only=True)
    payment_days: int = field(default=0, kw_only=True)
    credit_control: bool = field(default=False, kw_only=True)
    notes: Notes = field(default=Notes.NONE, kw_only=True)
    test_orders: TestOrders = field(factory=TestOrders, kw_only=True)
    lookalikes: Lookalikes = field(default=Lookalikes.HOLD, kw_only=True)
    not_of_the_shop: NotOfTheShop = field(factory=NotOfTheShop, kw_only=True)
    limits: Limits = field(factory=Limits, kw_only=True)
    drift: DriftRules = field(factory=DriftRules, kw_only=True)
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

    @cached_property
    def digest(self) -> str:
        """Sixteen characters that tell this policy from any other."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def for_store(self, store: str) -> Policy:
        """This policy with the answers that one store view (by code or id) has of its own."""
        own = self.store.get(store)
        return evolve(self, store={}, **own) if own else self  # type: ignore[arg-type]
