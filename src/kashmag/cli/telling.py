"""What became of documents, as JSON and as an exit code."""

from __future__ import annotations

from collections.abc import Iterable

from kashmag.cli.exits import DONE, WAITS, worst
from kashmag.engine.causes import remedy_of
from kashmag.plans.events import AlertFailed, DocumentFinished, Outcome, RunFinished
from kashmag.rest.codec import Json


def told_document(finished: DocumentFinished) -> dict[str, Json]:
    """One document's outcome."""
    document = finished.document
    entity_id: Json = (
        int(document.entity_id) if document.entity_id.isdecimal() else document.entity_id
    )
    return {
        document.kind: {"entity_id": entity_id, "increment_id": document.number},
        "outcome": finished.outcome.value,
        "reason": finished.reason,
        "codes": list(finished.codes),
        "deeds": [deed.to_json() for deed in finished.deeds],
    }


def told_run(run: RunFinished, documents: Iterable[DocumentFinished]) -> dict[str, Json]:
    """A run: four counts that add up to `read`, and every document."""
    return {
        "read": run.read,
        "posted": run.posted,
        "skipped": run.skipped,
        "held": run.held,
        "failed": run.failed,
        "documents": [told_document(one) for one in documents],
    }


def told_failure(failed: AlertFailed) -> dict[str, Json]:
    """An alert that a receiver did not take."""
    return {"receiver": failed.receiver, "message": failed.message}


def exit_code_of(finished: DocumentFinished) -> int:
    """What a command ends with for this document's sake."""
    if remedy := remedy_of(finished.codes):
        return remedy.exit_code
    return WAITS if finished.outcome in (Outcome.HELD, Outcome.FAILED) else DONE


def exit_code_of_all(documents: Iterable[DocumentFinished]) -> int:
    """What a command ends with for the sake of all of them."""
    return worst(exit_code_of(one) for one in documents)
