"""Why two sides differ: a closed list of causes, and one difference as a value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from kashmag.reconciliation.figures import NOTHING, ZERO, Counted, Figures


class Cause(Enum):
    """Why a document or payment is not the same on both sides."""

    NOT_POSTED = "not posted yet"
    HELD = "held"
    SKIPPED = "skipped"
    CHANGED_IN_SHOP = "changed in the shop"
    CHANGED_IN_KASHFLOW = "changed in KashFlow"
    DIFFERENT = "different, and nothing tells which side changed"
    ACCEPTED = "accepted as it is"
    DELETED = "deleted in KashFlow"
    TYPED_BY_HAND = "typed by hand"
    NOT_OF_THE_SHOP = "not of the shop"
    DOUBLE = "double"
    WRONG_DATE = "wrong date"
    MOVED_DATE = "dated to the first open day"
    REVERSED = "reversed"
    REISSUED = "posted again"
    WRONG_RATE = "wrong rate"
    EXEMPTION = "zero-rated or exempt"
    NOMINAL = "nominal changed"
    CUSTOMER = "moved to another customer"
    REFERENCE = "reference edited"
    DUE_DATE = "due date changed"
    ARCHIVED = "archived"
    IMPORT_AWAITED = "import awaited"
    IMPORT_DATED = "imported on another day"
    OTHER_AMOUNT = "payment of another amount"
    PAYMENT_MISSING = "payment missing"
    PAYMENT_ELSEWHERE = "payment elsewhere"
    ROUNDING = "rounding in the shop"


# What is explained by policy, by a person or by the shop itself, and asks nobody to do anything.
EXPLAINED = frozenset(
    {
        Cause.SKIPPED,
        Cause.ACCEPTED,
        Cause.NOT_OF_THE_SHOP,
        Cause.MOVED_DATE,
        Cause.REVERSED,
        Cause.REISSUED,
        Cause.ROUNDING,
        Cause.IMPORT_AWAITED,
        Cause.IMPORT_DATED,
        Cause.DUE_DATE,
        Cause.ARCHIVED,
    }
)


@frozen
class Difference:
    """One difference: its cause, whose it is, and by how much the account differs from the shop.

    `delta` is net and VAT, and `paid` money, of the account less those of the shop, as far as
    they fall into the period. Two currencies never add: what was moved from one to another is a
    difference in each, and `is_other_side` marks the second, about which nobody is asked again.
    """

    cause: Cause
    message: str
    key: str = field(default="", kw_only=True)
    order: str = field(default="", kw_only=True)
    number: str = field(default="", kw_only=True)
    invoice_number: int | None = field(default=None, kw_only=True)
    day: date | None = field(default=None, kw_only=True)
    currency: str = field(default="GBP", kw_only=True)
    delta: Figures = field(default=NOTHING, kw_only=True)
    paid: Decimal = field(default=ZERO, kw_only=True)
    is_payment: bool = field(default=False, kw_only=True)
    is_other_side: bool = field(default=False, kw_only=True)

    @property
    def counted(self) -> Counted:
        """Figures and money together."""
        return Counted(self.delta, self.paid)

    @property
    def needs_a_person(self) -> bool:
        """Tell whether anybody has to do something about it."""
        return self.cause not in EXPLAINED and not self.is_other_side
