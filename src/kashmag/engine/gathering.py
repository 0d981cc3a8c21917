"""Finding answers: each question to the calls that answer it, merged, cached, and corrected.

What is asked of the whole account (rates, nominals, lists) is read once and believed for a while.
What decides whether something exists (invoices by reference or number) is never cached, and what
our own logbook knows of it is added: a read that lags behind our own write must not deny it.
"""

from __future__ import annotations

import asyncio
import calendar
from collections.abc import Awaitable, Callable, Hashable, Iterable
from datetime import date
from typing import Final, TypeVar, cast

from kashmag import kashflow, magento
from kashmag.engine.calling import found_or_none
from kashmag.engine.indexing import CustomerIndex, ProductIndex
from kashmag.engine.items import accepted_by, skipped_by
from kashmag.engine.new_accounts import MadeByOthers
from kashmag.engine.numbering import find_numbers
from kashmag.engine.options import EngineOptions
from kashmag.engine.posted import as_posted
from kashmag.errors import NotFoundError, PluginError, UnexpectedPayloadError
from kashmag.logbook import Logbook, State
from kashmag.plans.actions import (
    Action,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    CreateProduct,
)
from kashmag.plans.questions import (
    Accepted,
    AccountVat,
    Answers,
    AsPosted,
    Assumptions,
    BankAccounts,
    CustomerByCode,
    CustomersByEmail,
    CustomersByName,
    CustomersByVatNumber,
    FiledMonth,
    FurtherNumbers,
    HomeCurrency,
    InvoiceByNumber,
    InvoicesByReference,
    NominalCodes,
    ProductsByCode,
    Question,
    Read,
    ShopProduct,
    ShopTaxClasses,
    SkippedItems,
    TypedByHand,
    VatRates,
)
from kashmag.plans.references import is_ours
from kashmag.rest.clock import Clock
from kashmag.rest.operation import Effect

T = TypeVar("T")
REMEMBERED_CUSTOMERS: Final = 2000
# In the logbook's memory: the number of the invoice that a person said is the one of a reference.
ADOPTED: Final = "adopted:"
HOME: Final = "GBP"


