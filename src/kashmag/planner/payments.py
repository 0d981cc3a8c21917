"""Money of a sale or refund as KashFlow payment lines: by the table, dated, found again by note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import evolve, frozen

from kashmag import kashflow
from kashmag.accounting import Credit, Money, Payment, Refund, Sale, total_of
from kashmag.hooks.hooks import Hooks
from kashmag.kashflow.invoices import objection
from kashmag.planner.cases import Case
from kashmag.planner.dates import payment_day
from kashmag.planner.entered_by_hand import Lines, Shown, by_hand, told_by_hand, untokened
from kashmag.planner.findings import Findings, noted, together, troubled
from kashmag.planner.matching import Expected, Window, awaited, match_imports
from kashmag.plans.acceptances import acceptance_of
from kashmag.plans.actions import AddPayment
from kashmag.plans.decisions import Decision
from kashmag.plans.payment_problems import (
    Named,
    bank_account_missing,
    document_locked,
    incomplete_payment_rule,
    payment_exceeds,
    payment_moved,
    unmapped_credit,
    unmapped_payment_method,
)
from kashmag.plans.policy import PaymentAction, PaymentRule, Policy
from kashmag.plans.questions import Accepted, Answers, BankAccounts

LEFT: Final = "left to the account"


@frozen
class Posting:
    """A payment line to be, and whose money it is; by the token in its note it is found again."""

    line: kashflow.PaymentDraft
    named: Named


def _tokens_on(shown: Shown | None) -> frozenset[str]:
    """The words of the notes of an invoice's payments: the tokens of what it shows already."""
    if shown is None:
        return frozenset()
    lines = shown.invoice.payment_lines
    return frozenset(word for line in lines for word in (line.note or "").split())


@frozen
class _Money:
    """The money of one document: what was paid, the credit used, and the document if posted."""

    payments: tuple[Payment, ...]
    credits: tuple[Payment, ...]
    posted: Shown | None
    order: str
    memo: str = ""

    def named(self, payment: Payment) -> Named:
        """A payment of it as sentences name it."""
        return Named(payment.key, payment.amount.amount, order=self.order, memo=self.memo)


def postings(
    case: Case,
    sale: Sale,
    answers: Answers,
    hooks: Hooks,
    *,
    today: date,
    posted: Shown | None = None,
) -> tuple[tuple[Posting, ...], Findings]:
    """Every payment of the sale, and every credit used on it, that the table says to post.

    What a `posted` invoice shows already is left out: what was dated in open books stays where it
    is. What the account imports itself is looked for there, and so is what a person has entered.
    """
    used = tuple(credit_payment(one, sale.ordered_on, sale.number) for one in sale.credits)
    money = _Money(tuple(case.reading.payments), used, posted, sale.number)
    return _postings(case, sale, money, answers, hooks, today)


def refund_posting(
    case: Case,
    sale: Sale,
    refund: Refund,
    answers: Answers,
    hooks: Hooks,
    *,
    today: date,
    posted: Shown | None = None,
) -> tuple[tuple[Posting, ...], Findings]:
    """The money of a refund that went back, and the credit given again, as negative lines."""
    returned = (refund_payment(sale, refund),) if refund.returned else ()
    given = tuple(
        credit_payment(Credit(one.kind, -one.amount), refund.refunded_on, refund.number)
        for one in refund.credits
    )
    money = _Money(returned, given, posted, sale.number, refund.number)
    return _postings(case, sale, money, answers, hooks, today)


def _postings(  # noqa: PLR0917
    case: Case, sale: Sale, money: _Money, answers: Answers, hooks: Hooks, today: date
) -> tuple[tuple[Posting, ...], Findings]:
    tokens, window = _tokens_on(money.posted), Window(case.policy.match_within_days, today)
    decided = [
        (one, hooks.map_payment(one, sale, answers=answers, policy=case.policy))
        for one in money.payments
    ]
    expected = [
        Expected(payment, decision, sale.number, money.memo)
        for payment, decision in decided
        if decision is not None and decision.value.action is PaymentAction.MATCH
    ]
    typed = _typed_by_hand(money, decided, window)
    found: tuple[Posting, ...] = ()
    findings = Findings()
    for payment, decision in decided:
        if payment.key in tokens or any(payment is one.payment for one in expected):
            continue
        if money.posted is not None and payment.key in typed:
            findings += told_by_hand(money.named(payment), typed[payment.key], money.posted)
            continue
        posting, told = _posting(money, payment, decision, answers, case.policy)
        found, findings = found + posting, findings + told
    for credit in money.credits:
        if credit.key in tokens:
            continue
        if money.posted is not None and credit.key in typed:
            findings += told_by_hand(money.named(credit), typed[credit.key], money.posted)
            continue
        posting, told = _credited(case, money, credit, answers)
        found, findings = found + posting, findings + told
    if money.posted is None:
        return found, together((findings, *(awaited(one, window) for one in expected)))
    ours = {one.key for one in (*money.payments, *money.credits)}
    ours -= {one.payment.key for one in expected}
    invoice = money.posted.invoice
    return found, findings + match_imports(expected, invoice, ours=ours, window=window)


