"""What could be done about a drift: a posted document and its source have come apart.

A drifting plan is held; what is proposed for it is done only when a person says so (`errors
resolve`), or the policy (`[policy.drift]`). Which proposals there are is `planner.drifting`.
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from kashmag.accounting.problems import Problem
from kashmag.plans.actions import Action
from kashmag.plans.certificate import Certificate


class Drift(Enum):
    """How shop and account came apart, as far as the logbook can tell; keys of `[policy.drift]`."""

    CHANGED_IN_SHOP = "changed_in_shop"
    CHANGED_IN_KASHFLOW = "changed_in_kashflow"
    CANCELLED = "cancelled"
    DELETED_IN_KASHFLOW = "deleted_in_kashflow"
    BEFORE_GO_LIVE = "before_go_live"  # nothing is posted, and by policy.before_go_live
    UNKNOWN = "unknown"  # both, or nobody remembers what was posted: a person must look


class Way(Enum):
    """What to do about it."""

    CREDIT = "credit"
    CREDIT_AND_REISSUE = "credit_and_reissue"
    POST_ANEW = "post_anew"
    POST = "post"


@frozen
class Proposal:
    """One way out of a drift: what it does, and which problems (their messages) it cures.

    `releases` are the keys of deeds whose documents are gone and that are given up first. `leaves`
    are the problems that there are when it is taken: money that is held, and advice.
    """

    way: Way
    drift: Drift
    message: str
    actions: tuple[Action, ...] = field(kw_only=True)
    cures: tuple[str, ...] = field(kw_only=True)
    certificate: Certificate | None = field(default=None, kw_only=True)
    releases: tuple[str, ...] = field(default=(), kw_only=True)
    leaves: tuple[Problem, ...] = field(default=(), kw_only=True)
