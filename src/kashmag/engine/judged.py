"""Under which settings an order was skipped: when they change, it may be due after all.

An order that waits, or that a rule skips, is not looked at again until the shop changes it. So its
record says under which policy that was so, and a run of orders looks again at every one that was
skipped under another. Each record says it for itself: a run that dies, or stops at its limit,
leaves the others to the next.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from kashmag.engine.wishes import Parts, Wish
from kashmag.plans.policy import Policy

_MARK: Final = "under:"


def mark_of(policy: Policy) -> str:
    """What stands in the record of an order that is skipped under this policy."""
    return _MARK + policy.digest


async def judged_otherwise(parts: Parts, wish: Wish) -> AsyncIterator[list[str]]:
    """Ids of orders that were skipped under another policy than today's, in batches."""
    logbook, mark, after = parts.logbook, mark_of(parts.policy), 0
    if wish.flow != "orders" or not wish.waiting:
        return
    while batch := await logbook.documents_with(
        "skipped", kind="order", marked=_MARK, but_not=mark, after=after
    ):
        after = batch[-1].seq
        yield [one.entity_id for one in batch]
