"""The engine: the one way in to planning, carrying out, running, explaining and deciding.

plan = await engine.plan_order("000000042")
if not plan.is_held:
    done = await engine.apply(plan)

async for event in engine.sync("orders"):
    ...                                      # the last one is RunFinished
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve

from kashmag import kashflow, magento
from kashmag.engine import stories
from kashmag.engine.agreeing import Agreeing
from kashmag.engine.alerting import failing_runs, note_run, raise_alert
from kashmag.engine.applying import Applying, Step
from kashmag.engine.beside import beside
from kashmag.engine.calling import FarEnds
from kashmag.engine.checking import check_policy
from kashmag.engine.customer_flow import CustomerFlow
from kashmag.engine.customer_handling import CustomerHandling
from kashmag.engine.customers import CUSTOMER, Customers, Person
from kashmag.engine.deciding import Deciding, refuse_empty
from kashmag.engine.finding import DRIFT
from kashmag.engine.gathering import Gathering
from kashmag.engine.grouping import Group
from kashmag.engine.handling import Handling, Resolution, Terms
from kashmag.engine.happenings import event_of, one_after_the_other
from kashmag.engine.isolating import unless_broken
from kashmag.engine.later import LaterError
from kashmag.engine.options import EngineOptions
from kashmag.engine.order_flow import OrderFlow
from kashmag.engine.orders import FLOWS, Bundle, Orders
from kashmag.engine.outcomes import Handled, finished, record_of
from kashmag.engine.performing import Performing
from kashmag.engine.planning import Planning
from kashmag.engine.reconciling import Reconciling, Sides
from kashmag.engine.remembering import remember
from kashmag.engine.running import Run
from kashmag.engine.skipping import Skipping
from kashmag.engine.stories import Story
from kashmag.engine.walking import CURSOR, Walk, Walking, walk_left_behind
from kashmag.engine.wishes import Parts, Wish
from kashmag.errors import HeldError, KashmagError, LogbookError, RemoteError, SettingsError
from kashmag.hooks.hooks import Hooks
from kashmag.logbook import DocumentRecord, Entry, Logbook
from kashmag.logbook.audit import AuditFault
from kashmag.plans.actions import DocumentId
from kashmag.plans.certificate import confirm
from kashmag.plans.events import AlertRaised, DocumentFinished, Event, Outcome, RunFinished
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.plans.proposals import Way
from kashmag.reconciliation import Period, Scheme
from kashmag.rest.clock import Clock

CUSTOMERS: Final = "customers"


class Engine:
    """Keeps one shop and one account in step; made by `assembly.open_engine`.

    It owns neither the clients nor the logbook: who opened them closes them.
    """

    def __init__(
        self,
        shop: magento.Client,
        books: kashflow.Client,
        logbook: Logbook,
        *,
        hooks: Hooks,
        policy: Policy,
        options: EngineOptions | None = None,
        clock: Clock | None = None,
    ) -> None:
        options, clock = options or EngineOptions(), clock or Clock()
        self._books = books
        self.deciding: Final = Deciding(logbook)
        gathering = Gathering(shop, books, logbook, clock=clock, options=options)
        performing = Performing(FarEnds(shop, books), logbook, gathering, options=options)
        planning = Planning(
            gathering, logbook, hooks, policy, clock, settled_after=options.settled_after
        )
        applying = Applying(logbook, performing, options)
        handling = Handling(logbook, planning, applying, options)
        self._parts = Parts(
            orders=Orders(shop, batch=options.batch),
            handling=handling,
            logbook=logbook,
            hooks=hooks,
            policy=policy,
            options=options,
            clock=clock,
        )
        self._skipping = Skipping(self._parts, self.deciding)
        self._reconciling = Reconciling(
            shop=shop,
            books=books,
            logbook=logbook,
            orders=self._parts.orders,
            gathering=gathering,
            hooks=hooks,
            policy=policy,
            clock=clock,
        )
        agreeing = Agreeing(logbook)
        self._customers = Customers(shop, books, agreeing, policy=policy, batch=options.batch)
        self._customer_handling = CustomerHandling(
            books,
            logbook,
            self._customers,
            agreeing=agreeing,
            gathering=gathering,
            applying=applying,
            policy=policy,
            options=options,
        )

    @property
    def logbook(self) -> Logbook:
        """Where everything is remembered."""
        return self._parts.logbook

    @property
    def policy(self) -> Policy:
        """The bookkeeper's settled answers."""
        return self._parts.policy

    async def plan_order(self, number: str, *, store: str | None = None) -> Plan:
        """The plan of one order as things stand; nothing is written.

        Raises:
            SettingsError: several store views have this number, and `store` does not say which.
            NotFoundError: the shop has no such order.
            RemoteError: the shop or the account could not be asked.
        """
        bundle = await self._parts.orders.numbered(number, store)
        return await self._parts.handling.plan(bundle)

    async def plan_orders(
        self, numbers: Iterable[str], *, store: str | None = None
    ) -> AsyncIterator[Plan]:
        """The plans of several orders, one after the other."""
        for number in numbers:
            yield await self.plan_order(number, store=store)

    async def apply(self, plan: Plan) -> DocumentFinished:
        """Carry out the plan that was shown, and no other; safe to call again after any failure.

        A plan of this order that was opened before is finished first.

        Raises:
            HeldError: the plan is held.
            StalePlanError: the plan is no longer that of the order: plan again and look.
        """
        if plan.is_held:
            reasons = " ".join(problem.message for problem in plan.problems)
            raise HeldError(f"the plan of order {plan.document.number} is held: {reasons}")
        bundle = await self._bundle(plan.document)
        terms = self._terms(plan.document, digest=plan.digest)
        return await self._carried_out(bundle, terms, run="apply")

    async def sync(
        self,
        flow: str = "orders",
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        dry_run: bool = False,
        approved: str = "",
    ) -> AsyncIterator[Event]:
        """Plan and carry out all that is due; yields what happens, the last is RunFinished.

        `orders`, `payments` and `refunds` differ in which orders they find due; `customers` are
        kept in step as master data; `drift` looks at everything that is posted, whatever changed.
        Without `since` it goes on from the last complete run, or begins at the policy's
        `go_live`; a run that died or stopped at its limit is gone on with where it was.
        `approved` is a person's reason to exceed the policy's limits.

        Raises:
            SettingsError: there is no such flow, or nothing says where to begin.
            RemoteError: the shop's list cannot be read at all.
            LogbookError: nothing can be remembered any more.
        """
        if flow not in (*FLOWS, CUSTOMERS, DRIFT):
            known = ", ".join((*FLOWS, CUSTOMERS, DRIFT))
            raise SettingsError(f"there is no flow {flow!r}; there are {known}")
        begin = since if since is not None or flow == DRIFT else await self._begin(flow)
        wish = Wish(
            flow=flow,
            since=begin,
            until=until,
            limit=limit,
            dry_run=dry_run,
            approved=approved,
            waiting=since is None,
        )
        has_ended = False
        try:
            async for event in self._sync(wish):
                has_ended = has_ended or isinstance(event, RunFinished)
                yield event
        except RemoteError as error:
            # That a run cannot even begin is news for a person, as a document that waits is.
            if not (has_ended or dry_run) and (alert := await self._alert(flow, error)):
                yield alert
            raise

    async def could_not_run(self, flow: str, error: KashmagError) -> None:
        """Tell observers that a run of this flow could not begin: once, until it can again."""
        await self._alert(flow, error)

    async def check_policy(self) -> None:
        """Return if the account has every nominal and bank account that the policy names.

        Raises:
            SettingsError: one sentence for each that it has not, with the nearest that it has.
            RemoteError: the account could not be asked.
        """
        await check_policy(self._reconciling.books, self.policy)

    async def sides(self, period: Period, *, remote: bool = False) -> Sides:
        """Shop and account over a period, for `kashmag.reconciliation`; nothing is written there.

        Without `remote` the logbook alone is asked; with it both are read anew.

        Raises:
            RemoteError: the shop or the account could not be asked.
        """
        if remote:
            return await self._reconciling.read_anew(period)
        return await self._reconciling.remembered()

    async def vat_scheme(self, *, remote: bool = False) -> Scheme:
        """How the account stands to VAT; without `remote`, as it was when it was last asked.

        Raises:
            RemoteError: the account could not be asked.
        """
        return await self._reconciling.scheme(remote=remote)

    async def sync_numbers(
        self, *numbers: str, store: str | None = None, dry_run: bool = False
    ) -> AsyncIterator[Event]:
        """Plan and carry out these orders; yields what `sync` yields.

        A number that the shop does not have is a document that has failed.
        """
        ids = await self._parts.orders.ids_of(numbers, store)
        missing = [number for number in numbers if number not in ids]
        wish = Wish(flow="orders", only=tuple(ids.values()), waiting=False, dry_run=dry_run)
        async for event in self._run(wish, missing=missing).events():
            yield event

    async def retry(
        self,
        *names: str,
        code: str = "",
        item: str = "",
        reason: str,
        who: str = "",
        store: str | None = None,
    ) -> AsyncIterator[Event]:
        """Plan these documents anew and carry it out, or all that wait for one cause (`code`).

        `item` takes back that a person has skipped this item of them.
        """
        found = [await self.deciding.find(name, store=store) for name in names]
        for record in found if item else ():
            await self.deciding.retry_item(record, item, reason=reason, who=who)
        if code:
            found += await self.deciding.with_code(code)
        if not found:  # a run over no orders in particular would be a run over all of them
            raise SettingsError(f"nothing waits because of {code or 'anything'}")
        chosen = await self.deciding.retry(found, reason=reason, who=who)
        runs = [
            self._run(
                Wish(flow=CUSTOMERS if kind == CUSTOMER else "orders", only=ids, waiting=False)
            )
            for kind, ids in chosen.items()
        ]
        async for event in one_after_the_other(*(run.events() for run in runs)):
            yield event

    async def skip(
        self, name: str, *, reason: str, who: str = "", store: str | None = None
    ) -> DocumentRecord:
        """Never post this order, or this memo (`memo:000000042`), for a reason.

        The memos of a skipped order are skipped with it, later ones too. What no run has read yet
        is read at the shop.

        Raises:
            SettingsError: there is no reason, or neither the logbook nor the shop has it.
            LogbookError: something of it may have happened: run again first.
        """
        return await self._skipping.skip(name, reason=reason, who=who, store=store)

    async def skip_item(
        self, number: str, item: str, *, reason: str, who: str = "", store: str | None = None
    ) -> Plan:
        """Send the money of one item of an order to suspense from now on, for a reason.

        `item` is its SKU, or the key of its line (`item:42`) where several lines have that SKU.
        What is posted already stays as it is. Returns the plan of the order as it is then.

        Raises:
            SettingsError: the order has no such item, or several of that SKU.
            HeldError: the order cannot be read.
            LogbookError: something of it may have happened: run again first.
        """
        return await self._skipping.skip_item(number, item, reason=reason, who=who, store=store)

    async def drop(self, name: str, *, reason: str, who: str = "", store: str | None = None) -> int:
        """Give up what is left of an order's open plan, for a reason."""
        record = await self.deciding.find(name, store=store)
        return await self.deciding.drop(record, reason=reason, who=who)

    async def accept(
        self, name: str, *, reason: str, who: str = "", store: str | None = None
    ) -> int:
        """Take what is disputed, refused or unknown about an order as done, for a reason."""
        record = await self.deciding.find(name, store=store)
        return await self.deciding.accept(record, reason=reason, who=who)

    async def resolve(
        self,
        name: str,
        way: Way,
        *,
        reason: str,
        who: str = "",
        store: str | None = None,
        digest: str = "",
    ) -> DocumentFinished:
        """Take one of the ways out of a drift that an order's plan proposes; safe to call again.

        `digest` is that of the plan that was shown; without it, of whatever is proposed now.

        Raises:
            SettingsError: there is no reason, or several stores have an order of this number.
            StalePlanError: this is not proposed, or the plan is no longer the one that was shown.
        """
        refuse_empty(reason)
        record = await self.deciding.find(name, store=store)
        order = record.order or record.key
        document = DocumentId(
            self.policy.shop, "order", entity_id=order.rpartition(":")[2], number=record.number
        )
        bundle = await self._bundle(document)
        terms = evolve(
            self._terms(document, digest=digest), resolution=Resolution(way, reason=reason, who=who)
        )
        return await self._carried_out(bundle, terms, run="resolve")

    async def adopt(
        self, number: str, invoice: int, *, reason: str, store: str | None = None
    ) -> Plan:
        """Tie an order to an invoice that exists already, if it says the same to the penny.

        Returns the plan of the order as it is then: what is still missing, such as payments.

        Raises:
            HeldError: the invoice does not say what the order says; nothing was tied.
        """
        bundle = await self._parts.orders.numbered(number, store)
        plan = await self._parts.handling.plan(bundle)
        found = await self._books.invoices.get(invoice)
        if plan.certificate is None:
            raise HeldError(f"order {number} has no certificate to compare invoice {invoice} with")
        if said := confirm(plan.certificate, found):
            raise HeldError(f"invoice {invoice} is not order {number}: {'; '.join(said)}")
        document = plan.document
        record = record_of(Handled(document, Outcome.SKIPPED), run="adopt")
        await self.logbook.read([record])
        await self.deciding.adopt(
            record,
            source=document.key("invoice"),
            reference=document.reference,
            number=invoice,
            reason=reason,
        )
        return await self._parts.handling.plan(bundle)

    async def why(self, name: str, *, store: str | None = None) -> tuple[Story, ...]:
        """The stories of all documents that are called so, by number or key."""
        return await stories.tell(self.logbook, name, store=store)

    async def errors(self) -> tuple[Group, ...]:
        """What waits, grouped by cause."""
        return await self.deciding.groups()

    async def verify_audit(self) -> tuple[AuditFault, ...]:
        """Every fault of the audit trail; none when nobody has tampered with it."""
        return await self.logbook.verify_audit()

    async def erase(self, name: str, *, reason: str, store: str | None = None) -> int:
        """Erase the personal data that the logbook keeps about a document; return how much."""
        record = await self.deciding.find(name, store=store)
        return await self.deciding.erase(record, reason=reason)

    async def _sync(self, wish: Wish) -> AsyncIterator[Event]:
        walk = None
        if wish.since is not None and wish.waiting and wish.until is None:
            walk = await self._walk(wish.flow, wish.since)
            wish = evolve(wish, reach=walk.reach if walk else 0)
        walking = Walking(self.logbook, walk) if walk and not wish.dry_run else None
        run = self._run(wish, walking=walking)
        async for event in run.events():
            # Where the logbook is lost, nothing more is asked of it: what was done is told.
            if isinstance(event, RunFinished) and not isinstance(run.failed, LogbookError):
                if walking is not None:
                    await (walking.complete() if run.is_complete else walking.note())
                if not wish.dry_run:
                    alert = await self._alert(wish.flow, run.failed, gave_up=run.gave_up)
                    if alert is not None:
                        yield alert
            yield event

    def _run(
        self, wish: Wish, *, missing: Sequence[str] = (), walking: Walking | None = None
    ) -> Run[Bundle] | Run[Person]:
        parts = self._parts
        if wish.flow != CUSTOMERS:
            flow = OrderFlow(parts, wish, walking)
            return Run(parts, wish, flow, missing=missing, walking=walking)
        people = CustomerFlow(
            parts,
            wish,
            customers=self._customers,
            handling=self._customer_handling,
            walking=walking,
        )
        return Run(parts, wish, people, walking=walking)

    async def _newest_change(self, flow: str) -> datetime | None:
        """How new the newest is; None leaves the cursor where it is: the next run looks again."""
        if flow == CUSTOMERS:
            return await unless_broken(self._customers.newest_change())
        return await unless_broken(self._parts.orders.newest_change(flow))

    async def _alert(
        self, flow: str, failed: BaseException | None = None, *, gave_up: str = ""
    ) -> AlertRaised | None:
        """The news of a run for a person, told to observers; None where there is none."""
        await note_run(self.logbook, flow, failed)
        groups = (
            *await failing_runs(self.logbook, (*FLOWS, CUSTOMERS, DRIFT)),
            *await self.deciding.groups(),
        )
        alert = await raise_alert(self.logbook, groups, now=self._parts.clock.now())
        if alert is None:
            return None
        alert = evolve(alert, stopped=gave_up)
        self._parts.hooks.observe(alert)
        return alert

    async def _walk(self, flow: str, begin: datetime) -> Walk | None:
        """The walk that goes on, or a new one; None when the shop has nothing to walk through."""
        left = await walk_left_behind(self.logbook, flow, begin)
        if left is not None:
            return left
        newest = await self._newest_change(flow)
        # A document from the future must not take the cursor with it: what comes until then
        # would be missed.
        return Walk(flow, begin, min(newest, self._parts.clock.now())) if newest else None

    async def _begin(self, flow: str) -> datetime:
        cursor = await self.logbook.recall(CURSOR + flow)
        if cursor is not None:
            # Orders are stamped when they are written and seen when they are committed: look back.
            return datetime.fromisoformat(cursor) - self._parts.options.overlap
        go_live = self.policy.go_live
        if go_live is None:
            raise SettingsError(
                f"sync {flow} does not know where to begin: say --since, or set policy.go_live"
            )
        zone = ZoneInfo(self.policy.time_zone)
        return datetime.combine(go_live, time.min, tzinfo=zone).astimezone(UTC)

    async def _bundle(self, document: DocumentId) -> Bundle:
        async for read in self._parts.orders.by_ids([document.entity_id]):
            if isinstance(read, Bundle):
                return read
            raise SettingsError(f"order {document.number} cannot be read: {read.reason}")
        raise SettingsError(f"the shop has no order {document.number}")

    def _terms(self, document: DocumentId, *, digest: str = "") -> Terms:
        def told(step: Step, entry: Entry) -> None:
            event = event_of(step, entry, document, self._parts.clock.now())
            self._parts.hooks.observe(event)

        return Terms(told=told, digest=digest)

    async def _carried_out(self, bundle: Bundle, terms: Terms, *, run: str) -> DocumentFinished:
        handled = await self._patiently(bundle, terms)
        await remember(self.logbook, handled, bundle, run=run)
        now = self._parts.clock.now()
        beside_it = beside(bundle, self.policy, self._parts.hooks, now=now, plan=handled.plan)
        await self.logbook.remember(*beside_it)
        told = finished(handled, now)
        self._parts.hooks.observe(told)
        return told

    async def _patiently(self, bundle: Bundle, terms: Terms) -> Handled:
        """Handle one order to its end, waiting where that must be."""
        clock = self._parts.clock
        until = clock.seconds() + self._parts.options.patience.total_seconds()
        while True:
            try:
                return await self._parts.handling.handle(bundle, terms)
            except LaterError as later:
                if clock.seconds() + later.seconds > until:
                    return self._parts.handling.given_up(bundle, later)
                await clock.sleep(later.seconds)
