"""On which day a document is dated: its own, unless the books are closed on it."""

from __future__ import annotations

from datetime import date, timedelta

from kashmag.planner.findings import Findings, stated, troubled
from kashmag.plans.policy import ClosedPeriod, Policy
from kashmag.plans.problems import dated_in_future, period_closed


def issue_day(document: str, day: date, policy: Policy, today: date) -> tuple[date, Findings]:
    """The day to date a document on; in closed books it is held, or moved by policy."""
    # A shop east of this machine may be a day ahead; two days are a wrong clock.
    if day > today + timedelta(days=1):
        return day, troubled(dated_in_future(document, day, today))
    closed = policy.books_closed_until
    if closed is None or day > closed:
        return day, Findings()
    if policy.closed_period is ClosedPeriod.HOLD:
        return day, troubled(period_closed(document, day, closed))
    first_open = closed + timedelta(days=1)
    because = f"the books are closed until {closed}"
    return first_open, stated(f"date of {document}", f"{first_open}, not {day}", because=because)
