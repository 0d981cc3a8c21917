"""Taking a person's word that something is not to be posted, whether a run has read it or not."""

from __future__ import annotations

from attrs import frozen

from kashmag.engine.beside import beside
from kashmag.engine.deciding import Deciding, refuse_empty
from kashmag.engine.items import item_of
from kashmag.engine.naming import KINDS, MEMO, record_about
from kashmag.engine.orders import Bundle
from kashmag.engine.outcomes import Handled, memo_document, record_of
from kashmag.engine.wishes import Parts
from kashmag.errors import NotFoundError, SettingsError
from kashmag.logbook import DocumentRecord
from kashmag.plans.events import Outcome
from kashmag.plans.plan import Plan


@frozen
class Skipping:
    """Skips documents of one shop, and items of them."""

    parts: Parts
    deciding: Deciding

    async def skip(
        self, name: str, *, reason: str, who: str = "", store: str | None = None
    ) -> DocumentRecord:
        """Never post this document, for a reason; one that was never read is read for it.

        Raises:
            SettingsError: there is no reason, or neither the logbook nor the shop has it.
            LogbookError: something of it may have happened: run again first.
        """
        refuse_empty(reason)
        try:
            record = await self.deciding.find(name, store=store)
        except NotFoundError:
            record = await self._read(name, store)
        await self.deciding.skip(record, reason=reason, who=who)
        return record

    async def skip_item(
        self, number: str, item: str, *, reason: str, who: str = "", store: str | None = None
    ) -> Plan:
        """Send the money of one item of an order to suspense; the plan as it is then."""
        parts = self.parts
        bundle = await parts.orders.numbered(number, store)
        case = parts.handling.open_case(bundle)
        meant = item_of(case.reading.sale, number, item)
        record = record_about(case.document)
        await parts.logbook.read([record])
        await self.deciding.skip_item(record, meant, reason=reason, who=who)
        return await parts.handling.plan(bundle)

    async def _read(self, name: str, store: str | None) -> DocumentRecord:
        """A document that no run has read yet, and how its order looks beside the books."""
        said, _, number = name.rpartition(":")
        kind = KINDS.get(said or "order", said)
        try:
            if kind == MEMO:
                record, bundle = await self._memo(number, store)
            elif kind == "order":
                bundle = await self.parts.orders.numbered(number, store)
                record = record_about(self.parts.handling.document_of(bundle))
            else:
                raise SettingsError(f"the logbook knows no {kind} {number}: it was never read")
        except NotFoundError as error:
            noun = "credit memo" if kind == MEMO else "order"
            raise SettingsError(
                f"there is no {noun} {number}: neither the logbook nor the shop has it"
            ) from error
        parts = self.parts
        await parts.logbook.read([record])
        case = parts.handling.open_case(bundle)
        for text in beside(case, parts.hooks, now=parts.clock.now()).items():
            await parts.logbook.remember(*text)
        return record

    async def _memo(self, number: str, store: str | None) -> tuple[DocumentRecord, Bundle]:
        bundle = await self.parts.orders.of_memo(number, store)
        order = self.parts.handling.document_of(bundle)
        memo = next(one for one in bundle.credit_memos if one.increment_id == number)
        handled = Handled(memo_document(order, memo), Outcome.SKIPPED)
        return record_of(handled, run="skip", order=order.whole), bundle
