"""Reading orders from the shop, with their invoices and credit memos, none of them lost.

An order that cannot be served or read becomes an `Unreadable` with the reason: it is counted, it
is remembered, and the others go on.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from attrs import field, frozen

from kashmag import magento
from kashmag.engine import causes
from kashmag.engine.isolating import Isolating, Unreadable, present
from kashmag.engine.seen import Seen
from kashmag.engine.walking import Beyond
from kashmag.errors import (
    BrokenError,
    NotFoundError,
    RemoteError,
    SettingsError,
    UnexpectedPayloadError,
)
from kashmag.magento import orders as order_operations
from kashmag.magento.criteria import Criteria

FLOWS: Final = ("orders", "payments", "refunds")
NEWEST_TRIED: Final = 4


@frozen
class Bundle:
    """Everything of one order that planning needs."""

    order: magento.Order
    invoices: tuple[magento.Invoice, ...] = field(repr=False)
    credit_memos: tuple[magento.CreditMemo, ...] = field(repr=False)
    store_code: str = field(default="", kw_only=True)

    @property
    def entity_id(self) -> str:
        """The order's id in the shop."""
        return str(self.order.entity_id)

    @property
    def revision(self) -> str:
        """What changes when the shop changes anything of it that we look at."""
        changed = self.order.updated_at.isoformat() if self.order.updated_at else ""
        return f"{changed}|{len(self.invoices)}|{len(self.credit_memos)}"


Read: TypeAlias = Bundle | Unreadable


