"""The logbook of `kashmag.logbook.logbook`, on SQLite and PostgreSQL.

One thread writes, many jobs to a transaction; another reads, so that nobody who looks waits for
somebody who writes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

from attrs import evolve
from sqlalchemy import Connection, text

from kashmag.errors import LogbookError
from kashmag.logbook import audit
from kashmag.logbook.audit import AuditFault, AuditRow
from kashmag.logbook.claims import Claim
from kashmag.logbook.database import claiming, opening, planned, reading, trail
from kashmag.logbook.database.worker import MOST_AT_ONCE, Worker
from kashmag.logbook.documents import Belonging, DocumentRecord, PersonDecision
from kashmag.logbook.entries import Binding, Entry, NewEntry, StoredPlan
from kashmag.logbook.instants import Instant, Instants, machine_instants
from kashmag.logbook.owners import new_owner
from kashmag.logbook.states import Mover, State, may_move
from kashmag.rest.codec import Json

T = TypeVar("T")


async def open_logbook(
    url: str, *, owner: str | None = None, instants: Instants | None = None
) -> DatabaseLogbook:
    """Open the logbook at `sqlite:///PATH` or `postgresql://...`, making or migrating its tables.

    `owner` must be new at every process start, which is what it is when left out. `instants` is
    for tests: without it SQLite goes by this machine's clock and PostgreSQL by its server's.

    Raises:
        LogbookError: it cannot be opened, or was written by a newer version.
        LogbookBusyError: another process kept it locked for half a minute.
    """
    parsed = opening.parse_url(url)
    writing = opening.connect(parsed, to_write=True)
    try:
        await asyncio.to_thread(opening.migrate, writing)
    except BaseException:
        writing.dispose()
        raise
    sqlite = opening.is_sqlite(parsed)
    # PostgreSQL locks rows, and the rows of many jobs in one transaction could lock each other out.
    writer = Worker(writing, "kashmag-logbook-writer", together=MOST_AT_ONCE if sqlite else 1)
    reader = writer
    if not opening.is_in_memory(parsed):
        reader = Worker(opening.connect(parsed, to_write=False), "kashmag-logbook-reader")
    if instants is None and sqlite:
        instants = machine_instants()
    return DatabaseLogbook(writer, reader, owner=owner or new_owner(), instants=instants)


class DatabaseLogbook:
    """A `Logbook`; made by `open_logbook`."""

    def __init__(
        self, writer: Worker, reader: Worker, *, owner: str, instants: Instants | None
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._owner = owner
        self._instants = instants

    @property
    def owner(self) -> str:
        """The name of this process start."""
        return self._owner

    # Claims

    async def claim(self, *names: str, lease: timedelta) -> Claim | None:
        """Claim all of these names, or none: None when somebody alive holds one of them."""

        def job(connection: Connection) -> Claim:
            now, seconds = self._now(connection), lease.total_seconds()
            return claiming.take(connection, self._owner, names, now=now, seconds=seconds)

        try:
            return await self._writer.run(job)
        except claiming.NotFreeError:
            return None

    async def renew(self, claim: Claim, *, lease: timedelta) -> None:
        """Hold a claim for longer; raises ClaimLostError when it is somebody else's by now."""
        await self._writer.run(
            lambda connection: claiming.renew(
                connection, claim, now=self._now(connection), seconds=lease.total_seconds()
            )
        )

    async def keep(self, *, lease: timedelta) -> None:
        """Hold everything that this process holds for longer: its heartbeat."""
        await self._writer.run(
            lambda connection: claiming.keep(
                connection, self._owner, now=self._now(connection), seconds=lease.total_seconds()
            )
        )

    async def release(self, claim: Claim) -> None:
        """Let go; nothing happens to names that are somebody else's by now."""
        await self._writer.run(lambda connection: claiming.release(connection, claim))

    # Plans and entries

    async def open_plan(
        self, document: str, entries: Sequence[NewEntry], *, digest: str, content: str, claim: Claim
    ) -> StoredPlan:
        """Store a plan before anything of it leaves; one open plan a document."""

        def job(connection: Connection) -> StoredPlan:
            claiming.check(connection, claim)
            plan = planned.open_plan(connection, document, entries, digest=digest, content=content)
            keys = [entry.key for entry in entries]
            self._tell(connection, "plan opened", document, {"digest": digest, "actions": keys})
            return plan

        return await self._writer.run(job)

    async def opened_plan(self, document: str) -> StoredPlan | None:
        """The open plan of this document, with its entries in order."""
        return await self._reader.run(lambda connection: planned.opened(connection, document))

    async def opened_plans(self) -> AsyncIterator[StoredPlan]:
        """Every open plan, oldest first."""
        after = 0
        while True:
            found = await self._reader.run(_opened_after(after))
            for plan in found:
                yield plan
                after = plan.seq
            if not found:
                return

    async def plans_of(self, document: str) -> tuple[StoredPlan, ...]:
        """Every plan that was ever opened for this document, oldest first."""
        return await self._reader.run(lambda connection: planned.of_document(connection, document))

    async def finish_plan(self, plan: StoredPlan, claim: Claim) -> None:
        """Close a plan whose entries are all settled; raises LogbookError when one is not."""

        def job(connection: Connection) -> None:
            claiming.check(connection, claim)
            planned.finish(connection, plan)
            self._tell(connection, "plan finished", plan.document, {"digest": plan.digest})

        await self._writer.run(job)

    async def drop_plan(self, plan: StoredPlan, claim: Claim, *, reason: str) -> None:
        """Give up what is left of a plan; entries whose fate is unknown refuse to be dropped."""

        def job(connection: Connection) -> None:
            claiming.check(connection, claim)
            planned.drop(connection, plan, reason)
            self._tell(
                connection, "plan dropped", plan.document, {"digest": plan.digest, "reason": reason}
            )

        await self._writer.run(job)

    async def now(self) -> Instant:
        """This moment, on the clock that the instants of entries are told by."""
        if self._instants is not None:
            return self._instants.now()
        return await self._reader.run(self._now)

    async def send(self, entry: Entry, claim: Claim) -> Entry:
        """PLANNED -> SENT, committed: the call may leave."""

        def job(connection: Connection) -> Entry:
            now = self._now(connection)
            values = {
                "owner": self._owner,
                "attempts": entry.attempts + 1,
                "sent_boot": now.boot,
                "sent_seconds": now.seconds,
                "sent_at": trail.now_text(),
                "message": "",
                "code": "",
            }
            return self._moved(connection, entry, State.SENT, claim=claim, values=values)

        return await self._writer.run(job)

    async def move(
        self, entry: Entry, state: State, claim: Claim, *, message: str = "", code: str = ""
    ) -> Entry:
        """Make one of the engine's moves other than to SENT and DONE."""
        values: dict[str, object] = {"message": message, "code": code}
        return await self._writer.run(
            lambda connection: self._moved(connection, entry, state, claim=claim, values=values)
        )

    async def done(
        self,
        entry: Entry,
        claim: Claim,
        *,
        number: str,
        binding: Binding | None = None,
        is_adopted: bool = False,
    ) -> Entry:
        """To DONE, with what the far end calls the result, and the binding in the same breath."""

        def job(connection: Connection) -> Entry:
            values: dict[str, object] = {"number": number, "adopted": is_adopted, "message": ""}
            if binding is not None:
                reading.bind(connection, binding)
            return self._moved(connection, entry, State.DONE, claim=claim, values=values)

        return await self._writer.run(job)

    async def confirm(self, entry: Entry, claim: Claim) -> Entry:
        """Remember that the result was read back and is what was meant."""

        def job(connection: Connection) -> Entry:
            claiming.check(connection, claim)
            self._tell(connection, "confirmed", entry.document, {"key": entry.key})
            return planned.set_confirmed(connection, entry)

        return await self._writer.run(job)

    async def settle(self, entry: Entry, state: State, decision: PersonDecision) -> Entry:
        """Make a person's move, to DONE or DROPPED, with the reason."""

        def job(connection: Connection) -> Entry:
            reading.decide(connection, decision)
            values: dict[str, object] = {"message": decision.reason}
            if state is State.DONE:
                values["confirmed"] = True
            return self._moved(connection, entry, state, claim=None, values=values)

        return await self._writer.run(job)

    async def same_deeds(self, kind: str, reference: str) -> tuple[Entry, ...]:
        """Every entry of this kind that leaves this same trace, oldest first."""
        return await self._reader.run(
            lambda connection: planned.same_deeds(connection, kind, reference)
        )

    async def entries_in(self, *states: State, after: int = 0, limit: int = 500) -> Sequence[Entry]:
        """Entries in these states, by sequence."""
        return await self._reader.run(
            lambda connection: planned.in_states(connection, states, after=after, limit=limit)
        )

    # Bindings

    async def bind(self, binding: Binding) -> None:
        """Tie what exists already; raises LogbookError when either side is tied otherwise."""

        def job(connection: Connection) -> None:
            if reading.bind(connection, binding):
                told = {"source": binding.source, "kind": binding.kind, "target": binding.target}
                self._tell(connection, "bound", binding.document, told)

        await self._writer.run(job)

    async def unbind(self, source: str, *, reason: str) -> None:
        """Undo a binding, with a reason."""

        def job(connection: Connection) -> None:
            was = reading.unbind(connection, source)
            if was is not None:
                told = {"source": source, "kind": was.kind, "target": was.target, "reason": reason}
                self._tell(connection, "unbound", was.document, told)

        await self._writer.run(job)

    async def binding(self, source: str) -> Binding | None:
        """The counterpart of a deed."""
        return await self._reader.run(lambda connection: reading.binding(connection, source))

    async def bound_to(self, kind: str, target: str) -> Binding | None:
        """What this counterpart is tied to."""
        return await self._reader.run(lambda connection: reading.bound_to(connection, kind, target))

    async def bindings_of(self, document: str) -> tuple[Binding, ...]:
        """Everything that a document is tied to."""
        return await self._reader.run(lambda connection: reading.bindings_of(connection, document))

    async def bindings(self, kind: str, *, after: str = "", limit: int = 500) -> Sequence[Binding]:
        """Bindings of one kind, by source."""
        return await self._reader.run(
            lambda connection: reading.bindings_after(connection, kind, after=after, limit=limit)
        )

    # Memory

    async def belong(self, belonging: Belonging) -> None:
        """Remember what the logbook is about; raises LogbookError when it is about another."""
        wanted = {
            "belongs.shop": belonging.shop,
            "belongs.account": belonging.account,
            "belongs.environment": belonging.environment,
        }

        def job(connection: Connection) -> None:
            for name, value in wanted.items():
                known = reading.recall(connection, name)
                if known is None:
                    reading.remember(connection, name, value)
                elif known != value:
                    what = name.partition(".")[2]
                    raise LogbookError(
                        f"this logbook belongs to the {what} {known}, not to {value}: "
                        "every shop, account and environment has a logbook of its own"
                    )

        await self._writer.run(job)

    async def recall(self, name: str) -> str | None:
        """A remembered text: a cursor, the canary's end, what was last agreed."""
        return await self._reader.run(lambda connection: reading.recall(connection, name))

    async def remember(self, name: str, value: str) -> None:
        """Remember a text under a name."""
        await self._writer.run(lambda connection: reading.remember(connection, name, value))

    async def read(self, documents: Sequence[DocumentRecord]) -> None:
        """Remember that these were read; outcomes of earlier runs stay until new ones come."""
        await self._writer.run(lambda connection: reading.note_read(connection, documents))

    async def finish(self, document: DocumentRecord) -> None:
        """Remember what became of a document in a run."""

        def job(connection: Connection) -> None:
            if reading.note_finished(connection, document):
                told = {"outcome": document.outcome, "reason": document.reason, "run": document.run}
                self._tell(connection, "outcome", document.key, told)

        await self._writer.run(job)

    async def document(self, key: str) -> DocumentRecord | None:
        """One document."""
        return await self._reader.run(lambda connection: reading.document(connection, key))

    async def documents_numbered(self, number: str) -> Sequence[DocumentRecord]:
        """Every document that people call by this number."""
        return await self._reader.run(lambda connection: reading.numbered(connection, number))

    async def documents_with(
        self, *outcomes: str, kind: str = "", after: int = 0, limit: int = 500
    ) -> Sequence[DocumentRecord]:
        """Documents with one of these outcomes (empty: none yet), by sequence."""
        return await self._reader.run(
            lambda connection: reading.with_outcomes(
                connection, outcomes, kind=kind, after=after, limit=limit
            )
        )

    async def troubled(
        self, *, kind: str = "", after: int = 0, limit: int = 500
    ) -> Sequence[DocumentRecord]:
        """Documents that wait for something: held, failed, unfinished, or posted with a fault."""
        return await self._reader.run(
            lambda connection: reading.troubled(connection, kind=kind, after=after, limit=limit)
        )

    async def counts(self) -> Mapping[str, int]:
        """How many documents have each outcome."""
        return await self._reader.run(reading.counts)

    async def decide(self, decision: PersonDecision) -> None:
        """Remember what a person decided."""

        def job(connection: Connection) -> None:
            reading.decide(connection, decision)
            told = {"verb": decision.verb.value, "reason": decision.reason, "who": decision.who}
            self._tell(connection, "decided", decision.document, told)

        await self._writer.run(job)

    async def decisions(self, document: str) -> tuple[PersonDecision, ...]:
        """Everything persons decided about a document, oldest first."""
        return await self._reader.run(lambda connection: reading.decided(connection, document))

    # Trail

    async def tell(self, what: str, document: str, details: Mapping[str, Json]) -> None:
        """Add one row; the other methods add theirs by themselves."""
        await self._writer.run(lambda connection: self._tell(connection, what, document, details))

    async def story(self, document: str) -> tuple[AuditRow, ...]:
        """Everything that happened about a document, oldest first."""
        return await self._reader.run(lambda connection: trail.story(connection, document))

    async def verify_audit(self) -> tuple[AuditFault, ...]:
        """Every fault of the trail; none when nobody has tampered with it."""
        return await self._reader.run(
            lambda connection: tuple(
                audit.verify(trail.all_rows(connection), trail.heads(connection))
            )
        )

    async def erase(self, document: str, *, reason: str) -> int:
        """Erase the personal data kept about a document; the chain stays whole."""

        def job(connection: Connection) -> int:
            changed = reading.erase(connection, document)
            self._tell(connection, "erased", document, {"reason": reason, "rows": changed})
            return changed

        return await self._writer.run(job)

    async def aclose(self) -> None:
        """Finish what was begun and let go of every claim of this process."""
        await self._writer.run(lambda connection: claiming.release_all(connection, self._owner))
        await self._writer.aclose()
        if self._reader is not self._writer:
            await self._reader.aclose()

    def _now(self, connection: Connection) -> Instant:
        if self._instants is not None:
            return self._instants.now()
        seconds = connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar()
        return Instant("server", float(seconds or 0))

    def _tell(
        self, connection: Connection, what: str, document: str, details: Mapping[str, Json]
    ) -> None:
        trail.tell(connection, self._owner, what, document=document, details=details)

    def _moved(
        self,
        connection: Connection,
        entry: Entry,
        state: State,
        *,
        claim: Claim | None,
        values: dict[str, object],
    ) -> Entry:
        mover = Mover.PERSON if claim is None else Mover.ENGINE
        if not may_move(entry.state, state, mover):
            raise LogbookError(
                f"{entry.key} is {entry.state.value} and cannot become {state.value}"
            )
        if claim is not None:
            claiming.check(connection, claim)
        moved = planned.change(connection, entry, state, values)
        told: dict[str, Json] = {"key": entry.key, "kind": entry.kind, "reference": entry.reference}
        for name in ("number", "message", "code"):
            if said := getattr(moved, name):
                told = {**told, name: said}
        self._tell(connection, f"{entry.state.value} -> {state.value}", entry.document, told)
        return evolve(moved)


def _opened_after(seq: int) -> Callable[[Connection], list[StoredPlan]]:
    return lambda connection: planned.opened_after(connection, seq, limit=100)
