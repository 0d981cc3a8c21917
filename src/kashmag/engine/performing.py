"""One action, from its entry in the logbook to its effect at the far end, and the proof of it.

Announce, send, record; where the fate is unknown, look; where it is done, read back. Every step is
committed before the next, so that a process may be killed between any two of them. The states and
what each means: `kashmag.logbook.states`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from kashmag.engine import calling, causes
from kashmag.engine.calling import FarEnds
from kashmag.engine.gathering import Gathering
from kashmag.engine.later import LaterError, PlanAnewError, later_than
from kashmag.engine.numbering import is_anothers
from kashmag.engine.options import EngineOptions
from kashmag.engine.probing import Probing
from kashmag.errors import (
    DeclinedError,
    HeldError,
    NotPermittedError,
    RateLimitedError,
    ReadOnlyError,
    RemoteError,
    SignInError,
    TiedOtherwiseError,
    UnreachableError,
)
from kashmag.logbook import Binding, Claim, Entry, Logbook, State
from kashmag.logbook.states import may_have_happened
from kashmag.plans.actions import (
    Action,
    AddNote,
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    CreateProduct,
    UpdateCustomer,
    UpdateShopCustomer,
)
from kashmag.rest.clock import Clock
from kashmag.rest.options import Options

# Nothing was done: the entry goes back to PLANNED and the next run sends it.
NOTHING_DONE = (
    UnreachableError,
    RateLimitedError,
    SignInError,
    NotPermittedError,
    ReadOnlyError,
)
# Several orders want the same one: one of them makes it, the others find it made.
SHARED = (CreateCustomer, CreateProduct)
# They are written into a record that others write too.
EDITS = (AddPayment, UpdateCustomer, UpdateShopCustomer)
LOOK_AGAIN = 1.0
# Under this name, and the deed's key, the logbook keeps where the printable document is.
PDF = "pdf:"
Announced = Callable[[Entry], None]


def _nobody(_: Entry) -> None:
    """Tell nobody."""


class Performing:
    """Performs actions between one shop and one account."""

    def __init__(
        self,
        ends: FarEnds,
        logbook: Logbook,
        gathering: Gathering,
        *,
        clock: Clock,
        options: EngineOptions,
    ) -> None:
        self._ends = ends
        self._logbook = logbook
        self._gathering = gathering
        self._clock = clock
        self._options = options
        self._probing = Probing(ends, logbook, options)

    async def perform(
        self,
        entry: Entry,
        action: Action,
        claim: Claim,
        *,
        looked: bool,
        announced: Announced = _nobody,
    ) -> Entry:
        """Bring an entry as far as it goes: DONE and confirmed, REFUSED, or DISPUTED.

        `looked` tells that the far end was just asked, while the plan was made, and had nothing
        of this reference; otherwise it is asked before anything is sent.

        Raises:
            LaterError: it cannot be decided yet; call again.
            PlanAnewError: what the plan builds on is not as it was planned.
            RemoteError: nothing was done; call again when the world is better.
            ClaimLostError: another worker has taken over.
        """
        while True:
            match entry.state:
                case State.SENT:
                    # Announced by a process that did not live to hear the end.
                    entry = await self._logbook.move(entry, State.UNKNOWN, claim)
                case State.UNKNOWN:
                    entry = await self._resolve(entry, action, claim)
                case State.PLANNED:
                    entry = await self._begin(
                        entry, action, claim, looked=looked, announced=announced
                    )
                case State.DONE if not entry.is_confirmed:
                    return await self._confirm(entry, action, claim)
                case _:
                    return entry

    async def _begin(
        self, entry: Entry, action: Action, claim: Claim, *, looked: bool, announced: Announced
    ) -> Entry:
        if isinstance(action, CreateInvoice | CreateCreditNote) and not action.certificate.exact:
            raise HeldError(f"{action.key} has no exact certificate and is never sent")
        if isinstance(action, SHARED):
            found = await self._made_elsewhere(entry, action)
        elif looked and entry.attempts == 0:
            found = ""
        else:
            trace = await self._probing.find(action)
            found = trace.numbers[0] if trace.numbers else ""
        if found:
            return await self._done(entry, action, claim, number=found, is_adopted=True)
        # From before the announcement: it is never thought later than it is.
        is_late = later_than(self._clock, self._options.leaves_within)
        entry = await self._logbook.send(entry, claim, lease=self._options.claimed_for)
        announced(entry)
        return await self._send(entry, action, claim, is_late)

    async def _send(
        self, entry: Entry, action: Action, claim: Claim, is_late: Callable[[], bool]
    ) -> Entry:
        try:
            number = await calling.send(self._ends, action, Options(is_late=is_late))
        except NOTHING_DONE as error:
            await self._logbook.move(
                entry, State.PLANNED, claim, message=str(error), code=causes.code_of(error)
            )
            if is_late():
                anew = f"{entry.key} was not sent in time: it is announced anew"
                raise LaterError(LOOK_AGAIN, causes.BUSY, anew) from error
            raise
        except DeclinedError as error:
            return await self._declined(entry, action, claim, error)
        except RemoteError as error:
            # Sent, and nobody knows: a time-out, a cut connection, a fault, an unreadable answer.
            return await self._logbook.move(
                entry, State.UNKNOWN, claim, message=str(error), code=causes.code_of(error)
            )
        if not number:
            return await self._logbook.move(
                entry, State.UNKNOWN, claim, message="the answer did not say what was created"
            )
        self._gathering.created(action)
        return await self._done(entry, action, claim, number=number)

    async def _declined(
        self, entry: Entry, action: Action, claim: Claim, error: DeclinedError
    ) -> Entry:
        """A refusal: what is wanted may be there already, or may refer to what is not seen yet."""
        message, code = str(error), causes.REFUSED
        if isinstance(action, SHARED):
            trace = await self._probing.find(action)
            if trace.numbers:
                return await self._done(
                    entry, action, claim, number=trace.numbers[0], is_adopted=True
                )
        if isinstance(action, EDITS) and "edited meanwhile" in error.message:
            # Nothing was sent: somebody was typing. What they have made is looked at first.
            await self._logbook.move(entry, State.PLANNED, claim, message=message, code=code)
            raise LaterError(LOOK_AGAIN, causes.BUSY, message)
        if await is_anothers(self._ends.books, action):
            code = causes.NUMBER_TAKEN
        elif await self._may_be_lag(entry, action):
            await self._logbook.move(entry, State.PLANNED, claim, message=message, code=code)
            raise LaterError(
                LOOK_AGAIN, causes.NOT_CONFIRMED, f"refused, perhaps for the lag: {message}"
            )
        return await self._logbook.move(entry, State.REFUSED, claim, message=message, code=code)

    async def _may_be_lag(self, entry: Entry, action: Action) -> bool:
        """Tell whether what the action builds on was written so lately that nobody sees it."""
        window = 2 * self._options.lag.total_seconds()
        for kind, reference in _builds_on(action):
            for other in await self._logbook.same_deeds(reference, kind):
                if other.seq == entry.seq or other.state is not State.DONE or other.is_adopted:
                    continue
                if await self._probing.since_sent(other) < window:
                    return True
        return False

    async def _made_elsewhere(self, entry: Entry, action: Action) -> str:
        """What another order has made of the same reference, or a person; else nothing."""
        for other in await self._logbook.same_deeds(action.reference, action.kind):
            if other.seq == entry.seq:
                continue
            if other.state is State.DONE:
                return other.number
            if may_have_happened(other.state):
                raise LaterError(
                    LOOK_AGAIN, causes.BUSY, f"{other.document} is creating {action.reference}"
                )
        # A code that is taken is refused, but why be refused when a look tells.
        trace = await self._probing.find(action)
        return trace.numbers[0] if trace.numbers else ""

    async def _resolve(self, entry: Entry, action: Action, claim: Claim) -> Entry:
        trace = await self._probing.resolve(entry, action)
        if not trace.numbers:
            return await self._logbook.move(
                entry, State.PLANNED, claim, message="surely absent: looked for and not found"
            )
        entry = await self._done(entry, action, claim, number=trace.numbers[0])
        if len(trace.numbers) > 1:
            numbers = ", ".join(trace.numbers)
            return await self._dispute(entry, claim, f"{action.reference} stands on {numbers}")
        return entry

    async def _done(
        self,
        entry: Entry,
        action: Action,
        claim: Claim,
        *,
        number: str,
        is_adopted: bool = False,
    ) -> Entry:
        binding = _binding(entry, action, number, is_adopted=is_adopted)
        try:
            return await self._logbook.done(
                entry, claim, number=number, binding=binding, is_adopted=is_adopted
            )
        except TiedOtherwiseError as error:
            # It exists, and it is somebody else's: that is what a person must look at.
            done = await self._logbook.done(entry, claim, number=number, is_adopted=is_adopted)
            return await self._dispute(done, claim, str(error))

    async def _confirm(self, entry: Entry, action: Action, claim: Claim) -> Entry:
        found = await calling.read_back(
            self._ends, action, entry.number, is_adopted=entry.is_adopted
        )
        if found is not None and found.permalink:
            await self._logbook.remember(PDF + entry.key, found.permalink)
        said = None if found is None else found.differences
        if said is None:
            elapsed = await self._probing.since_sent(entry)
            left = self._options.settled_after.total_seconds() - elapsed
            if left > 0:
                raise LaterError(
                    min(left, max(LOOK_AGAIN / 4, elapsed / 2)),
                    causes.NOT_CONFIRMED,
                    f"{entry.key} is done as {entry.number}, but cannot be read back yet",
                )
            # A note that somebody has taken away again is nobody's money: it stops no account.
            gone = f"it was done as {entry.number}, but there is no such record"
            said = () if isinstance(action, AddNote) else (gone,)
        if said and entry.is_adopted and isinstance(action, SHARED):
            # Another's, and nothing of this order is on it yet: what suits it is planned anew.
            raise PlanAnewError(f"{action.reference} is there already, but {'; '.join(said)}")
        if said:
            return await self._dispute(entry, claim, "; ".join(said))
        return await self._logbook.confirm(entry, claim)

    async def _dispute(self, entry: Entry, claim: Claim, message: str) -> Entry:
        return await self._logbook.move(
            entry, State.DISPUTED, claim, message=message, code=causes.DISPUTED
        )


def _builds_on(action: Action) -> Iterator[tuple[str, str]]:
    """Kind and reference of what must be visible at the far end before the action can be done."""
    match action:
        case CreateCustomer() | CreateProduct():
            yield action.kind, action.reference  # refused as taken, and not visible yet
        case CreateInvoice() | CreateCreditNote():
            yield CreateCustomer.kind, action.draft.customer_code
            for line in action.draft.line_items:
                if line.product_code:
                    yield CreateProduct.kind, f"{line.nominal_code}/{line.product_code}"
        case UpdateCustomer():
            yield CreateCustomer.kind, action.code
        case UpdateShopCustomer():
            return  # the shop shows its own customers at once
        case AddPayment():
            yield CreateInvoice.kind, action.invoice_reference
            yield CreateCreditNote.kind, action.invoice_reference
        case AddNote():
            yield CreateInvoice.kind, action.invoice_reference
        case _:
            assert_never(action)


def _binding(entry: Entry, action: Action, number: str, *, is_adopted: bool) -> Binding | None:
    match action:
        case CreateInvoice() | CreateCreditNote():
            kind = "invoice"
        case CreateCustomer():
            kind = "customer"
        case CreateProduct():
            kind = "product"
        case AddPayment() | UpdateCustomer() | UpdateShopCustomer() | AddNote():
            return None
        case _:
            assert_never(action)
    return Binding(action.key, kind, target=number, document=entry.document, is_adopted=is_adopted)
