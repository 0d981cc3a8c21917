"""How an order looks beside the books: the shop's documents, as the policy of today makes them.

The logbook keeps them as they were last read, so that they can be compared without asking anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import evolve

from kashmag import planner
from kashmag.accounting import Problem
from kashmag.hooks.hooks import Hooks
from kashmag.planner.edited import edits
from kashmag.plans.plan import Plan
from kashmag.plans.questions import Answers, CustomerByCode, InvoicesByReference
from kashmag.reconciliation import ShopDocument, expected_answers, shop_documents
from kashmag.reconciliation.accepted import reasons_in, with_told
from kashmag.reconciliation.remembering import NAME, written


def expected_documents(
    case: planner.Case, answers: Answers, hooks: Hooks, *, now: datetime, plan: Plan | None = None
) -> tuple[ShopDocument, ...]:
    """The shop's documents of one order, and what the policy of today makes of them.

    `plan` is that of the order as things stand, which tells what was accepted as it is, and what
    there is to be accepted.
    """
    expected = planner.plan(case, expected_answers(answers), hooks, today=day_of(case, now))
    documents = shop_documents(case, expected)
    if plan is None:
        return documents
    accepted = reasons_in(plan)
    told = (*expected.problems, *plan.problems, *_edits(plan, answers))
    former = tuple(
        question.code
        for question in answers
        if isinstance(question, CustomerByCode) and answers[question] is None
    )
    return tuple(
        with_told(evolve(one, accepted=accepted.get(one.key, ""), former_customers=former), told)
        for one in documents
    )


def _edits(plan: Plan, answers: Answers) -> Iterator[Problem]:
    """What a person changed on the posted documents, accepted or not."""
    for question in answers:
        for invoice in answers[question] if isinstance(question, InvoicesByReference) else ():
            for one in plan.adoptions:
                if invoice.number == one.number:
                    yield from edits(one.key, invoice, answers)


def day_of(case: planner.Case, now: datetime) -> date:
    """Which day it is for an order."""
    return now.astimezone(ZoneInfo(case.policy.time_zone)).date()


def beside(
    case: planner.Case, hooks: Hooks, *, now: datetime, plan: Plan | None = None
) -> dict[str, str]:
    """The text of the shop's documents of an order, by the name that the logbook keeps it under."""
    answers, _ = planner.assume_all(case, hooks)
    documents = expected_documents(case, answers, hooks, now=now, plan=plan)
    return {NAME + case.document.whole: written(documents)}
