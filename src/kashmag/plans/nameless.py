"""A plan once its people are erased: figures, days, numbers and references, and no words.

It goes on telling what was posted, so that nothing is posted again, what somebody edits is still
found, and the books are still explained. Who bought what, and why it was decided so, is gone.
"""

from __future__ import annotations

from typing import assert_never

from attrs import evolve

from kashmag import kashflow
from kashmag.plans.actions import (
    Action,
    AddNote,
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    CreateProduct,
    UpdateCustomer,
    UpdateShopCustomer,
)
from kashmag.plans.plan import Plan


def nameless(plan: Plan) -> Plan:
    """The plan with as many actions, in their order, and nothing in it that names a person."""
    return Plan(
        plan.document,
        actions=tuple(_nameless(one) for one in plan.actions),
        certificate=plan.certificate,
        adoptions=plan.adoptions,
        releases=plan.releases,
    )


def _nameless(action: Action) -> Action:
    match action:
        case CreateInvoice() | CreateCreditNote():
            return evolve(action, draft=_figures(action.draft))
        case CreateCustomer():
            return evolve(action, draft=kashflow.CustomerDraft(action.draft.code, ""))
        case UpdateCustomer():
            return evolve(action, changes=(), contact="")
        case UpdateShopCustomer():
            return evolve(action, changes=())
        case AddNote():
            return evolve(action, text="")
        case AddPayment() | CreateProduct():
            return action
        case _:
            assert_never(action)


def _figures(draft: kashflow.InvoiceDraft) -> kashflow.InvoiceDraft:
    lines = (evolve(line, description="", product_code=None) for line in draft.line_items)
    return evolve(draft, line_items=tuple(lines), address=None, delivery_address=None)
