"""Sources: where customers come from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.kashflow.connection import Connection
from kashmag.kashflow.routes import do, path, read, send
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


@frozen
class SourceCustomer:
    """A customer of a source."""

    customer_id: int
    customer_name: str | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Source:
    """Where customers come from, with what it has cost and brought in."""

    id: int
    name: str | None = None
    cost_of_source: Decimal | None = field(default=None, kw_only=True)
    number_of_customer: int | None = field(default=None, kw_only=True)
    payment_received_inc_vat: Decimal | None = field(default=None, kw_only=True)
    total_invoices_issued_exc_vat: Decimal | None = field(default=None, kw_only=True)
    customer_list: tuple[SourceCustomer, ...] = field(default=(), kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class SourceDraft:
    """What is sent to create or replace a source."""

    name: str
    cost_of_source: Decimal | None = None


def every() -> Operation[tuple[Source, ...]]:
    """Read the sources."""
    return read(tuple[Source, ...], "/sources", name="sources.every")


def get(name: str) -> Operation[Source]:
    """Read one source by its name."""
    asking = (("sourceName", name),)
    return read(Source, "/sources/getSource", asking=asking, name="sources.get")


def create(draft: SourceDraft) -> Operation[Source]:
    """Create a source."""
    return send(Source, "POST", "/sources/createSource", body=draft, name="sources.create")


def replace(source_id: int, draft: SourceDraft) -> Operation[None]:
    """Replace a source."""
    route = path("sources", source_id)
    return do("PUT", route, body=draft, effect=Effect.ONCE, name="sources.replace")


def delete(name: str) -> Operation[None]:
    """Delete a source by its name."""
    return do("DELETE", "/sources/deleteSource", asking=(("name", name),), name="sources.delete")


class Sources:
    """Where an account's customers come from."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def every(self, options: Options | None = None) -> tuple[Source, ...]:
        """Read the sources."""
        return await self._connection.call(every(), options)

    async def get(self, name: str, options: Options | None = None) -> Source:
        """Read one source by its name."""
        return await self._connection.call(get(name), options)

    async def create(self, draft: SourceDraft, options: Options | None = None) -> Source:
        """Create a source."""
        return await self._connection.call(create(draft), options)

    async def replace(
        self, source_id: int, draft: SourceDraft, options: Options | None = None
    ) -> None:
        """Replace a source."""
        await self._connection.call(replace(source_id, draft), options)

    async def delete(self, name: str, options: Options | None = None) -> None:
        """Delete a source by its name."""
        await self._connection.call(delete(name), options)
