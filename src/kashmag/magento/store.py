"""Stores, their configuration, currencies, countries: shapes and operations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class StoreConfig:
    """A store view's settings: currencies, time zone, URLs."""

    __repr__ = shown

    id: int
    code: str
    website_id: int | None = None
    locale: str | None = None
    base_currency_code: str | None = None
    default_display_currency_code: str | None = None
    timezone: str | None = None
    weight_unit: str | None = None
    base_url: str | None = None
    base_link_url: str | None = None
    base_static_url: str | None = None
    base_media_url: str | None = None
    secure_base_url: str | None = None
    secure_base_link_url: str | None = None
    secure_base_static_url: str | None = None
    secure_base_media_url: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class StoreView:
    """A store view; its code is the scope of a call."""

    __repr__ = shown

    id: int
    code: str
    name: str | None = None
    website_id: int | None = None
    store_group_id: int | None = None
    is_active: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class StoreGroup:
    """A store: views that share a root category."""

    __repr__ = shown

    id: int
    website_id: int | None = None
    root_category_id: int | None = None
    default_store_id: int | None = None
    name: str | None = None
    code: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class Website:
    """A website: stores that share prices and customers."""

    __repr__ = shown

    id: int
    code: str
    name: str | None = None
    default_group_id: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CurrencyInformation:
    """The currencies of a store view."""

    __repr__ = shown

    base_currency_code: str | None = None
    base_currency_symbol: str | None = None
    default_display_currency_code: str | None = None
    default_display_currency_symbol: str | None = None
    available_currency_codes: tuple[str, ...] = ()
    exchange_rates: tuple[ExchangeRate, ...] = ()
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ExchangeRate:
    """One unit of base currency in another."""

    __repr__ = shown

    currency_to: str | None = None
    rate: Decimal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class Country:
    """A country and its regions."""

    __repr__ = shown

    id: str
    two_letter_abbreviation: str | None = None
    three_letter_abbreviation: str | None = None
    full_name_locale: str | None = None
    full_name_english: str | None = None
    available_regions: tuple[CountryRegion, ...] = ()
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CountryRegion:
    """A region of a country."""

    __repr__ = shown

    id: str | None = None
    code: str | None = None
    name: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
