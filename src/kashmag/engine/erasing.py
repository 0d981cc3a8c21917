"""Erasing the words that the logbook keeps about a document and the people in it.

What is still needed stays, without words: figures, days, numbers and references of what was
posted, and what persons decided. Which rows hold words is `logbook.database.erasing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve

from kashmag.engine import causes
from kashmag.engine.deciding import LEASE, refuse_empty
from kashmag.engine.left_out import reason_to_skip
from kashmag.engine.outcomes import of_skipped_order, said_of_accepted
from kashmag.errors import HeldError, LogbookBusyError
from kashmag.logbook import DocumentRecord, Logbook, StoredPlan
from kashmag.logbook.documents import PersonDecision, Verb
from kashmag.logbook.erasing import FORGOTTEN, Kept
from kashmag.plans import plan as plans
from kashmag.plans.events import Outcome
from kashmag.plans.nameless import nameless
from kashmag.reconciliation.remembering import NAME, without_people, without_words
from kashmag.rest.codec import dumps, loads


async def erase(logbook: Logbook, *records: DocumentRecord, reason: str) -> dict[str, int]:
    """Erase what the logbook tells of documents and their people; return how much, by key.

    An order and its memos go together, whichever of them is named: they stand in the same plans.

    Raises:
        SettingsError: there is no reason.
        HeldError: something of one is still to be sent, or waits for a person, who needs the words.
        LogbookBusyError: another worker is busy with one, or with the files.
    """
    refuse_empty(reason)
    erased = {one.key: await _erase_one(logbook, one, reason=reason) for one in records}
    await logbook.scrub()
    return erased


async def _erase_one(logbook: Logbook, record: DocumentRecord, *, reason: str) -> int:
    about = record.order or record.key
    claim = await logbook.claim(about, lease=LEASE)
    if claim is None:
        raise LogbookBusyError(f"another worker is busy with {about}: try again later")
    try:
        whole = await logbook.document(about) or record
        concerned = (whole, *await logbook.memos_of(about))
        await _refuse_unsettled(logbook, concerned)
        return await logbook.erase(about, reason=reason, kept=await _kept(logbook, concerned))
    finally:
        await logbook.release(claim)


async def _refuse_unsettled(logbook: Logbook, records: Sequence[DocumentRecord]) -> None:
    if await logbook.opened_plan(records[0].key) is not None:
        raise HeldError(
            f"{records[0].kind} {records[0].number} has an open plan: finish it (run again), or "
            "drop it, and then erase"
        )
    for one in records:
        if _is_waiting(one):
            raise HeldError(
                f"{one.kind} {one.number} still waits ({', '.join(one.codes) or one.outcome}), and "
                "what is told of it is needed for that: settle it (kashmag errors), or skip it, "
                "and then erase"
            )


def _is_waiting(record: DocumentRecord) -> bool:
    unsettled = record.outcome in (Outcome.HELD.value, Outcome.FAILED.value)
    return unsettled or not causes.ASKING_NOBODY.issuperset(record.codes)


async def _kept(logbook: Logbook, records: Sequence[DocumentRecord]) -> Kept:
    reasons: dict[str, str] = {}
    problems: dict[str, str] = {}
    contents: dict[int, str] = {}
    texts: dict[str, str] = {}
    for record in records:
        reasons[record.key] = await _reason(logbook, record)
        problems[record.key] = dumps(list(without_people(record.problems))).decode()
        stored = await logbook.plans_of(record.key)
        contents |= {one.seq: told for one in stored if (told := _content(one))}
        if text := await logbook.recall(NAME + record.key):
            texts[NAME + record.key] = without_words(text)
    return Kept(reasons=reasons, problems=problems, contents=contents, texts=texts)


def _content(stored: StoredPlan) -> str:
    told = loads(stored.content) if stored.content else None
    if not isinstance(told, Mapping):
        return ""
    return dumps(nameless(plans.from_json(told)).to_json()).decode()


async def _reason(logbook: Logbook, record: DocumentRecord) -> str:
    """What is said of it from now on: what the next run would say of it too."""
    if not record.reason or record.outcome != Outcome.SKIPPED.value:
        return record.reason and FORGOTTEN
    if skipped := reason_to_skip(await _without_reasons(logbook, record.key)):
        return skipped
    if record.order and (skipped := await _skipped_with(logbook, record.order)):
        return skipped
    decisions = await logbook.decisions(record.order or record.key)
    is_accepted = record.reason.startswith(said_of_accepted(""))
    if is_accepted and any(one.verb is Verb.ACCEPT for one in decisions):
        return said_of_accepted(FORGOTTEN)
    return FORGOTTEN


async def _skipped_with(logbook: Logbook, order: str) -> str:
    """What is said of a memo whose order a person has skipped; empty where none has."""
    skipped = reason_to_skip(await _without_reasons(logbook, order))
    told = await logbook.document(order) if skipped else None
    return of_skipped_order(told.number, skipped) if told else ""


async def _without_reasons(logbook: Logbook, document: str) -> list[PersonDecision]:
    return [evolve(one, reason=FORGOTTEN) for one in await logbook.decisions(document)]
