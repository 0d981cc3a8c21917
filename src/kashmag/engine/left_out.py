"""What a person has said is never to be posted: whole orders and customers, and single memos.

Single items of an order are `items`; who writes such a decision down is `deciding`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import evolve

from kashmag.engine.orders import Bundle
from kashmag.engine.outcomes import Handled, memo_document, memo_key
from kashmag.logbook import Logbook
from kashmag.logbook.documents import PersonDecision, Verb
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import Outcome

_LASTING: Final = frozenset({Verb.SKIP, Verb.RETRY})


def skipped_by_person(document: DocumentId, decisions: Iterable[PersonDecision]) -> Handled | None:
    """The outcome of a document that a person has skipped, unless a retry came after it."""
    reason = reason_to_skip(decisions)
    if not reason:
        return None
    return Handled(document, Outcome.SKIPPED, reason=reason, is_decided=True)


def reason_to_skip(decisions: Iterable[PersonDecision]) -> str:
    """How it is told that a person has skipped it; empty where none has, or a retry came after."""
    last = next((one for one in reversed(tuple(decisions)) if one.verb in _LASTING), None)
    return said_of(last.reason, last.who) if last and last.verb is Verb.SKIP else ""


async def without_skipped_memos(
    logbook: Logbook, bundle: Bundle, order: DocumentId
) -> tuple[Bundle, tuple[Handled, ...]]:
    """An order without the memos that a person has skipped, and the outcomes of these.

    A memo that is posted stays part of its order, whatever was said of it afterwards.
    """
    skipped: dict[int, Handled] = {}
    for memo in bundle.credit_memos:
        document = memo_document(order, memo)
        told = skipped_by_person(document, await logbook.decisions(document.whole))
        if told is not None and await logbook.binding(memo_key(order, memo)) is None:
            skipped[memo.entity_id] = told
    kept = tuple(memo for memo in bundle.credit_memos if memo.entity_id not in skipped)
    return evolve(bundle, credit_memos=kept), tuple(skipped.values())


def said_of(reason: str, who: str) -> str:
    """How it is told that a person has skipped a document."""
    return f"skipped by {who}: {reason}" if who else f"skipped: {reason}"
