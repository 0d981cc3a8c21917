"""Customers and their addresses: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from attrs import evolve, field, frozen

from kashmag.errors import ConflictError
from kashmag.magento.attributes import CustomAttribute
from kashmag.magento.codec import reads
from kashmag.magento.criteria import Criteria
from kashmag.magento.customer_groups import CustomerGroups
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
class Customer:
    """A customer account; without `id` it is one to be created."""

    __repr__ = shown

    id: int | None = None
    group_id: int | None = None
    default_billing: str | None = None
    default_shipping: str | None = None
    confirmation: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    created_in: str | None = None
    dob: date | None = None
    email: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    middlename: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    gender: int | None = None
    store_id: int | None = None
    taxvat: str | None = None
    website_id: int | None = None
    addresses: tuple[Address, ...] | None = None
    disable_auto_group_change: int | None = None
    extension_attributes: CustomerExtension | None = None
    custom_attributes: tuple[CustomAttribute, ...] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CustomerExtension:
    """What modules add to a customer."""

    __repr__ = shown

    company_attributes: Json = None
    is_subscribed: bool | None = None
    assistance_allowed: int | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class Address:
    """An address of a customer; the default flags appear only where true."""

    __repr__ = shown

    id: int | None = None
    customer_id: int | None = None
    region: Region | None = None
    region_id: int | None = None
    country_id: str | None = None
    street: tuple[str, ...] | None = None
    company: str | None = None
    telephone: str | None = None
    fax: str | None = None
    postcode: str | None = None
    city: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    middlename: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    vat_id: str | None = None
    default_shipping: bool | None = None
    default_billing: bool | None = None
    extension_attributes: Mapping[str, Json] | None = None
    custom_attributes: tuple[CustomAttribute, ...] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class Region:
    """A county, state or province."""

    __repr__ = shown

    region_code: str | None = None
    region: str | None = None
    region_id: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


LISTING: Final = Listing(
    noun="customers",
    path="/V1/customers/search",
    kind=Customer,
    key="entity_id",
    key_of=lambda row: row.id,
    identity=lambda row: row.id,
    always=(
        "id",
        "email",
    ),
)


def get(customer_id: int) -> Operation[Customer]:
    """One customer."""
    return read_route(f"/V1/customers/{customer_id}", reads(Customer), name="get customer")


def matching(criteria: Criteria) -> Operation[Page[Customer]]:
    """One page of customers."""
    return LISTING.page(criteria)


def create(customer: Customer, password: str | None = None) -> Operation[Customer]:
    """Create a customer; without a password they choose one by e-mail."""
    body: dict[str, object] = {"customer": customer}
    if password is not None:
        body["password"] = password
    return write_route("POST", "/V1/customers", reads(Customer), body=body, name="create customer")


def update(customer: Customer) -> Operation[Customer]:
    """Write a customer; what is None stays, but lists such as `addresses` are replaced.

    Raises:
        ValueError: the customer has no id.
    """
    if customer.id is None:
        raise ValueError("a customer without an id is to be created, not updated")
    path = f"/V1/customers/{customer.id}"
    body = {"customer": customer}
    return write_route("PUT", path, reads(Customer), body=body, name="update customer")


def rewrite(customer: Customer) -> Operation[Customer]:
    """Write back the whole of a customer that was read, but for the times that the shop keeps.

    What is left out of a customer stays, but what is left out of one of its addresses is emptied,
    and an address that is left out is deleted. So everything goes back.
    """
    return update(evolve(customer, created_at=None, updated_at=None))


def delete(customer_id: int) -> Operation[bool]:
    """Delete a customer; their orders stay, without the customer's id."""
    path = f"/V1/customers/{customer_id}"
    return write_route("DELETE", path, as_bool, effect=Effect.REPEATABLE, name="delete customer")


def address(address_id: int) -> Operation[Address]:
    """One address of any customer."""
    path = f"/V1/customers/addresses/{address_id}"
    return read_route(path, reads(Address), name="get address")


def delete_address(address_id: int) -> Operation[bool]:
    """Delete an address of a customer."""
    path = f"/V1/addresses/{address_id}"
    return write_route("DELETE", path, as_bool, effect=Effect.REPEATABLE, name="delete address")


def billing_address(customer_id: int) -> Operation[Address]:
    """The default billing address of a customer."""
    path = f"/V1/customers/{customer_id}/billingAddress"
    return read_route(path, reads(Address), name="get billing address")


def shipping_address(customer_id: int) -> Operation[Address]:
    """The default shipping address of a customer."""
    path = f"/V1/customers/{customer_id}/shippingAddress"
    return read_route(path, reads(Address), name="get shipping address")


class Customers(Searchable[Customer]):
    """Customers of a shop: `shop.customers`; their groups: `shop.customers.groups`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)
        self.groups: Final = CustomerGroups(caller)

    async def get(self, customer_id: int, options: Options | None = None) -> Customer:
        """One customer."""
        return await self._caller.call(get(customer_id), options)

    async def by_email(self, email: str, options: Options | None = None) -> tuple[Customer, ...]:
        """The customers with this e-mail: none, one, or one on each of several websites."""
        criteria = Criteria().where("email", "eq", email)
        return tuple([one async for one in self.matching(criteria, options)])

    async def create(
        self, customer: Customer, password: str | None = None, options: Options | None = None
    ) -> Customer:
        """Create a customer; without a password they choose one by e-mail."""
        return await self._caller.call(create(customer, password), options)

    async def update(self, customer: Customer, options: Options | None = None) -> Customer:
        """Write a customer; what is None stays, but lists are replaced."""
        return await self._caller.call(update(customer), options)

    async def change(
        self,
        customer_id: int,
        change: Callable[[Customer], Customer],
        options: Options | None = None,
    ) -> Customer:
        """Read a customer, apply the change to the whole record, and write all of it back.

        The shop knows neither versions nor conditions: an edit in the moment between our last
        look and our write is overwritten unseen. An edit before it is seen, and refused.

        Raises:
            ConflictError: the record has changed between two looks; nothing was sent.
            NoAnswerError, BrokenError: nobody knows whether it was written.
        """
        before = await self.get(customer_id, options)
        after = change(before)
        if after == before:
            return before
        if await self.get(customer_id, options) != before:
            raise ConflictError(
                f"customer {customer_id} of the shop has been edited meanwhile", vendor="Magento"
            )
        return await self._caller.call(rewrite(after), options)

    async def delete(self, customer_id: int, options: Options | None = None) -> bool:
        """Delete a customer; their orders stay, without the customer's id."""
        return await self._caller.call(delete(customer_id), options)

    async def address(self, address_id: int, options: Options | None = None) -> Address:
        """One address of any customer."""
        return await self._caller.call(address(address_id), options)

    async def delete_address(self, address_id: int, options: Options | None = None) -> bool:
        """Delete an address of a customer."""
        return await self._caller.call(delete_address(address_id), options)

    async def billing_address(self, customer_id: int, options: Options | None = None) -> Address:
        """The default billing address of a customer."""
        return await self._caller.call(billing_address(customer_id), options)

    async def shipping_address(self, customer_id: int, options: Options | None = None) -> Address:
        """The default shipping address of a customer."""
        return await self._caller.call(shipping_address(customer_id), options)
