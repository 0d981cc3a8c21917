"""Steps of online payments: shape, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import Listing, Page
from kashmag.magento.routes import (
    read_route,
)
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options


@frozen(kw_only=True, repr=False)
class Transaction:
    """A step of an online payment; offline methods have none."""

    __repr__ = shown

    transaction_id: int
    parent_id: int | None = None
    order_id: int | None = None
    payment_id: int | None = None
    txn_id: str | None = None
    parent_txn_id: str | None = None
    txn_type: str | None = None
    is_closed: int | None = None
    additional_information: tuple[Json, ...] = ()
    created_at: datetime | None = None
    child_transactions: tuple[Transaction, ...] = ()
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


LISTING: Final = Listing(
    noun="transactions",
    path="/V1/transactions",
    kind=Transaction,
    key="transaction_id",
    key_of=lambda row: row.transaction_id,
    identity=lambda row: row.transaction_id,
    always=("transaction_id",),
)


def get(transaction_id: int) -> Operation[Transaction]:
    """One transaction, by its number in the shop (not the gateway's `txn_id`)."""
    path = f"/V1/transactions/{transaction_id}"
    return read_route(path, reads(Transaction), name="get transaction")


def matching(criteria: Criteria) -> Operation[Page[Transaction]]:
    """One page of transactions."""
    return LISTING.page(criteria)


class Transactions(Searchable[Transaction]):
    """Steps of online payments: `shop.transactions`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)

    async def get(self, transaction_id: int, options: Options | None = None) -> Transaction:
        """One transaction, by its number in the shop."""
        return await self._caller.call(get(transaction_id), options)

    async def of_order(
        self, order_id: int, options: Options | None = None
    ) -> tuple[Transaction, ...]:
        """All transactions of an order, oldest first."""
        criteria = Criteria().where("order_id", "eq", order_id)
        return tuple([one async for one in self.matching(criteria, options)])
