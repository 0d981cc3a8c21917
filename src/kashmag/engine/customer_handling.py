"""What becomes of one customer of the shop: its account found or created, and kept in step.

What is written follows from records that were read under the claims of both the customer and its
account: never from what a list said a while ago.
"""

from __future__ import annotations

from typing import Final

from attrs import evolve

from kashmag import kashflow, magento
from kashmag.accounting.problems import Problem
from kashmag.engine import causes
from kashmag.engine.agreeing import Agreeing
from kashmag.engine.applying import Applying
from kashmag.engine.calling import found_or_none
from kashmag.engine.customers import Customers, Person, document_of
from kashmag.engine.gathering import Gathering
from kashmag.engine.handling import Terms
from kashmag.engine.later import LaterError
from kashmag.engine.left_out import skipped_by_person
from kashmag.engine.new_accounts import Alone
from kashmag.engine.options import EngineOptions
from kashmag.engine.outcomes import Handled, posted, refused, stopped, would
from kashmag.engine.surviving import BUSY_WAIT, survived
from kashmag.hooks.customer_codes import normalised_email
from kashmag.logbook import Claim, Entry, Logbook, Standing, State
from kashmag.planner import masters
from kashmag.planner.customer_plans import (
    Compared,
    Master,
    choose_account,
    held,
    of_another,
    plan_master,
)
from kashmag.plans.actions import DocumentId
from kashmag.plans.customer_problems import no_email
from kashmag.plans.events import Outcome
from kashmag.plans.policy import Policy
from kashmag.plans.questions import (
    Answers,
    CustomerByCode,
    CustomersByEmail,
    CustomersByName,
    CustomersByVatNumber,
    Question,
)

# Nothing that is in these has begun: the plan may be made anew from what both sides say now.
UNTOUCHED: Final = frozenset({State.PLANNED, State.DROPPED})


