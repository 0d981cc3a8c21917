"""Orders, invoices and credit memos as sales, payments and refunds, proved by their own sums.

`read` is the door. It is pure and never raises for the data's sake: what cannot be read is a
problem. The figures come in two currencies that round apart; `figures` makes mixing them a type
error, `order_figures` and `document_figures` are the only places that choose. `rows` knows what
fields have meant from version to version, `proving` decides by the sums, `pennies` rounds once.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from attrs import evolve

from kashmag.accounting.problems import Problem
from kashmag.magento.credit_memos import CreditMemo
from kashmag.magento.invoices import Invoice
from kashmag.magento.order_record import Order
from kashmag.magento.reading import document_figures, order_figures, problems
from kashmag.magento.reading.agreement import disagreements
from kashmag.magento.reading.basis import (
    Basis,
    CurrencyBasis,
    Reading,
    StackedTaxes,
    TotalKind,
    Unread,
)
from kashmag.magento.reading.figures import C, DocumentFigures, Documents
from kashmag.magento.reading.payments import invoiced_on, read_payments
from kashmag.magento.reading.refunds import read_refunds
from kashmag.magento.reading.sales import read_sale
from kashmag.magento.reading.strange_totals import settle
from kashmag.magento.reading.unread import unread_memos, unread_order

__all__ = ["Basis", "CurrencyBasis", "Reading", "StackedTaxes", "TotalKind", "Unread", "read"]

_Vendor = TypeVar("_Vendor", Invoice, CreditMemo)


def read(
    order: Order, invoices: Sequence[Invoice], credit_memos: Sequence[CreditMemo], basis: Basis
) -> Reading:
    """Read one order with its Magento invoices and credit memos.

    A document handed in twice counts once. One of another order, or in another currency, is a
    problem that holds the plan.
    """
    try:
        return _read_in_its_currency(order, invoices, credit_memos, basis)
    except InvalidOperation:
        # More digits than decimal arithmetic carries: no shop has that much money.
        return Reading(problems=(problems.absurd(order_figures.number_of(order)),))


def _read_in_its_currency(
    order: Order, invoices: Sequence[Invoice], credit_memos: Sequence[CreditMemo], basis: Basis
) -> Reading:
    own_invoices, strange_invoices = _own(order, invoices, "Invoice")
    own_memos, strange_memos = _own(order, credit_memos, "Credit memo")
    strange = (
        *strange_invoices,
        *strange_memos,
        *disagreements(order, own_invoices, own_memos),
    )
    if basis.currency is CurrencyBasis.BASE:
        return _read(
            order,
            Documents(
                order=order_figures.in_base(order),
                invoices=tuple(map(document_figures.invoice_in_base, own_invoices)),
                memos=tuple(map(document_figures.memo_in_base, own_memos)),
                exchange_rate=Decimal(1),
            ),
            basis,
            strange,
        )
    return _read(
        order,
        Documents(
            order=order_figures.in_order_currency(order),
            invoices=tuple(map(document_figures.invoice_in_order_currency, own_invoices)),
            memos=tuple(map(document_figures.memo_in_order_currency, own_memos)),
            exchange_rate=_exchange_rate(order),
        ),
        basis,
        strange,
    )


def _exchange_rate(order: Order) -> Decimal | None:
    """Foreign units per home unit; None where the order does not tell."""
    if order.order_currency_code == order.base_currency_code:
        return Decimal(1)
    return order.base_to_order_rate or None


def _read(order: Order, told: Documents[C], basis: Basis, strange: tuple[Problem, ...]) -> Reading:
    told = evolve(told, order=settle(told.order, basis.totals))
    invoices, strange_invoices = _in_its_currency(told, told.invoices, "Invoice")
    memos, strange_memos = _in_its_currency(told, told.memos, "Credit memo")
    told = evolve(told, invoices=invoices, memos=memos)
    strange += strange_invoices + strange_memos
    found = read_sale(order, told, basis)
    if found.sale is None or found.lines is None:
        return Reading(
            problems=strange + found.problems,
            unread=() if found.is_void else unread_order(order, told, basis),
            is_void=found.is_void,
            invoiced_on=invoiced_on(told.invoices, basis.time_zone),
        )
    payments, about_payments = read_payments(
        told.invoices,
        found.sale.owed,
        number=told.order.number,
        method=found.sale.payment_method,
        time_zone=basis.time_zone,
    )
    refunds, about_refunds = read_refunds(told, found.sale, found.lines, basis)
    return Reading(
        found.sale,
        payments=payments,
        refunds=refunds,
        problems=strange + found.problems + about_payments + about_refunds,
        unread=unread_memos(told, refunds, found.sale.payment_method, basis),
        invoiced_on=invoiced_on(told.invoices, basis.time_zone),
    )


def _own(
    order: Order, documents: Sequence[_Vendor], kind: str
) -> tuple[tuple[_Vendor, ...], tuple[Problem, ...]]:
    """The order's own documents, each once, and a problem for every other."""
    own: dict[int, _Vendor] = {}
    strange: dict[int, Problem] = {}
    for one in documents:
        if one.order_id is None or one.order_id == order.entity_id:
            own[one.entity_id] = one
        else:
            strange[one.entity_id] = problems.of_another_order(
                order_figures.number_of(order),
                f"{kind} {one.increment_id or one.entity_id}",
                one.order_id,
            )
    return tuple(own.values()), tuple(strange.values())


def _in_its_currency(
    told: Documents[C], documents: Sequence[DocumentFigures[C]], kind: str
) -> tuple[tuple[DocumentFigures[C], ...], tuple[Problem, ...]]:
    """The documents in the order's currency, and a problem for every other."""
    currency = told.order.currency
    mixed = tuple(
        problems.currency_mixed(told.order.number, f"{kind} {one.number}", one.currency, currency)
        for one in documents
        if one.currency != currency
    )
    return tuple(one for one in documents if one.currency == currency), mixed
