"""Reading the customers of the shop as master data, none of them lost.

What becomes of one is `engine.customer_handling`; whom a bookkeeper has changed in KashFlow, which
tells nobody of it, is found by walking through its list.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from kashmag import kashflow, magento
from kashmag.engine import causes
from kashmag.engine.agreeing import Agreeing
from kashmag.engine.isolating import Isolating, Unreadable, present
from kashmag.engine.walking import Beyond
from kashmag.kashflow.customers import EVERYBODY, CustomerFilter
from kashmag.magento import customers as customer_operations
from kashmag.magento.criteria import Criteria
from kashmag.planner.write_back import fields_back
from kashmag.plans.actions import DocumentId
from kashmag.plans.keys import kind_and_id
from kashmag.plans.policy import Policy

CUSTOMER: Final = "customer"


@frozen
class Person:
    """A customer of the shop, as it was read."""

    customer: magento.Customer

    @property
    def entity_id(self) -> str:
        """The customer's id in the shop."""
        return str(self.customer.id)


class Customers:
    """Reads the customers of one shop, and finds those whom a bookkeeper has changed."""

    kind: Final = CUSTOMER

    def __init__(
        self,
        shop: magento.Client,
        books: kashflow.Client,
        agreeing: Agreeing,
        *,
        policy: Policy,
        batch: int,
    ) -> None:
        self._shop = shop
        self._books = books
        self._agreeing = agreeing
        self._policy = policy
        self._batch = batch
        self._isolating = Isolating(
            section=shop.customers,
            listing=customer_operations.LISTING,
            get=shop.customers.get,
            thin=("id", "store_id"),
            named=_named,
        )

    async def get(self, customer_id: int) -> Person:
        """The customer as it is now; NotFoundError where it is gone."""
        return Person(await self._shop.customers.get(customer_id))

    async def by_ids(self, entity_ids: Sequence[str]) -> AsyncIterator[Person | Unreadable]:
        """These customers; those that are gone from the shop come as unreadable."""
        found = present(entity_ids, self._batch, matching=self._matching, gone=_gone)
        async for read in found:
            yield read

    async def due(
        self,
        flow: str,
        *,
        since: datetime | None,
        until: datetime | None,
        beyond: Beyond | None = None,
    ) -> AsyncIterator[Person | Unreadable]:
        """Every customer that the shop has changed, by id; an address is no change to it."""
        del flow
        beyond = beyond or Beyond()
        criteria = _changed(since, until).sized(self._batch)
        async for read in self._matching(criteria, after=beyond.reach):
            yield read
            beyond.reached(int(read.entity_id))

    async def count(
        self, *, since: datetime | None, until: datetime | None, after: int = 0
    ) -> int | None:
        """How many customers changed; None if the shop does not say."""
        criteria = _changed(since, until).only("id")
        return await self._shop.customers.count(
            criteria.where("entity_id", "gt", after) if after else criteria
        )

    async def newest_change(self) -> datetime | None:
        """When the shop's newest change of a customer was, by the shop's own clock."""
        criteria = Criteria().sorted_by("updated_at", "DESC").only("id", "email", "updated_at")
        newest = await self._shop.customers.first(criteria)
        return newest.updated_at if newest else None

    async def changed_elsewhere(self) -> AsyncIterator[list[str]]:
        """Ids of customers of whom a bookkeeper has changed what goes back to the shop, in batches.

        KashFlow cannot be asked for what has changed, so its whole list is walked through.
        """
        names = fields_back(self._policy.customers.write_back)
        if not names:
            return
        some: dict[str, None] = {}
        for which in (EVERYBODY, CustomerFilter(archived=True)):
            async for row in self._books.customers.matching(which):
                document = await self._agreeing.changed_in_books(row, names)
                if document is not None:
                    some[kind_and_id(document)[1]] = None
                if len(some) >= self._batch:
                    yield list(some)
                    some = {}
        if some:
            yield list(some)

    async def _matching(
        self, criteria: Criteria, *, after: int = 0
    ) -> AsyncIterator[Person | Unreadable]:
        async for one in self._isolating.each(criteria, after=after):
            yield one if isinstance(one, Unreadable) else Person(one)


def document_of(customer: magento.Customer, policy: Policy) -> DocumentId:
    """Which document a customer is."""
    entity_id = str(customer.id)
    # No name and no e-mail here: this stands in the logbook for ever.
    return DocumentId(
        policy.shop,
        CUSTOMER,
        entity_id=entity_id,
        number=entity_id,
        store_id=_store_id(customer),
    )


def _store_id(customer: magento.Customer) -> str:
    return str(customer.store_id if customer.store_id is not None else 1)


def _named(customer: magento.Customer, code: str, reason: str) -> Unreadable:
    number, store_id = str(customer.id), _store_id(customer)
    return Unreadable(number, number=number, store_id=store_id, code=code, reason=reason)


def _changed(since: datetime | None, until: datetime | None) -> Criteria:
    criteria = Criteria()
    if since is not None:
        criteria = criteria.where("updated_at", "gteq", since)
    return criteria if until is None else criteria.where("updated_at", "lteq", until)


def _gone(entity_id: str) -> Unreadable:
    return Unreadable(
        entity_id,
        number=entity_id,
        code=causes.NOT_FOUND,
        reason=f"the shop has no customer with the id {entity_id} any more",
    )
