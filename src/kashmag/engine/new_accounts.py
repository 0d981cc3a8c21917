"""Accounts that are about to be made: of one buyer one, however he is recognised.

That no account has this VAT number, or this name and postcode, is true for as long as nobody makes
one. So whoever is to make an account claims everything by which its buyer is recognised, looks once
more with the claim in hand, and keeps it until the account is there. What another process has made
meanwhile stands in the logbook both share, before any list of the account can show it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from kashmag import kashflow
from kashmag.engine.posted import action_of, plan_in
from kashmag.hooks.customer_codes import plain_vat_number, squeezed
from kashmag.logbook import Logbook, State, StoredPlan
from kashmag.plans.actions import Action, CreateCustomer
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


async def maker_of(
    logbook: Logbook, buyers: Iterable[str], keys: Iterable[str], *, but_for: str
) -> str:
    """The document that may just have made an account of one of these buyers; empty for none."""
    wanted, chosen = set(buyers), tuple(keys)
    for entry in await logbook.entries_in(State.SENT, State.UNKNOWN):
        if entry.kind == CreateCustomer.kind and entry.document != but_for:
            action = await action_of(logbook, entry)
            if action is not None and wanted & set(buyers_of([action], chosen)):
                return entry.document
    return ""


class MadeByOthers:
    """What other processes on the same logbook have made since the account's lists were read."""

    def __init__(self, logbook: Logbook, clock: Clock, *, settled_after: timedelta) -> None:
        self._logbook = logbook
        self._clock = clock
        # At first also what was made so lately that the list, read next, may not show it yet.
        self._within = settled_after + MARGIN
        self._asked_at: float | None = None
        self._known: frozenset[int] = frozenset()

    async def news(self) -> list[CreateCustomer]:
        """The accounts that were made since this was asked last."""
        now = self._clock.seconds()
        within = self._within
        if self._asked_at is not None:
            within = timedelta(seconds=now - self._asked_at) + MARGIN
        done = await self._logbook.done_by_others(CreateCustomer.kind, within=within)
        self._asked_at = now
        new = [entry for entry in done if entry.seq not in self._known]
        self._known = frozenset(entry.seq for entry in done)
        actions = [await action_of(self._logbook, entry) for entry in new]
        return [one for one in actions if isinstance(one, CreateCustomer)]
