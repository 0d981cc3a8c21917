"""The flows of orders, payments, refunds and drift: orders with all that belongs to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from attrs import evolve

from kashmag.engine.finding import DRIFT, ORDERS, Finding
from kashmag.engine.handling import Terms
from kashmag.engine.isolating import Unreadable
from kashmag.engine.later import LaterError
from kashmag.engine.orders import Bundle
from kashmag.engine.outcomes import Handled
from kashmag.engine.remembering import known, remember_order
from kashmag.engine.walking import Walking
from kashmag.engine.wishes import Parts, Wish
from kashmag.plans.actions import DocumentId


class OrderFlow:
    """What a run does with an order; a `Flow` of bundles."""

    def __init__(self, parts: Parts, wish: Wish, walking: Walking | None = None) -> None:
        self._parts = parts
        self._wish = wish
        self._finding = Finding(parts, wish, parts.orders, walking)
        # A run over chosen orders, and one that looks for drift, believes no earlier outcome.
        self._looks_again = wish.only is not None or wish.flow == DRIFT

    @property
    def is_cut_short(self) -> bool:
        """Tell whether the limit has kept some back."""
        return self._finding.is_cut_short

    async def expected(self) -> int | None:
        """How many orders have changed."""
        wish = self._wish
        if wish.flow != ORDERS or wish.only is not None:
            return None
        return await self._parts.orders.count(since=wish.since, until=wish.until, after=wish.reach)

    def due(self) -> AsyncIterator[Bundle | Unreadable]:
        """Every order that is due."""
        return self._finding.due()

    def document_of(self, unit: Bundle) -> DocumentId:
        """Which document an order is."""
        return self._parts.handling.document_of(unit)

    async def known(self, unit: Bundle) -> Handled | None:
        """The outcome of an order that is posted and has not changed since."""
        if self._looks_again:
            return None
        return await known(self._parts.logbook, unit, self.document_of(unit))

    async def handle(self, unit: Bundle, terms: Terms) -> Handled:
        """Bring an order as far as it goes now; other flows post no order that never was."""
        terms = evolve(terms, may_post_first=self._wish.flow == ORDERS)
        return await self._parts.handling.handle(unit, terms)

    def unreadable(self, read: Unreadable) -> Handled:
        """The outcome of an order that cannot be read."""
        return self._parts.handling.unreadable(read, self._parts.policy.shop)

    def given_up(self, unit: Bundle, later: LaterError) -> Handled:
        """The outcome of an order that could not be decided."""
        return self._parts.handling.given_up(unit, later)

    async def remember(self, handled: Handled, unit: Bundle | None, *, run: str) -> None:
        """Write down what became of an order and its memos, and how it looks beside the books."""
        await remember_order(self._parts, handled, unit, run=run)

    def counted(self, handled: Handled, unit: Bundle | None) -> Sequence[Handled]:
        """The order, or its memos where these are what the run is about."""
        return handled.memos if self._wish.flow == "refunds" and unit else (handled,)