class Orders:
    """Reads orders of one shop."""

    kind: Final = "order"

    def __init__(self, shop: magento.Client, *, batch: int) -> None:
        self._shop = shop
        self._batch = batch
        self._isolating = Isolating(
            section=shop.orders,
            listing=order_operations.LISTING,
            get=shop.orders.get,
            thin=("entity_id", "increment_id", "store_id"),
            named=_named,
        )
        self._codes: dict[str, str] | None = None

    async def numbered(self, number: str, store: str | None = None) -> Bundle:
        """The order that people call by this number, in this store view (by code or id).

        Raises:
            SettingsError: several store views have an order of this number.
            NotFoundError: there is none.
        """
        found = await self._shop.orders.numbered(number)
        codes = await self._store_codes()
        if store:
            found = tuple(o for o in found if store in _names(o, codes))
        if len(found) > 1:
            named = ", ".join(f"{_names(order, codes)[0]}:{number}" for order in found)
            raise SettingsError(f"several store views have an order {number}: say {named}")
        if not found:
            raise NotFoundError(f"there is no order {number}", vendor="Magento")
        read = (await self.bundles(found))[0]
        if isinstance(read, Unreadable):
            raise UnexpectedPayloadError(read.reason, vendor="Magento")
        return read

    async def of_memo(self, number: str, store: str | None = None) -> Bundle:
        """The order with the credit memo that people call by this number.

        Raises:
            SettingsError: several store views have a memo of this number.
            NotFoundError: there is none.
        """
        wanted = Criteria().where("increment_id", "eq", number)
        memos = self._shop.credit_memos.matching(wanted.only("entity_id", "order_id"))
        ids = [str(memo.order_id) async for memo in memos if memo.order_id is not None]
        codes = await self._store_codes()
        found = [read async for read in self.by_ids(ids) if isinstance(read, Bundle)]
        if store:
            found = [one for one in found if store in _names(one.order, codes)]
        if len(found) > 1:
            named = ", ".join(f"memo:{_names(one.order, codes)[0]}:{number}" for one in found)
            raise SettingsError(f"several store views have a credit memo {number}: say {named}")
        if not found:
            raise NotFoundError(f"there is no credit memo {number}", vendor="Magento")
        return found[0]

    async def ids_of(self, numbers: Iterable[str], store: str | None = None) -> dict[str, str]:
        """Entity ids by number, of the orders that the shop has; SettingsError where ambiguous."""
        found: dict[str, str] = {}
        for number in numbers:
            with contextlib.suppress(NotFoundError):
                found[number] = (await self.numbered(number, store)).entity_id
        return found

    async def by_ids(self, entity_ids: Iterable[str]) -> AsyncIterator[Read]:
        """These orders; those that are gone from the shop come as unreadable."""
        found = present(entity_ids, self._batch, matching=self.matching, gone=_gone)
        async for read in found:
            yield read

    async def due(
        self,
        flow: str,
        *,
        since: datetime | None,
        until: datetime | None,
        beyond: Beyond | None = None,
    ) -> AsyncIterator[Read]:
        """What one flow finds due, by entity id: orders changed, or with documents changed."""
        beyond = beyond or Beyond()
        criteria = _changed(since, until).sized(self._batch)
        if flow == "orders":
            async for read in self.matching(criteria, after=beyond.reach):
                yield read
                beyond.reached(int(read.entity_id))
            return
        async for last, order_ids in self._of_documents(flow, criteria, beyond):
            async for read in self.by_ids(order_ids):
                yield read
            beyond.reached(last)

    async def changed_elsewhere(self) -> AsyncIterator[list[str]]:
        """None: what KashFlow's side changes of an order is what the flow of drift looks for."""
        none: tuple[list[str], ...] = ()
        for batch in none:
            yield batch

    async def matching(self, criteria: Criteria, *, after: int = 0) -> AsyncIterator[Read]:
        """Every order that matches, in batches, by entity id, those that are unreadable too."""
        batch: list[magento.Order | Unreadable] = []
        async for one in self._isolating.each(criteria, after=after):
            batch.append(one)
            if len(batch) >= self._batch:
                for read in await self._in_place(batch):
                    yield read
                batch = []
        for read in await self._in_place(batch):
            yield read

    async def bundles(self, orders: Sequence[magento.Order]) -> tuple[Read, ...]:
        """Orders with their documents, asked for together, or one by one where that fails."""
        if not orders:
            return ()
        codes = await self._store_codes()
        try:
            invoices, memos = await self._documents(orders)
        except RemoteError as error:
            if len(orders) == 1:
                return (self._isolating.unreadable(orders[0], error),)
            return tuple([(await self.bundles([order]))[0] for order in orders])
        return tuple(
            Bundle(
                order,
                tuple(invoices[order.entity_id]),
                tuple(memos[order.entity_id]),
                store_code=codes.get(str(order.store_id), ""),
            )
            for order in orders
        )

    async def newest_change(self, flow: str) -> datetime | None:
        """When the newest change that a flow looks at was made, by the shop's own clock.

        Of those that can be served: the newest of all may be the one that cannot.
        """
        criteria = Criteria().sorted_by("updated_at", "DESC").only("entity_id", "updated_at")
        for place in range(1, NEWEST_TRIED + 1):
            with contextlib.suppress(BrokenError, UnexpectedPayloadError):
                newest = await self._nth(flow, criteria.sized(1).at_page(place))
                return newest.updated_at if newest else None
        return None

    async def _nth(
        self, flow: str, criteria: Criteria
    ) -> magento.Order | magento.Invoice | magento.CreditMemo | None:
        match flow:
            case "payments":
                return await self._shop.invoices.first(criteria)
            case "refunds":
                return await self._shop.credit_memos.first(criteria)
            case _:
                return await self._shop.orders.first(criteria)

    async def count(
        self, *, since: datetime | None, until: datetime | None, after: int = 0
    ) -> int | None:
        """How many orders changed; None if the shop does not say, or cannot."""
        criteria = _beyond(_changed(since, until), after)
        with contextlib.suppress(BrokenError, UnexpectedPayloadError):
            return await self._shop.orders.count(criteria.only("entity_id"))
        return None

    async def _in_place(self, batch: Sequence[magento.Order | Unreadable]) -> list[Read]:
        bundles = iter(await self.bundles([one for one in batch if isinstance(one, magento.Order)]))
        return [one if isinstance(one, Unreadable) else next(bundles) for one in batch]

    async def _documents(
        self, orders: Sequence[magento.Order]
    ) -> tuple[dict[int, list[magento.Invoice]], dict[int, list[magento.CreditMemo]]]:
        ids = [order.entity_id for order in orders]
        wanted = Criteria().where("order_id", "in", ids)
        invoices: dict[int, list[magento.Invoice]] = defaultdict(list)
        async for invoice in self._shop.invoices.matching(wanted):
            invoices[int(invoice.order_id or 0)].append(invoice)
        memos: dict[int, list[magento.CreditMemo]] = defaultdict(list)
        async for memo in self._shop.credit_memos.matching(wanted):
            memos[int(memo.order_id or 0)].append(memo)
        return invoices, memos

    async def _of_documents(
        self, flow: str, criteria: Criteria, beyond: Beyond
    ) -> AsyncIterator[tuple[int, list[str]]]:
        """Ids of the orders of changed documents, in batches; with each, the last document's."""
        seen = Seen()
        some: list[str] = []
        last = 0
        thin = _beyond(criteria.only("entity_id", "order_id"), beyond.reach)
        found: AsyncIterator[magento.Invoice | magento.CreditMemo] = (
            self._shop.invoices.matching(thin)
            if flow == "payments"
            else self._shop.credit_memos.matching(thin)
        )
        async for document in found:
            last = document.entity_id or last
            if document.order_id is not None and seen.is_news(str(document.order_id)):
                some.append(str(document.order_id))
            if len(some) >= min(self._batch, beyond.at_once):
                yield last, some
                some = []
        if some:
            yield last, some

    async def _store_codes(self) -> dict[str, str]:
        if self._codes is None:
            try:
                views = await self._shop.store.views()
            except RemoteError:
                return {}  # a token without this permission: stores are known by their ids
            self._codes = {str(view.id): view.code or "" for view in views}
        return self._codes


def _changed(since: datetime | None, until: datetime | None) -> Criteria:
    criteria = Criteria()
    if since is not None:
        criteria = criteria.where("updated_at", "gteq", since)
    return criteria if until is None else criteria.where("updated_at", "lteq", until)


def _beyond(criteria: Criteria, reach: int) -> Criteria:
    return criteria.where("entity_id", "gt", reach) if reach else criteria


def _names(order: magento.Order, codes: dict[str, str]) -> tuple[str, ...]:
    store_id = str(order.store_id)
    code = codes.get(store_id)
    return (code, store_id) if code else (store_id,)


def _named(order: magento.Order, code: str, reason: str) -> Unreadable:
    return Unreadable(
        str(order.entity_id),
        number=order.increment_id or f"#{order.entity_id}",
        store_id=str(order.store_id if order.store_id is not None else 1),
        code=code,
        reason=reason,
    )


def _gone(entity_id: str) -> Unreadable:
    return Unreadable(
        entity_id,
        number=f"#{entity_id}",
        code=causes.NOT_FOUND,
        reason=f"the shop has no order with the id {entity_id} any more",
    )
