"""What a person, or the policy, has said is right as it is: named, and asking nobody any more.

Whether it still is what was accepted, the planner tells: it holds an order again whose posted
document says anything else by now.
"""

from __future__ import annotations

from typing import Final

from attrs import evolve

from kashmag.planner.drifting import accepted_as_it_is
from kashmag.plans.plan import Plan
from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import Agreed, ShopDocument
from kashmag.reconciliation.generations import place_of
from kashmag.reconciliation.sentences import sentence

# What the planner compares of a posted document. Of its day it knows only with the logbook.
_COMPARED: Final = frozenset(
    {
        Cause.CHANGED_IN_SHOP,
        Cause.CHANGED_IN_KASHFLOW,
        Cause.DIFFERENT,
        Cause.WRONG_RATE,
        Cause.EXEMPTION,
        Cause.NOMINAL,
        Cause.CUSTOMER,
    }
)


def reasons_in(plan: Plan) -> dict[str, str]:
    """Why which documents of an order are right as they are, by the key of the shop's document.

    `plan` is that of the order as things stand; where it is held, nothing is settled.
    """
    if plan.is_held:
        return {}
    said = accepted_as_it_is(plan)
    return {
        place_of(one.key).source: said[one.number] for one in plan.adoptions if one.number in said
    }


def as_accepted(one: Difference, shop: ShopDocument, agreed: Agreed | None) -> Difference:
    """The difference, by a cause of its own where it was accepted."""
    is_dated = one.cause is Cause.WRONG_DATE and agreed is not None and agreed.issued_on is not None
    if not shop.accepted or not (one.cause in _COMPARED or is_dated):
        return one
    because = f"{one.message} It is accepted: {sentence(shop.accepted)}"
    return evolve(one, cause=Cause.ACCEPTED, message=because)
