"""Taking a person's word that an invoice which exists already is an order's."""

from __future__ import annotations

from attrs import frozen

from kashmag import kashflow
from kashmag.engine.calling import found_or_none
from kashmag.engine.confirming import against_adopting
from kashmag.engine.deciding import refuse_empty
from kashmag.engine.naming import record_about
from kashmag.engine.tying import tie
from kashmag.engine.wishes import Parts
from kashmag.errors import HeldError
from kashmag.logbook.documents import PersonDecision, Verb
from kashmag.plans.actions import DocumentId
from kashmag.plans.plan import Adoption, Plan


@frozen
class Adopting:
    """Ties orders of one shop to invoices of one account."""

    parts: Parts
    books: kashflow.Client

    async def adopt(
        self, number: str, invoice: int, *, reason: str, who: str = "", store: str | None = None
    ) -> Plan:
        """Tie an order to an invoice; the plan of the order as it is then.

        Raises:
            SettingsError: there is no reason.
            HeldError: the invoice does not say what the order says to the penny, or is another
                document's; or the order is posted as another one that is still there.
        """
        refuse_empty(reason)
        parts = self.parts
        bundle = await parts.orders.numbered(number, store)
        plan = await parts.handling.plan(bundle)
        found = await self.books.invoices.get(invoice)
        if plan.certificate is None:
            raise HeldError(f"order {number} has no certificate to compare invoice {invoice} with")
        if said := against_adopting(plan.certificate, found):
            raise HeldError(f"invoice {invoice} is not order {number}: {'; '.join(said)}")
        if other := await self._posted_as(plan.document, found):
            raise HeldError(
                f"order {number} is posted as {other}, which stands there: void it first, if "
                f"{invoice} is the right one"
            )
        tied = await parts.logbook.bound_to("invoice", str(invoice))
        if tied is not None and tied.source != plan.document.key("invoice"):
            raise HeldError(f"invoice {invoice} is posted already, as {tied.source}")
        record = record_about(plan.document)
        await parts.logbook.read([record])
        reference = plan.document.reference
        adoption = Adoption(plan.document.key("invoice"), invoice, reference=reference)
        because = f"{invoice} is adopted instead: {reason}"
        await tie(parts.logbook, adoption, document=record.key, because=because)
        decision = PersonDecision(record.key, Verb.ACCEPT, reason=reason, who=who, key=adoption.key)
        await parts.logbook.decide(decision)
        return await parts.handling.plan(bundle)

    async def _posted_as(self, document: DocumentId, found: kashflow.Invoice) -> int | None:
        """The other invoice that an order has; of two with its reference a person chooses."""
        known = await self.parts.logbook.binding(document.key("invoice"))
        has_its_reference = found.customer_reference == document.reference
        if known is None or known.target == str(found.number) or has_its_reference:
            return None
        other = await found_or_none(self.books.invoices.get(int(known.target)))
        return other.number if other is not None and other.deleted_at is None else None
