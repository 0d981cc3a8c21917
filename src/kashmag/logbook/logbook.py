"""The protocol of a logbook: everything the engine may ask of it or tell it.

All of it is strings, numbers and small values: a logbook knows no order and no invoice. What is
written together is one method, because it must be committed together. Every method that changes
something has committed when it returns.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from kashmag.logbook.audit import AuditFault, AuditRow, Examined
from kashmag.logbook.claims import Claim
from kashmag.logbook.documents import Belonging, DocumentRecord, PersonDecision
from kashmag.logbook.entries import Binding, Entry, NewEntry, StoredPlan
from kashmag.logbook.erasing import NOTHING_KEPT, Kept
from kashmag.logbook.instants import Instant
from kashmag.logbook.standing import Standing
from kashmag.logbook.states import State
from kashmag.rest.codec import Json


class Claims(Protocol):
    """Who may write about what."""

    @property
    def owner(self) -> str:
        """The name of this process start."""

    async def claim(self, *names: str, lease: timedelta) -> Claim | None:
        """Claim all of these names, or none: None when somebody alive holds one of them."""

    async def renew(self, claim: Claim, *, lease: timedelta) -> None:
        """Hold a claim for longer; raises ClaimLostError when it is somebody else's by now."""

    async def keep(self, *, lease: timedelta) -> None:
        """Hold everything that this process holds for longer: its heartbeat."""

    async def release(self, claim: Claim) -> None:
        """Let go; nothing happens to names that are somebody else's by now."""


class Plans(Protocol):
    """Stored plans, entries and bindings."""

    async def open_plan(
        self,
        about: DocumentRecord,
        entries: Sequence[NewEntry],
        *,
        digest: str,
        content: str,
        claim: Claim,
    ) -> StoredPlan:
        """Store a plan before anything of it leaves; one open plan a document.

        The document is unfinished from here on, until `finish` says what became of it.
        """

    async def take_up(self, document: str, *, lease: timedelta) -> Standing | None:
        """Claim a document, and read how it stands; None when somebody alive holds it."""

    async def opened_plan(self, document: str) -> StoredPlan | None:
        """The open plan of this document, with its entries in order."""

    def opened_plans(self) -> AsyncIterator[StoredPlan]:
        """Every open plan, oldest first."""

    async def plans_of(self, document: str) -> tuple[StoredPlan, ...]:
        """Every plan that was ever opened for this document, oldest first."""

    async def finish_plan(self, plan: StoredPlan, claim: Claim) -> None:
        """Close a plan whose entries are all settled; raises LogbookError when one is not."""

    async def drop_plan(self, plan: StoredPlan, claim: Claim, *, reason: str) -> None:
        """Give up what is left of a plan; entries whose fate is unknown refuse to be dropped."""

    async def now(self) -> Instant:
        """This moment, on the clock that the instants of entries are told by."""

    async def send(self, entry: Entry, claim: Claim, *, lease: timedelta) -> Entry:
        """PLANNED -> SENT, committed, and the claim held for as long from now: it may leave."""

    async def move(
        self, entry: Entry, state: State, claim: Claim, *, message: str = "", code: str = ""
    ) -> Entry:
        """Make one of the engine's moves other than to SENT and DONE."""

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

    async def confirm(self, entry: Entry, claim: Claim) -> Entry:
        """Remember that the result was read back and is what was meant."""

    async def settle(self, entry: Entry, state: State, decision: PersonDecision) -> Entry:
        """Make a person's move, to DONE or DROPPED, with the reason."""

    async def give_up(self, source: str, *, reason: str) -> None:
        """Give up a deed whose document is gone at the far end: its entries and its binding."""

    async def same_deeds(self, reference: str, *kinds: str) -> tuple[Entry, ...]:
        """Every entry of these kinds that leaves this same trace, oldest first."""

    async def entries_in(self, *states: State, after: int = 0, limit: int = 500) -> Sequence[Entry]:
        """Entries in these states, by sequence."""

    async def done_by_others(self, kind: str, *, within: timedelta) -> Sequence[Entry]:
        """Entries of this kind that other processes have brought to DONE in the last while."""

    async def bind(self, binding: Binding) -> None:
        """Tie what exists already; raises TiedOtherwiseError when either side is."""

    async def adopt(self, binding: Binding, *, reason: str, beside: Mapping[str, str]) -> None:
        """Tie a deed to what stands for it now, and remember texts that go with it, by name.

        What stood for it before is given up. Raises TiedOtherwiseError when this is another's.
        """

    async def unbind(self, source: str, *, reason: str) -> None:
        """Undo a binding, with a reason."""

    async def binding(self, source: str) -> Binding | None:
        """The counterpart of a deed."""

    async def bound_to(self, kind: str, target: str) -> Binding | None:
        """What this counterpart is tied to."""

    async def bindings_of(self, document: str) -> tuple[Binding, ...]:
        """Everything that a document is tied to."""

    async def bindings(self, kind: str, *, after: str = "", limit: int = 500) -> Sequence[Binding]:
        """Bindings of one kind, by source."""


