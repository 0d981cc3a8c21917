"""An invoice, typed by hand, that looks like the order which is about to be posted. Pure.

It may be the very order; so a person says which it is, before there are two. Only the account of
a customer that is there already can hold one, and only an order's first invoice can be its double.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kashmag import kashflow
from kashmag.accounting import Sale
from kashmag.hooks.hooks import Hooks
from kashmag.planner.cases import Case
from kashmag.planner.customers import candidates
from kashmag.planner.findings import Findings, stated, troubled
from kashmag.planner.generations import live_invoice
from kashmag.planner.likeness import NEAR_DAYS, Evidence, Typed, Wanted, left_by, likeness, texts_of
from kashmag.planner.outcomes import test_order_reason
from kashmag.plans.acceptances import acceptance_of
from kashmag.plans.lookalike_problems import Lookalike, lookalike
from kashmag.plans.policy import Lookalikes
from kashmag.plans.questions import Accepted, Answers, HomeCurrency, TypedByHand


def lookalike_questions(
    case: Case, sale: Sale, answers: Answers, hooks: Hooks
) -> Iterator[TypedByHand]:
    """What must be known of the customer's account before an order is posted for the first time.

    To be asked when everything else is answered: the customer is chosen from what was found.
    """
    live = live_invoice(case.document, answers)
    if live.posted or live.settled or test_order_reason(case):
        return
    found = candidates(answers)
    decision = hooks.match_customer(sale, case.order, found, answers=answers, policy=case.policy)
    if decision is not None and isinstance(decision.value, kashflow.Customer):
        yield from _question(case, sale, decision.value.code)


def lookalikes(case: Case, sale: Sale, customer_code: str, answers: Answers) -> Findings:
    """A problem for each invoice that looks like the order, unless a person has accepted it."""
    accepted = answers.get(Accepted(case.document.whole)) or ()
    home = answers.get(HomeCurrency()) or sale.currency
    found = Findings()
    for question in _question(case, sale, customer_code):
        for invoice in answers.get(question) or ():
            evidence = likeness(_wanted(case, sale, customer_code), _typed(invoice, home))
            if evidence is None or left_by(invoice, case.policy.not_of_the_shop):
                continue
            problem = lookalike(_beside(sale, invoice, evidence))
            said = acceptance_of(problem, accepted)
            if said is None:
                found += troubled(problem)
            else:
                answer = f"invoice {invoice.number} is another"
                found += stated("lookalike", answer, because=said.because, rule="person")
    return found


def _question(case: Case, sale: Sale, customer_code: str) -> Iterator[TypedByHand]:
    if case.policy.lookalikes is Lookalikes.POST:
        return
    day, near = case.dated_on or sale.ordered_on, timedelta(days=NEAR_DAYS)
    yield TypedByHand(customer_code, first=day - near, last=day + near)


def _wanted(case: Case, sale: Sale, customer_code: str) -> Wanted:
    return Wanted(
        (sale.number, case.document.reference),
        gross=sale.gross.amount,
        currency=sale.currency,
        dated_on=case.dated_on or sale.ordered_on,
        names=(customer_code,),
    )


def _beside(sale: Sale, invoice: kashflow.Invoice, evidence: Evidence) -> Lookalike:
    return Lookalike(
        order=sale.number,
        gross=sale.gross.amount,
        currency=sale.currency,
        invoice=invoice.number,
        issued_on=invoice.issued_date,
        invoice_gross=invoice.gross_amount,
        evidence=evidence.value,
    )


def _typed(invoice: kashflow.Invoice, home: str) -> Typed:
    currency = invoice.currency
    return Typed(
        texts_of(invoice),
        gross=invoice.gross_amount,
        currency=currency.code if currency and currency.code else home,
        issued_on=invoice.issued_date,
        names=(invoice.customer_code,) if invoice.customer_code else (),
    )
