"""The client's part for customers. Their operations, as values: `customers`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from kashmag.errors import UnexpectedPayloadError
from kashmag.kashflow import customers
from kashmag.kashflow.connection import Connection
from kashmag.kashflow.customer_records import (
    AdvancePayment,
    Customer,
    CustomerDraft,
    CustomerMatch,
    CustomerStatistics,
    CustomerTransaction,
)
from kashmag.kashflow.customers import EVERYBODY, CustomerFilter, SearchBy
from kashmag.kashflow.listing import rows
from kashmag.kashflow.updating import Update, update
from kashmag.rest.options import Options


class Customers:
    """The customers of an account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, code: str, options: Options | None = None) -> Customer:
        """Read one customer in full; NotFoundError if there is none of that code."""
        return await self._connection.call(customers.get(code), options)

    def matching(
        self, which: CustomerFilter = EVERYBODY, options: Options | None = None
    ) -> AsyncIterator[Customer]:
        """Yield customers as the list tells them, each once, sorted by code."""
        first = customers.matching(which, assumed=self._connection.assumptions)
        return rows(self._connection.caller, first, lambda customer: customer.code, options)

    async def search(
        self, by: SearchBy, text: str, options: Options | None = None
    ) -> tuple[CustomerMatch, ...]:
        """Look customers up; hits have internal ids, not codes."""
        return await self._connection.call(customers.search(by, text), options)

    async def by_email(self, email: str, options: Options | None = None) -> list[Customer]:
        """All customers with a contact of exactly this address, in any case, archived ones too.

        Walks through the whole list: the search tells ids only, and nobody knows how it matches.
        Raises UnexpectedPayloadError if none was found and a row could not be read.
        """
        wanted = email.strip().casefold()
        found: dict[str, Customer] = {}
        unreadable: UnexpectedPayloadError | None = None
        for which in self._with_archived():
            try:
                async for customer in self.matching(which, options=options):
                    if wanted in (known.strip().casefold() for known in customer.emails):
                        found.setdefault(customer.code, customer)
            except UnexpectedPayloadError as error:
                unreadable = error
        if unreadable is not None and not found:
            raise unreadable
        return list(found.values())

    def _with_archived(self) -> tuple[CustomerFilter, ...]:
        if not self._connection.assumptions.archived_needs_asking:
            return (EVERYBODY,)
        return (EVERYBODY, CustomerFilter(archived=True), CustomerFilter(archived=False))

    async def create(self, draft: CustomerDraft, options: Options | None = None) -> Customer:
        """Create a customer and return it in full; a code that is taken is an InvalidError."""
        created = await self._connection.call(customers.create(draft), options)
        if created.id is not None:
            return created
        return await self._connection.call_once_visible(customers.get(draft.code), options)

    async def update(
        self,
        code: str,
        change: Callable[[Customer], Customer],
        *,
        seen: Customer | None = None,
        options: Options | None = None,
    ) -> Customer:
        """Read a customer, apply the change to the full record, write it, read it back.

        Raises ConflictError if somebody else's edit is seen, or if it differs from `seen`. See
        `kashmag.kashflow.updating` for what else can happen, and for the window that stays open.
        """
        return await update(
            self._connection, customers.UPDATABLE, Update(code, change, seen), options
        )

    async def delete(self, code: str, options: Options | None = None) -> None:
        """Delete a customer."""
        await self._connection.call(customers.delete(code), options)

    async def archive(self, codes: Sequence[str], options: Options | None = None) -> None:
        """Archive customers."""
        await self._connection.call(customers.archive(codes), options)

    async def suggested_code(self, name: str, options: Options | None = None) -> str:
        """An unused code for a customer of that name; nothing is reserved."""
        return await self._connection.call(customers.suggested_code(name), options)

    async def statistics(self, code: str, options: Options | None = None) -> CustomerStatistics:
        """What KashFlow says about a customer in words."""
        return await self._connection.call(customers.statistics(code), options)

    def transactions(
        self, code: str, options: Options | None = None
    ) -> AsyncIterator[CustomerTransaction]:
        """Yield a customer's invoices, quotes and payments, each once."""
        first = customers.transactions(code, assumed=self._connection.assumptions)
        return rows(self._connection.caller, first, lambda one: (one.type, one.id), options)

    def advance_payments(
        self, code: str, options: Options | None = None
    ) -> AsyncIterator[AdvancePayment]:
        """Yield a customer's money that is not allocated to an invoice."""
        first = customers.advance_payments(code, assumed=self._connection.assumptions)
        return rows(self._connection.caller, first, lambda one: one.id, options)
