"""The problem of an order that is older than the day from which kashmag posts."""

from __future__ import annotations

from datetime import date

from kashmag.accounting.problems import Problem
from kashmag.plans.cures import cure


def before_go_live(number: str, ordered_on: date, go_live: date) -> Problem:
    """The order is older than the day from which kashmag posts."""
    return Problem(
        "before_go_live",
        f"Order {number} of {ordered_on} is older than go_live, {go_live}.",
        remedy="Where it was typed by hand (kashmag candidates finds it), adopt that invoice "
        "(kashmag errors adopt); else skip it (kashmag errors skip), or post it all the same. "
        'policy.before_go_live = "skip" or "post" decides for all of them.',
        settings=cure("policy", before_go_live='"skip"   # or "post"'),
    )
