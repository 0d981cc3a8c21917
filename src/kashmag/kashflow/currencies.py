"""Currencies of the account, and the currency as documents and customers carry it."""

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
class CurrencyRef:
    """The currency of a document or customer.

    `exchange_rate` is foreign units per one unit of the home currency: at 2.0 a gross of AUD
    195.08 is GBP 97.54 (invoice_detail_foreign_currency).
    """

    code: str
    exchange_rate: Decimal | None = None
    name: str | None = field(default=None, kw_only=True)
    symbol: str | None = field(default=None, kw_only=True)
    display_symbol_on_right: bool | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Currency:
    """One currency that the account knows."""

    id: int
    code: str
    name: str | None = field(default=None, kw_only=True)
    symbol: str | None = field(default=None, kw_only=True)
    display_symbol_on_right: bool | None = field(default=None, kw_only=True)
    exchange_rate: Decimal | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class CurrencyDraft:
    """A currency to be added, or what one is replaced by."""

    code: str
    exchange_rate: Decimal | None = None


def every() -> Operation[tuple[Currency, ...]]:
    """Read the account's currencies."""
    return read(tuple[Currency, ...], "/currencies", name="currencies.every")


def get(currency_id: int) -> Operation[Currency]:
    """Read one currency."""
    return read(Currency, path("currencies", currency_id), name="currencies.get")


def create(draft: CurrencyDraft) -> Operation[Currency]:
    """Add a currency."""
    return send(Currency, "POST", "/currencies", body=draft, name="currencies.create")


def replace(currency_id: int, draft: CurrencyDraft) -> Operation[None]:
    """Give a currency another exchange rate."""
    route = path("currencies", currency_id)
    return do("PUT", route, body=draft, effect=Effect.ONCE, name="currencies.replace")


def delete(currency_id: int) -> Operation[None]:
    """Remove a currency."""
    return do("DELETE", path("currencies", currency_id), name="currencies.delete")


class Currencies:
    """The currencies of an account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def every(self, options: Options | None = None) -> tuple[Currency, ...]:
        """Read the account's currencies."""
        return await self._connection.call(every(), options)

    async def get(self, currency_id: int, options: Options | None = None) -> Currency:
        """Read one currency."""
        return await self._connection.call(get(currency_id), options)

    async def create(self, draft: CurrencyDraft, options: Options | None = None) -> Currency:
        """Add a currency."""
        return await self._connection.call(create(draft), options)

    async def replace(
        self, currency_id: int, draft: CurrencyDraft, options: Options | None = None
    ) -> None:
        """Give a currency another exchange rate."""
        await self._connection.call(replace(currency_id, draft), options)

    async def delete(self, currency_id: int, options: Options | None = None) -> None:
        """Remove a currency."""
        await self._connection.call(delete(currency_id), options)
