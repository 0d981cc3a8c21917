"""Accounts that are about to be made: of one buyer one, however he is recognised.

That no account has this VAT number, or this name and postcode, is true for as long as nobody makes
one. So whoever is to make an account claims everything by which its buyer is recognised, looks once
more with the claim in hand, and keeps it until the account is there. What another process has made
meanwhile stands in the logbook both share, before any list of the account can show it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Final, Self

from kashmag import kashflow
from kashmag.engine import causes
from kashmag.engine.later import SOON, LaterError
from kashmag.engine.posted import action_of, plan_in
from kashmag.hooks.customer_codes import plain_vat_number, squeezed
from kashmag.logbook import Claim, Logbook, State, StoredPlan
from kashmag.plans.actions import Action, CreateCustomer, DocumentId
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.rest.clock import Clock

# For clocks that differ, and for a commit that takes its time.
MARGIN: Final = timedelta(minutes=1)


def buyers_of(actions: Iterable[Action], keys: Iterable[str]) -> tuple[str, ...]:
    """What the buyers of new accounts are recognised by, in names that say nothing of them.

    `keys` are those of `match_customers_by`. The e-mail needs none: it gives the code itself.
    """
    chosen = tuple(keys)
    drafts = (one.draft for one in actions if isinstance(one, CreateCustomer))
    told = (text for draft in drafts for text in _recognised_by(draft, chosen))
    digests = (hashlib.sha256(text.encode()).hexdigest()[:24] for text in told)
    return tuple(dict.fromkeys(f"buyer:{digest}" for digest in digests))


def _recognised_by(draft: kashflow.CustomerDraft, keys: tuple[str, ...]) -> Iterator[str]:
    if "vat_number" in keys and (number := plain_vat_number(draft.vat_number or "")):
        yield f"vat_number:{number}"
    if "name_postcode" in keys:
        for address in draft.addresses:
            if postcode := squeezed(address.post_code or ""):
                yield f"name_postcode:{squeezed(draft.name)}:{postcode}"


def is_not_begun(stored: StoredPlan) -> bool:
    """Tell a plan that makes an account, and of which nothing at all has been done.

    Whoever stored it did not live to do so, and its claims are gone: meanwhile another order may
    have made an account of the same buyer. What a person chose is done as it was shown to him.
    """
    if any(entry.state is not State.PLANNED for entry in stored.entries):
        return False
    plan = plan_in(stored)
    if plan is None or plan.is_resolving:
        return False
    return any(isinstance(one, CreateCustomer) for one in plan.actions)


class Alone:
    """One document with the buyers of the accounts that it makes; leaving lets go of them."""

    def __init__(
        self, logbook: Logbook, document: DocumentId, policy: Policy, *, lease: timedelta
    ) -> None:
        self._logbook = logbook
        self._document = document.whole
        self._keys = policy.match_customers_by
        self._lease = lease
        self._held: dict[str, Claim] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for claim in self._held.values():
            await self._logbook.release(claim)

    async def has_to_look_again(self, plan: Plan) -> bool:
        """Claim the buyers of a plan's new accounts; tell whether that is news to the plan.

        Raises:
            LaterError: somebody else makes an account of one of them.
        """
        buyers = buyers_of(plan.actions, self._keys)
        new = [one for one in buyers if one not in self._held]
        for buyer in new:
            claim = await self._logbook.claim(buyer, lease=self._lease)
            if claim is None:
                raise LaterError(SOON, causes.BUSY, "an account is being made of the same buyer")
            self._held[buyer] = claim
        if new and (other := await self._maker_of(set(new))):
            raise LaterError(SOON, causes.BUSY, f"{other} may have made an account of this buyer")
        return bool(new)

    async def _maker_of(self, buyers: set[str]) -> str:
        """The document that may just have made an account of one of these; empty for none."""
        for entry in await self._logbook.entries_in(State.SENT, State.UNKNOWN):
            if entry.kind == CreateCustomer.kind and entry.document != self._document:
                action = await action_of(self._logbook, entry)
                if action is not None and buyers & set(buyers_of([action], self._keys)):
                    return entry.document
        return ""


class MadeByOthers:
    """What other processes on the same logbook have made since the account's lists were read."""

    def __init__(
        self,
        logbook: Logbook,
        clock: Clock,
        *,
        settled_after: timedelta,
        learn: Callable[[CreateCustomer], None],
    ) -> None:
        self._logbook = logbook
        self._clock = clock
        self._learn = learn
        # At first also what was made so lately that the list, read next, may not show it yet.
        self._within = settled_after + MARGIN
        self._asked_at: float | None = None
        self._known: frozenset[int] = frozenset()
        self._lock = asyncio.Lock()

    async def catch_up(self) -> None:
        """Learn of the accounts that were made since this was asked last."""
        async with self._lock:
            now = self._clock.seconds()
            within = self._within
            if self._asked_at is not None:
                within = timedelta(seconds=now - self._asked_at) + MARGIN
            done = await self._logbook.done_by_others(CreateCustomer.kind, within=within)
            for entry in done:
                action = None
                if entry.seq not in self._known:
                    action = await action_of(self._logbook, entry)
                if isinstance(action, CreateCustomer):
                    self._learn(action)
            self._asked_at, self._known = now, frozenset(entry.seq for entry in done)
