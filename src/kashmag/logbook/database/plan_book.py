"""Stored plans and entries of the logbook in a database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from kashmag.errors import LogbookError
from kashmag.logbook.claims import Claim
from kashmag.logbook.database import claiming, planned, reading, trail
from kashmag.logbook.database.store import Store
from kashmag.logbook.documents import DocumentRecord, PersonDecision
from kashmag.logbook.entries import Binding, Entry, NewEntry, StoredPlan
from kashmag.logbook.instants import Instant
from kashmag.logbook.standing import Standing
from kashmag.logbook.states import Mover, State, may_move
from kashmag.rest.codec import Json


class PlanBook(Store):
    """Stored plans, and the states of their entries."""

    async def open_plan(
        self,
        about: DocumentRecord,
        entries: Sequence[NewEntry],
        *,
        digest: str,
        content: str,
        claim: Claim,
    ) -> StoredPlan:
        """Store a plan before anything of it leaves; one open plan a document."""

        def job(connection: Connection) -> StoredPlan:
            claiming.check(connection, claim)
            plan = planned.open_plan(connection, about.key, entries, digest=digest, content=content)
            # In one breath: whoever dies before the outcome is told leaves a document that is
            # found unfinished, whatever has become of the plan.
            reading.note_unfinished(connection, about)
            keys = [entry.key for entry in entries]
            self._tell(connection, "plan opened", about.key, {"digest": digest, "actions": keys})
            return plan

        return await self._writer.run(job)

    async def take_up(self, document: str, *, lease: timedelta) -> Standing | None:
        """Claim a document, and read how it stands; None when somebody alive holds it."""

        def job(connection: Connection) -> Standing:
            now, seconds = self._now(connection), lease.total_seconds()
            return Standing(
                claiming.take(connection, self._owner, (document,), now=now, seconds=seconds),
                plan=planned.opened(connection, document),
                decisions=reading.decided(connection, document),
            )

        try:
            return await self._writer.run(job)
        except claiming.NotFreeError:
            return None

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

    async def send(self, entry: Entry, claim: Claim, *, lease: timedelta) -> Entry:
        """PLANNED -> SENT, committed, and the claim held for as long from now: it may leave."""

        def job(connection: Connection) -> Entry:
            now = self._now(connection)
            claiming.renew(connection, claim, now=now, seconds=lease.total_seconds())
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

    async def give_up(self, source: str, *, reason: str) -> None:
        """Give up a deed whose document is gone at the far end: its entries and its binding."""
        await self._writer.run(lambda connection: self._give_up(connection, source, reason))

    async def adopt(self, binding: Binding, *, reason: str, beside: Mapping[str, str]) -> None:
        """Tie a deed to what stands for it now, and remember texts that go with it, by name.

        What stood for it before is given up. Raises TiedOtherwiseError when this is another's.
        """

        def job(connection: Connection) -> None:
            was = reading.binding(connection, binding.source)
            if was is not None and was.target != binding.target:
                self._give_up(connection, binding.source, reason)
            self._bind(connection, binding)
            for name, value in beside.items():
                reading.remember(connection, name, value)

        await self._writer.run(job)

    async def same_deeds(self, reference: str, *kinds: str) -> tuple[Entry, ...]:
        """Every entry of these kinds that leaves this same trace, oldest first."""
        return await self._reader.run(
            lambda connection: planned.same_deeds(connection, reference, kinds)
        )

    async def entries_in(self, *states: State, after: int = 0, limit: int = 500) -> Sequence[Entry]:
        """Entries in these states, by sequence."""
        return await self._reader.run(
            lambda connection: planned.in_states(connection, states, after=after, limit=limit)
        )

    async def done_by_others(self, kind: str, *, within: timedelta) -> Sequence[Entry]:
        """Entries of this kind that other processes have brought to DONE in the last while."""
        return await self._reader.run(
            lambda connection: planned.done_by_others(connection, kind, self._owner, within=within)
        )

    def _give_up(self, connection: Connection, source: str, reason: str) -> None:
        values: dict[str, object] = {"message": reason}
        for entry in planned.with_key(connection, source):
            if entry.state is State.DONE:
                self._moved(connection, entry, State.DROPPED, claim=None, values=values)
        if (was := reading.unbind(connection, source)) is not None:
            told = {"source": source, "kind": was.kind, "target": was.target, "reason": reason}
            self._tell(connection, "given up", was.document, told)

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
        return moved


def _opened_after(seq: int) -> Callable[[Connection], list[StoredPlan]]:
    return lambda connection: planned.opened_after(connection, seq, limit=100)
