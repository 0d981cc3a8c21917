"""A plan on the screen or as JSON, and the exit code that it asks for."""

from __future__ import annotations

from kashmag.accounting import Holds
from kashmag.cli.exits import BUG, DONE, WAITS
from kashmag.cli.offline import Unreadable
from kashmag.cli.output import Output
from kashmag.plans.plan import Plan
from kashmag.rest.codec import Json


def print_plan(planned: Plan | Unreadable, output: Output) -> int:
    """Print one plan, or why there is none; the exit code it asks for."""
    if isinstance(planned, Unreadable):
        output.document(_told_unreadable(planned))
        output.warn(str(planned))
        return BUG
    output.document(planned.to_json())
    output.say(planned.summary())
    return WAITS if waits(planned) else DONE


def waits(planned: Plan) -> bool:
    """Tell whether something of the plan waits for a person."""
    return any(problem.holds is not Holds.NOTHING for problem in planned.problems)


def _told_unreadable(one: Unreadable) -> dict[str, Json]:
    entity_id: Json = int(one.entity_id) if one.entity_id.isdecimal() else one.entity_id
    return {
        "order": {"entity_id": entity_id, "increment_id": one.number},
        "digest": None,
        "held": True,
        "assumed": [],
        "problems": [
            {
                "code": "unknown_shape",
                "message": str(one),
                "remedy": "Compare the file with what the shop's REST API serves for this order; "
                "if it is the same, report it with the path that is named.",
                "holds": "plan",
            }
        ],
        "decisions": [],
        "actions": [],
        "certificate": None,
    }
