"""What an order's state means for its invoice, by the table of the documentation."""

from __future__ import annotations

from types import MappingProxyType

from kashmag import magento
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.decisions import Decision
from kashmag.plans.policy import OrderOutcome, Policy

BY_STATE = MappingProxyType(
    {
        "new": OrderOutcome.WAIT,
        "pending_payment": OrderOutcome.WAIT,
        "payment_review": OrderOutcome.WAIT,
        "holded": OrderOutcome.WAIT,
        "processing": OrderOutcome.UNPAID,
        "complete": OrderOutcome.PAID,
        "closed": OrderOutcome.PAID,
        "canceled": OrderOutcome.VOID,
    }
)


@hookimpl
def kashmag_map_status(order: magento.Order, policy: Policy) -> Decision[OrderOutcome] | None:
    """The policy's word on the status first, then the table of states."""
    if order.status and order.status in policy.statuses:
        because = f"the policy maps status {order.status}"
        return Decision(policy.statuses[order.status], because=because)
    if order.state and order.state in BY_STATE:
        return Decision(BY_STATE[order.state], because=f"the order's state is {order.state}")
    return None
