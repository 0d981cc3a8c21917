"""Asking the account whether it has what the policy names, before any order is read."""

from __future__ import annotations

import asyncio

from kashmag import kashflow
from kashmag.errors import NotFoundError, SettingsError
from kashmag.planner.policy_check import policy_faults
from kashmag.plans.policy import Policy


async def check_policy(books: kashflow.Client, policy: Policy) -> None:
    """Return if the account has every nominal, bank account and method that the policy names.

    Raises:
        SettingsError: one sentence for each that it has not, with the nearest that it has.
        RemoteError: the account could not be asked.
    """
    nominals, bank_accounts, methods = await asyncio.gather(
        books.nominals.every(), books.bank_accounts.every(), _methods(books)
    )
    faults = policy_faults(policy, nominals, bank_accounts, methods)
    if faults:
        raise SettingsError("\n".join(faults))


async def _methods(books: kashflow.Client) -> tuple[kashflow.PaymentMethod, ...]:
    # The list's shape is unpublished; an account that does not tell it is not held up by that.
    try:
        return tuple(await books.payments.methods())
    except NotFoundError:
        return ()
