"""Money back: what Magento calls a credit memo, with its own figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from attrs import field, frozen

from kashmag.accounting.money import Money, total_of
from kashmag.accounting.payment import Credit
from kashmag.accounting.sale import SaleLine, check_document
from kashmag.accounting.vat import VatTotal, by_rate


@frozen
class Refund:
    """What was taken back or allowed, in the sale's currency; positive amounts are given back.

    `gross` is what the lines come to. `credits` went to gift cards or store credit; what is left
    is `returned`, in money. `adjustment` is the part without lines or VAT of its own in the
    memo (positive adjustment less fee); how it carries VAT is policy, so it is not in `lines`
    until the planner has decided.
    """

    source_id: str
    number: str
    lines: tuple[SaleLine, ...] = field(kw_only=True)
    gross: Money = field(kw_only=True)
    refunded_on: date = field(kw_only=True)
    adjustment: Money | None = field(default=None, kw_only=True)
    credits: tuple[Credit, ...] = field(default=(), kw_only=True)
    exchange_rate: Decimal = field(default=Decimal(1), kw_only=True)
    transaction_id: str = field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        lines_gross = self.gross - (self.adjustment or Money.zero(self.gross.currency))
        check_document(self.number, self.lines, lines_gross)

    @property
    def currency(self) -> str:
        """The one currency of all amounts."""
        return self.gross.currency

    @property
    def by_rate(self) -> tuple[VatTotal, ...]:
        """Net and VAT per percentage of the lines, highest first."""
        return by_rate(self.lines)

    @property
    def returned(self) -> Money:
        """What went back in money, after credits."""
        return self.gross - total_of((credit.amount for credit in self.credits), self.currency)
