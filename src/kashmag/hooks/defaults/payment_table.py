"""Where money went, by the policy's table of payment methods; a method outside it is no guess."""

from __future__ import annotations

from kashmag.accounting import Payment
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.decisions import Decision
from kashmag.plans.policy import PaymentRule, Policy


@hookimpl
def kashmag_map_payment(payment: Payment, policy: Policy) -> Decision[PaymentRule] | None:
    """The policy's row of this method."""
    rule = policy.payments.get(payment.method)
    if rule is None:
        return None
    return Decision(rule, because=f"policy.payments.{payment.method}")
