"""Money that the account imports itself: each payment beside a line of its own invoice.

Nothing is ever posted here. A payment is matched with a line of exactly its amount and a near
date, each line once; what is not there yet is awaited for some days, then a person must look.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from attrs import frozen

from kashmag import kashflow
from kashmag.accounting import Payment, Problem
from kashmag.planner.findings import Findings, noted, troubled
from kashmag.plans.decisions import Decision
from kashmag.plans.import_problems import payment_awaited, payment_differs, payment_not_imported
from kashmag.plans.policy import PaymentRule

AWAITED: Final = "awaited from the account's own import"


@frozen
class Expected:
    """A payment that the account's own import brings, who says so, and for which order and memo."""

    payment: Payment
    decision: Decision[PaymentRule]
    order: str
    memo: str = ""


@frozen
class Window:
    """How many days a line may be dated from its payment, and which day it is."""

    days: int
    today: date

    def holds(self, payment: Payment, line: kashflow.PaymentLine) -> bool:
        """Tell that a line is near enough; the day of one without date is nobody's affair."""
        return line.date is None or abs(line.date - payment.paid_on) <= timedelta(days=self.days)


def awaited(expected: Expected, window: Window) -> Findings:
    """What is said of a payment whose invoice is only about to be posted."""
    payment = expected.payment
    until = max(payment.paid_on, window.today) + timedelta(days=window.days)
    return noted(f"payment {payment.key}", AWAITED, expected.decision) + troubled(
        payment_awaited(payment, expected.order, until, memo=expected.memo)
    )


def match_imports(
    expected: Sequence[Expected],
    invoice: kashflow.Invoice,
    *,
    ours: Collection[str],
    window: Window,
) -> Findings:
    """What became of these payments on their invoice; `ours` are tokens of money we post there."""
    lines = [one for one in invoice.payment_lines if not set(ours) & set(_words(one))]
    pairs = pair_up([one.payment for one in expected], lines, window)
    findings, left = Findings(), [one for one in lines if all(one is not p for p in pairs.values())]
    for one in sorted(expected, key=_in_order):
        line = pairs.get(one.payment.key)
        if line is None:
            line = _other_line(one.payment, left)
            if line is not None:
                left.remove(line)
                findings += troubled(_differs(one, line, invoice, window))
            else:
                findings += _absent(one, invoice, window)
        elif line.amount != one.payment.amount.amount:
            findings += troubled(_differs(one, line, invoice, window))
        else:
            when = f" of {line.date}" if line.date else ""
            answer = f"matched with the account's own import{when}"
            findings += noted(f"payment {one.payment.key}", answer, one.decision)
    return findings


def pair_up(
    payments: Sequence[Payment], lines: Sequence[kashflow.PaymentLine], window: Window
) -> dict[str, kashflow.PaymentLine]:
    """Lines by the key of their payment: by its token, else by amount and day; each line once.

    As many payments find a line as can: all windows are equally long, so the earliest line that
    is left for the earliest payment is never a loss to a later one.
    """
    left = sorted(lines, key=lambda one: (one.date is None, one.date or date.min))
    found: dict[str, kashflow.PaymentLine] = {}
    ordered = sorted(payments, key=lambda one: (one.paid_on, one.key))
    for fits in (_has_token, partial(_is_alike, window=window)):
        for payment in (one for one in ordered if one.key not in found):
            line = next((one for one in left if fits(payment, one)), None)
            if line is not None:
                found[payment.key] = line
                left = [one for one in left if one is not line]
    return found


def _has_token(payment: Payment, line: kashflow.PaymentLine) -> bool:
    return payment.key in _words(line)


def _is_alike(payment: Payment, line: kashflow.PaymentLine, *, window: Window) -> bool:
    return line.amount == payment.amount.amount and window.holds(payment, line)


def _absent(expected: Expected, invoice: kashflow.Invoice, window: Window) -> Findings:
    payment = expected.payment
    # An import cannot find an invoice before there is one.
    since = max(payment.paid_on, invoice.created_date or payment.paid_on)
    until = since + timedelta(days=window.days)
    if window.today <= until:
        answer = f"{AWAITED} until {until}"
        return noted(f"payment {payment.key}", answer, expected.decision) + troubled(
            payment_awaited(
                payment, expected.order, until, invoice=invoice.number, memo=expected.memo
            )
        )
    return troubled(
        payment_not_imported(
            payment, expected.order, invoice.number, days=window.days, memo=expected.memo
        )
    )


def _other_line(
    payment: Payment, left: Sequence[kashflow.PaymentLine]
) -> kashflow.PaymentLine | None:
    """The line that was perhaps meant: of the same sign, the nearest in amount."""
    wanted = payment.amount.amount
    same_way = [one for one in left if one.amount * wanted > 0]
    return min(same_way, key=lambda one: abs(one.amount - wanted), default=None)


def _differs(
    expected: Expected, line: kashflow.PaymentLine, invoice: kashflow.Invoice, window: Window
) -> Problem:
    return payment_differs(
        expected.payment,
        expected.order,
        line,
        invoice.number,
        days=window.days,
        memo=expected.memo,
    )


def _words(line: kashflow.PaymentLine) -> list[str]:
    return (line.note or "").split()


def _in_order(expected: Expected) -> tuple[date, str]:
    return expected.payment.paid_on, expected.payment.key