def _typed_by_hand(
    money: _Money, decided: Sequence[tuple[Payment, Decision[PaymentRule] | None]], window: Window
) -> Lines:
    """Which of this money stands on the document already, without our token, and as which line."""
    tokens = _tokens_on(money.posted)
    imported = [
        payment
        for payment, decision in decided
        if decision is not None and decision.value.action is not PaymentAction.POST
    ]
    wanted = (*money.payments, *money.credits)
    ours = {one.key for one in wanted} - {one.key for one in imported}
    lines = untokened(money.posted, ours=ours, imported=imported, window=window)
    lacking = [one for one in wanted if one.key in ours and one.key not in tokens]
    return by_hand(lacking, lines)


def refund_payment(sale: Sale, refund: Refund) -> Payment:
    """The money that a refund gave back, as a payment with a negative amount."""
    return Payment(
        refund.transaction_id or refund.number,
        sale.payment_method,
        amount=-refund.returned,
        paid_on=refund.refunded_on,
        transaction_id=refund.transaction_id,
        invoice_number=refund.number,
    )


def credit_payment(credit: Credit, day: date, number: str) -> Payment:
    """Credit used on a document, as the payment that it is booked as."""
    kind = credit.kind.value
    token = f"{kind}:{number}"
    return Payment(token, kind, amount=credit.amount, paid_on=day, invoice_number=token)


def later_payments(
    case: Case,
    invoice: kashflow.Invoice,
    wanted: Sequence[Posting],
    answers: Answers,
    *,
    deed: str,
) -> Findings:
    """The payments that a posted invoice does not show yet, as far as it has room for them.

    `deed` says whose they are: an order's Magento invoices and memos share their numbers. What a
    person has accepted of a payment stays accepted when its invoice gets into a VAT return.
    """
    accepted = answers.get(Accepted(case.document.whole)) or ()
    findings = Findings()
    room = invoice.gross_amount - invoice.total_paid_amount
    for posting in wanted:
        named = posting.named
        if any(named.token in (line.note or "").split() for line in invoice.payment_lines):
            continue
        amount = posting.line.amount
        if abs(amount) > abs(room) or amount * room < 0:
            findings += troubled(payment_exceeds(named, invoice.number, room))
            continue
        if locked := objection(invoice):
            if acceptance_of(payment_moved(named, invoice.number), accepted) is None:
                findings += troubled(document_locked(named, invoice.number, locked))
            continue
        room -= amount
        action = AddPayment(
            case.document.key(f"{deed}:{named.token}"),
            invoice.number,
            payment=posting.line,
            invoice_reference=invoice.customer_reference or "",
        )
        findings += Findings(actions=(action,))
    return findings


def proved_total(payments: Iterable[Payment], currency: str) -> Money:
    """What the payments come to."""
    return total_of((payment.amount for payment in payments), currency)


def _posting(
    money: _Money,
    payment: Payment,
    decision: Decision[PaymentRule] | None,
    answers: Answers,
    policy: Policy,
) -> tuple[tuple[Posting, ...], Findings]:
    named = money.named(payment)
    if decision is None:
        return (), troubled(
            unmapped_payment_method(named, payment.method, bank_accounts=_banks(answers))
        )
    rule = decision.value
    answer = (
        LEFT
        if rule.action is PaymentAction.LEAVE
        else f"method {rule.method}, bank account {rule.bank_account}"
    )
    findings = noted(f"payment {named.token}", answer, decision)
    line, told = _payment_line(named, payment, rule, answers, policy)
    return line, findings + told


def _credited(
    case: Case, money: _Money, credit: Payment, answers: Answers
) -> tuple[tuple[Posting, ...], Findings]:
    rule = case.policy.credits.get(credit.method)
    # No account imports credit with the shop: what was to be matched would be missed by nobody.
    if rule is None or rule.action is PaymentAction.MATCH:
        return (), troubled(
            unmapped_credit(money.named(credit), credit.method, bank_accounts=_banks(answers))
        )
    decision = Decision(rule, because=f"policy.credits.{credit.method}", rule="policy")
    return _posting(money, credit, decision, answers, case.policy)


def _banks(answers: Answers) -> dict[int, str]:
    """The bank accounts that money could go to, by id."""
    accounts = answers.get(BankAccounts()) or ()
    return {one.id: one.account_name for one in accounts if not one.is_archived}


def _payment_line(
    named: Named, payment: Payment, rule: PaymentRule, answers: Answers, policy: Policy
) -> tuple[tuple[Posting, ...], Findings]:
    if rule.action is not PaymentAction.POST:
        return (), Findings()
    if rule.method is None or rule.bank_account is None:
        return (), troubled(incomplete_payment_rule(payment.method, bank_accounts=_banks(answers)))
    accounts = answers.get(BankAccounts())
    account = next((one for one in accounts or () if one.id == rule.bank_account), None)
    if accounts is not None and account is None:
        return (), troubled(
            bank_account_missing(payment.method, rule.bank_account, bank_accounts=_banks(answers))
        )
    day, findings = payment_day(str(named), payment.paid_on, account, policy, answers)
    if findings.problems:
        about = (evolve(p, payment=named.token, document=named.memo) for p in findings.problems)
        return (), troubled(*about)
    # The token comes last: by it the line is found again.
    of = "" if day == payment.paid_on else f" of {payment.paid_on}"
    line = kashflow.PaymentDraft(
        day,
        Decimal(payment.amount.amount),
        method=rule.method,
        account_id=rule.bank_account,
        note=f"{payment.method}{of} {payment.key}",
    )
    return (Posting(line, named),), findings
