"""The flow of customers as master data: whom the shop or a bookkeeper has changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from kashmag.engine.customer_handling import CustomerHandling
from kashmag.engine.customers import CUSTOMER, Customers, Person, document_of
from kashmag.engine.finding import Finding
from kashmag.engine.handling import Terms
from kashmag.engine.isolating import Unreadable, unless_broken
from kashmag.engine.later import LaterError
from kashmag.engine.outcomes import Handled
from kashmag.engine.remembering import remember
from kashmag.engine.walking import Walking
from kashmag.engine.wishes import Parts, Wish
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import Outcome


class CustomerFlow:
    """What a run does with a customer of the shop; a `Flow` of persons."""

    def __init__(
        self,
        parts: Parts,
        wish: Wish,
        *,
        customers: Customers,
        handling: CustomerHandling,
        walking: Walking | None = None,
    ) -> None:
        self._parts = parts
        self._wish = wish
        self._customers = customers
        self._handling = handling
        self._finding = Finding(parts, wish, customers, walking)

    @property
    def is_cut_short(self) -> bool:
        """Tell whether the limit has kept some back."""
        return self._finding.is_cut_short

    async def expected(self) -> int | None:
        """How many customers the shop has changed."""
        if self._wish.only is not None:
            return None
        wish = self._wish
        return await unless_broken(
            self._customers.count(since=wish.since, until=wish.until, after=wish.reach)
        )

    def due(self) -> AsyncIterator[Person | Unreadable]:
        """Every customer that is due."""
        return self._finding.due()

    def document_of(self, unit: Person) -> DocumentId:
        """Which document a customer is."""
        return document_of(unit.customer, self._parts.policy)

    async def known(self, unit: Person) -> Handled | None:
        """Nobody: what a bookkeeper changes does not show in the shop's record."""
        del unit
        return None

    async def handle(self, unit: Person, terms: Terms) -> Handled:
        """Bring a customer as far as it goes now."""
        return await self._handling.handle(unit, terms)

    def unreadable(self, read: Unreadable) -> Handled:
        """The outcome of a customer that cannot be read."""
        document = DocumentId(
            self._parts.policy.shop,
            CUSTOMER,
            entity_id=read.entity_id,
            number=read.number,
            store_id=read.store_id,
        )
        return Handled(document, Outcome.FAILED, reason=read.reason, codes=(read.code,))

    def given_up(self, unit: Person, later: LaterError) -> Handled:
        """The outcome of a customer that could not be decided."""
        document = self.document_of(unit)
        return Handled(document, Outcome.FAILED, reason=later.message, codes=(later.code,))

    async def remember(self, handled: Handled, unit: Person | None, *, run: str) -> None:
        """Write down what became of a customer."""
        del unit
        await remember(self._parts.logbook, handled, run=run)

    def counted(self, handled: Handled, unit: Person | None) -> Sequence[Handled]:
        """The customer itself."""
        del unit
        return (handled,)
