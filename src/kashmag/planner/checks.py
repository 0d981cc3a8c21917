"""Checks that run after all rules and cannot be switched off: what a plan must never be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from attrs import evolve

from kashmag.accounting import Problem, Sale
from kashmag.plans.actions import (
    AddNote,
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    CreateProduct,
    UpdateCustomer,
    UpdateShopCustomer,
)
from kashmag.plans.certificate import certify
from kashmag.plans.plan import Plan


def checked(plan: Plan, sale: Sale) -> Plan:
    """The plan, with a problem for everything that it must not be; held plans lose nothing."""
    found = tuple(_broken(plan, sale))
    return evolve(plan, problems=plan.problems + found) if found else plan


def _broken(plan: Plan, sale: Sale) -> Iterator[Problem]:
    keys = [action.key for action in plan.actions]
    if len(set(keys)) != len(keys):
        yield _bug(plan, "does one thing twice")
    for action in plan.actions:
        match action:
            case CreateInvoice():
                if not action.certificate.exact or action.certificate.gross != sale.gross.amount:
                    yield _bug(plan, f"has an invoice whose certificate fails ({action.key})")
                if certify(sale, action.draft.line_items) != action.certificate:
                    yield _bug(plan, f"has an invoice that is not the certified one ({action.key})")
                if _paid(action) > action.draft.gross:
                    yield _bug(plan, f"pays more than is owed ({action.key})")
            case CreateCreditNote():
                if not action.certificate.exact:
                    yield _bug(plan, f"has a credit note whose certificate fails ({action.key})")
                if action.draft.net + action.draft.vat != action.certificate.gross:
                    yield _bug(plan, f"has a credit note that is not certified ({action.key})")
                if _paid(action) < action.draft.gross:
                    yield _bug(plan, f"returns more than is credited ({action.key})")
            case CreateCustomer() | UpdateCustomer() | CreateProduct() | AddPayment() | AddNote():
                pass
            case UpdateShopCustomer():
                pass


def _paid(action: CreateInvoice | CreateCreditNote) -> Decimal:
    return sum((line.amount for line in action.draft.payment_lines), Decimal(0))


def _bug(plan: Plan, what: str) -> Problem:
    return Problem(
        "check_failed",
        f"The plan of order {plan.document.number} {what}.",
        remedy="A rule or plugin contradicts the figures: correct it, or report a bug.",
    )
