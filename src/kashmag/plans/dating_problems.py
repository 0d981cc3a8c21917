"""Problems of an order's own day: it is older than what kashmag posts, or has not come yet."""

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


def no_invoice_day(number: str) -> Problem:
    """The order counts as paid, and the Magento invoice whose day would date it is not there."""
    return Problem(
        "no_invoice_day",
        f"Order {number} counts as paid and has no Magento invoice, whose day would date it.",
        remedy='Make the Magento invoice in the shop; or set policy.issue_date = "order" (for its '
        "store view, if it has no Magento invoices at all).",
        settings=cure("policy", issue_date='"order"'),
    )
