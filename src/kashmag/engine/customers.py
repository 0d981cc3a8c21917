"""The flow of customers as master data: created where they are missing, updated field by field.

What was last agreed is remembered in the logbook, for the three-way merge of `planner.masters`;
everything else goes the way of every plan: stored, announced, performed, read back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final, cast
from uuid import uuid4

from attrs import evolve, field, frozen

from kashmag import kashflow, magento
from kashmag.accounting.problems import Problem
from kashmag.engine import causes
from kashmag.engine.applying import Applying, Step
from kashmag.engine.calling import found_or_none
from kashmag.engine.gathering import Gathering
from kashmag.engine.happenings import event_of
from kashmag.engine.later import LaterError
from kashmag.engine.outcomes import Handled, key_of, posted, record_of, stopped
from kashmag.engine.wishes import Parts, Wish
from kashmag.errors import HeldError, KashmagError
from kashmag.logbook import Binding, Claim, Entry
from kashmag.magento.criteria import Criteria
from kashmag.planner import masters
from kashmag.plans.actions import CreateCustomer, DocumentId, UpdateCustomer
from kashmag.plans.events import DocumentFinished, Event, Outcome, RunFinished, RunStarted
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.plans.questions import Answers, CustomersByEmail
from kashmag.rest.codec import dumps, loads

AGREED: Final = "agreed:"
CONFLICT: Final = "customer_conflict"
AMBIGUOUS: Final = "ambiguous_customer"
NO_EMAIL: Final = "no_email"


@frozen
class Compared:
    """What follows for one customer: the plan, and what will be agreed once it is done."""

    plan: Plan
    agreed: masters.Fields = field(factory=dict)
    code: str = ""
    conflicts: tuple[Problem, ...] = ()


class CustomerFlow:
    """Keeps the customers of one shop and one account in step."""

    def __init__(
        self,
        shop: magento.Client,
        books: kashflow.Client,
        parts: Parts,
        *,
        gathering: Gathering,
        applying: Applying,
    ) -> None:
        self._shop = shop
        self._books = books
        self._parts = parts
        self._gathering = gathering
        self._applying = applying

    async def newest_change(self) -> datetime | None:
        """When the shop's newest change of a customer was, by the shop's own clock."""
        criteria = Criteria().sorted_by("updated_at", "DESC").only("id", "email", "updated_at")
        newest = await self._shop.customers.first(criteria)
        return newest.updated_at if newest else None

    async def run(self, wish: Wish) -> AsyncIterator[Event]:
        """Everything that happens, customer by customer; the last event is RunFinished."""
        parts, run = self._parts, uuid4().hex[:12]
        counts: Counter[Outcome] = Counter()
        yield self._told(RunStarted(parts.clock.now(), run=run))
        criteria = Criteria().sized(parts.options.batch)
        if wish.since is not None:
            criteria = criteria.where("updated_at", "gteq", wish.since)
        if wish.until is not None:
            criteria = criteria.where("updated_at", "lteq", wish.until)
        async for customer in self._shop.customers.matching(criteria):
            if wish.limit is not None and counts.total() >= wish.limit:
                break
            events: list[Event] = []
            handled = await self._patiently(customer, wish, events.append)
            for event in events:
                yield event
            if not wish.dry_run:
                await parts.logbook.finish(record_of(handled, run=run))
            counts[handled.outcome] += 1
            yield self._told(
                DocumentFinished(
                    parts.clock.now(),
                    document=handled.document,
                    outcome=handled.outcome,
                    reason=handled.reason,
                    codes=handled.codes,
                )
            )
        yield self._told(
            RunFinished(
                parts.clock.now(),
                run=run,
                read=counts.total(),
                posted=counts[Outcome.POSTED],
                skipped=counts[Outcome.SKIPPED],
                held=counts[Outcome.HELD],
                failed=counts[Outcome.FAILED],
            )
        )

    async def _patiently(
        self, customer: magento.Customer, wish: Wish, tell: Callable[[Event], None]
    ) -> Handled:
        clock = self._parts.clock
        document = _document(customer, self._parts.policy)
        until = clock.seconds() + self._parts.options.patience.total_seconds()
        while True:
            try:
                return await self._handle(customer, document, wish, tell)
            except LaterError as later:
                if clock.seconds() + later.seconds > until:
                    return Handled(
                        document, Outcome.FAILED, reason=later.message, codes=(later.code,)
                    )
                await clock.sleep(later.seconds)
            except HeldError as error:
                return Handled(
                    document,
                    Outcome.FAILED,
                    reason=str(error),
                    codes=(causes.ACCOUNT_DISPUTED,),
                )
            except KashmagError as error:
                return Handled(
                    document, Outcome.FAILED, reason=str(error), codes=(causes.code_of(error),)
                )

    async def _handle(
        self,
        customer: magento.Customer,
        document: DocumentId,
        wish: Wish,
        tell: Callable[[Event], None],
    ) -> Handled:
        if wish.dry_run:
            return _would(await self._compare(customer, document))
        logbook, key = self._parts.logbook, key_of(document)
        claim = await logbook.claim(key, lease=self._parts.options.lease)
        if claim is None:
            raise LaterError(1.0, causes.BUSY, f"another worker has {key}")
        try:
            return await self._under(customer, document, claim, tell)
        finally:
            await logbook.release(claim)

    async def _under(
        self,
        customer: magento.Customer,
        document: DocumentId,
        claim: Claim,
        tell: Callable[[Event], None],
    ) -> Handled:
        def told(step: Step, entry: Entry) -> None:
            tell(self._told(event_of(step, entry, document, self._parts.clock.now())))

        made: list[Entry] = []
        logbook, key = self._parts.logbook, key_of(document)
        stored = await logbook.opened_plan(key)
        if stored is not None:
            applied = await self._applying.carry_out(stored, claim, looked=False, told=told)
            if not applied.is_done:
                return stopped(document, applied)
            made += applied.made
        compared = await self._compare(customer, document)
        plan = compared.plan
        if plan.actions and not plan.is_held:
            stored = await self._applying.open(plan, claim)
            applied = await self._applying.carry_out(stored, claim, looked=True, told=told)
            if not applied.is_done:
                return stopped(document, applied, plan)
            made += applied.made
        if not plan.is_held:
            await self._agree(key, document, compared)
        return _outcome(compared, made)

    async def _agree(self, key: str, document: DocumentId, compared: Compared) -> None:
        if compared.code:
            source = document.key("account")
            await self._parts.logbook.bind(
                Binding(source, "account", target=compared.code, document=key)
            )
        if compared.agreed:
            text = dumps(dict(compared.agreed)).decode()
            if await self._parts.logbook.recall(AGREED + key) != text:
                await self._parts.logbook.remember(AGREED + key, text)

    async def _compare(self, customer: magento.Customer, document: DocumentId) -> Compared:
        """Look for the account and merge the two: the plan for one customer."""
        shop = self._parts.policy.shop
        try:
            draft = masters.draft_of(customer, shop)
        except ValueError as error:
            return Compared(
                _plan(document, Problem(NO_EMAIL, str(error), remedy="Give the customer one."))
            )
        found = await self._account(document, draft)
        if isinstance(found, Problem):
            return Compared(_plan(document, found))
        if found is None:
            action = CreateCustomer(f"{shop}:customer:{draft.code}:create", draft)
            agreed = masters.shop_fields(draft)
            return Compared(Plan(document, actions=(action,)), agreed=agreed, code=draft.code)
        merged = masters.merge(
            await self._agreed(document), masters.shop_fields(draft), masters.fields_of(found)
        )
        problems = tuple(
            Problem(
                CONFLICT,
                f"Shop and KashFlow have both changed {name} of customer {found.code}.",
                remedy="Make both say the same; the other fields are kept in step meanwhile.",
            )
            for name in merged.conflicts
        )
        plan = Plan(document)
        if merged.changes:
            key = masters.update_key(shop, customer, merged.changes)
            plan = evolve(plan, actions=(UpdateCustomer(key, found.code, changes=merged.changes),))
        return Compared(plan, agreed=merged.agreed, code=found.code, conflicts=problems)

    async def _account(
        self, document: DocumentId, draft: kashflow.CustomerDraft
    ) -> kashflow.Customer | Problem | None:
        bound = await self._parts.logbook.binding(document.key("account"))
        if bound is not None:
            return await found_or_none(self._books.customers.get(bound.target))
        email = draft.contacts[0].email or ""
        question = CustomersByEmail(email.casefold())
        answers = await self._gathering.answer([question], Answers())
        found = answers[question]
        ours = [one for one in found if one.code == draft.code] or list(found)
        if len(ours) > 1:
            codes = ", ".join(sorted(one.code for one in ours))
            return Problem(
                AMBIGUOUS,
                f"Several accounts have the e-mail of customer {document.entity_id}: {codes}.",
                remedy="Join them in KashFlow, or change the e-mail of all but one.",
            )
        if not ours:
            return None
        tied = await self._parts.logbook.bound_to("account", ours[0].code)
        if tied is not None:
            return Problem(
                causes.BOUND_OTHERWISE,
                f"Account {ours[0].code} is kept in step with {tied.source} already.",
                remedy="One account follows one customer of the shop; skip the other.",
            )
        return ours[0]

    async def _agreed(self, document: DocumentId) -> masters.Fields | None:
        text = await self._parts.logbook.recall(AGREED + key_of(document))
        if text is None:
            return None
        return {name: str(value) for name, value in cast("dict[str, object]", loads(text)).items()}

    def _told(self, event: Event) -> Event:
        self._parts.hooks.observe(event)
        return event


def _document(customer: magento.Customer, policy: Policy) -> DocumentId:
    entity_id = str(customer.id)
    # No name and no e-mail here: this stands in the logbook for ever.
    return DocumentId(
        policy.shop,
        "customer",
        entity_id=entity_id,
        number=entity_id,
        store_id=str(customer.store_id if customer.store_id is not None else 1),
    )


def _plan(document: DocumentId, problem: Problem) -> Plan:
    return Plan(document, problems=(problem,))


def _outcome(compared: Compared, made: list[Entry]) -> Handled:
    plan = compared.plan
    against = plan.problems or compared.conflicts
    if against:
        done = f" Meanwhile: {posted(plan, made).reason}." if made else ""
        return Handled(
            plan.document,
            Outcome.HELD,
            reason=" ".join(problem.message for problem in against) + done,
            codes=tuple(dict.fromkeys(problem.code for problem in against)),
            problems=tuple(
                {"code": p.code, "message": p.message, "remedy": p.remedy, "holds": p.holds.value}
                for p in against
            ),
            plan=plan,
        )
    if made:
        return posted(plan, made)
    return Handled(plan.document, Outcome.SKIPPED, reason="both sides agree", plan=plan)


def _would(compared: Compared) -> Handled:
    plan = compared.plan
    if plan.is_held or not plan.actions:
        return _outcome(compared, [])
    would = ", ".join(f"{one.kind} {one.reference}" for one in plan.actions)
    return Handled(plan.document, Outcome.SKIPPED, reason=f"dry run: would {would}", plan=plan)
