"""Whether an order waits, is invoiced unpaid or paid, or is void."""

from __future__ import annotations

from typing import Final

from kashmag.hooks.hooks import Hooks
from kashmag.planner.cases import Case
from kashmag.planner.generations import live_invoice
from kashmag.plans.decisions import Decision
from kashmag.plans.policy import OrderOutcome
from kashmag.plans.questions import Answers

ON_HOLD: Final = "holded"  # Magento's own word


def decide_outcome(case: Case, answers: Answers, hooks: Hooks) -> Decision[OrderOutcome] | None:
    """What the rules say of the order's state; None when nobody knows this state.

    An unpaid order that is dated by its Magento invoice waits for it, unless it is posted.
    """
    found = hooks.map_status(case.order, answers, case.policy)
    if found is None or found.value is not OrderOutcome.UNPAID or not awaits_invoice(case):
        return found
    if live_invoice(case.document, answers).posted:
        return found
    because = "it has no Magento invoice yet, and policy.issue_date is invoice"
    return Decision(OrderOutcome.WAIT, because=because, rule="policy")


def awaits_invoice(case: Case) -> bool:
    """Tell that the day that would date the order's invoice has not come."""
    return case.reading.sale is not None and case.dated_on is None


def test_order_reason(case: Case) -> str:
    """Why the policy takes this for nobody's purchase; empty when it does not."""
    sale, rules = case.reading.sale, case.policy.test_orders
    if sale is None:
        return ""
    if sale.buyer.email_domain in rules.email_domains:
        return f"a test order: its e-mail is at {sale.buyer.email_domain}"
    if sale.buyer.group in rules.customer_groups:
        return f"a test order: its buyer is in customer group {sale.buyer.group}"
    return "a test order: its total is 0" if rules.zero_total and not sale.gross else ""