class Memory(Protocol):
    """What was read, what became of it, how far we came, what persons decided."""

    async def belong(self, belonging: Belonging) -> None:
        """Remember what the logbook is about; raises LogbookError when it is about another."""

    async def belongs_to(self) -> Belonging:
        """What the logbook is about; empty while it is about nothing yet."""

    async def recall(self, name: str) -> str | None:
        """A remembered text: a cursor, the canary's end, what was last agreed."""

    async def remember(self, name: str, value: str) -> None:
        """Remember a text under a name."""

    async def read(self, documents: Sequence[DocumentRecord]) -> None:
        """Remember that these were read; outcomes of earlier runs stay until new ones come."""

    async def finish(
        self, *documents: DocumentRecord, beside: Mapping[str, str] | None = None
    ) -> None:
        """Remember what became of documents in a run, and texts that go with it, by name."""

    async def document(self, key: str) -> DocumentRecord | None:
        """One document."""

    async def documents(self, keys: Sequence[str]) -> Mapping[str, DocumentRecord]:
        """Those of these documents that were read, by key."""

    async def documents_numbered(self, number: str) -> Sequence[DocumentRecord]:
        """Every document that people call by this number."""

    async def memos_of(self, order: str) -> Sequence[DocumentRecord]:
        """Every credit memo of this order that was read."""

    async def documents_with(
        self,
        *outcomes: str,
        kind: str = "",
        marked: str = "",
        but_not: str = "",
        after: int = 0,
        limit: int = 500,
    ) -> Sequence[DocumentRecord]:
        """Documents with one of these outcomes (empty: none yet), by sequence.

        `marked`: only those whose revision begins so, and is not `but_not`.
        """

    async def troubled(
        self, *, kind: str = "", after: int = 0, limit: int = 500
    ) -> Sequence[DocumentRecord]:
        """Documents that wait for something: held, failed, unfinished, or posted with a fault."""

    async def counts(self) -> Mapping[str, int]:
        """How many documents have each outcome."""

    async def decide(self, decision: PersonDecision) -> None:
        """Remember what a person decided."""

    async def decisions(self, document: str) -> tuple[PersonDecision, ...]:
        """Everything persons decided about a document, oldest first."""


class Trail(Protocol):
    """The audit trail."""

    async def tell(self, what: str, document: str, details: Mapping[str, Json]) -> None:
        """Add one row; the other methods add theirs by themselves."""

    async def story(self, document: str) -> tuple[AuditRow, ...]:
        """Everything that happened about a document, oldest first."""

    async def verify_audit(self) -> tuple[AuditFault, ...]:
        """Every fault of the trail; none when nobody has tampered with it."""

    async def examine_audit(self, *, expected: str = "") -> Examined:
        """The same with the number of rows and their digest, and `expected` looked for in them.

        `expected` is a digest that was told before; that it is not met is a fault.
        """

    async def erase(self, document: str, *, reason: str, kept: Kept = NOTHING_KEPT) -> int:
        """Erase the words kept about a document and its memos; the chain stays whole.

        What persons decided goes on counting, without its reason; `kept` is what takes the place
        of other words.
        """

    async def scrub(self) -> None:
        """Let no trace of what was erased stand in the files; of a server, that is the server's."""


class Logbook(Claims, Plans, Memory, Trail, Protocol):
    """The whole of it."""

    async def aclose(self) -> None:
        """Finish what was begun and let go of every claim of this process."""
