"""Reading both sides of a period for `kashmag.reconciliation`, which compares them.

`remembered` asks nobody but the logbook: what the shop's documents were when they were last read,
and what was posted for them. `read_anew` reads the shop and the account, and takes from the
logbook only what was agreed and decided.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from kashmag import kashflow, magento, planner
from kashmag.engine.beside import day_of, expected_documents
from kashmag.engine.calling import found_or_none
from kashmag.engine.gathering import Gathering
from kashmag.engine.isolating import Unreadable
from kashmag.engine.orders import Bundle, Orders, Read
from kashmag.engine.planning import MOST_ROUNDS
from kashmag.engine.recalling import memory_of
from kashmag.errors import NotFoundError, PluginError
from kashmag.hooks.hooks import Hooks
from kashmag.logbook import DocumentRecord, Logbook
from kashmag.magento.criteria import Criteria
from kashmag.plans.policy import Policy
from kashmag.plans.questions import Answers, InvoicesByReference
from kashmag.plans.references import nth_reference, reversal_reference
from kashmag.reconciliation import (
    AccountDocument,
    DocumentKind,
    Period,
    Remembered,
    Scheme,
    ShopDocument,
    VatScheme,
    account_document,
    scheme_of,
)
from kashmag.reconciliation.as_posted import all_as_posted
from kashmag.reconciliation.references import Trace, traces
from kashmag.reconciliation.remembering import NAME, read_back, written
from kashmag.rest.clock import Clock

AT_ONCE: Final = 8
MOST_GENERATIONS: Final = 100
SCHEME: Final = "vat_scheme"
# An order of the last hour of a day may have become a document only days later.
MARGIN: Final = timedelta(days=2)


@frozen
class Sides:
    """Both sides as they were `today`, and the memory between them; `unread` are sentences."""

    shop: tuple[ShopDocument, ...]
    account: tuple[AccountDocument, ...]
    memory: dict[str, Remembered]
    today: date
    unread: tuple[str, ...] = field(default=(), kw_only=True)


@define
class _Found:
    """What has been read so far."""

    shop: dict[str, ShopDocument] = field(factory=dict)
    account: dict[int, kashflow.Invoice] = field(factory=dict)
    memory: dict[str, Remembered] = field(factory=dict)
    unread: list[str] = field(factory=list)
    orders: set[str] = field(factory=set)


@frozen(kw_only=True)
class Reconciling:
    """Reads both sides of a period; nothing is written but what the logbook remembers of them."""

    shop: magento.Client
    books: kashflow.Client
    logbook: Logbook
    orders: Orders
    gathering: Gathering
    hooks: Hooks
    policy: Policy
    clock: Clock

    async def remembered(self) -> Sides:
        """Both sides as the logbook knows them; nobody is asked."""
        found = _Found()
        account: list[AccountDocument] = []
        async for record in self._records():
            text = await self.logbook.recall(NAME + record.key)
            if not text:
                if record.outcome:
                    found.unread.append(f"order {record.number} was never read by this version")
                continue
            documents = read_back(text)
            memory = await memory_of(self.logbook, record.key, documents)
            found.memory |= memory
            for document in documents:
                found.shop[document.key] = document
                account += all_as_posted(document, memory)
        return Sides(
            tuple(found.shop.values()),
            tuple(account),
            found.memory,
            self._today(),
            unread=tuple(found.unread),
        )

    async def read_anew(self, period: Period) -> Sides:
        """Both sides as they are now: every document of the period, and its counterpart."""
        found = _Found()
        await self._take(found, self._of_period(period))
        await self._invoices(found, period)
        await self._take(found, self._strangers(found))
        home = await self._home()
        return Sides(
            tuple(found.shop.values()),
            tuple(
                account_document(one, home=home, rules=self.policy.not_of_the_shop)
                for one in found.account.values()
            ),
            found.memory,
            self._today(),
            unread=tuple(found.unread),
        )

    async def scheme(self, *, remote: bool) -> Scheme:
        """The account's VAT scheme, asked anew or as it was last told."""
        if remote:
            settings = await found_or_none(self.books.vat_rates.settings())
            found = scheme_of(settings or kashflow.VatSettings())
            await self.logbook.remember(SCHEME, found.kind.value)
            return found.at(self.policy.flat_rate)
        told = await self.logbook.recall(SCHEME)
        return (Scheme(VatScheme(told)) if told else Scheme()).at(self.policy.flat_rate)

    def _today(self) -> date:
        return self.clock.now().astimezone(ZoneInfo(self.policy.time_zone)).date()

    async def _take(self, found: _Found, reading: AsyncIterator[Read]) -> None:
        """Plan every order that is read as if nothing were posted, some at a time."""
        some: list[Bundle] = []
        async for read in reading:
            if read.entity_id in found.orders:
                continue
            found.orders.add(read.entity_id)
            if isinstance(read, Unreadable):
                found.unread.append(f"order {read.number}: {read.reason}")
                continue
            some.append(read)
            if len(some) >= AT_ONCE:
                await asyncio.gather(*(self._one(found, bundle) for bundle in some))
                some = []
        await asyncio.gather(*(self._one(found, bundle) for bundle in some))

    async def _one(self, found: _Found, bundle: Bundle) -> None:
        case = planner.open_case(
            bundle.order, bundle.invoices, bundle.credit_memos, self.policy, bundle.store_code
        )
        answers = await self._answers(case)
        posted = await self._generations(case.document.reference, answers)
        found.account |= {invoice.number: invoice for invoice in posted}
        now = self.clock.now()
        plan = planner.plan(case, answers, self.hooks, today=day_of(case, now))
        documents = expected_documents(case, answers, self.hooks, now=now, plan=plan)
        order = case.document.whole
        found.shop |= {document.key: document for document in documents}
        memory = await memory_of(self.logbook, order, documents)
        found.memory |= memory
        await self._bound(found, memory)
        await self.logbook.remember(NAME + order, written(documents))

    async def _answers(self, case: planner.Case) -> Answers:
        answers = Answers()
        for _ in range(MOST_ROUNDS):
            questions = planner.asking(case, answers, self.hooks)
            if not questions:
                return answers
            answers = await self.gathering.answer(questions, answers)
        raise PluginError(
            f"after {MOST_ROUNDS} rounds there are still new questions about order "
            f"{case.document.number}: a plugin's kashmag_ask never ends"
        )

    async def _generations(self, first: str, answers: Answers) -> Sequence[kashflow.Invoice]:
        """What is posted, with every reversal and every further invoice of the order.

        The planner asks for the ones that it must know; a further one is looked for when there
        is one before it.
        """
        for number in range(1, MOST_GENERATIONS):
            reversal = InvoicesByReference(reversal_reference(first, number))
            further = InvoicesByReference(nth_reference(first, number + 1))
            if not answers.get(InvoicesByReference(nth_reference(first, number))):
                break
            answers = await self._asked(answers, reversal)
            if not answers[reversal]:
                break
            answers = await self._asked(answers, further)
        return [
            invoice
            for question in answers
            if isinstance(question, InvoicesByReference)
            for invoice in answers[question]
        ]

    async def _asked(self, answers: Answers, question: InvoicesByReference) -> Answers:
        if question in answers:
            return answers
        return await self.gathering.answer((question,), answers)

    async def _bound(self, found: _Found, memory: dict[str, Remembered]) -> None:
        """The counterparts that the logbook names, whatever reference they carry."""
        for known in memory.values():
            number = known.agreed.number if known.agreed else None
            if number is not None and number not in found.account:
                invoice = await found_or_none(self.books.invoices.get(number))
                if invoice is not None:
                    found.account[number] = invoice

    async def _of_period(self, period: Period) -> AsyncIterator[Read]:
        """Orders of the period, and those with invoices or credit memos of it."""
        zone = ZoneInfo(self.policy.time_zone)
        first = _midnight(period.first, zone) - MARGIN
        last = _midnight(period.last, zone) + timedelta(days=1) + MARGIN
        made = Criteria().where("created_at", "gteq", first).where("created_at", "lteq", last)
        async for read in self.orders.matching(made):
            yield read
        thin = made.only("entity_id", "order_id")
        ids: dict[str, None] = {}
        async for invoice in self.shop.invoices.matching(thin):
            ids[str(invoice.order_id)] = None
        async for memo in self.shop.credit_memos.matching(thin):
            ids[str(memo.order_id)] = None
        async for read in self.orders.by_ids(ids):
            yield read

    async def _invoices(self, found: _Found, period: Period) -> None:
        """Every invoice of the account that is dated in the period, archived ones too."""
        which = [kashflow.InvoiceFilter(issued_from=period.first, issued_to=period.last)]
        if self.books.assumptions.archived_needs_asking:
            which.append(
                kashflow.InvoiceFilter(
                    issued_from=period.first, issued_to=period.last, archived=True
                )
            )
        numbers: dict[int, None] = {}
        for one in which:
            async for row in self.books.invoices.matching(one):
                counts = row.issued_date is None or row.issued_date in period
                if counts and row.number not in found.account:
                    numbers[row.number] = None
        for some in _chunks(list(numbers), AT_ONCE):
            read = await asyncio.gather(
                *(found_or_none(self.books.invoices.get(number)) for number in some)
            )
            found.account |= {one.number: one for one in read if one is not None}

    async def _strangers(self, found: _Found) -> AsyncIterator[Read]:
        """The orders behind our references that were not read yet: dated otherwise over there."""
        known = {document.reference for document in found.shop.values()}
        for invoice in list(found.account.values()):
            told = traces((invoice.customer_reference or "").strip())
            if known.isdisjoint(trace.first for trace in told):
                for trace in told:
                    for read in await self._orders_of(trace):
                        yield read

    async def _orders_of(self, trace: Trace) -> Sequence[Read]:
        ids: list[str] = []
        if trace.kind is DocumentKind.INVOICE:
            ids = [str(one.entity_id) for one in await self.shop.orders.numbered(trace.number)]
        else:
            wanted = Criteria().where("increment_id", "eq", trace.number)
            async for memo in self.shop.credit_memos.matching(wanted.only("entity_id", "order_id")):
                ids.append(str(memo.order_id))
        return [read async for read in self.orders.by_ids(ids)]

    async def _records(self) -> AsyncIterator[DocumentRecord]:
        for outcome in ("posted", "skipped", "held", "failed"):
            after = 0
            while some := await self.logbook.documents_with(outcome, kind="order", after=after):
                for record in some:
                    yield record
                after = some[-1].seq

    async def _home(self) -> str:
        try:
            company = await self.books.account.company_details()
        except NotFoundError:
            return "GBP"
        currency = company.home_currency
        return currency.code if currency and currency.code else "GBP"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _chunks(values: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (values[at : at + size] for at in range(0, len(values), size))
