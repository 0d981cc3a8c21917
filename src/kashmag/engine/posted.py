"""What we posted, as our own logbook remembers it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from kashmag.kashflow import PaymentDraft
from kashmag.logbook import Entry, Logbook, State, StoredPlan
from kashmag.plans import plan as plans
from kashmag.plans.actions import (
    Action,
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
)
from kashmag.plans.keys import document_of
from kashmag.plans.plan import Plan
from kashmag.plans.questions import Posted
from kashmag.rest.codec import loads

NOW: Final = timedelta(0)


async def as_posted(logbook: Logbook, key: str) -> Posted | None:
    """The document of a deed as we posted it, with its payments; None where nothing tells."""
    document = document_of(key)
    done = [
        (entry, action)
        for stored in await logbook.plans_of(document)
        for entry, action in zip(stored.entries, _actions(stored), strict=False)
        if entry.state is State.DONE
    ]
    for entry, made in reversed(done):
        if entry.key == key and isinstance(made, CreateInvoice | CreateCreditNote):
            later = tuple(
                action.payment
                for _, action in done
                if isinstance(action, AddPayment) and action.invoice_reference == made.reference
            )
            payments = (*made.draft.payment_lines, *later)
            return Posted(made.draft, certificate=made.certificate, payments=payments)
    return None


def plan_in(stored: StoredPlan) -> Plan | None:
    """The plan that was stored; None once it was erased."""
    told = loads(stored.content) if stored.content else None
    return plans.from_json(told) if isinstance(told, dict) else None


def _actions(stored: StoredPlan) -> tuple[Action, ...]:
    plan = plan_in(stored)
    return plan.actions if plan is not None else ()


async def action_of(logbook: Logbook, entry: Entry) -> Action | None:
    """What an entry was to do; None once that was erased."""
    for stored in await logbook.plans_of(entry.document):
        for own, action in zip(stored.entries, _actions(stored), strict=False):
            if own.seq == entry.seq:
                return action
    return None


async def payment_entry(logbook: Logbook, document: str, action: AddPayment) -> Entry | None:
    """The entry by which we put this payment on this document once; None where we never did."""
    token = action.payment.note.split()[-1:]
    for stored in await logbook.plans_of(document):
        for entry, made in zip(stored.entries, _actions(stored), strict=False):
            if entry.state is not State.DONE:
                continue
            if isinstance(made, AddPayment) and made.invoice_reference == action.invoice_reference:
                lines: tuple[PaymentDraft, ...] = (made.payment,)
            elif (
                isinstance(made, CreateInvoice | CreateCreditNote)
                and made.reference == action.invoice_reference
            ):
                lines = made.draft.payment_lines
            else:
                continue
            if any(line.note.split()[-1:] == token for line in lines):
                return entry
    return None


async def is_visible_by_now(logbook: Logbook, entry: Entry, settled_after: timedelta) -> bool:
    """Tell that what an entry did was done long enough ago for every read to show it."""
    return await visible_in(logbook, entry, settled_after) <= NOW


async def visible_in(logbook: Logbook, entry: Entry, settled_after: timedelta) -> timedelta:
    """How long it takes until every read shows what an entry did; not more than 0 once it does.

    By a clock that does not jump where this machine has done it since it was started; else by
    the time of day.
    """
    now = await logbook.now()
    elapsed = now.since(entry.sent) if entry.sent else None
    if elapsed is not None:
        return settled_after - timedelta(seconds=elapsed)
    longest = max(settled_after, timedelta(hours=1))
    if not entry.changed_at:
        return longest
    return longest - (datetime.now(UTC) - datetime.fromisoformat(entry.changed_at))


async def is_settled(
    logbook: Logbook, key: str, reference: str, *kinds: str, settled_after: timedelta
) -> bool:
    """Tell that a deed, if we have done it, was done long enough ago for every read to show it."""
    told = await settled_in(logbook, key, reference, *kinds, settled_after=settled_after)
    return told <= NOW


async def settled_in(
    logbook: Logbook, key: str, reference: str, *kinds: str, settled_after: timedelta
) -> timedelta:
    """How long it takes until every read shows a deed of ours; not more than 0 once it does."""
    done = await _done(logbook, key, reference, *kinds)
    return max([await visible_in(logbook, one, settled_after) for one in done], default=NOW)


async def was_made(logbook: Logbook, action: CreateCustomer) -> bool:
    """Tell that we have created this account once, whatever became of it since."""
    return bool(await _done(logbook, action.key, action.reference, action.kind))


async def _done(logbook: Logbook, key: str, reference: str, *kinds: str) -> list[Entry]:
    entries = await logbook.same_deeds(reference, *kinds)
    return [one for one in entries if (one.key, one.state) == (key, State.DONE)]
