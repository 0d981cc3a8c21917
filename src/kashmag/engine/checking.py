"""Asking account and shop whether they have what the policy names, before any order is read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from kashmag import kashflow, magento
from kashmag.engine.calling import found_or_none
from kashmag.errors import RemoteError, SettingsError
from kashmag.magento.searching import Searchable
from kashmag.planner.policy_check import policy_faults
from kashmag.planner.shop_check import (
    ShopNames,
    named_attributes,
    named_classes,
    named_groups,
    names_of_classes,
    names_of_groups,
    unknown_names,
)
from kashmag.plans.policy import Policy

T = TypeVar("T")


async def check_policy(shop: magento.Client, books: kashflow.Client, policy: Policy) -> None:
    """Return if account and shop have what the policy names.

    That is every nominal and bank account, and every store view, tax class, attribute and
    customer group.
    Payment methods are left to `kashmag doctor`: the shape of their list is unpublished, and
    nobody is held up on the strength of it. A list that is not told counts as good.

    Raises:
        SettingsError: one sentence for each that there is not, with the nearest that there is.
        RemoteError: the account could not be asked.
    """
    nominals, bank_accounts, names = await asyncio.gather(
        found_or_none(books.nominals.every()),
        found_or_none(books.bank_accounts.every()),
        _names(shop, policy),
    )
    faults = policy_faults(policy, nominals or (), bank_accounts or (), ())
    faults += tuple(str(one) for one in unknown_names(policy, names))
    if faults:
        raise SettingsError("\n".join(faults))


async def _names(shop: magento.Client, policy: Policy) -> ShopNames:
    """What the shop has of the kinds that the policy names at all; nothing else is asked."""
    views: tuple[magento.StoreView, ...] = ()
    classes: tuple[magento.TaxClass, ...] = ()
    attributes: tuple[magento.ProductAttribute, ...] = ()
    groups: tuple[magento.CustomerGroup, ...] = ()
    if policy.store:
        views = await _told(shop.store.views())
    if any(named_classes(policy)):
        classes = await _told(_every(shop.taxes.classes))
    if any(named_attributes(policy)):
        attributes = await _told(_every(shop.products.attributes))
    if any(named_groups(policy)):
        groups = await _told(_every(shop.customers.groups))
    return ShopNames(
        tuple(name for one in views for name in (one.code or "", str(one.id))),
        names_of_classes(classes),
        tuple(one.attribute_code for one in attributes),
        names_of_groups(groups),
    )


async def _every(listed: Searchable[T]) -> tuple[T, ...]:
    return tuple([one async for one in listed.matching()])


async def _told(asked: Awaitable[tuple[T, ...]]) -> tuple[T, ...]:
    """What a shop lists; nothing, where it does not tell: Magento answers a missing permission
    like a bad token, and a run says itself what is wrong with that.
    """
    try:
        return await asked
    except RemoteError:
        return ()
