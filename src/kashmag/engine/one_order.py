"""One order at a time, brought to its end: what `apply` and `resolve` do."""

from __future__ import annotations

from kashmag.engine.applying import Step
from kashmag.engine.handling import Resolution, Terms
from kashmag.engine.happenings import event_of
from kashmag.engine.later import LaterError
from kashmag.engine.orders import Bundle
from kashmag.engine.outcomes import Handled, finished
from kashmag.engine.remembering import remember_order
from kashmag.engine.wishes import Parts
from kashmag.errors import SettingsError
from kashmag.logbook import Entry
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import DocumentFinished


class OneOrder:
    """Handles a single order, waiting where that must be."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def carry_out(
        self,
        document: DocumentId,
        *,
        run: str,
        digest: str = "",
        resolution: Resolution | None = None,
    ) -> DocumentFinished:
        """Bring an order as far as it goes now, under the name `run`; it is read anew first.

        Raises:
            SettingsError: the shop has no such order, or it cannot be read.
            StalePlanError: its plan is not the one of this digest, or offers no such resolution.
        """
        parts, clock = self._parts, self._parts.clock
        bundle = await self._bundle(document)

        def told(step: Step, entry: Entry) -> None:
            parts.hooks.observe(event_of(step, entry, document, clock.now()))

        terms = Terms(told=told, digest=digest, resolution=resolution)
        handled = await self._patiently(bundle, terms)
        await remember_order(parts, handled, bundle, run=run)
        ended = finished(handled, clock.now())
        parts.hooks.observe(ended)
        return ended

    async def _bundle(self, document: DocumentId) -> Bundle:
        async for read in self._parts.orders.by_ids([document.entity_id]):
            if isinstance(read, Bundle):
                return read
            raise SettingsError(f"order {document.number} cannot be read: {read.reason}")
        raise SettingsError(f"the shop has no order {document.number}")

    async def _patiently(self, bundle: Bundle, terms: Terms) -> Handled:
        """Handle one order to its end, waiting where that must be."""
        clock = self._parts.clock
        until = clock.seconds() + self._parts.options.patience.total_seconds()
        while True:
            try:
                return await self._parts.handling.handle(bundle, terms)
            except LaterError as later:
                if clock.seconds() + later.seconds > until:
                    return self._parts.handling.given_up(bundle, later)
                await clock.sleep(later.seconds)
