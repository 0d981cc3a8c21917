"""Whose account a sale is owed on: an existing customer that suits, or a new one."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from kashmag import kashflow
from kashmag.accounting import Sale
from kashmag.accounting.vat import shown_rate
from kashmag.hooks.hooks import Hooks
from kashmag.planner.border_types import contradicts, type_for
from kashmag.planner.cases import Case
from kashmag.planner.findings import Findings, noted, troubled
from kashmag.plans.actions import CreateCustomer
from kashmag.plans.customer_problems import archived_customer
from kashmag.plans.policy import GuestAccounts
from kashmag.plans.problems import ambiguous_customer, unsuitable_customer
from kashmag.plans.questions import (
    Answers,
    Assumptions,
    CustomerByCode,
    CustomersByEmail,
    CustomersByName,
    CustomersByVatNumber,
)


def plan_customer(case: Case, sale: Sale, answers: Answers, hooks: Hooks) -> tuple[str, Findings]:
    """The code of the account, with the action that creates it where it is new.

    The code is empty when nobody could choose; then a problem holds the plan.
    """
    found = candidates(answers)
    decision = hooks.match_customer(sale, case.order, found, answers=answers, policy=case.policy)
    if decision is None:
        codes = sorted(one.code for one in found)
        return "", troubled(ambiguous_customer(sale.number, codes))
    match decision.value:
        case kashflow.Customer() as customer:
            problems = tuple(
                unsuitable_customer(sale.number, customer.code, why)
                for why in _unsuitable(customer, sale)
            )
            told = noted("customer", customer.code, decision) + Findings(problems=problems)
            return customer.code, told + in_archive(f"Order {sale.number}", customer.code, answers)
        case kashflow.CustomerDraft() as draft:
            draft = _with_border_type(draft, case, sale, answers)
            action = CreateCustomer(_key(case, draft), draft)
            told = noted("customer", f"new: {draft.code}", decision)
            return draft.code, told + Findings(actions=(action,))


def candidates(answers: Answers) -> tuple[kashflow.Customer, ...]:
    """Every customer that any question found, each once, in the order of the questions."""
    found: dict[str, kashflow.Customer] = {}
    for question in answers:
        match question:
            case CustomersByEmail() | CustomersByName() | CustomersByVatNumber():
                customers = answers[question]
            case CustomerByCode():
                one = answers[question]
                customers = () if one is None else (one,)
            case _:
                continue
        for customer in customers:
            found.setdefault(customer.code, customer)
    return tuple(found.values())


def terms_of(code: str, answers: Answers) -> kashflow.PaymentTerms | None:
    """The payment terms of an existing customer, where KashFlow tells them."""
    return next((one.payment_terms for one in candidates(answers) if one.code == code), None)


def in_archive(document: str, code: str, answers: Answers) -> Findings:
    """A problem where a new document would be for an account that is known to be archived."""
    is_archived = any(one.code == code and one.is_archived for one in candidates(answers))
    return troubled(archived_customer(document, code)) if is_archived else Findings()


def _key(case: Case, draft: kashflow.CustomerDraft) -> str:
    # Two orders of one new buyer want the same deed: its key is the customer's, not the order's.
    return f"{case.document.shop}:customer:{draft.code}:create"


def _with_border_type(
    draft: kashflow.CustomerDraft, case: Case, sale: Sale, answers: Answers
) -> kashflow.CustomerDraft:
    """The draft with how the buyer stands to the UK's border, where the account is to be told."""
    assumed = answers.get(Assumptions()) or kashflow.ASSUMED
    is_shared = sale.buyer.is_guest and case.policy.guests is GuestAccounts.PER_STORE
    if not assumed.trade_border_types or is_shared or draft.trade_border_type is not None:
        return draft
    return evolve(draft, trade_border_type=type_for(sale))


def _unsuitable(customer: kashflow.Customer, sale: Sale) -> Iterator[str]:
    """What about this customer would make the invoice come to something else."""
    if customer.discount_rate:
        yield f"has a discount rate of {shown_rate(customer.discount_rate)} %"
    if customer.is_cis_reverse_charge:
        yield "is invoiced under reverse charge"
    if customer.apply_withholding_tax:
        yield "has withholding tax"
    if contradicts(customer.trade_border_type, sale):
        yield (
            f'is "{customer.trade_border_type}" in KashFlow while UK VAT is charged, which would '
            "stand in a wrong box of the VAT return"
        )
    currency = customer.currency
    if currency is not None and currency.code and currency.code != sale.currency:
        yield f"is invoiced in {currency.code}, not {sale.currency}"
