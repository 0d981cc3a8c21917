"""What the logbook keeps of a run: outcomes, and which orders need not be looked at again."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from kashmag.engine.beside import beside
from kashmag.engine.judged import mark_of
from kashmag.engine.orders import Bundle
from kashmag.engine.outcomes import Handled, is_final, memo_document, record_of
from kashmag.engine.wishes import Parts
from kashmag.logbook import DocumentRecord, Logbook
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import Outcome


async def known(logbook: Logbook, bundle: Bundle, document: DocumentId) -> Handled | None:
    """The outcome of an order that is posted and has not changed since: nothing is asked."""
    record = await logbook.document(document.whole)
    if record is None or not record.finished_at:
        return None  # what became of it was never told
    if not record.revision or record.revision != bundle.revision:
        return None
    memos = [memo_document(document, memo) for memo in bundle.credit_memos]
    told = await logbook.documents([one.whole for one in memos]) if memos else {}
    return Handled(
        document,
        Outcome.SKIPPED,
        reason=_already(record),
        memos=tuple(_known_memo(one, told.get(one.whole)) for one in memos),
    )


async def remember_order(
    parts: Parts, handled: Handled, bundle: Bundle | None, *, run: str
) -> None:
    """Write down what became of an order and its memos, and how it looks beside the books."""
    policy = parts.policy
    revision = bundle.revision if bundle and is_final(handled) else ""
    if handled.outcome is Outcome.SKIPPED and not revision:
        revision = mark_of(policy)
    looks: Mapping[str, str] = {}
    if bundle is not None and (handled.plan is not None or handled.is_decided):
        case = handled.case or parts.handling.open_case(bundle)
        looks = beside(case, parts.hooks, now=parts.clock.now(), plan=handled.plan)
    await remember(parts.logbook, handled, run=run, revision=revision, beside=looks)


async def remember(
    logbook: Logbook,
    handled: Handled,
    *,
    run: str,
    revision: str = "",
    beside: Mapping[str, str] | None = None,
) -> None:
    """Write down what became of a document and its memos where that is news, all in one breath."""
    order = handled.document.whole
    told = [(handled, record_of(handled, run=run, revision=revision))]
    told += [(one, record_of(one, run=run, order=order)) for one in handled.memos]
    before = await logbook.documents([record.key for _, record in told])
    news = [
        record
        for one, new in told
        if (record := _news(one, new, before.get(new.key), is_new=handled.plan is not None))
    ]
    if news or beside:
        await logbook.finish(*news, beside=beside)


def _news(
    handled: Handled, record: DocumentRecord, before: DocumentRecord | None, *, is_new: bool
) -> DocumentRecord | None:
    """What is to be written of a document; None where all of it is known."""
    if before and before.outcome == Outcome.POSTED.value and _is_still_posted(handled):
        # Posted stays posted: that a later run finds it so is no news about it.
        record = evolve(record, outcome=before.outcome)
        if not record.codes and not before.codes:
            record = evolve(record, reason=before.reason)
    if before is None or not before.finished_at:
        return record
    if not (is_new or handled.is_decided) and _is_still_posted(handled):
        return None  # known already: nothing was looked at
    return record if _said(before) != _said(record) else None


def _known_memo(memo: DocumentId, record: DocumentRecord | None) -> Handled:
    return Handled(memo, Outcome.SKIPPED, reason=_already(record) if record else "")


def _already(record: DocumentRecord) -> str:
    is_posted = record.outcome == Outcome.POSTED.value
    is_said = record.reason.startswith("already posted")
    return record.reason if is_said or not is_posted else f"already posted: {record.reason}"


def _said(record: DocumentRecord) -> tuple[object, ...]:
    return record.outcome, record.reason, record.codes, record.problems, record.revision


def _is_still_posted(handled: Handled) -> bool:
    if handled.outcome is not Outcome.SKIPPED:
        return False
    return handled.plan is None or bool(handled.plan.adoptions)
