"""Looking for the trace of an action at the far end: is it there, or surely not?

The theory. That something cannot be found proves nothing by itself: a request can be on its way
for as long as our own time-out, and a record can be invisible for the account's lag after that.
So absence counts only from a look that *begins* when both have passed since the action was last
announced, the lag twice. Until then the answer is "not now" (LaterError), and other work goes on.
The time since the announcement is told by a clock that does not jump; an announcement from before
a reboot, or by another machine, counts from when we first saw it.
"""

from __future__ import annotations

from attrs import frozen

from kashmag.engine import calling, causes
from kashmag.engine.calling import FarEnds
from kashmag.engine.later import LaterError
from kashmag.engine.options import EngineOptions
from kashmag.logbook import Entry, Logbook, State
from kashmag.logbook.instants import Instant
from kashmag.plans.actions import Action, CreateCreditNote, CreateInvoice

FIRST_WAIT = 1.0


@frozen
class Trace:
    """What a look found: the numbers of all records that carry the action's reference."""

    numbers: tuple[str, ...]


class Probing:
    """Looks for traces in one account, and in its shop."""

    def __init__(self, ends: FarEnds, logbook: Logbook, options: EngineOptions) -> None:
        self._ends = ends
        self._logbook = logbook
        self._options = options
        self._first_seen: dict[int, Instant] = {}

    async def find(self, action: Action, *, thoroughly: bool = False) -> Trace:
        """Look once; see `calling.find`.

        What was posted before, voided by a person and given up is no trace of what is posted anew.
        """
        numbers = await calling.find(self._ends, action, thoroughly=thoroughly)
        if not numbers or not isinstance(action, CreateInvoice | CreateCreditNote):
            return Trace(numbers)
        before = await self._logbook.same_deeds(action.reference, action.kind)
        given_up = {entry.number for entry in before if entry.state is State.DROPPED}
        voided = [one for one in numbers if one in given_up and await self._is_voided(one)]
        return Trace(tuple(one for one in numbers if one not in voided))

    async def _is_voided(self, number: str) -> bool:
        found = await calling.found_or_none(self._ends.books.invoices.get(int(number)))
        return found is not None and found.deleted_at is not None

    async def resolve(self, entry: Entry, action: Action) -> Trace:
        """What became of an action of unknown fate; nothing found means surely absent.

        Raises:
            LaterError: it cannot be found, and it is too early to say that it is not there.
        """
        elapsed = await self.since_sent(entry)
        settled = self._options.settled_after.total_seconds()
        is_final = elapsed >= settled
        trace = await self.find(action, thoroughly=is_final)
        if trace.numbers or is_final:
            self._first_seen.pop(entry.seq, None)
            return trace
        wait = min(settled - elapsed, max(FIRST_WAIT, elapsed))
        raise LaterError(
            wait,
            causes.FATE_UNKNOWN,
            f"nobody knows yet what became of {entry.key}: it is looked for again",
        )

    async def since_sent(self, entry: Entry) -> float:
        """The seconds since an entry was last announced, as far as that is sure."""
        now = await self._logbook.now()
        if entry.sent is not None:
            elapsed = now.since(entry.sent)
            if elapsed is not None and elapsed >= 0:
                return elapsed
        seen = self._first_seen.setdefault(entry.seq, now)
        return max(0.0, now.since(seen) or 0.0)
