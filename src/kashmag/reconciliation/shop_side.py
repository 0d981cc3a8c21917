"""What the shop's documents are, and what the policy makes of them: from cases and their plans.

A plan is made as if nothing were posted yet; its drafts say where, when and how everything ought
to stand in the accounts. So the comparison can never disagree with the planner.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kashmag import kashflow
from kashmag.accounting import Holds, Refund, Sale, round_money
from kashmag.accounting.vat import VatTotal
from kashmag.magento.reading.payments import day_of
from kashmag.planner.cases import Case
from kashmag.plans.actions import CreateCreditNote, CreateInvoice
from kashmag.plans.plan import Plan
from kashmag.plans.policy import CurrencyChoice
from kashmag.plans.questions import (
    Answers,
    InvoiceByNumber,
    InvoicesByReference,
    Question,
    TypedByHand,
)
from kashmag.reconciliation.documents import (
    BEFORE_GO_LIVE,
    DocumentKind,
    ShopDocument,
    Standing,
)
from kashmag.reconciliation.figures import (
    NOTHING,
    UNKNOWN,
    Banded,
    Bands,
    Figures,
    band_of,
    bands_of,
    pence,
    sum_of,
)
from kashmag.reconciliation.shop_money import refund_payments, sale_payments, unread_payments

# A rounding of the shop is a matter of pence; more is a difference.
_PENCE_OF_ROUNDING = Decimal("0.05")


def expected_answers(answers: Answers) -> Answers:
    """The answers as if nothing were posted: what follows is what ought to be there."""
    empty: dict[Question[object], object] = {}
    for question in answers:
        if isinstance(question, InvoicesByReference | TypedByHand):
            empty[question] = ()
        elif isinstance(question, InvoiceByNumber):
            empty[question] = None
    return answers.having(empty)


def shop_documents(case: Case, plan: Plan) -> tuple[ShopDocument, ...]:
    """The sale and each refund of one order; `plan` is made with `expected_answers`."""
    sale = case.reading.sale
    read = (_sale(case, sale, plan), *_refunds(case, sale, plan)) if sale else None
    order, *memos = read or (_unreadable(case, plan),)
    return (order, *memos, *_unread_memos(case, order, plan))


def _sale(case: Case, sale: Sale, plan: Plan) -> ShopDocument:
    draft = next((a.draft for a in plan.actions if isinstance(a, CreateInvoice)), None)
    standing, reason, codes = _standing(case, plan, document="")
    bands = _bands(draft, sale.by_rate, 1)
    own = Figures(sale.net.amount, sale.vat.amount)
    return ShopDocument(
        case.document.key("invoice"),
        kind=DocumentKind.INVOICE,
        number=sale.number,
        order=sale.number,
        reference=case.document.reference,
        store=sale.store or sale.store_id,
        dated_on=case.dated_on or sale.ordered_on,
        issue_on=draft.issued_date if draft else case.dated_on or sale.ordered_on,
        currency=sale.currency,
        exchange_rate=sale.exchange_rate,
        bands=bands,
        rounding=_rounding(own, _header(case)),
        payments=tuple(sale_payments(case, sale, plan, draft)),
        standing=standing,
        reason=reason,
        codes=codes,
        buyer_names=_names(sale, draft),
    )


def _refunds(case: Case, sale: Sale, plan: Plan) -> Iterator[ShopDocument]:
    drafts = {a.key: a.draft for a in plan.actions if isinstance(a, CreateCreditNote)}
    for refund in case.reading.refunds:
        key = case.document.key(f"credit_note:{refund.source_id}")
        draft = drafts.get(key)
        standing, reason, codes = _standing(case, plan, document=refund.number)
        if draft is None and standing is Standing.DUE:
            standing, reason = Standing.HELD, "its credit note could not be planned"
        yield ShopDocument(
            key,
            kind=DocumentKind.CREDIT_NOTE,
            number=refund.number,
            order=sale.number,
            reference=case.document.credit_reference(refund.number),
            store=sale.store or sale.store_id,
            dated_on=refund.refunded_on,
            issue_on=draft.issued_date if draft else refund.refunded_on,
            currency=refund.currency,
            exchange_rate=refund.exchange_rate,
            bands=_refund_bands(draft, refund),
            payments=tuple(refund_payments(case, sale, refund, plan, draft)),
            standing=standing,
            reason=reason,
            codes=codes,
            buyer_names=_names(sale, draft),
        )


def _unreadable(case: Case, plan: Plan) -> ShopDocument:
    """An order without a sale: void, or held with the totals of its header, and its money."""
    created = case.order.created_at
    ordered_on = day_of(created, case.policy.time_zone) if created else date.min
    day = case.dated_on or ordered_on
    figures = _header(case) or NOTHING
    standing, reason, codes = _standing(case, plan, document="")
    if case.reading.is_void:
        standing = Standing.VOID
    return ShopDocument(
        case.document.key("invoice"),
        kind=DocumentKind.INVOICE,
        number=case.document.number,
        order=case.document.number,
        reference=case.document.reference,
        store=case.document.store_id,
        dated_on=day,
        issue_on=day,
        currency=_currency(case),
        bands={UNKNOWN: figures} if figures and standing is not Standing.VOID else {},
        payments=tuple(
            payment
            for one in case.reading.unread
            if not one.source_id
            for payment in unread_payments(case, one, plan, ordered_on)
        ),
        standing=standing,
        reason=reason,
        codes=codes,
    )


def _unread_memos(case: Case, order: ShopDocument, plan: Plan) -> Iterator[ShopDocument]:
    """Credit memos that could not be read, each with its own totals."""
    for memo in case.reading.unread:
        if memo.dated_on is None or memo.net is None or memo.vat is None:
            continue
        standing, reason, codes = _standing(case, plan, document=memo.number)
        if standing is Standing.DUE:
            standing, reason = Standing.HELD, "it cannot be read"
        yield ShopDocument(
            case.document.key(f"credit_note:{memo.source_id}"),
            kind=DocumentKind.CREDIT_NOTE,
            number=memo.number,
            order=order.number,
            reference=case.document.credit_reference(memo.number),
            store=order.store,
            dated_on=memo.dated_on,
            issue_on=memo.dated_on,
            currency=order.currency,
            bands={UNKNOWN: Figures(-memo.net.amount, -memo.vat.amount)},
            payments=tuple(unread_payments(case, memo, plan, memo.dated_on)),
            standing=standing,
            reason=reason,
            codes=codes,
        )


def _standing(case: Case, plan: Plan, *, document: str) -> tuple[Standing, str, tuple[str, ...]]:
    """What becomes of the invoice (or of one memo), why, and the codes of what holds it."""
    status = next((d.answer for d in plan.decisions if d.question == "status"), "")
    if status == "wait":
        return Standing.WAITING, plan.skipped_because, ()
    if status == "void":
        return Standing.VOID, plan.skipped_because, ()
    holding = [p for p in plan.problems if p.holds is Holds.PLAN and p.document in ("", document)]
    if not holding and plan.is_held:
        # A held memo holds its sale, and a held sale its memos: one plan per order.
        holding = [p for p in plan.problems if p.holds is Holds.PLAN]
    if holding:
        codes = tuple(dict.fromkeys(problem.code for problem in holding))
        untouched = codes == BEFORE_GO_LIVE and not _is_touched(case)
        standing = Standing.SKIPPED if untouched else Standing.HELD
        return standing, " ".join(problem.message for problem in holding), codes
    if plan.skipped_because:
        return Standing.SKIPPED, plan.skipped_because, ()
    return Standing.DUE, "", ()


def _is_touched(case: Case) -> bool:
    """Tell that something happened to an order since `go_live`, so that runs come to read it."""
    go_live, updated_at = case.policy.go_live, case.order.updated_at
    if go_live is None or updated_at is None:
        return True
    return day_of(updated_at, case.policy.time_zone) >= go_live


def _bands(draft: kashflow.InvoiceDraft | None, by_rate: tuple[VatTotal, ...], sign: int) -> Bands:
    """The figures of the shop by band; the draft knows which of them are exempt."""
    shop = {
        band_of(one.rate): Figures(sign * one.net.amount, sign * one.vat.amount)
        for one in by_rate
        if one.net or one.vat
    }
    if draft is None:
        return shop
    drafted = bands_of(
        Banded(
            line.vat_level,
            figures=Figures(pence(line.net), pence(line.vat_amount)),
            is_exempt=line.vat_exempt,
        )
        for line in draft.line_items
    )
    return drafted if sum_of(drafted.values()) == sum_of(shop.values()) else shop


def _refund_bands(draft: kashflow.InvoiceDraft | None, refund: Refund) -> Bands:
    if draft is not None:
        return bands_of(
            Banded(
                line.vat_level,
                figures=Figures(pence(line.net), pence(line.vat_amount)),
                is_exempt=line.vat_exempt,
            )
            for line in draft.line_items
        )
    bands = dict(_bands(None, refund.by_rate, -1))
    if refund.adjustment:
        bands[UNKNOWN] = Figures(-refund.adjustment.amount)
    return bands


def _header(case: Case) -> Figures | None:
    """Net and VAT as the order's own totals say them, in pence."""
    order, base = case.order, case.policy.currency is CurrencyChoice.BASE
    gross = order.base_grand_total if base else order.grand_total
    vat = order.base_tax_amount if base else order.tax_amount
    if gross is None or vat is None:
        return None
    currency = _currency(case)
    vat_pence = round_money(vat, currency).amount
    return Figures(round_money(gross, currency).amount - vat_pence, vat_pence)


def _currency(case: Case) -> str:
    base = case.policy.currency is CurrencyChoice.BASE
    code = case.order.base_currency_code if base else case.order.order_currency_code
    return code or "GBP"


def _rounding(own: Figures, header: Figures | None) -> Figures:
    """What the header says beyond the rates, where it is only a matter of rounding."""
    if header is None or header.gross != own.gross:
        return NOTHING  # a partly cancelled order, or credits: its header is another sum
    return header - own if abs(header.vat - own.vat) <= _PENCE_OF_ROUNDING else NOTHING


def _names(sale: Sale, draft: kashflow.InvoiceDraft | None) -> tuple[str, ...]:
    code = draft.customer_code if draft else ""
    names = (code, sale.buyer.company, sale.buyer.name, sale.buyer.email)
    return tuple(name for name in dict.fromkeys(names) if name)
