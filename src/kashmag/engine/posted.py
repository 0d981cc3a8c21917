"""What we posted, as our own logbook remembers it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kashmag.logbook import Entry, Logbook, State, StoredPlan
from kashmag.plans import plan as plans
from kashmag.plans.actions import Action, CreateCreditNote, CreateInvoice
from kashmag.plans.certificate import Certificate
from kashmag.rest.codec import loads


async def posted_certificate(logbook: Logbook, key: str) -> Certificate | None:
    """What the document of a deed said when we posted it; None where nothing tells."""
    document = ":".join(key.split(":")[:3])
    for stored in reversed(await logbook.plans_of(document)):
        for entry, action in zip(stored.entries, _actions(stored), strict=False):
            if not isinstance(action, CreateInvoice | CreateCreditNote):
                continue
            if entry.key == key and entry.state is State.DONE:
                return action.certificate
    return None


def _actions(stored: StoredPlan) -> tuple[Action, ...]:
    told = loads(stored.content) if stored.content else None
    return plans.from_json(told).actions if isinstance(told, dict) else ()


async def is_surely_gone(
    logbook: Logbook, action: CreateInvoice | CreateCreditNote, settled_after: timedelta
) -> bool:
    """Tell that what we posted was posted long enough ago for every read to show it.

    What is not found now is gone then, and not merely late. By a clock that does not jump where
    this machine has posted it since it was started; else by the time of day.
    """
    now = await logbook.now()
    entries = await logbook.same_deeds(action.kind, action.reference)
    done = [one for one in entries if one.key == action.key and one.state is State.DONE]
    return all(
        _is_older(one, now.since(one.sent) if one.sent else None, settled_after) for one in done
    )


def _is_older(entry: Entry, elapsed: float | None, settled_after: timedelta) -> bool:
    if elapsed is not None:
        return elapsed >= settled_after.total_seconds()
    if not entry.changed_at:
        return False
    age = datetime.now(UTC) - datetime.fromisoformat(entry.changed_at)
    return age >= max(settled_after, timedelta(hours=1))
