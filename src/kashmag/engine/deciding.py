"""What persons decide about documents that wait: retry, skip, drop, accept; with reasons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import timedelta
from typing import Final

from attrs import evolve

from kashmag.accounting.problems import Holds
from kashmag.engine import causes
from kashmag.engine.grouping import Group, grouped
from kashmag.engine.items import skipped_by
from kashmag.engine.left_out import said_of
from kashmag.engine.naming import called, named
from kashmag.engine.outcomes import of_skipped_order, said_of_accepted
from kashmag.errors import HeldError, LogbookBusyError, NotFoundError, SettingsError
from kashmag.logbook import DocumentRecord, Logbook, State
from kashmag.logbook.documents import PersonDecision, Verb
from kashmag.logbook.states import may_have_happened
from kashmag.plans.acceptances import acceptance_key
from kashmag.plans.keys import kind_and_id
from kashmag.plans.questions import SkippedItem
from kashmag.rest.codec import Json

LEASE: Final = timedelta(minutes=3)


class Deciding:
    """The verbs of the error queue, over one logbook."""

    def __init__(self, logbook: Logbook) -> None:
        self._logbook = logbook

    async def waiting(self) -> AsyncIterator[DocumentRecord]:
        """Every document that waits for something, oldest first."""
        after = 0
        while batch := await self._logbook.troubled(after=after):
            for record in batch:
                yield record
            after = batch[-1].seq

    async def groups(self) -> tuple[Group, ...]:
        """What waits, grouped by cause, the largest group first."""
        return await grouped(self.waiting())

    async def with_code(self, code: str) -> tuple[DocumentRecord, ...]:
        """Every waiting document of one cause."""
        return tuple([one async for one in self.waiting() if code in one.codes])

    async def find(self, name: str, *, store: str | None = None) -> DocumentRecord:
        """The one document that is called so, by number or key; an order before a memo.

        Raises:
            NotFoundError: the logbook knows no such document.
            SettingsError: several stores have one of that number.
        """
        found = await named(self._logbook, name, store=store)
        orders = [record for record in found if record.kind == "order"] or found
        if not orders:
            raise NotFoundError(f"the logbook knows no document {name}: it was never read")
        if len(orders) > 1:
            keys = ", ".join(called(one, store=True) for one in orders)
            raise SettingsError(f"several documents are called {name}: say {keys}")
        return orders[0]

    async def retry(
        self, records: Iterable[DocumentRecord], *, reason: str, who: str = ""
    ) -> dict[str, tuple[str, ...]]:
        """Let these be planned anew; return the ids of their orders and customers, by kind.

        An open plan is dropped, unless something of it may have happened: then the next run looks
        for it, as it would anyway.
        """
        ids: dict[str, dict[str, None]] = {}
        for record in records:
            order = record.order or record.key
            kind, entity_id = kind_and_id(order)
            ids.setdefault(kind, {})[entity_id] = None
            for document in dict.fromkeys((order, record.key)):
                decision = PersonDecision(document, Verb.RETRY, reason=reason, who=who)
                await self._logbook.decide(decision)
            await self._drop_open_plan(order, reason=f"retry: {reason}", only_if_certain=True)
        return {kind: tuple(some) for kind, some in ids.items()}

    async def skip(self, record: DocumentRecord, *, reason: str, who: str = "") -> None:
        """Never post this document, for a reason; the memos of an order go with it.

        Raises:
            LogbookError: something of it may have happened: run again first, so that it is known.
        """
        refuse_empty(reason)
        said = said_of(reason, who)
        await self._drop_open_plan(record.order or record.key, reason=said)
        await self._logbook.decide(PersonDecision(record.key, Verb.SKIP, reason=reason, who=who))
        await self._mark(record, "skipped", said)
        for memo in await self._logbook.memos_of(record.key):
            if memo.outcome not in ("posted", "skipped"):
                await self._mark(memo, "skipped", of_skipped_order(record.number, said))

    async def skip_item(
        self, record: DocumentRecord, item: str, *, reason: str, who: str = ""
    ) -> None:
        """Send this item's money to suspense from now on, for a reason.

        Raises:
            LogbookError: something of the order may have happened: run again first.
        """
        refuse_empty(reason)
        await self._drop_open_plan(record.key, reason=f"item {item} skipped: {reason}")
        await self._logbook.decide(
            PersonDecision(record.key, Verb.SKIP_ITEM, reason=reason, who=who, key=item)
        )

    async def retry_item(
        self, record: DocumentRecord, item: str, *, reason: str, who: str = ""
    ) -> None:
        """Take the skipping of an item back, for a reason.

        Raises:
            SettingsError: no such item is skipped.
        """
        skipped = [one.item for one in await self.skipped_items(record)]
        if item not in skipped:
            known = ", ".join(skipped) or "none"
            raise SettingsError(f"order {record.number} has no skipped item {item}; it has {known}")
        await self._logbook.decide(
            PersonDecision(record.key, Verb.RETRY_ITEM, reason=reason, who=who, key=item)
        )

    async def skipped_items(self, record: DocumentRecord) -> tuple[SkippedItem, ...]:
        """The items of an order that a person has skipped."""
        return skipped_by(await self._logbook.decisions(record.order or record.key))

    async def drop(self, record: DocumentRecord, *, reason: str, who: str = "") -> int:
        """Give up what is left of the order's open plan; return how many actions were dropped.

        An entry of unknown fate is dropped too: a person has looked, and says so with the reason.
        """
        refuse_empty(reason)
        plan = await self._logbook.opened_plan(record.key)
        if plan is None:
            raise HeldError(f"{record.kind} {record.number} has no open plan to drop")
        dropped = 0
        for entry in plan.entries:
            if entry.state in {State.UNKNOWN, State.DISPUTED, State.REFUSED, State.PLANNED}:
                decision = PersonDecision(
                    record.key, Verb.DROP, reason=reason, who=who, key=entry.key
                )
                await self._logbook.settle(entry, State.DROPPED, decision)
                dropped += 1
        await self._drop_open_plan(record.key, reason=reason)
        return dropped

    async def accept(self, record: DocumentRecord, *, reason: str, who: str = "") -> int:
        """Take what is disputed, refused or unknown as done, for a reason; return how many.

        A drift (shop or account changed after posting) is accepted as it is, until it changes;
        and so is money that is held, which a person has settled otherwise.

        Raises:
            SettingsError: there is no reason, or nothing that could be accepted.
        """
        refuse_empty(reason)
        accepted = await self._accept_problems(record, reason=reason, who=who)
        plan = await self._logbook.opened_plan(record.key)
        for entry in plan.entries if plan else ():
            if entry.state in {State.DISPUTED, State.REFUSED, State.UNKNOWN}:
                decision = PersonDecision(
                    record.key, Verb.ACCEPT, reason=reason, who=who, key=entry.key
                )
                await self._logbook.settle(entry, State.DONE, decision)
                accepted += 1
        if not accepted:
            raise SettingsError(f"nothing of {record.kind} {record.number} waits to be accepted")
        return accepted

    async def _accept_problems(self, record: DocumentRecord, *, reason: str, who: str) -> int:
        """Let go of each drift, and of payments that are held: they are settled as they are."""
        taken = [one for one in record.problems if _may_be_accepted(one)]
        said = [str(one.get("message", "")) for one in taken]
        if not said and causes.is_drift(record.codes) and causes.TO_ACCEPT.issuperset(record.codes):
            said = [record.reason]
        for message in said:
            decision = PersonDecision(
                record.order or record.key,
                Verb.ACCEPT,
                reason=reason,
                who=who,
                key=acceptance_key(message),
            )
            await self._logbook.decide(decision)
        settled = {str(one.get("code")) for one in taken} or set(record.codes)
        left = tuple(code for code in record.codes if code not in settled)
        if said and record.outcome == "held" and set(left) <= causes.AWAITED:
            # Payments may have been held with it: the next run posts them.
            await self._mark(record, "skipped", said_of_accepted(reason), codes=(causes.ACCEPTED,))
        elif said:
            told = tuple(
                {**one, "holds": Holds.NOTHING.value} if one in taken else one
                for one in record.problems
            )
            codes = left or (causes.ACCEPTED,)
            await self._logbook.finish(evolve(record, codes=codes, problems=told, run="person"))
        return len(said)

    async def _drop_open_plan(
        self, document: str, *, reason: str, only_if_certain: bool = False
    ) -> None:
        plan = await self._logbook.opened_plan(document)
        if plan is None:
            return
        uncertain = [e for e in plan.entries if may_have_happened(e.state)]
        if uncertain and only_if_certain:
            return
        claim = await self._logbook.claim(document, lease=LEASE)
        if claim is None:
            raise LogbookBusyError(f"another worker is busy with {document}: try again later")
        try:
            await self._logbook.drop_plan(plan, claim, reason=reason)
        finally:
            await self._logbook.release(claim)

    async def _mark(
        self, record: DocumentRecord, outcome: str, reason: str, *, codes: tuple[str, ...] = ()
    ) -> None:
        await self._logbook.finish(
            DocumentRecord(
                record.key,
                kind=record.kind,
                number=record.number,
                entity_id=record.entity_id,
                store_id=record.store_id,
                order=record.order,
                outcome=outcome,
                reason=reason,
                codes=codes,
                run="person",
            )
        )


def refuse_empty(reason: str) -> None:
    """Raise SettingsError unless there is a reason."""
    if not reason.strip():
        raise SettingsError("a decision needs a reason: it is kept with the document")


def _may_be_accepted(problem: Mapping[str, Json]) -> bool:
    """Tell what a person may know to be right as it is: drift, a lookalike, money that is held."""
    if problem.get("holds") == Holds.PAYMENT.value:
        return True
    return problem.get("holds") == Holds.PLAN.value and problem.get("code") in causes.TO_ACCEPT
