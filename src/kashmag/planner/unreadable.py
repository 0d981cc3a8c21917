"""What to do about an order that is posted, and that the shop has made unreadable since. Pure."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from kashmag.accounting import Holds, Problem
from kashmag.planner.cases import Case
from kashmag.planner.generations import live_invoice
from kashmag.plans.plan import Plan
from kashmag.plans.questions import Answers

_SKIP: Final = "kashmag errors skip {number} --reason WHY"


def as_posted(plan: Plan, case: Case, answers: Answers) -> Plan:
    """The plan whose remedies know that the order is posted: nobody may enter it once more."""
    live = live_invoice(case.document, answers)
    if not live.posted:
        return plan
    number = live.posted[0].number
    told = tuple(
        _told(one, case.document.number, number) if one in case.reading.problems else one
        for one in plan.problems
    )
    return evolve(plan, problems=told)


def _told(problem: Problem, order: str, number: int) -> Problem:
    """Nothing of a memo: it may not be posted, though its order is."""
    if problem.holds is not Holds.PLAN or problem.document:
        return problem
    settings = ", or the settings," if problem.settings else ""
    return evolve(
        problem,
        remedy=f"It is posted as {number}, and stays as it is: do not enter it again. Put the order"
        f"{settings} right, and the next run compares the two; or settle it in KashFlow yourself "
        f"and skip the order: {_SKIP.format(number=order)}.",
    )
