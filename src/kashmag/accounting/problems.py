"""A problem: what stands in the way of an entry, as a value.

Reading (in vendor rooms) and planning both find problems, so the value lives below both. The
catalogue of the planner's own problems is in `kashmag.plans.problems`.
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen


class Holds(Enum):
    """What a problem holds back: the whole plan, its payments only, or nothing (advice)."""

    PLAN = "plan"
    PAYMENT = "payment"
    NOTHING = "nothing"


@frozen
class Problem:
    """One thing wrong or doubtful: `code` for machines, `message` and `remedy` for people.

    `message` is one sentence with names and numbers; `remedy` says what to do now. `document` is
    the number of the memo concerned, empty when it is the order itself; `payment` is the token of
    the payment that it is about, where it is about one. `settings` is the change of settings that
    would cure it, as TOML, where one would; for a code or id of the account it has 0, which a
    person replaces and no account takes.
    """

    code: str
    message: str
    remedy: str = field(kw_only=True)
    holds: Holds = field(default=Holds.PLAN, kw_only=True)
    document: str = field(default="", kw_only=True)
    payment: str = field(default="", kw_only=True)
    settings: str = field(default="", kw_only=True)
