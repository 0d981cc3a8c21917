"""Taking a person's word that an invoice which exists already is an order's."""

from __future__ import annotations

from attrs import frozen

from kashmag import kashflow
from kashmag.engine.calling import found_or_none
from kashmag.engine.confirming import against_adopting
from kashmag.engine.deciding import refuse_empty
from kashmag.engine.gathering import ADOPTED
from kashmag.engine.naming import record_about
from kashmag.engine.wishes import Parts
from kashmag.errors import HeldError
from kashmag.logbook import Binding
from kashmag.logbook.documents import PersonDecision, Verb
from kashmag.plans.actions import DocumentId
from kashmag.plans.plan import Plan


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
        await self._tie(plan.document, invoice, reason=reason, who=who)
        return await parts.handling.plan(bundle)

    async def _posted_as(self, document: DocumentId, found: kashflow.Invoice) -> int | None:
        """The other invoice that an order has; of two with its reference a person chooses."""
        known = await self.parts.logbook.binding(document.key("invoice"))
        has_its_reference = found.customer_reference == document.reference
        if known is None or known.target == str(found.number) or has_its_reference:
            return None
        other = await found_or_none(self.books.invoices.get(int(known.target)))
        return other.number if other is not None and other.deleted_at is None else None

    async def _tie(self, document: DocumentId, number: int, *, reason: str, who: str) -> None:
        logbook, source = self.parts.logbook, document.key("invoice")
        record = record_about(document)
        await logbook.read([record])
        known = await logbook.binding(source)
        if known is not None and known.target != str(number):
            await logbook.give_up(source, reason=f"{number} is adopted instead: {reason}")
        await logbook.bind(
            Binding(source, "invoice", target=str(number), document=record.key, is_adopted=True)
        )
        await logbook.remember(ADOPTED + document.reference, str(number))
        await logbook.decide(
            PersonDecision(record.key, Verb.ACCEPT, reason=reason, who=who, key=source)
        )
