"""Orders from before the day on which kashmag began to post: one cause, whatever else is in them.

Pure. Such an order comes to be read because it was shipped, paid or refunded since. Somebody typed
it by hand, as a rule; so nothing is asked about its payments, its nominals or its days before a
person, or the policy, has said that it is to be posted at all.
"""

from __future__ import annotations

from datetime import date

from attrs import evolve

from kashmag.accounting.problems import Holds
from kashmag.magento.reading.payments import day_of
from kashmag.planner.cases import Case
from kashmag.planner.drifting import resolvable
from kashmag.planner.findings import stated
from kashmag.planner.generations import live_invoice
from kashmag.plans.dating_problems import before_go_live
from kashmag.plans.lookalike_problems import LOOKALIKE
from kashmag.plans.plan import Plan
from kashmag.plans.policy import BeforeGoLive
from kashmag.plans.proposals import Drift, Proposal, Way
from kashmag.plans.questions import Answers


def under_go_live(plan: Plan, case: Case, answers: Answers) -> Plan:
    """The plan of an order, held or skipped where it was placed before `go_live`.

    What is posted, or adopted, goes on like any other; and so does what nothing is to be done for.
    """
    day, go_live, rule = _day(case), case.policy.go_live, case.policy.before_go_live
    if day is None or go_live is None or day >= go_live or rule is BeforeGoLive.POST:
        return plan
    live = live_invoice(case.document, answers)
    if live.posted or live.settled or not (plan.is_held or plan.actions):
        return plan
    if rule is BeforeGoLive.SKIP:
        because = f"it is of {day}, before go_live, {go_live}"
        told = stated("before go_live", "skip", because="policy.before_go_live is skip").decisions
        return Plan(plan.document, decisions=plan.decisions + told, skipped_because=because)
    return _held(plan, case, day, go_live)


def _held(plan: Plan, case: Case, day: date, go_live: date) -> Plan:
    """The plan with this one problem, and with the proposal to post it where it could be."""
    number = case.document.number
    alike = [one for one in plan.problems if one.code == LOOKALIKE]
    others = tuple(one for one in plan.problems if one not in alike)
    against = next((one for one in others if one.holds is Holds.PLAN), None)
    problem = before_go_live(number, day, go_live)
    if alike:  # who posts it all the same has been told
        said = " ".join((problem.remedy, *(one.message for one in alike)))
        problem = evolve(problem, remedy=said)
    if against is not None:
        remedy = f"{problem.remedy} It could not be posted yet: {against.message}"
        return evolve(plan, problems=(evolve(problem, remedy=remedy),), proposals=())
    proposal = Proposal(
        Way.POST,
        Drift.BEFORE_GO_LIVE,
        f"Post order {number} of {day} like any other.",
        actions=plan.actions,
        cures=(problem.message,),
        certificate=plan.certificate,
        leaves=others,  # none of them holds it
    )
    told = resolvable(problem, number, Way.POST)
    return evolve(plan, problems=(told,), proposals=(proposal,))


def _day(case: Case) -> date | None:
    """The day by which the order is older or not; of one that cannot be read, when it was made.

    That is the day that dates its invoice: what is dated from `go_live` on is ours to post.
    """
    sale, created_at = case.reading.sale, case.order.created_at
    if sale is not None:
        return case.dated_on or sale.ordered_on
    return day_of(created_at, case.policy.time_zone) if created_at else None
