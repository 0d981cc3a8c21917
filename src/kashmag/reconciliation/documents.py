"""The two sides of the comparison, and what the logbook remembers between them; values only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from attrs import field, frozen

from kashmag.plans.acceptances import Acceptance
from kashmag.plans.keys import document_of
from kashmag.reconciliation.figures import (
    NOTHING,
    ROUNDING,
    UNKNOWN,
    ZERO,
    Bands,
    Figures,
    sum_of,
)

# Money that a reversal returns says in its note whence: `moved:1000:TOKEN`.
MOVED: Final = "moved"
# What alone holds an order from before `go_live`, about which nobody has decided yet.
BEFORE_GO_LIVE: Final = ("before_go_live",)


class DocumentKind(Enum):
    """An invoice, or the credit note of a refund."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Standing(Enum):
    """What the shop's document is to become, by the rules of today."""

    DUE = "due"
    HELD = "held"
    SKIPPED = "skipped"
    WAITING = "waiting"  # no sale yet: a new or unpaid order
    VOID = "void"  # cancelled: nothing is owed on it


class PaymentStanding(Enum):
    """What is to become of money that the shop received or gave back."""

    POST = "post"
    LEAVE = "leave"  # the account imports it itself
    MATCH = "match"  # as above, and it is missed when it does not come
    HELD = "held"


@frozen
class ShopPayment:
    """Money as the shop tells it; negative when it was given back.

    `token` stands in the note of the payment line and finds it again. `method` is the shop's
    code; `kashflow_method` and `bank_account` are where the policy sends it. `paid_on` is the
    shop's day, `post_on` the day that the policy gives the payment line where that is another.
    `within_days` is how far from the shop's day an import of the account may be dated, and how
    long it is awaited. `told` is what a plan says against it, as pairs of code and sentence.
    """

    token: str
    amount: Decimal
    method: str = field(kw_only=True)
    paid_on: date = field(kw_only=True)
    post_on: date | None = field(default=None, kw_only=True)
    standing: PaymentStanding = field(default=PaymentStanding.POST, kw_only=True)
    kashflow_method: int | None = field(default=None, kw_only=True)
    bank_account: int | None = field(default=None, kw_only=True)
    reason: str = field(default="", kw_only=True)
    within_days: int | None = field(default=None, kw_only=True)
    told: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)


@frozen
class ShopDocument:
    """A sale or a refund as the shop tells it; a credit note's figures are negative.

    `dated_on` is the day of the shop, `issue_on` the day that the policy gives its KashFlow
    document. `bands` are the proved figures by VAT rate. `rounding` is what the shop's own
    totals say beyond them (Magento rounds totals and rates apart), always without gross.
    `buyer_names` are names and codes by which an invoice typed by hand may call the buyer.
    `accepted` says why its KashFlow document is right as it is, though it says something else;
    `withdrawn` is what a plan says where it is posted, and cancelled since. `former_customers` are
    codes that the account does not have any more: who had one was renamed or merged.
    """

    key: str
    kind: DocumentKind = field(kw_only=True)
    number: str = field(kw_only=True)
    order: str = field(kw_only=True)
    reference: str = field(kw_only=True)
    store: str = field(default="", kw_only=True)
    dated_on: date = field(kw_only=True)
    issue_on: date = field(kw_only=True)
    currency: str = field(default="GBP", kw_only=True)
    exchange_rate: Decimal = field(default=Decimal(1), kw_only=True)
    bands: Bands = field(kw_only=True)
    rounding: Figures = field(default=NOTHING, kw_only=True)
    payments: tuple[ShopPayment, ...] = field(default=(), kw_only=True)
    standing: Standing = field(default=Standing.DUE, kw_only=True)
    reason: str = field(default="", kw_only=True)
    accepted: str = field(default="", kw_only=True)
    withdrawn: str = field(default="", kw_only=True)
    codes: tuple[str, ...] = field(default=(), kw_only=True)
    former_customers: tuple[str, ...] = field(default=(), kw_only=True)
    buyer_names: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def figures(self) -> Figures:
        """Net and VAT as the rates say them."""
        return sum_of(self.bands.values())

    @property
    def order_key(self) -> str:
        """The key of the order's sale: its own, or that of the sale that a memo refunds."""
        return f"{document_of(self.key)}:invoice"

    @property
    def headline(self) -> Figures:
        """Net and VAT as the shop's own totals say them."""
        return self.figures + self.rounding

    @property
    def headline_bands(self) -> Bands:
        """The bands with the shop's rounding as one of its own."""
        return {**self.bands, ROUNDING: self.rounding} if self.rounding else self.bands

    @property
    def is_unread(self) -> bool:
        """Tell that its lines could not be read: only its own totals are known."""
        return self.bands.keys() == {UNKNOWN}

    @property
    def is_owed(self) -> bool:
        """Tell whether it counts as a sale or refund of the shop."""
        return self.standing not in (Standing.WAITING, Standing.VOID)


