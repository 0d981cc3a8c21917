"""The engine: the one way in to planning, carrying out, running, explaining and deciding.

plan = await engine.plan_order("000000042")
if not plan.is_held:
    done = await engine.apply(plan)

async for event in engine.sync("orders"):
    ...                                      # the last one is RunFinished
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Final

from kashmag import kashflow, magento
from kashmag.engine import stories
from kashmag.engine.adopting import Adopting
from kashmag.engine.agreeing import Agreeing
from kashmag.engine.applying import Applying
from kashmag.engine.calling import FarEnds
from kashmag.engine.checking import check_policy
from kashmag.engine.customer_handling import CustomerHandling
from kashmag.engine.customers import Customers
from kashmag.engine.deciding import Deciding, refuse_empty
from kashmag.engine.erasing import erase
from kashmag.engine.gathering import Gathering
from kashmag.engine.grouping import Group
from kashmag.engine.handling import Handling, Resolution
from kashmag.engine.one_order import OneOrder
from kashmag.engine.options import EngineOptions
from kashmag.engine.orders import Orders
from kashmag.engine.performing import Performing
from kashmag.engine.planning import Planning
from kashmag.engine.reconciling import Reconciling, Sides
from kashmag.engine.runs import Runs
from kashmag.engine.skipping import Skipping
from kashmag.engine.stories import Story
from kashmag.engine.wishes import Parts
from kashmag.errors import HeldError, KashmagError, SettingsError
from kashmag.hooks.hooks import Hooks
from kashmag.logbook import DocumentRecord, Logbook
from kashmag.logbook.audit import AuditFault
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import DocumentFinished, Event
from kashmag.plans.keys import kind_and_id
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.plans.proposals import Way
from kashmag.reconciliation import Period, Scheme
from kashmag.rest.clock import Clock


class Engine:
    """Keeps one shop and one account in step; made by `assembly.open_engine`.

    `books` is the client of the account, `deciding` what persons decide about documents that wait.
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
        self.books: Final = books
        self.deciding: Final = Deciding(logbook)
        gathering = Gathering(shop, books, logbook, clock=clock, options=options)
        performing = Performing(
            FarEnds(shop, books), logbook, gathering, clock=clock, options=options
        )
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
        self._adopting = Adopting(self._parts, books)
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
        customers = Customers(shop, books, agreeing, policy=policy, batch=options.batch)
        self._one_order = OneOrder(self._parts)
        self._runs = Runs(
            self._parts,
            self.deciding,
            customers=customers,
            customer_handling=CustomerHandling(
                books,
                logbook,
                customers,
                agreeing=agreeing,
                gathering=gathering,
                applying=applying,
                policy=policy,
                options=options,
            ),
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
        return await self._one_order.carry_out(plan.document, digest=plan.digest, run="apply")

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
        run = self._runs.of_flow(
            flow, since=since, until=until, limit=limit, dry_run=dry_run, approved=approved
        )
        async for event in run:
            yield event

    async def could_not_run(self, flow: str, error: KashmagError) -> None:
        """Tell observers that a run of this flow could not begin: once, until it can again."""
        await self._runs.alert(flow, error)

    async def check_policy(self) -> None:
        """Return if account and shop have everything that the policy names.

        Raises:
            SettingsError: one sentence for each that there is not, with the nearest that there is.
            RemoteError: the account could not be asked.
        """
        await check_policy(self._reconciling.shop, self._reconciling.books, self.policy)

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
        run = self._runs.of_orders(tuple(ids.values()), missing=missing, dry_run=dry_run)
        async for event in run:
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
        async for event in self._runs.of_documents(chosen):
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
            self.policy.shop, "order", entity_id=kind_and_id(order)[1], number=record.number
        )
        return await self._one_order.carry_out(
            document,
            digest=digest,
            resolution=Resolution(way, reason=reason, who=who),
            run="resolve",
        )

    async def adopt(
        self, number: str, invoice: int, *, reason: str, who: str = "", store: str | None = None
    ) -> Plan:
        """Tie an order to an invoice that exists already, if it says the same to the penny.

        Returns the plan of the order as it is then: what is still missing, such as payments.

        Raises:
            SettingsError: there is no reason.
            HeldError: the invoice does not say what the order says, or the order is posted as
                another one that is still there; nothing was tied.
        """
        return await self._adopting.adopt(number, invoice, reason=reason, who=who, store=store)

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
        """Erase the words that the logbook keeps about a document; return how much.

        Raises:
            SettingsError: there is no reason.
            HeldError: something of it is still to be sent, or waits for a person.
        """
        record = await self.deciding.find(name, store=store)
        return (await erase(self.logbook, record, reason=reason))[record.key]
