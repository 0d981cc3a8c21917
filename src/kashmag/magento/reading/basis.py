"""What reading must be told beside the documents, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from zoneinfo import ZoneInfo

from attrs import field, frozen

from kashmag.accounting.money import Money
from kashmag.accounting.payment import Credit, Payment
from kashmag.accounting.problems import Holds, Problem
from kashmag.accounting.refund import Refund
from kashmag.accounting.sale import Sale


class CurrencyBasis(Enum):
    """Which of Magento's two sets of figures is read; they round apart and never mix."""

    BASE = "base"
    ORDER = "order"


class StackedTaxes(Enum):
    """What becomes of a row that carries two taxes: KashFlow has one percentage per line."""

    HOLD = "hold"
    COMBINE = "combine"  # one line at the sum of the percentages, as Magento's own `tax_percent`


class TotalKind(Enum):
    """What a total is that Magento itself does not know, by the name of its field."""

    FEE = "fee"
    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"
    REWARD_POINTS = "reward_points"
    IGNORED = "ignored"


def _known_zone(_: Basis, __: object, name: str) -> None:
    ZoneInfo(name)


@frozen
class Basis:
    """How documents are read: whose currency, whose days, and what strange totals are.

    `totals` says what a total of an extension is, by the name of its field in order currency
    (`{"cod_fee": TotalKind.FEE}`); without it a total is read only where the document names it
    and the sums prove it.
    """

    currency: CurrencyBasis = CurrencyBasis.BASE
    time_zone: str = field(default="Europe/London", kw_only=True, validator=_known_zone)
    totals: Mapping[str, TotalKind] = field(factory=dict, kw_only=True)
    stacked_taxes: StackedTaxes = field(default=StackedTaxes.HOLD, kw_only=True)


@frozen
class Unread:
    """A document whose lines could not be read: what its own totals and its money tell of it.

    Nothing is posted by it; it shows what is there. `source_id`, day and figures are a credit
    memo's, whose payments are negative; of the order itself only its money is told.
    """

    number: str
    source_id: str = ""
    net: Money | None = field(default=None, kw_only=True)
    vat: Money | None = field(default=None, kw_only=True)
    dated_on: date | None = field(default=None, kw_only=True)
    payments: tuple[Payment, ...] = field(default=(), kw_only=True)
    credits: tuple[Credit, ...] = field(default=(), kw_only=True)


@frozen
class Reading:
    """What one order, its invoices and its credit memos mean for the accounts.

    Without a sale either a problem says what could not be read, or `is_void` says that nothing is
    owed (cancelled before anything was invoiced). `unread` is what is known of the order, and of
    its memos, all the same. `invoiced_on` is the day of the first Magento invoice.
    """

    sale: Sale | None = None
    payments: tuple[Payment, ...] = field(default=(), kw_only=True)
    refunds: tuple[Refund, ...] = field(default=(), kw_only=True)
    problems: tuple[Problem, ...] = field(default=(), kw_only=True)
    unread: tuple[Unread, ...] = field(default=(), kw_only=True)
    is_void: bool = field(default=False, kw_only=True)
    invoiced_on: date | None = field(default=None, kw_only=True)

    @property
    def is_held(self) -> bool:
        """Tell whether one of the problems forbids posting."""
        return any(problem.holds is Holds.PLAN for problem in self.problems)
