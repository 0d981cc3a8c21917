"""Customer groups: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import Listing, Page
from kashmag.magento.routes import (
    as_bool,
    read_route,
    write_route,
)
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


@frozen(kw_only=True, repr=False)
class CustomerGroup:
    """A group of customers, which sets their tax class."""

    __repr__ = shown

    id: int | None = None
    code: str | None = None
    tax_class_id: int | None = None
    tax_class_name: str | None = None
    extension_attributes: CustomerGroupExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CustomerGroupExtension:
    """What modules add to a customer group."""

    __repr__ = shown

    exclude_website_ids: tuple[int, ...] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


LISTING: Final = Listing(
    noun="customer groups",
    path="/V1/customerGroups/search",
    kind=CustomerGroup,
    identity=lambda row: row.id,
    always=("id",),
)


def get(group_id: int) -> Operation[CustomerGroup]:
    """One group."""
    return read_route(f"/V1/customerGroups/{group_id}", reads(CustomerGroup), name="get group")


def matching(criteria: Criteria) -> Operation[Page[CustomerGroup]]:
    """One page of groups."""
    return LISTING.page(criteria)


def default(store_id: int | None = None) -> Operation[CustomerGroup]:
    """The group that new customers of a store belong to."""
    part = "" if store_id is None else f"/{store_id}"
    path = f"/V1/customerGroups/default{part}"
    return read_route(path, reads(CustomerGroup), name="get default group")


def create(group: CustomerGroup) -> Operation[CustomerGroup]:
    """Create a group."""
    decode = reads(CustomerGroup)
    return write_route(
        "POST", "/V1/customerGroups", decode, body={"group": group}, name="create group"
    )


def update(group: CustomerGroup) -> Operation[CustomerGroup]:
    """Write a group; its id says which."""
    path = f"/V1/customerGroups/{group.id}"
    decode = reads(CustomerGroup)
    return write_route("PUT", path, decode, body={"group": group}, name="update group")


def delete(group_id: int) -> Operation[bool]:
    """Delete a group; its customers go to the default group."""
    path = f"/V1/customerGroups/{group_id}"
    return write_route("DELETE", path, as_bool, effect=Effect.REPEATABLE, name="delete group")


class CustomerGroups(Searchable[CustomerGroup]):
    """Groups of customers: `shop.customers.groups`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)

    async def get(self, group_id: int, options: Options | None = None) -> CustomerGroup:
        """One group."""
        return await self._caller.call(get(group_id), options)

    async def default(
        self, store_id: int | None = None, options: Options | None = None
    ) -> CustomerGroup:
        """The group that new customers of a store belong to."""
        return await self._caller.call(default(store_id), options)

    async def create(self, group: CustomerGroup, options: Options | None = None) -> CustomerGroup:
        """Create a group."""
        return await self._caller.call(create(group), options)

    async def update(self, group: CustomerGroup, options: Options | None = None) -> CustomerGroup:
        """Write a group; its id says which."""
        return await self._caller.call(update(group), options)

    async def delete(self, group_id: int, options: Options | None = None) -> bool:
        """Delete a group; its customers go to the default group."""
        return await self._caller.call(delete(group_id), options)
