"""What can be said of documents that cannot be read: that they are there, and of their money.

What cannot be read is no proof that something is gone: whoever compares what was posted with the
shop must know these as well. What is posted is never made from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from kashmag.accounting.money import round_money
from kashmag.accounting.payment import Payment
from kashmag.accounting.refund import Refund
from kashmag.magento.order_record import Order
from kashmag.magento.reading.basis import Basis, Unread
from kashmag.magento.reading.figures import C, DocumentFigures, Documents
from kashmag.magento.reading.payments import day_of, read_payments
from kashmag.magento.reading.sales import read_credits

_REFUNDED: Final = 2  # a credit memo's state


def unread_order(order: Order, told: Documents[C], basis: Basis) -> tuple[Unread, ...]:
    """The money of an order whose lines could not be read, and its credit memos."""
    currency = told.order.currency
    if not currency:
        return ()
    exact = (one.grand_total.value for one in told.invoices if one.grand_total is not None)
    method = (order.payment.method or "") if order.payment else ""
    payments, _ = read_payments(
        told.invoices,
        round_money(sum(exact, Decimal(0)), currency),
        number=told.order.number,
        method=method,
        time_zone=basis.time_zone,
    )
    used = read_credits(told.order.credits, currency)
    own = Unread(told.order.number, payments=payments, credits=used)
    return (own, *unread_memos(told, (), method, basis))


def unread_memos(
    told: Documents[C], refunds: Sequence[Refund], method: str, basis: Basis
) -> tuple[Unread, ...]:
    """The memos that gave something back and became no refund."""
    known = {one.source_id for one in refunds}
    return tuple(
        found
        for memo in told.memos
        if memo.state in {None, _REFUNDED} and str(memo.entity_id) not in known
        for found in _memo(memo, method, basis)
    )


def _memo(memo: DocumentFigures[C], method: str, basis: Basis) -> Iterator[Unread]:
    if memo.grand_total is None or memo.created_at is None:
        return
    returned = round_money(memo.grand_total.value, memo.currency)
    vat = round_money(memo.tax.value, memo.currency)
    given = read_credits(memo.credits, memo.currency)
    gross = sum((one.amount for one in given), returned)
    day = day_of(memo.created_at, basis.time_zone)
    payment = Payment(
        memo.transaction_id or memo.number,
        method,
        amount=-returned,
        paid_on=day,
        transaction_id=memo.transaction_id,
        invoice_number=memo.number,
    )
    yield Unread(
        memo.number,
        str(memo.entity_id),
        net=gross - vat,
        vat=vat,
        dated_on=day,
        payments=(payment,) if returned else (),
        credits=given,
    )
