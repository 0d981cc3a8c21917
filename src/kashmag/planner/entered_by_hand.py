"""Money that a person has entered on a posted document: never entered a second time.

Pure. A payment line without a token of ours may be any of the order's payments: as long as one of
the same amount stands there unexplained, kashmag adds no payment of that amount. What explains a
line is money that the account imports itself, or a payment that was entered by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final, TypeAlias

from attrs import frozen

from kashmag import kashflow
from kashmag.accounting import Payment
from kashmag.planner.findings import Findings, stated, troubled
from kashmag.planner.matching import Window, pair_up
from kashmag.plans.payment_problems import Named, entered_by_hand

Lines: TypeAlias = Mapping[str, kashflow.PaymentLine]
_BY_HAND: Final = "entered by hand"


@frozen
class Shown:
    """A posted document with the money on it; `is_adopted` where a person said whose it is."""

    invoice: kashflow.Invoice
    is_adopted: bool = False


def untokened(
    shown: Shown | None, *, ours: Collection[str], imported: Sequence[Payment], window: Window
) -> tuple[kashflow.PaymentLine, ...]:
    """The lines that carry no token of `ours` and are no import of this money, either."""
    if shown is None:
        return ()
    lines = [
        one for one in shown.invoice.payment_lines if not set(ours) & set((one.note or "").split())
    ]
    explained = pair_up(imported, lines, window).values()
    return tuple(one for one in lines if all(one is not other for other in explained))


def by_hand(payments: Sequence[Payment], lines: Sequence[kashflow.PaymentLine]) -> Lines:
    """Which line each payment perhaps is, by its token: of its amount, the nearest in days."""
    left, found = list(lines), dict[str, kashflow.PaymentLine]()
    for payment in sorted(payments, key=lambda one: (one.paid_on, one.key)):
        alike = [one for one in left if one.amount == payment.amount.amount]
        line = min(alike, key=lambda one: (_distance(payment, one), one.id), default=None)
        if line is not None:
            found[payment.key] = line
            left = [one for one in left if one is not line]
    return found


def told_by_hand(named: Named, line: kashflow.PaymentLine, shown: Shown) -> Findings:
    """What is said of a payment that stands there already: on an adopted document, that it is it.

    Who adopts a document adopts it with the money that is on it.
    """
    if not shown.is_adopted:
        return troubled(entered_by_hand(named, line, shown.invoice.number))
    when = f" of {line.date}" if line.date else ""
    because = f"invoice {shown.invoice.number} was adopted with it"
    return stated(f"payment {named.token}", f"{_BY_HAND}{when}", because=because, rule="person")


def _distance(payment: Payment, line: kashflow.PaymentLine) -> timedelta:
    return abs(line.date - payment.paid_on) if line.date else timedelta.max
