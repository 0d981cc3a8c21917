"""How a document stands when somebody takes it up."""

from __future__ import annotations

from attrs import field, frozen

from kashmag.logbook.claims import Claim
from kashmag.logbook.documents import PersonDecision
from kashmag.logbook.entries import StoredPlan


@frozen
class Standing:
    """A document that is claimed: its open plan, and what persons decided about it, oldest first.

    Read once the claim was in hand: nobody else changes the plan before the claim is let go.
    """

    claim: Claim
    plan: StoredPlan | None = field(kw_only=True)
    decisions: tuple[PersonDecision, ...] = field(kw_only=True)
