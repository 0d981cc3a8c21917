"""The story of one document: what was decided and why, sent, answered, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from attrs import field, frozen

from kashmag.accounting.problems import Holds
from kashmag.engine import causes
from kashmag.engine.naming import called, named
from kashmag.engine.numbering import INVOICE_NUMBER
from kashmag.engine.performing import PDF
from kashmag.errors import NotFoundError
from kashmag.logbook import Binding, DocumentRecord, Entry, Logbook, State, StoredPlan
from kashmag.logbook.audit import AuditRow
from kashmag.logbook.documents import PersonDecision, Verb
from kashmag.rest.codec import Json, JsonObject, loads


@frozen
class Story:
    """Everything that the logbook knows about one order, memo or customer."""

    document: DocumentRecord
    plans: tuple[StoredPlan, ...] = field(default=(), kw_only=True)
    bindings: tuple[Binding, ...] = field(default=(), kw_only=True)
    decisions: tuple[PersonDecision, ...] = field(default=(), kw_only=True)
    trail: tuple[AuditRow, ...] = field(default=(), kw_only=True)
    pdfs: Mapping[str, str] = field(factory=dict, kw_only=True)

    @property
    def missing(self) -> tuple[str, ...]:
        """What still has to happen, and what to do for it; nothing when all is well."""
        said = []
        for plan in self.plans:
            for entry in plan.entries:
                if todo := _TODO.get(entry.state):
                    said.append(f"{entry.kind} {entry.reference}: {todo}")
        for problem in self.document.problems:
            if problem.get("holds") != "nothing":
                said.append(str(problem.get("remedy", "")))
        if not said and self.document.outcome == "failed":
            passing = causes.PASSING.issuperset(self.document.codes)
            said.append("run again" if passing else "put the cause right, then retry")
        return tuple(dict.fromkeys(said))

    def to_json(self) -> dict[str, Json]:
        """The story as `kashmag why --json` prints it."""
        document = self.document
        return {
            "document": {
                "key": document.key,
                "kind": document.kind,
                "entity_id": document.entity_id,
                "number": document.number,
                "store_id": document.store_id,
                "order": document.order,
                "first_read_at": document.first_read_at,
                "finished_at": document.finished_at,
            },
            "outcome": document.outcome,
            "reason": document.reason,
            "codes": list(document.codes),
            "problems": list(document.problems),
            "missing": list(self.missing),
            "bindings": [
                {
                    "source": one.source,
                    "kind": one.kind,
                    "target": one.target,
                    "adopted": one.is_adopted,
                    "pdf": self.pdfs.get(one.source),
                }
                for one in self.bindings
            ],
            "plans": [_told_plan(plan) for plan in self.plans],
            "decisions": [
                {
                    "verb": d.verb.value,
                    "about": d.key,
                    "reason": d.reason,
                    "who": d.who,
                    "at": d.at,
                }
                for d in self.decisions
            ],
            "trail": [
                {"at": row.at, "what": row.what, "details": _details(row)} for row in self.trail
            ],
        }

    def lines(self) -> Sequence[str]:
        """The story in words, a line each."""
        document = self.document
        told = [f"{document.kind} {document.number}: {document.outcome or 'not finished'}"]
        if document.reason:
            told.append(f"  because: {document.reason}")
        told += [
            f"  {one.kind} {one.target} is its {one.source}{_pdf(self.pdfs.get(one.source))}"
            for one in self.bindings
        ]
        for plan in self.plans:
            told.append(f"  plan {plan.digest[:12]} of {plan.opened_at} is {plan.state.value}")
            content = _content(plan)
            for note in cast("Sequence[JsonObject]", content.get("decisions", ())):
                told.append(f"    {note['question']}: {note['answer']}, because {note['because']}")
            told += [f"    {_said(entry)}" for entry in plan.entries]
        told += [f"  {d.at} {d.who or 'somebody'}: {_verb(d)}, {d.reason}" for d in self.decisions]
        told += [f"  {row.at} {row.what} {row.details or '(erased)'}" for row in self.trail]
        told += [f"  note: {_noted(one)}" for one in document.problems if _is_advice(one)]
        told += [f"  to do: {one}" for one in self.missing]
        return told


async def tell(logbook: Logbook, name: str, *, store: str | None = None) -> tuple[Story, ...]:
    """The stories of all documents that people call by this number or key, of one store if said.

    Raises:
        NotFoundError: the logbook knows no such document; of a bare number, no such order.
    """
    found = await named(logbook, name, store=store)
    if not found:
        raise NotFoundError(f"the logbook knows no document {name}: it was never read")
    if ":" not in name and all(one.kind != "order" for one in found):
        others = ", ".join(f"kashmag why {called(one)}" for one in found)
        raise NotFoundError(
            f"no run has read an order {name} (it may be from before go_live, or not be there). "
            f"Another document has this number: {others}"
        )
    return tuple([await _story(logbook, record) for record in found])


async def _story(logbook: Logbook, record: DocumentRecord) -> Story:
    about = record.order or record.key
    bindings = tuple(
        one
        for one in await logbook.bindings_of(about)
        if one.kind != INVOICE_NUMBER  # it is the number of what it was given to
        and (not record.order or one.source.endswith(f"credit_note:{record.entity_id}"))
    )
    links = {one.source: await logbook.recall(PDF + one.source) for one in bindings}
    return Story(
        record,
        plans=await logbook.plans_of(about),
        bindings=bindings,
        pdfs={source: link for source, link in links.items() if link},
        decisions=await logbook.decisions(record.key),
        trail=await logbook.story(record.key),
    )


def _noted(problem: Mapping[str, Json]) -> str:
    """What is pointed out, and what is to be done about it."""
    said = (str(problem.get(part) or "") for part in ("message", "remedy"))
    return " ".join(one for one in said if one)


def _is_advice(problem: Mapping[str, Json]) -> bool:
    """Tell what holds nothing and is pointed out all the same: export evidence, for one."""
    return problem.get("holds") == Holds.NOTHING.value


def _pdf(link: str | None) -> str:
    return f" ({link})" if link else ""


_TODO = {
    State.PLANNED: "not sent yet; run again",
    State.SENT: "its fate is unknown; run again, it is looked for",
    State.UNKNOWN: "its fate is unknown; run again, it is looked for",
    State.REFUSED: "it was refused; put the cause right and retry, or drop it",
    State.DISPUTED: "what is there is not what was meant; look at both, then accept or drop it",
}


def _verb(decision: PersonDecision) -> str:
    is_about_item = decision.verb in {Verb.SKIP_ITEM, Verb.RETRY_ITEM}
    return f"{decision.verb.value} {decision.key}" if is_about_item else decision.verb.value


def _told_plan(plan: StoredPlan) -> dict[str, Json]:
    return {
        "digest": plan.digest,
        "state": plan.state.value,
        "reason": plan.reason,
        "opened_at": plan.opened_at,
        "decisions": _content(plan).get("decisions", []),
        "certificate": _content(plan).get("certificate"),
        "entries": [
            {
                "key": e.key,
                "kind": e.kind,
                "reference": e.reference,
                "state": e.state.value,
                "number": e.number,
                "attempts": e.attempts,
                "message": e.message,
                "confirmed": e.is_confirmed,
                "adopted": e.is_adopted,
                "changed_at": e.changed_at,
            }
            for e in plan.entries
        ],
    }


def _content(plan: StoredPlan) -> JsonObject:
    told = loads(plan.content) if plan.content else {}
    return told if isinstance(told, dict) else {}


def _details(row: AuditRow) -> Json:
    return loads(row.details) if row.details else None


def _said(entry: Entry) -> str:
    number = f" as {entry.number}" if entry.number else ""
    proof = ", read back and confirmed" if entry.is_confirmed else ""
    message = f": {entry.message}" if entry.message else ""
    return f"{entry.kind} {entry.reference} is {entry.state.value}{number}{proof}{message}"
