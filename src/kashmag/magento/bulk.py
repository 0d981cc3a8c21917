"""Asynchronous and bulk calls: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.listing import Listing
from kashmag.magento.routes import (
    as_id,
    read_route,
    segment,
    write_route,
)
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


@frozen(kw_only=True, repr=False)
class BulkStatus:
    """How a bulk is getting on, in short."""

    __repr__ = shown

    bulk_id: str
    operations_list: tuple[OperationStatus, ...] = ()
    extension_attributes: Mapping[str, Json] | None = None
    user_type: int | None = None
    description: str | None = None
    start_time: datetime | None = None
    user_id: int | None = None
    operation_count: int | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class DetailedBulkStatus:
    """How a bulk is getting on, with what was sent and answered."""

    __repr__ = shown

    bulk_id: str
    operations_list: tuple[BulkOperation, ...] = ()
    extension_attributes: Mapping[str, Json] | None = None
    user_type: int | None = None
    description: str | None = None
    start_time: datetime | None = None
    user_id: int | None = None
    operation_count: int | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class BulkOperation:
    """One call of a bulk, with what was sent and answered; for `status` see `OperationStatus`."""

    __repr__ = shown

    id: int
    status: int
    extension_attributes: BulkOperationExtension | None = None
    bulk_uuid: str | None = None
    topic_name: str | None = None
    serialized_data: str | None = None
    result_serialized_data: str | None = None
    result_message: str | None = None
    error_code: int | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class BulkOperationExtension:
    """What modules add to a call of a bulk."""

    __repr__ = shown

    start_time: datetime | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class OperationStatus:
    """One call of a bulk in short.

    `status` is 1 done, 2 failed but may work later, 3 failed, 4 open, 5 rejected.
    """

    __repr__ = shown

    id: int
    status: int
    result_message: str | None = None
    error_code: int | None = None
    extra: Mapping[str, Json] = field(factory=dict)


LISTING: Final = Listing(
    noun="bulk operations",
    path="/V1/bulk",
    kind=BulkOperation,
    identity=lambda row: (row.bulk_uuid, row.id),
    always=("bulk_uuid", "id", "status"),
)


@frozen(kw_only=True, repr=False)
class AcceptedItem:
    """Whether one call of a bulk was taken on; that proves nothing about its being done."""

    __repr__ = shown

    id: int
    status: str | None = None
    data_hash: str | None = None
    error_message: str | None = None
    error_code: int | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class AcceptedBulk:
    """A bulk that was taken on, to be done by the shop's queue consumers."""

    __repr__ = shown

    bulk_uuid: str
    request_items: tuple[AcceptedItem, ...] = ()
    errors: bool | None = None
    extra: Mapping[str, Json] = field(factory=dict)


def later(operation: Operation[object]) -> Operation[AcceptedBulk]:
    """The same write, done later by the shop's queue: `later(products.create(...))`.

    Raises:
        ValueError: the operation reads.
    """
    if operation.effect is Effect.READ:
        raise ValueError(f"{operation.name} reads: there is nothing to be done later")
    return Operation(
        f"{operation.name} later",
        operation.method,
        path=f"/async{operation.path}",
        query=operation.query,
        body=operation.body,
        scope=operation.scope,
        effect=Effect.ONCE,
        decode=reads(AcceptedBulk),
    )


def many(method: str, path: str, bodies: Sequence[object]) -> Operation[AcceptedBulk]:
    """One write for each body, done later by the shop's queue.

    A value that stands in the path of a single call is named in it: `/V1/products/bySku`. A body
    of a wrong type refuses the whole bulk.
    """
    return write_route(
        method,
        f"/async/bulk{path}",
        reads(AcceptedBulk),
        body=list(bodies),
        name=f"bulk {method} {path}",
    )


def status(bulk_uuid: str) -> Operation[BulkStatus]:
    """How a bulk is getting on."""
    path = f"/V1/bulk/{segment(bulk_uuid)}/status"
    return read_route(path, reads(BulkStatus), name="get bulk status")


def detailed_status(bulk_uuid: str) -> Operation[DetailedBulkStatus]:
    """How a bulk is getting on, with what was sent and answered."""
    path = f"/V1/bulk/{segment(bulk_uuid)}/detailed-status"
    return read_route(path, reads(DetailedBulkStatus), name="get detailed bulk status")


def count(bulk_uuid: str, status: int) -> Operation[int]:
    """How many calls of a bulk have this status: see `OperationStatus`."""
    path = f"/V1/bulk/{segment(bulk_uuid)}/operation-status/{status}"
    return read_route(path, as_id, name="count bulk operations")


class Bulks:
    """Calls that the shop does later: `shop.bulk`. They need its queue consumers running."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.operations: Final = Searchable(caller, LISTING)

    async def later(
        self, operation: Operation[object], options: Options | None = None
    ) -> AcceptedBulk:
        """Let the shop do a write later."""
        return await self._caller.call(later(operation), options)

    async def many(
        self, method: str, path: str, bodies: Sequence[object], options: Options | None = None
    ) -> AcceptedBulk:
        """Let the shop do one write for each body later; see the function `many`."""
        return await self._caller.call(many(method, path, bodies), options)

    async def status(self, bulk_uuid: str, options: Options | None = None) -> BulkStatus:
        """How a bulk is getting on."""
        return await self._caller.call(status(bulk_uuid), options)

    async def detailed_status(
        self, bulk_uuid: str, options: Options | None = None
    ) -> DetailedBulkStatus:
        """How a bulk is getting on, with what was sent and answered."""
        return await self._caller.call(detailed_status(bulk_uuid), options)

    async def count(self, bulk_uuid: str, status: int, options: Options | None = None) -> int:
        """How many calls of a bulk have this status."""
        return await self._caller.call(count(bulk_uuid, status), options)