@frozen
class AccountPayment:
    """A payment line of the account."""

    amount: Decimal
    id: int | None = None
    paid_on: date | None = field(default=None, kw_only=True)
    note: str = field(default="", kw_only=True)
    method: int | None = field(default=None, kw_only=True)
    bank_account: int | None = field(default=None, kw_only=True)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words of the note; one of them may be a token of ours."""
        return tuple(self.note.split())

    @property
    def place(self) -> tuple[int | None, int | None]:
        """By which method, and on which bank account."""
        return self.method, self.bank_account

    @property
    def mark(self) -> str:
        """The word by which a reversal names it: the last of its note, or its own number."""
        return self.tokens[-1] if self.tokens else str(self.id or "")

    @property
    def returns(self) -> str:
        """The mark of the payment that it takes off a reversed invoice; empty for all others."""
        last = self.tokens[-1] if self.tokens else ""
        word, _, rest = last.partition(":")
        return rest.partition(":")[2] if word == MOVED else ""


@frozen
class Particulars:
    """What a document says beside its figures and its day; None where it is not told.

    `customer` is a code, `nominals` are the net amounts by nominal code, `exempt` is the net that
    is marked exempt, at whatever rate.
    """

    customer: str | None = field(default=None, kw_only=True)
    due_on: date | None = field(default=None, kw_only=True)
    nominals: Mapping[int, Decimal] | None = field(default=None, kw_only=True)
    exempt: Decimal | None = field(default=None, kw_only=True)


UNTOLD: Final = Particulars()


@frozen
class AccountDocument:
    """An invoice or credit note of the account.

    `issued_on` is its date, `made_on` the day on which it was made. `is_foreign` tells that its
    `currency` is not the account's own. `texts` are everything that a
    person may have written an order number into. `left` is the rule by which it is not of the shop.
    """

    number: int
    reference: str = ""
    issued_on: date | None = field(default=None, kw_only=True)
    made_on: date | None = field(default=None, kw_only=True)
    currency: str = field(default="GBP", kw_only=True)
    is_foreign: bool = field(default=False, kw_only=True)
    exchange_rate: Decimal = field(default=Decimal(1), kw_only=True)
    bands: Bands = field(kw_only=True)
    payments: tuple[AccountPayment, ...] = field(default=(), kw_only=True)
    customer_names: tuple[str, ...] = field(default=(), kw_only=True)
    texts: tuple[str, ...] = field(default=(), kw_only=True)
    left: str = field(default="", kw_only=True)
    particulars: Particulars = field(default=UNTOLD, kw_only=True)
    is_archived: bool = field(default=False, kw_only=True)
    is_deleted: bool = field(default=False, kw_only=True)
    is_in_vat_return: bool = field(default=False, kw_only=True)

    @property
    def figures(self) -> Figures:
        """Net and VAT of its lines."""
        return sum_of(self.bands.values())

    @property
    def paid(self) -> Decimal:
        """What its payment lines come to."""
        return sum((payment.amount for payment in self.payments), ZERO)


@frozen
class Agreed:
    """What was posted, as the logbook keeps it: both sides agreed on it then.

    Of an invoice that was adopted nothing is known but its number. `currency` is empty where it
    was posted in the account's own.
    """

    number: int | None
    reference: str = field(default="", kw_only=True)
    issued_on: date | None = field(default=None, kw_only=True)
    currency: str = field(default="", kw_only=True)
    bands: Bands | None = field(default=None, kw_only=True)
    payments: tuple[AccountPayment, ...] = field(default=(), kw_only=True)
    particulars: Particulars = field(default=UNTOLD, kw_only=True)

    @property
    def payment_dates(self) -> Mapping[str, date]:
        """The day of each posted payment, by its token."""
        return {one.mark: one.paid_on for one in self.payments if one.paid_on is not None}


@frozen
class Remembered:
    """What the logbook knows of one deed; `outcome` is posted, held, skipped, failed or empty.

    `is_decided` tells that a person skipped it; other skips last only as long as their cause.
    `not_imported` has the tokens of money that was looked for on the document and not found,
    `awaited` until when it is awaited, where that day is still to come.
    `dispute` says in what the posted document was found to differ when it was read back.
    `accepted`, with an order's sale, is what a person said of the order to be right as it is.
    """

    outcome: str = ""
    reason: str = ""
    codes: tuple[str, ...] = field(default=(), kw_only=True)
    agreed: Agreed | None = field(default=None, kw_only=True)
    is_decided: bool = field(default=False, kw_only=True)
    not_imported: frozenset[str] = field(default=frozenset(), kw_only=True)
    awaited: Mapping[str, date] = field(factory=dict, kw_only=True)
    dispute: str = field(default="", kw_only=True)
    accepted: tuple[Acceptance, ...] = field(default=(), kw_only=True)


Memory = Mapping[str, Remembered]