class CustomerHandling:
    """Handles customers one by one; any number at the same time."""

    def __init__(
        self,
        books: kashflow.Client,
        logbook: Logbook,
        customers: Customers,
        *,
        agreeing: Agreeing,
        gathering: Gathering,
        applying: Applying,
        policy: Policy,
        options: EngineOptions,
    ) -> None:
        self._books = books
        self._logbook = logbook
        self._customers = customers
        self._agreeing = agreeing
        self._gathering = gathering
        self._applying = applying
        self._policy = policy
        self._options = options

    async def handle(self, person: Person, terms: Terms) -> Handled:
        """Bring a customer as far as it goes now; raises LaterError when it must wait."""
        document = document_of(person.customer, self._policy)
        attempt = self._attempt(person, document, terms)
        return await survived(self._logbook, document, attempt)

    async def _attempt(self, person: Person, document: DocumentId, terms: Terms) -> Handled:
        if terms.dry_run:
            decisions = await self._logbook.decisions(document.whole)
            skipped = skipped_by_person(document, decisions)
            return skipped or _would(await self._compare(person.customer, document), terms)
        standing = await self._logbook.take_up(document.whole, lease=self._options.claimed_for)
        if standing is None:
            raise _busy(document.whole)
        try:
            return await self._under(person, document, standing, terms)
        finally:
            await self._logbook.release(standing.claim)

    async def _under(
        self, person: Person, document: DocumentId, standing: Standing, terms: Terms
    ) -> Handled:
        claim, stored = standing.claim, standing.plan
        if stored is not None and all(_is_untouched(one) for one in stored.entries):
            await self._logbook.drop_plan(stored, claim, reason="nothing was sent: planned anew")
            stored = None
        made: list[Entry] = []
        if stored is not None:
            applied = await self._applying.carry_out(stored, claim, looked=False, told=terms.told)
            if not applied.is_done:
                return stopped(document, applied)
            made += applied.made
        elif skipped := skipped_by_person(document, standing.decisions):
            return skipped
        compared = await self._compare(person.customer, document)
        if compared.plan.is_held or not compared.code:
            return _outcome(compared, made)
        account = f"account:{compared.code.casefold()}"
        alone = await self._logbook.claim(account, lease=self._options.claimed_for)
        if alone is None:
            raise _busy(account)
        lease = self._options.claimed_for
        try:
            async with Alone(self._logbook, document, self._policy, lease=lease) as buyer:
                await buyer.has_to_look_again(compared.plan)  # which is done in any case
                return await self._kept_in_step(compared, document, claim, terms, made=made)
        finally:
            await self._logbook.release(alone)

    async def _kept_in_step(
        self,
        seen: Compared,
        document: DocumentId,
        claim: Claim,
        terms: Terms,
        *,
        made: list[Entry],
    ) -> Handled:
        """Compare what both sides say now, carry it out, and remember what is agreed."""
        fresh = await self._customers.get(int(document.entity_id))
        before = await self._agreeing.of(document)
        compared = await self._compare(fresh.customer, document)
        plan = compared.plan
        if plan.is_held:
            return _outcome(compared, made)
        if compared.code != seen.code:
            raise LaterError(BUSY_WAIT, causes.BUSY, f"{document.whole} has just been edited")
        if plan.actions:
            if against := terms.allows(plan):
                return refused(plan, against)
            stored = await self._applying.open(plan, claim)
            applied = await self._applying.carry_out(stored, claim, looked=True, told=terms.told)
            if not applied.is_done:
                return stopped(document, applied, plan)
            made += applied.made
        await self._agreeing.agree(document, compared.code, compared.bases, before)
        return _outcome(compared, made)

    async def _compare(self, customer: magento.Customer, document: DocumentId) -> Compared:
        """Look for the account of a customer and compare the two."""
        types = self._books.assumptions.trade_border_types
        try:
            draft = masters.draft_of(customer, self._policy.shop, border_types=types)
        except ValueError:
            return held(document, no_email(document.number))
        agreed = await self._agreeing.of(document)
        master = Master(
            document=document,
            customer=customer,
            draft=draft,
            account=agreed.account,
            bases=agreed.bases,
            revision=agreed.revision,
        )
        if agreed.account:
            found = await found_or_none(self._books.customers.get(agreed.account))
            return plan_master(master, found, self._policy)
        chosen = choose_account(master, await self._candidates(master), self._policy)
        if isinstance(chosen, Problem):
            return held(document, chosen)
        code = chosen.code if chosen else draft.code
        owner = await self._agreeing.owner_of(code)
        if owner is not None and owner.document != document.whole:
            return of_another(master, code, owner.document)
        return plan_master(master, chosen, self._policy)

    async def _candidates(self, master: Master) -> tuple[kashflow.Customer, ...]:
        """Every account that any key of the policy's chain finds, each once."""
        buyer = masters.buyer_of(master.customer)
        asked: list[Question[tuple[kashflow.Customer, ...]]] = []
        for key in self._policy.match_customers_by:
            match key:
                case "email":
                    asked.append(CustomersByEmail(normalised_email(buyer.email)))
                case "vat_number" if buyer.vat_number:
                    asked.append(CustomersByVatNumber(buyer.vat_number))
                case "name_postcode":
                    asked.append(CustomersByName(buyer.company or buyer.name))
        by_code = CustomerByCode(master.draft.code)
        answers = await self._gathering.answer([by_code, *asked], Answers())
        ours = answers[by_code]
        found = {ours.code: ours} if ours is not None else {}
        for question in asked:
            for one in answers[question]:
                found.setdefault(one.code, one)
        return tuple(found.values())


def _busy(name: str) -> LaterError:
    return LaterError(BUSY_WAIT, causes.BUSY, f"another worker has {name}")


def _is_untouched(entry: Entry) -> bool:
    return entry.state in UNTOUCHED or (entry.state is State.DONE and entry.is_confirmed)


def _outcome(compared: Compared, made: list[Entry]) -> Handled:
    plan = compared.plan
    own = f"KashFlow keeps its own {', '.join(compared.kept)}" if compared.kept else ""
    against = plan.problems or compared.problems
    if against:
        done = f"Meanwhile: {posted(plan, made).reason}." if made else ""
        said = [*(problem.message for problem in against), done, own]
        return Handled(
            plan.document,
            Outcome.HELD,
            reason=" ".join(one for one in said if one),
            codes=tuple(dict.fromkeys(problem.code for problem in against)),
            problems=tuple(
                {"code": p.code, "message": p.message, "remedy": p.remedy, "holds": p.holds.value}
                for p in against
            ),
            plan=plan,
        )
    if made:
        handled = posted(plan, made)
        return evolve(handled, reason=f"{handled.reason}; {own}") if own else handled
    return Handled(plan.document, Outcome.SKIPPED, reason=own or "both sides agree", plan=plan)


def _would(compared: Compared, terms: Terms) -> Handled:
    plan = compared.plan
    if plan.is_held or not plan.actions:
        return _outcome(compared, [])
    against = terms.allows(plan)
    return refused(plan, against) if against else would(plan)
