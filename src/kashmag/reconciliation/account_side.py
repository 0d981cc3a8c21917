"""KashFlow's invoices as account documents."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kashmag import kashflow
from kashmag.planner.likeness import left_by, texts_of
from kashmag.plans.policy import NotOfTheShop
from kashmag.reconciliation.documents import AccountDocument, AccountPayment, Particulars
from kashmag.reconciliation.figures import (
    UNKNOWN,
    ZERO,
    Banded,
    Bands,
    Figures,
    bands_of,
    by_nominal,
    pence,
)

_NOBODYS: Final = NotOfTheShop()


def account_document(
    invoice: kashflow.Invoice, *, home: str = "GBP", rules: NotOfTheShop = _NOBODYS
) -> AccountDocument:
    """An invoice as the comparison needs it; `home` is the account's own currency.

    `rules` say which are not of the shop.
    """
    currency = invoice.currency
    code = currency.code if currency and currency.code else home
    return AccountDocument(
        invoice.number,
        (invoice.customer_reference or "").strip(),
        issued_on=invoice.issued_date,
        made_on=invoice.created_date,
        currency=code,
        is_foreign=code != home,
        exchange_rate=(currency.exchange_rate or Decimal(1)) if currency else Decimal(1),
        bands=_bands(invoice),
        payments=tuple(_payment(line) for line in invoice.payment_lines),
        customer_names=tuple(
            name for name in (invoice.customer_code, invoice.customer_name) if name
        ),
        texts=texts_of(invoice),
        left=left_by(invoice, rules),
        particulars=_particulars(invoice),
        is_archived=bool(invoice.is_archived),
        is_deleted=invoice.deleted_at is not None,
        is_in_vat_return=invoice.is_in_vat_return,
    )


def _bands(invoice: kashflow.Invoice) -> Bands:
    if not invoice.line_items:
        figures = Figures(pence(invoice.net_amount), pence(invoice.vat_amount))
        return {UNKNOWN: figures} if figures else {}
    return bands_of(
        Banded(
            line.vat_level,
            figures=Figures(pence(line.net), pence(line.vat_amount)),
            is_exempt=bool(line.vat_exempt),
        )
        for line in invoice.line_items
    )


def _particulars(invoice: kashflow.Invoice) -> Particulars:
    lines = [(line.nominal_code, pence(line.net)) for line in invoice.line_items]
    return Particulars(
        customer=invoice.customer_code,
        due_on=invoice.due_date,
        nominals=by_nominal(lines),
        exempt=sum((pence(one.net) for one in invoice.line_items if one.vat_exempt), ZERO),
    )


def _payment(line: kashflow.PaymentLine) -> AccountPayment:
    return AccountPayment(
        pence(line.amount),
        line.id,
        paid_on=line.date,
        note=line.note or "",
        method=line.method,
        bank_account=line.account_id,
    )
