"""Payments: the paid Magento invoices of an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kashmag.accounting.money import Money, round_money, spread, total_of
from kashmag.accounting.payment import Payment
from kashmag.accounting.problems import Problem
from kashmag.magento.reading import problems
from kashmag.magento.reading.figures import C, DocumentFigures

_PAID = 2
_CANCELED = 3


def day_of(moment: datetime, time_zone: str) -> date:
    """The day that the shop's calendar showed; Magento's times are UTC."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def invoiced_on(invoices: Sequence[DocumentFigures[C]], time_zone: str) -> date | None:
    """The day of the first Magento invoice, paid or not; a cancelled one counts for nothing."""
    days = (
        day_of(one.created_at, time_zone)
        for one in invoices
        if one.state != _CANCELED and one.created_at is not None
    )
    return min(days, default=None)


def read_payments(
    invoices: Sequence[DocumentFigures[C]], owed: Money, *, number: str, method: str, time_zone: str
) -> tuple[tuple[Payment, ...], tuple[Problem, ...]]:
    """What was paid for order `number`, invoice by invoice.

    The key is the transaction's id (with the invoice's number for a second invoice of it), or for
    offline methods the invoice's number.
    """
    paid = [
        one
        for one in sorted(invoices, key=lambda one: one.entity_id)
        if one.state == _PAID and one.grand_total
    ]
    dated = [one for one in paid if one.created_at is not None]
    undated = [one for one in paid if one.created_at is None]
    amounts = _amounts(paid, owed)
    keys = _keys(paid)
    payments = tuple(
        Payment(
            keys[one.entity_id],
            method,
            amount=amounts[one.entity_id],
            paid_on=day_of(one.created_at, time_zone),
            transaction_id=one.transaction_id,
            invoice_number=one.number,
        )
        for one in dated
        if one.created_at is not None and amounts[one.entity_id]
    )
    found = [problems.payment_undated(one.number) for one in undated]
    total = total_of(amounts.values(), owed.currency)
    if total > owed and total.amount > 0:
        found.append(problems.paid_above_owed(number, total, owed))
    return payments, tuple(found)


def _keys(paid: Sequence[DocumentFigures[C]]) -> dict[int, str]:
    """The key of each; that of an earlier invoice stays what it was when a later one comes."""
    keys: dict[int, str] = {}
    for one in paid:
        own = one.transaction_id or one.number
        keys[one.entity_id] = f"{own}/{one.number}" if own in keys.values() else own
    return keys


def _amounts(paid: Sequence[DocumentFigures[C]], owed: Money) -> dict[int, Money]:
    """Each invoice's total in pence; where they are rounded apart from what is owed, together."""
    exact = [one.grand_total.value for one in paid if one.grand_total is not None]
    single = [round_money(value, owed.currency) for value in exact]
    whole = round_money(sum(exact, owed.amount * 0), owed.currency)
    if whole == owed and total_of(single, owed.currency) != owed:
        single = list(spread(owed, exact))
    return {one.entity_id: amount for one, amount in zip(paid, single, strict=True)}
