"""Quotes: like invoices with one date, without payments."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.kashflow.assumptions import ASSUMED, Assumptions
from kashmag.kashflow.comparing import shape
from kashmag.kashflow.connection import Connection
from kashmag.kashflow.currencies import CurrencyRef
from kashmag.kashflow.customer_records import Address, DeliveryAddress
from kashmag.kashflow.customers import ADDRESS, DELIVERY_ADDRESS
from kashmag.kashflow.invoice_records import LineDraft, LineItem
from kashmag.kashflow.listing import Page, page, rows
from kashmag.kashflow.routes import do, path, read, send
from kashmag.kashflow.updating import Updatable, Update, update
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


@frozen
class QuoteCategory:
    """A category that quotes are sorted into."""

    number: int | None = None
    name: str | None = None
    icon_id: int | None = field(default=None, kw_only=True)
    icon_type: str | None = field(default=None, kw_only=True)
    icon_color: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Quote:
    """A quote, from a list or in full; `number` is its key. Rows of a list have no lines.

    Its header amounts were in the home currency in the vendor's sample, unlike an invoice's.
    """

    number: int
    id: int | None = None
    date: datetime.date | None = field(default=None, kw_only=True)
    customer_code: str | None = field(default=None, kw_only=True)
    customer_id: int | None = field(default=None, kw_only=True)
    customer_name: str | None = field(default=None, kw_only=True)
    customer_reference: str | None = field(default=None, kw_only=True)
    net_amount: Decimal | None = field(default=None, kw_only=True)
    vat_amount: Decimal | None = field(default=None, kw_only=True)
    gross_amount: Decimal | None = field(default=None, kw_only=True)
    home_currency_gross_amount: Decimal | None = field(default=None, kw_only=True)
    suppress_amount: bool | None = field(default=None, kw_only=True)
    category: QuoteCategory | None = field(default=None, kw_only=True)
    currency: CurrencyRef | None = field(default=None, kw_only=True)
    line_items: tuple[LineItem, ...] = field(default=(), kw_only=True)
    addresses: tuple[Address, ...] = field(default=(), kw_only=True)
    use_custom_delivery_address: bool | None = field(default=None, kw_only=True)
    delivery_addresses: tuple[DeliveryAddress, ...] = field(default=(), kw_only=True)
    project_number: int | None = field(default=None, kw_only=True)
    project_name: str | None = field(default=None, kw_only=True)
    file_count: int | None = field(default=None, kw_only=True)
    is_email_sent: bool | None = field(default=None, kw_only=True)
    previous_number: int | None = field(default=None, kw_only=True)
    next_number: int | None = field(default=None, kw_only=True)
    permalink: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class QuoteDraft:
    """What is sent to create a quote."""

    customer_code: str
    customer_reference: str
    date: datetime.date = field(kw_only=True)
    line_items: tuple[LineDraft, ...] = field(kw_only=True)
    number: int | None = field(default=None, kw_only=True)
    currency: CurrencyRef | None = field(default=None, kw_only=True)
    category: QuoteCategory | None = field(default=None, kw_only=True)
    addresses: tuple[Address, ...] = field(default=(), kw_only=True)
    use_custom_delivery_address: bool | None = field(default=None, kw_only=True)
    delivery_addresses: tuple[DeliveryAddress, ...] = field(default=(), kw_only=True)
    suppress_amount: bool | None = field(default=None, kw_only=True)
    project_number: int | None = field(default=None, kw_only=True)


@frozen
class QuoteConversion:
    """Which invoice a quote has become."""

    quote_number: int
    invoice_number: int
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen(kw_only=True)
class QuoteFilter:
    """Which quotes to list."""

    customer_code: str | None = None
    category_number: int | None = None
    project_number: int | None = None
    issued_from: datetime.date | None = None
    issued_to: datetime.date | None = None
    search_text: str | None = None


ALL_QUOTES: Final = QuoteFilter()


def get(number: int) -> Operation[Quote]:
    """Read one quote in full."""
    return read(Quote, path("quotes", number), name="quotes.get")


def matching(
    which: QuoteFilter = ALL_QUOTES, *, number: int = 1, assumed: Assumptions = ASSUMED
) -> Operation[Page[Quote]]:
    """Read one page of quotes, sorted by number."""
    return page(
        Quote,
        "quotes.matching",
        "/quotes",
        asking=(
            ("sortby", "Number"),
            ("order", "Asc"),
            ("customercode", which.customer_code),
            ("categorynumber", which.category_number),
            ("projectnumber", which.project_number),
            ("issuedatefrom", assumed.query_day(which.issued_from)),
            ("issuedateto", assumed.query_day(which.issued_to)),
            ("searchtext", which.search_text),
        ),
        number=number,
        size=assumed.page_size,
    )


def create(draft: QuoteDraft) -> Operation[Quote]:
    """Create a quote."""
    return send(Quote, "POST", "/quotes", body=draft, name="quotes.create")


def replace(number: int, quote: Quote) -> Operation[None]:
    """Replace the whole record."""
    return do("PUT", path("quotes", number), body=quote, effect=Effect.ONCE, name="quotes.replace")


def delete(number: int) -> Operation[None]:
    """Delete a quote."""
    return do("DELETE", path("quotes", number), name="quotes.delete")


def delete_several(numbers: Sequence[int]) -> Operation[None]:
    """Delete several quotes."""
    return do("DELETE", "/quotelist", body=list(numbers), name="quotes.delete_several")


def next_number() -> Operation[int]:
    """Read the number that the next quote would get; nothing is reserved."""
    return read(int, "/nextavailablequotenumber", name="quotes.next_number")


def categories() -> Operation[tuple[QuoteCategory, ...]]:
    """Read the categories of quotes."""
    return read(tuple[QuoteCategory, ...], "/quotecategories", name="quotes.categories")


def convert(
    numbers: Sequence[int], *, retain: bool | None = None
) -> Operation[tuple[QuoteConversion, ...]]:
    """Make invoices of quotes: all of them, or none if one cannot be.

    With `retain` the quotes stay; None leaves it to the account.
    """
    return send(
        tuple[QuoteConversion, ...],
        "POST",
        "/internal/invoices",
        body=list(numbers),
        asking=(("convertfrom", "quote"), ("retainafterconversion", retain)),
        name="quotes.convert",
    )


UPDATABLE: Final = Updatable[int, Quote](
    noun="quote",
    get=get,
    replace=replace,
    key=lambda quote: quote.number,
    counting=shape(
        """Number Date CustomerCode CustomerReference ProjectNumber SuppressAmount
        UseCustomDeliveryAddress""",
        Currency=shape("Code ExchangeRate"),
        Category=shape("Number"),
        LineItems=shape(
            "Description Quantity Rate VATLevel VATExempt VATAmount NominalCode ProductCode"
        ),
        Addresses=ADDRESS,
        DeliveryAddresses=DELIVERY_ADDRESS,
    ),
    volatile=frozenset({"PreviousNumber", "NextNumber", "FileCount", "IsEmailSent", "Permalink"}),
)


class Quotes:
    """The quotes of an account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, number: int, options: Options | None = None) -> Quote:
        """Read one quote in full."""
        return await self._connection.call(get(number), options)

    def matching(
        self, which: QuoteFilter = ALL_QUOTES, options: Options | None = None
    ) -> AsyncIterator[Quote]:
        """Yield quotes as the list tells them, each once, sorted by number."""
        first = matching(which, assumed=self._connection.assumptions)
        return rows(self._connection.caller, first, lambda quote: quote.number, options)

    async def create(self, draft: QuoteDraft, options: Options | None = None) -> Quote:
        """Create a quote."""
        return await self._connection.call(create(draft), options)

    async def update(
        self,
        number: int,
        change: Callable[[Quote], Quote],
        *,
        seen: Quote | None = None,
        options: Options | None = None,
    ) -> Quote:
        """Read a quote, apply the change, write it, read it back (see `updating`)."""
        return await update(self._connection, UPDATABLE, Update(number, change, seen), options)

    async def delete(self, number: int, options: Options | None = None) -> None:
        """Delete a quote."""
        await self._connection.call(delete(number), options)

    async def convert(
        self, numbers: Sequence[int], *, retain: bool | None = None, options: Options | None = None
    ) -> tuple[QuoteConversion, ...]:
        """Make invoices of quotes: all of them, or none if one cannot be."""
        return await self._connection.call(convert(numbers, retain=retain), options)

    async def categories(self, options: Options | None = None) -> tuple[QuoteCategory, ...]:
        """Read the categories of quotes."""
        return await self._connection.call(categories(), options)

    async def next_number(self, options: Options | None = None) -> int:
        """Read the number that the next quote would get; nothing is reserved."""
        return await self._connection.call(next_number(), options)
