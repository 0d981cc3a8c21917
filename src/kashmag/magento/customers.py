"""Customers and their addresses: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from attrs import field, frozen

from kashmag.magento.attributes import CustomAttribute
from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


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