class Gathering:
    """Answers questions about one account and one shop; shared by all documents of a run."""

    def __init__(
        self,
        shop: magento.Client,
        books: kashflow.Client,
        logbook: Logbook,
        *,
        clock: Clock,
        options: EngineOptions,
    ) -> None:
        self._shop = shop
        self._books = books
        self._logbook = logbook
        self._clock = clock
        self._good_for = options.answers_for.total_seconds()
        self._customers = CustomerIndex(books, clock, good_for=options.answers_for)
        self._by_others = MadeByOthers(
            logbook, clock, settled_after=options.settled_after, learn=self.created
        )
        self._products = ProductIndex(books, clock, good_for=options.answers_for)
        self._created: dict[str, kashflow.Customer] = {}
        self.assumed: dict[str, None] = {}
        self._kept: dict[Hashable, tuple[float, asyncio.Task[object]]] = {}

    async def answer(self, questions: Iterable[Question[object]], answers: Answers) -> Answers:
        """The answers so far and those to these questions, all looked for at once."""
        asked = [question for question in questions if question not in answers]
        found = await asyncio.gather(*(self._find(question) for question in asked))
        return answers.having(dict(zip(asked, found, strict=True)))

    def created(self, action: Action) -> None:
        """Learn of what we have just created, before any read can show it."""
        match action:
            case CreateCustomer(draft=draft):
                while len(self._created) >= REMEMBERED_CUSTOMERS:
                    del self._created[next(iter(self._created))]
                self._created[draft.code] = kashflow.Customer(
                    draft.code, draft.name, contacts=draft.contacts, addresses=draft.addresses
                )
                self._customers.learn(draft)
            case CreateProduct(draft=product):
                self._products.learn(kashflow.Product(product.code, product.nominal_code))
            case _:
                pass

    async def _find(self, question: Question[object]) -> object:
        books = self._books
        match question:
            case CustomersByEmail(email):
                return await self._customers_by("email", email)
            case CustomersByName(name):
                return await self._customers_by("name", name)
            case CustomersByVatNumber(vat_number):
                return await self._customers_by("vat_number", vat_number)
            case CustomerByCode(code):
                return await self._customer(code)
            case InvoicesByReference(reference):
                return await self._invoices(reference)
            case TypedByHand():
                return await self._typed_by_hand(question)
            case AsPosted(key):
                return await as_posted(self._logbook, key)
            case Accepted(document):
                return accepted_by(await self._logbook.decisions(document))
            case InvoiceByNumber(number):
                return await found_or_none(books.invoices.get(number))
            case FurtherNumbers():
                return await find_numbers(books, self._logbook, question)
            case ProductsByCode(code):
                return await self._products_coded(code)
            case VatRates():
                return await self._once(question, books.vat_rates.every)
            case NominalCodes():
                return await self._once(question, books.nominals.every)
            case BankAccounts():
                return await self._once(question, books.bank_accounts.every)
            case HomeCurrency():
                return await self._once(question, self._home_currency)
            case Assumptions():
                return books.assumptions
            case FiledMonth(first):
                return await self._once(question, lambda: self._filed(first))
            case AccountVat():
                return await self._once(question, self._vat_settings)
            case ShopProduct(sku):
                return await self._once(question, lambda: self._shop_product(sku))
            case SkippedItems(document):
                return skipped_by(await self._logbook.decisions(document))
            case ShopTaxClasses():
                return await self._once(question, self._tax_classes)
            case Read(operation):
                if operation.effect is not Effect.READ:
                    raise PluginError(
                        f"{operation.name} writes, and only what reads can be a question"
                    )
                client = self._shop if operation.path.startswith("/V1/") else books
                return await self._once(operation, lambda: client.send(operation))
            case _:
                raise PluginError(f"nobody knows how to answer a {type(question).__name__}")

    async def _customers_by(self, by: str, text: str) -> tuple[kashflow.Customer, ...]:
        await self._by_others.catch_up()
        codes = await self._customers.codes(by, text)
        # The rows of the list say less than the detail: no discount rate, for one.
        found = await asyncio.gather(*(self._customer(code) for code in codes))
        return tuple(customer for customer in found if customer is not None)

    async def _customer(self, code: str) -> kashflow.Customer | None:
        read = await found_or_none(self._books.customers.get(code))
        return read or self._created.get(code)

    async def _invoices(self, reference: str) -> tuple[kashflow.Invoice, ...]:
        """What carries a reference, and what is known by its number to be what it was given to."""
        rows = await self._books.invoices.by_reference(reference)
        # Whoever edits the reference of a document has made no other of it.
        own = await self._numbers_of(reference)
        numbers = {row.number for row in rows}
        if own:
            numbers = {one for one in numbers - own if not await self._is_another(one)} | own
        found = await asyncio.gather(
            *(found_or_none(self._books.invoices.get(number)) for number in sorted(numbers))
        )
        return tuple(
            one
            for one in found
            # KashFlow goes on serving what was voided; it counts for nothing there.
            if one is not None
            and one.deleted_at is None
            and (one.customer_reference == reference or one.number in own)
        )

    async def _numbers_of(self, reference: str) -> set[int]:
        """The documents that we gave a reference, or that a person said are what it stands for."""
        kinds = CreateInvoice.kind, CreateCreditNote.kind
        entries = await self._logbook.same_deeds(reference, *kinds)
        own = {one.number for one in entries if one.state is State.DONE}
        own.add(await self._logbook.recall(ADOPTED + reference) or "")
        return {int(number) for number in own if number.isdecimal()}

    async def _is_another(self, number: int) -> bool:
        """Tell a document of another deed, which has only been given this one's reference."""
        return await self._logbook.bound_to("invoice", str(number)) is not None

    async def _typed_by_hand(self, asked: TypedByHand) -> tuple[kashflow.Invoice, ...]:
        lists = [
            kashflow.InvoiceFilter(
                customer_code=asked.customer_code,
                issued_from=asked.first,
                issued_to=asked.last,
                archived=archived,
            )
            for archived in (
                (None, True) if self._books.assumptions.archived_needs_asking else (None,)
            )
        ]
        rows = [row for some in await asyncio.gather(*map(self._rows, lists)) for row in some]
        numbers = {
            row.number for row in rows if not is_ours((row.customer_reference or "").strip())
        }
        tied = [await self._logbook.bound_to("invoice", str(one)) for one in sorted(numbers)]
        free = [
            one
            for one, bound in zip(sorted(numbers), tied, strict=True)
            if bound is None or bound.document == asked.document
        ]
        found = await asyncio.gather(
            *(found_or_none(self._books.invoices.get(number)) for number in free)
        )
        return tuple(
            one
            for one in found
            if one is not None
            and one.deleted_at is None
            and not is_ours((one.customer_reference or "").strip())
        )

    async def _rows(self, which: kashflow.InvoiceFilter) -> list[kashflow.InvoiceRow]:
        return [row async for row in self._books.invoices.matching(which)]

    async def _vat_settings(self) -> kashflow.VatSettings:
        # An account that does not tell is taken for one that may charge VAT.
        return await found_or_none(self._books.vat_rates.settings()) or kashflow.VatSettings()

    async def _filed(self, first: date) -> date | None:
        """The last day of a month, if any document dated in it sits in a VAT return."""
        today = self._clock.now().date()
        if (first.year, first.month) >= (today.year, today.month):
            return None  # a return is filed after its period
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        which = kashflow.InvoiceFilter(issued_from=first, issued_to=last)
        try:
            async for row in self._books.invoices.matching(which):
                dated_there = row.issued_date is not None and first <= row.issued_date <= last
                if row.vat_return_id and dated_there:
                    return last
        except UnexpectedPayloadError:
            return None  # rows that cannot be read; those that can are not filed
        return None

    async def _shop_product(self, sku: str) -> magento.Product | None:
        found = await self._shop.products.by_skus(sku)
        return next((product for product in found if product.sku == sku), None)

    async def _tax_classes(self) -> tuple[magento.TaxClass, ...]:
        return tuple([one async for one in self._shop.taxes.classes.matching()])

    async def _home_currency(self) -> str:
        details = await found_or_none(self._books.account.company_details())
        if details is not None and details.home_currency is not None and details.home_currency.code:
            return details.home_currency.code
        currencies = await found_or_none(self._books.currencies.every()) or ()
        home = [one.code for one in currencies if one.exchange_rate == 1 and one.code]
        if len(home) == 1:
            return home[0]
        # KashFlow is a product for businesses in the United Kingdom.
        self.assumed.setdefault(f"the account does not tell its home currency: taken as {HOME}")
        return HOME

    async def _products_coded(self, code: str) -> tuple[kashflow.Product, ...]:
        try:
            return await self._products.coded(code)
        except NotFoundError:
            self.assumed.setdefault("the account has no list of products: no SKU is a product")
            return ()

    async def _once(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        now = self._clock.seconds()
        kept = self._kept.get(key)
        if kept is None or now - kept[0] > self._good_for or _has_failed(kept[1]):
            task = asyncio.ensure_future(cast("Awaitable[object]", ask()))
            kept = self._kept[key] = (now, task)
        return cast("T", await asyncio.shield(kept[1]))


def _has_failed(task: asyncio.Task[object]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
