"""The client's part for invoices. Their operations, as values: `invoices`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from attrs import evolve

from kashmag.errors import ConflictError, NoAnswerError, NotFoundError, UnexpectedPayloadError
from kashmag.kashflow import invoices
from kashmag.kashflow.connection import Connection
from kashmag.kashflow.emails import EmailDraft
from kashmag.kashflow.invoice_records import Invoice, InvoiceDraft, InvoiceDue, InvoiceRow
from kashmag.kashflow.invoices import EVERYTHING, InvoiceFilter
from kashmag.kashflow.listing import rows
from kashmag.kashflow.payment_records import Credit
from kashmag.kashflow.updating import Update, update
from kashmag.rest.options import Options


class Invoices:
    """The sales invoices and credit notes of an account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, number: int, options: Options | None = None) -> Invoice:
        """Read one invoice in full; NotFoundError if there is none of that number."""
        return await self._connection.call(invoices.get(number), options)

    def matching(
        self, which: InvoiceFilter = EVERYTHING, options: Options | None = None
    ) -> AsyncIterator[InvoiceRow]:
        """Yield invoices as the list tells them, each once, sorted by number."""
        first = invoices.matching(which, assumed=self._connection.assumptions)
        return rows(self._connection.caller, first, lambda row: row.number, options)

    async def newest(
        self, count: int = 50, options: Options | None = None
    ) -> tuple[InvoiceRow, ...]:
        """The invoices with the highest numbers, highest first, in one call."""
        assumed = evolve(self._connection.assumptions, page_size=count)
        asked = invoices.matching(newest_first=True, assumed=assumed)
        page = await self._connection.call(asked, options)
        return page.rows

    async def by_reference(
        self, reference: str, *, customer_code: str | None = None, options: Options | None = None
    ) -> list[InvoiceRow]:
        """All invoices of exactly this reference, archived ones too, sorted by number.

        KashFlow's search finds what contains the text, at best; here the whole reference is
        compared, letter by letter. With `customer_code` all of that customer's invoices are
        looked at as well, which does not rest on how the search works.

        Raises UnexpectedPayloadError if none was found and a row could not be read: it might be
        the one.
        """
        found: dict[int, InvoiceRow] = {}
        unreadable: UnexpectedPayloadError | None = None
        assumed = self._connection.assumptions
        for which in invoices.searches(reference, customer_code=customer_code, assumed=assumed):
            try:
                async for row in self.matching(which, options=options):
                    if await self._reference_of(row, options) == reference:
                        found.setdefault(row.number, row)
            except UnexpectedPayloadError as error:
                unreadable = error
        if unreadable is not None and not found:
            raise unreadable
        return [found[number] for number in sorted(found)]

    async def _reference_of(self, row: InvoiceRow, options: Options | None) -> str | None:
        if row.customer_reference is not None or "CustomerReference" in row.extra:
            return row.customer_reference
        # The row does not say; absence of a key is no absence of a reference.
        return (await self.get(row.number, options=options)).customer_reference

    async def create(self, draft: InvoiceDraft, options: Options | None = None) -> Invoice:
        """Create an invoice and return it in full.

        Where KashFlow does not tell what it has created, the invoice is read by its number or
        found by its reference. It may have another number than the draft's: look.

        Raises:
            InvalidError: refused; nothing was created.
            NoAnswerError, BrokenError: it may have been created; look for its reference before
                you try again. NoAnswerError also where it was created but is nowhere to be found.
        """
        created = await self._connection.call(invoices.create(draft), options)
        if created.invoice is not None:
            return created.invoice
        if created.number is not None:
            return await self._connection.call_once_visible(invoices.get(created.number), options)
        return await self._created(draft, options)

    async def _created(self, draft: InvoiceDraft, options: Options | None) -> Invoice:
        async for _ in self._connection.looks():
            found = await self.by_reference(
                draft.customer_reference, customer_code=draft.customer_code, options=options
            )
            if len(found) == 1:
                return await self.get(found[0].number, options=options)
            if found:
                numbers = ", ".join(str(row.number) for row in found)
                raise ConflictError(
                    f"an invoice was created, but {draft.customer_reference} stands on {numbers}"
                )
        raise NoAnswerError(
            f"invoice {draft.customer_reference} was created, but cannot be found yet",
            operation="invoices.create",
        )

    async def update(
        self,
        number: int,
        change: Callable[[Invoice], Invoice],
        *,
        seen: Invoice | None = None,
        options: Options | None = None,
    ) -> Invoice:
        """Read an invoice, apply the change to the full record, write it, read it back.

        Raises ConflictError, and sends nothing, if it sits in a VAT return, has a reconciled
        payment, is edited meanwhile where that can be seen, or differs from `seen`. See
        `kashmag.kashflow.updating` for what else can happen, and for the window that stays open.
        """
        wanted = Update(number, change, seen)
        return await update(self._connection, invoices.UPDATABLE, wanted, options)

    async def delete(self, number: int, options: Options | None = None) -> None:
        """Delete an invoice; ConflictError if it sits in a VAT return or is reconciled.

        Deleting one that is not there is no error: what was wanted is true.
        """
        async with self._connection.claims.of(("invoice", number)):
            try:
                reason = invoices.objection(await self.get(number, options=options))
                if reason:
                    raise ConflictError(f"invoice {number} is not deleted: {reason}")
                await self._connection.call(invoices.delete(number), options)
            except NotFoundError:
                return

    async def archive(
        self, numbers: Sequence[int], *, archived: bool = True, options: Options | None = None
    ) -> None:
        """Put invoices into the archive, or take them out."""
        await self._connection.call(invoices.archive(numbers, archived=archived), options)

    async def top_due(
        self, *, customer_code: str | None = None, options: Options | None = None
    ) -> tuple[InvoiceDue, ...]:
        """Read a light list of invoices with something owing."""
        return await self._connection.call(invoices.top_due(customer_code=customer_code), options)

    async def next_number(self, options: Options | None = None) -> int:
        """Read the number that the next invoice would get; nothing is reserved."""
        return await self._connection.call(invoices.next_number(), options)

    async def credits_for(
        self, invoice: Invoice, options: Options | None = None
    ) -> tuple[Credit, ...]:
        """Read what could be set against an invoice."""
        return await self._connection.call(invoices.credits_for(_id(invoice)), options)

    async def apply_credits(
        self, invoice: Invoice, chosen: Sequence[Credit], options: Options | None = None
    ) -> None:
        """Set credits against an invoice: two payments arise that cancel each other out."""
        await self._connection.call(invoices.apply_credits(_id(invoice), chosen), options)

    async def email(self, draft: EmailDraft, options: Options | None = None) -> None:
        """Send an e-mail from the account."""
        await self._connection.call(invoices.email(draft), options)


def _id(invoice: Invoice) -> int:
    if invoice.id is None:
        raise ConflictError(f"invoice {invoice.number} was read without its internal id")
    return invoice.id
