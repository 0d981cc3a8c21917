"""The addresses of an order. Addresses of customers: `magento.customers`."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class OrderAddress:
    """A billing or shipping address as it was when the order was placed."""

    __repr__ = shown

    address_type: str | None = None
    city: str | None = None
    company: str | None = None
    country_id: str | None = None
    customer_address_id: int | None = None
    customer_id: int | None = None
    email: str | None = None
    entity_id: int | None = None
    fax: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    middlename: str | None = None
    parent_id: int | None = None
    postcode: str | None = None
    prefix: str | None = None
    region: str | None = None
    region_code: str | None = None
    region_id: int | None = None
    street: tuple[str, ...] = ()
    suffix: str | None = None
    telephone: str | None = None
    vat_id: str | None = None
    vat_is_valid: int | None = None
    vat_request_date: str | None = None
    vat_request_id: str | None = None
    vat_request_success: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
