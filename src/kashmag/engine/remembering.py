"""What the logbook keeps of a run: outcomes, and which orders need not be looked at again."""

from __future__ import annotations

from attrs import evolve

from kashmag import magento
from kashmag.engine.judged import mark_of
from kashmag.engine.naming import key_of
from kashmag.engine.orders import Bundle
from kashmag.engine.outcomes import Handled, is_final, memo_document, record_of
from kashmag.logbook import DocumentRecord, Logbook
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import Outcome
from kashmag.plans.policy import Policy


async def known(logbook: Logbook, bundle: Bundle, document: DocumentId) -> Handled | None:
    """The outcome of an order that is posted and has not changed since: nothing is asked."""
    record = await logbook.document(key_of(document))
    if record is None or not record.finished_at:
        return None  # what became of it was never told
    if not record.revision or record.revision != bundle.revision:
        return None
    memos = [await _known_memo(logbook, document, memo) for memo in bundle.credit_memos]
    return Handled(document, Outcome.SKIPPED, reason=_already(record), memos=tuple(memos))


async def remember(
    logbook: Logbook,
    handled: Handled,
    bundle: Bundle | None,
    *,
    run: str,
    policy: Policy | None = None,
) -> None:
    """Write down what became of an order and its memos, where that is news.

    Of an order that is skipped, too, under which `policy`.
    """
    order = key_of(handled.document)
    revision = bundle.revision if bundle and is_final(handled) else ""
    if policy is not None and handled.outcome is Outcome.SKIPPED and not revision:
        revision = mark_of(policy)
    for one in (handled, *handled.memos):
        own = revision if one is handled else ""
        record = record_of(one, run=run, revision=own, order="" if one is handled else order)
        before = await logbook.document(record.key)
        if before and before.outcome == Outcome.POSTED.value and _is_still_posted(one):
            # Posted stays posted: that a later run finds it so is no news about it.
            record = evolve(record, outcome=before.outcome)
            if not record.codes and not before.codes:
                record = evolve(record, reason=before.reason)
        is_new = handled.plan is not None or one.is_decided
        is_told = before is not None and bool(before.finished_at)
        if not is_new and is_told and _is_still_posted(one):
            continue  # known already: nothing was looked at
        if before is None or not is_told or _news(before) != _news(record):
            await logbook.finish(record)


async def _known_memo(logbook: Logbook, order: DocumentId, memo: magento.CreditMemo) -> Handled:
    document = memo_document(order, memo)
    record = await logbook.document(key_of(document))
    return Handled(document, Outcome.SKIPPED, reason=_already(record) if record else "")


def _already(record: DocumentRecord) -> str:
    is_posted = record.outcome == Outcome.POSTED.value
    is_said = record.reason.startswith("already posted")
    return record.reason if is_said or not is_posted else f"already posted: {record.reason}"


def _news(record: DocumentRecord) -> tuple[object, ...]:
    return record.outcome, record.reason, record.codes, record.problems, record.revision


def _is_still_posted(handled: Handled) -> bool:
    if handled.outcome is not Outcome.SKIPPED:
        return False
    return handled.plan is None or bool(handled.plan.adoptions)
