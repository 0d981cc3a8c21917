"""The money of the shop's documents, and what a plan makes of each payment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import frozen

from kashmag import kashflow
from kashmag.accounting import Holds, Problem, Refund, Sale
from kashmag.magento.reading import Unread
from kashmag.planner.cases import Case
from kashmag.planner.matching import AWAITED
from kashmag.planner.payments import LEFT, credit_payment, refund_payment
from kashmag.plans.plan import Plan
from kashmag.reconciliation.documents import PaymentStanding, ShopPayment

_OF_THE_ACCOUNT: Final = {LEFT: PaymentStanding.LEAVE, AWAITED: PaymentStanding.MATCH}


@frozen
class _Told:
    """What a plan says of money: its posted lines by token, and its other decisions."""

    posted: Mapping[str, kashflow.PaymentDraft]
    decisions: Mapping[str, str]
    problems: tuple[Problem, ...]
    days: int
    memo: str

    def payment(self, token: str, amount: Decimal, method: str, day: date) -> ShopPayment:
        line = self.posted.get(token)
        if line is not None:
            return ShopPayment(
                token,
                amount,
                method=method,
                paid_on=day,
                post_on=line.date,
                kashflow_method=line.method,
                bank_account=line.account_id,
            )
        decided = self.decisions.get(f"payment {token}", "")
        if decided in _OF_THE_ACCOUNT:
            standing = _OF_THE_ACCOUNT[decided]
            return ShopPayment(
                token,
                amount,
                method=method,
                paid_on=day,
                standing=standing,
                within_days=self.days,
            )
        all_held = [p for p in self.problems if p.holds is Holds.PAYMENT]
        own = [p for p in all_held if (p.payment, p.document) == (token, self.memo)]
        held = own or [p for p in all_held if not p.payment]
        return ShopPayment(
            token,
            amount,
            method=method,
            paid_on=day,
            standing=PaymentStanding.HELD,
            reason=" ".join(p.message for p in held),
        )


def _told(case: Case, plan: Plan, draft: kashflow.InvoiceDraft | None, memo: str = "") -> _Told:
    lines = draft.payment_lines if draft else ()
    return _Told(
        {line.note.split()[-1]: line for line in lines if line.note},
        {d.question: d.answer for d in plan.decisions},
        plan.problems,
        case.policy.match_within_days,
        memo,
    )


def sale_payments(
    case: Case, sale: Sale, plan: Plan, draft: kashflow.InvoiceDraft | None
) -> Iterator[ShopPayment]:
    """What was paid for a sale, and the credit that was used on it."""
    told = _told(case, plan, draft)
    used = [credit_payment(one, sale.ordered_on, sale.number) for one in sale.credits]
    for one in (*case.reading.payments, *used):
        yield told.payment(one.key, one.amount.amount, one.method, one.paid_on)


def refund_payments(
    case: Case, sale: Sale, refund: Refund, plan: Plan, draft: kashflow.InvoiceDraft | None
) -> Iterator[ShopPayment]:
    """What a refund gave back, in money and in credit."""
    told = _told(case, plan, draft, refund.number)
    given = [refund_payment(sale, refund)] if refund.returned else []
    for one in given:
        yield told.payment(one.key, one.amount.amount, one.method, one.paid_on)
    for credit in refund.credits:
        one = credit_payment(credit, refund.refunded_on, refund.number)
        yield told.payment(one.key, -one.amount.amount, one.method, one.paid_on)


def unread_payments(case: Case, unread: Unread, plan: Plan, day: date) -> Iterator[ShopPayment]:
    """The money of an order or a memo that could not be read."""
    is_memo = bool(unread.source_id)
    told = _told(case, plan, None, unread.number if is_memo else "")
    for one in unread.payments:
        yield told.payment(one.key, one.amount.amount, one.method, one.paid_on)
    for credit in unread.credits:
        one = credit_payment(credit, unread.dated_on or day, unread.number)
        amount = -one.amount.amount if is_memo else one.amount.amount
        yield told.payment(one.key, amount, one.method, one.paid_on)
