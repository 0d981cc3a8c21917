"""How much a plan moves, and whether a run as a whole moves more than is allowed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from kashmag.accounting import Problem
from kashmag.engine import causes
from kashmag.plans.actions import AddPayment, CreateCreditNote, CreateInvoice
from kashmag.plans.cures import cure
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Limits

REMEDY: Final = (
    "Look at a dry run; then approve it with a reason (kashmag sync --approved), or raise the "
    "limit."
)


def worth(plan: Plan) -> Decimal:
    """How much money a plan moves, whatever the direction."""
    total = Decimal(0)
    for action in plan.actions:
        match action:
            case CreateInvoice() | CreateCreditNote():
                total += abs(action.certificate.gross)
            case AddPayment():
                total += abs(action.payment.amount)
            case _:
                pass
    return total


def has_limits(limits: Limits) -> bool:
    """Tell whether anything is limited at all."""
    return limits.documents is not None or limits.money is not None


def over_limits(worths: Iterable[Decimal], limits: Limits) -> Problem | None:
    """Why a run that would change documents of these worths is refused; None when it may be."""
    documents, money = 0, Decimal(0)
    for one in worths:
        documents, money = documents + 1, money + one
    over: list[str] = []
    needed: dict[str, object] = {}
    if limits.documents is not None and documents > limits.documents:
        over.append(f"{documents} documents, where {limits.documents} are allowed")
        needed["documents"] = documents
    if limits.money is not None and money > limits.money:
        over.append(f"{money} in money, where {limits.money} is allowed")
        needed["money"] = money
    if not over:
        return None
    return Problem(
        causes.OVER_LIMITS,
        f"the run as a whole would change {' and '.join(over)}",
        remedy=REMEDY,
        settings=cure("policy.limits", **needed),
    )
