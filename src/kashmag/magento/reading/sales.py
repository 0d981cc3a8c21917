"""An order as a sale: proved lines in whole pence, and who owes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, Generic

from attrs import field, frozen

from kashmag.accounting.money import Money, round_money, total_of
from kashmag.accounting.payment import Credit
from kashmag.accounting.problems import Holds, Problem
from kashmag.accounting.sale import Sale
from kashmag.magento.order_record import Order
from kashmag.magento.reading import discounts, documents, problems, rates
from kashmag.magento.reading.basis import Basis, StackedTaxes
from kashmag.magento.reading.documents import OrderLines
from kashmag.magento.reading.figures import (
    C,
    CreditFigures,
    DocumentFigures,
    Documents,
    ExactLine,
    Figure,
    OrderFigures,
    allowance,
    summed,
)
from kashmag.magento.reading.payments import day_of
from kashmag.magento.reading.pennies import in_pennies
from kashmag.magento.reading.people import read_buyer
from kashmag.magento.reading.proving import prove
from kashmag.magento.reading.rows import money_rows

_CANCELED: Final = 3  # a Magento invoice's or credit memo's state
_PENNY: Final = Decimal("0.01")


@frozen
class Found(Generic[C]):
    """What an order came to: a sale with its exact lines, problems, or neither where it is void."""

    sale: Sale | None = None
    lines: OrderLines[C] | None = field(default=None, kw_only=True)
    problems: tuple[Problem, ...] = field(default=(), kw_only=True)
    is_void: bool = field(default=False, kw_only=True)


@frozen
class _Owed(Generic[C]):
    """Proved lines and what was paid for them: the whole order, or what was not cancelled."""

    lines: tuple[ExactLine[C], ...]
    paid: Figure[C]
    credits: tuple[CreditFigures[C], ...]
    vat_totals: Mapping[Decimal, Figure[C]]


def read_sale(order: Order, told: Documents[C], basis: Basis) -> Found[C]:
    """Read an order; never raises for what is in it."""
    figures = told.order
    lacking = _lacking(order, told)
    if lacking:
        return Found(problems=lacking)
    invoices = [one for one in told.invoices if one.state != _CANCELED]
    if _is_cancelled_whole(order, figures, invoices):
        return Found(is_void=True)
    grand_total = figures.grand_total or summed(())
    if round_money(grand_total.value, figures.currency).amount < 0:
        below = problems.below_nothing(figures.number, grand_total.value, figures.currency)
        return Found(problems=(below, *_said(order, figures, basis)))
    due = grand_total + summed(one.amount for one in figures.credits)
    proof = prove(figures, due)
    if proof.problem:
        return Found(problems=(proof.problem, *_said(order, figures, basis)))
    known = OrderLines(
        {line.key: line for line in proof.lines},
        {row.item_id: row for row in figures.rows},
        figures.discount_label,
    )
    unsure = _doubts(figures, proof.lines)
    if unsure:
        return Found(problems=(*unsure, *_said(order, figures, basis)))
    if _is_cancelled_in_part(figures):
        owed = _not_cancelled(figures, known, invoices)
    else:
        owed = _whole(figures, proof.lines, invoices)
    if isinstance(owed, Problem):
        return Found(problems=(owed, *_said(order, figures, basis)))
    sale = _sale(order, told, owed, basis)
    return Found(sale, lines=known, problems=_said(order, figures, basis))


def _lacking(order: Order, told: Documents[C]) -> tuple[Problem, ...]:
    """What must be in an order before anything can be said of it."""
    figures, found = told.order, []
    if figures.grand_total is None:
        found.append(problems.missing(figures.number, "grand total"))
    if not figures.currency:
        found.append(problems.missing(figures.number, "currency"))
    if order.created_at is None:
        found.append(problems.missing(figures.number, "date"))
    if not figures.rows:
        found.append(problems.missing(figures.number, "rows"))
    if told.exchange_rate is None:
        found.append(problems.missing(figures.number, "exchange rate"))
    for row in money_rows(figures.rows):
        if row.quantity is None:
            found.append(problems.missing(figures.number, "quantity", of=row.key))
        elif row.quantity < 0:
            found.append(problems.negative_quantity(figures.number, row.key, row.quantity))
    return tuple(found)


def _said(order: Order, figures: OrderFigures[C], basis: Basis) -> tuple[Problem, ...]:
    """What is said of an order whether or not its sums hold."""
    found = []
    if not read_buyer(order).email:
        found.append(problems.missing(figures.number, "email"))
    things = rates.stacked(figures)
    if things:
        combined = basis.stacked_taxes is StackedTaxes.COMBINE
        holds = Holds.NOTHING if combined else Holds.PLAN
        found.append(problems.stacked_taxes(figures.number, things, holds=holds))
    return tuple(found)


def _doubts(figures: OrderFigures[C], lines: Sequence[ExactLine[C]]) -> tuple[Problem, ...]:
    """VAT that does not add up, in all or at a percentage, or has no percentage."""
    found = [
        problems.rate_unknown(figures.number, line.description, line.vat.value)
        for line in lines
        if line.rate == rates.UNKNOWN
    ]
    vat = summed(line.vat for line in lines)
    if abs((vat - figures.tax).value) > allowance(len(lines)):
        found.append(
            problems.vat_does_not_meet(
                figures.number, vat.value, figures.tax.value, figures.currency
            )
        )
    elif not found:
        found += [
            problems.rates_do_not_meet(figures.number, rate, ours.value, listed.value)
            for rate, ours, listed in rates.unlike_applied(figures, lines)
        ]
    return tuple(found)


def _is_cancelled_whole(
    order: Order, figures: OrderFigures[C], invoices: Sequence[DocumentFigures[C]]
) -> bool:
    """Cancelled before anything was invoiced; `grand_total` stays in the order (facts)."""
    if order.state != "canceled" or invoices:
        return False
    return not any(row.quantity_invoiced for row in figures.rows) and not figures.total_invoiced


def _is_cancelled_in_part(figures: OrderFigures[C]) -> bool:
    return bool(figures.total_canceled) or any(
        row.quantity_canceled for row in money_rows(figures.rows)
    )


def _whole(
    figures: OrderFigures[C],
    lines: tuple[ExactLine[C], ...],
    invoices: Sequence[DocumentFigures[C]],
) -> _Owed[C] | Problem:
    grand_total = figures.grand_total or summed(())
    paid = figures.amount_ordered
    if paid is None:
        paid = grand_total
    elif abs((paid - grand_total).value) >= _PENNY:
        return problems.amount_ordered_differs(
            figures.number, grand_total.value, paid.value, figures.currency
        )
    applied = {} if rates.stacked(figures) else rates.applied_per_rate(figures)
    discounted = discounts.of_order(figures, lines, invoices)
    return _Owed(discounted, paid, figures.credits, applied)


def _not_cancelled(
    figures: OrderFigures[C], known: OrderLines[C], invoices: Sequence[DocumentFigures[C]]
) -> _Owed[C] | Problem:
    """What was not cancelled is what was invoiced: the sum is grand_total - total_canceled."""
    if not invoices:
        return problems.cancelled_without_invoices(
            figures.number, figures.total_canceled.value, figures.currency
        )
    merged: dict[str, ExactLine[C]] = {}
    for invoice in invoices:
        lines = documents.lines_of(invoice, known)
        if not documents.meets(invoice, lines):
            return problems.document_does_not_meet(
                "invoice",
                invoice.number,
                documents.lines_gross(lines).value,
                documents.due_of(invoice).value,
                figures.currency,
            )
        for line in lines:
            merged[line.key] = (
                documents.joined(merged[line.key], line) if line.key in merged else line
            )
    total = summed(one.grand_total or summed(()) for one in invoices)
    left = (figures.grand_total or summed(())) - figures.total_canceled
    if abs((total - left).value) > allowance(len(merged)):
        return problems.invoices_do_not_meet(
            figures.number, total.value, left.value, figures.currency
        )
    vat = summed(line.vat for line in merged.values())
    tax = summed(one.tax for one in invoices)
    if abs((vat - tax).value) > allowance(len(merged)):
        return problems.vat_does_not_meet(figures.number, vat.value, tax.value, figures.currency)
    unknown = next((line for line in merged.values() if line.rate == rates.UNKNOWN), None)
    if unknown is not None:
        return problems.rate_unknown(figures.number, unknown.description, unknown.vat.value)
    settled = tuple(credit for invoice in invoices for credit in invoice.credits)
    return _Owed(tuple(merged.values()), total, settled, {})


def _sale(order: Order, told: Documents[C], owed: _Owed[C], basis: Basis) -> Sale:
    currency = told.order.currency
    settled = read_credits(owed.credits, currency)
    gross = round_money(owed.paid.value, currency) + total_of(
        (credit.amount for credit in settled), currency
    )
    moment = order.created_at
    if moment is None or told.exchange_rate is None:
        raise AssertionError("an order without date or rate is a problem, see _lacking")
    return Sale(
        str(order.entity_id),
        told.order.number,
        lines=in_pennies(owed.lines, gross, owed.vat_totals),
        gross=gross,
        buyer=read_buyer(order),
        ordered_on=day_of(moment, basis.time_zone),
        store_id="1" if order.store_id is None else str(order.store_id),
        exchange_rate=told.exchange_rate,
        credits=settled,
        payment_method=(order.payment.method or "") if order.payment else "",
        note=order.customer_note or "",
    )


def read_credits(told: Sequence[CreditFigures[C]], currency: str) -> tuple[Credit, ...]:
    """Credits by kind, in whole pence."""
    totals: dict[object, Credit] = {}
    for one in told:
        amount: Money = round_money(one.amount.value, currency)
        so_far = totals.get(one.kind)
        totals[one.kind] = Credit(one.kind, so_far.amount + amount if so_far else amount)
    return tuple(totals.values())
