"""What a run shall do, and what it works with; values."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from kashmag.engine.handling import Handling
from kashmag.engine.options import EngineOptions
from kashmag.engine.orders import Orders
from kashmag.hooks.hooks import Hooks
from kashmag.logbook import Logbook
from kashmag.plans.policy import Policy
from kashmag.rest.clock import Clock


@frozen(kw_only=True)
class Wish:
    """What a run shall do.

    `since` and `until` bound when the shop changed the document. `limit` is the most documents
    to read. `approved` is the reason for which a person lets the run exceed the policy's limits.
    `waiting` takes up what earlier runs left held, failed or unfinished, too. `only` are the ids
    of chosen orders, looked at whatever is known of them; None chooses none. `reach` is the id up
    to which earlier runs of the same walk have come.
    """

    flow: str
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    dry_run: bool = False
    approved: str = ""
    waiting: bool = True
    only: tuple[str, ...] | None = None
    reach: int = 0


@frozen(kw_only=True)
class Parts:
    """What a run works with."""

    orders: Orders
    handling: Handling
    logbook: Logbook
    hooks: Hooks
    policy: Policy
    options: EngineOptions
    clock: Clock
