"""Asking the account whether it has what the policy names, before any order is read."""

from __future__ import annotations

import asyncio

from kashmag import kashflow
from kashmag.engine.calling import found_or_none
from kashmag.errors import SettingsError
from kashmag.planner.policy_check import policy_faults
from kashmag.plans.policy import Policy


async def check_policy(books: kashflow.Client, policy: Policy) -> None:
    """Return if the account has every nominal and bank account that the policy names.

    Payment methods are left to `kashmag doctor`: the shape of their list is unpublished, and
    nobody is held up on the strength of it. A list that the account does not tell counts as good.

    Raises:
        SettingsError: one sentence for each that it has not, with the nearest that it has.
        RemoteError: the account could not be asked.
    """
    nominals, bank_accounts = await asyncio.gather(
        found_or_none(books.nominals.every()), found_or_none(books.bank_accounts.every())
    )
    faults = policy_faults(policy, nominals or (), bank_accounts or (), ())
    if faults:
        raise SettingsError("\n".join(faults))
