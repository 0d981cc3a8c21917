"""Steps of online payments: shape, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


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
