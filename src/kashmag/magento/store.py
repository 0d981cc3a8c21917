"""Stores, their configuration, currencies, countries: shapes and operations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.routes import (
    as_list,
    read_route,
    segment,
)
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options


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


def views() -> Operation[tuple[StoreView, ...]]:
    """All store views, the administration's (0) too."""
    return read_route("/V1/store/storeViews", as_list(StoreView), name="get store views")


def groups() -> Operation[tuple[StoreGroup, ...]]:
    """All stores."""
    return read_route("/V1/store/storeGroups", as_list(StoreGroup), name="get store groups")


def websites() -> Operation[tuple[Website, ...]]:
    """All websites."""
    return read_route("/V1/store/websites", as_list(Website), name="get websites")


def configs(*codes: str) -> Operation[tuple[StoreConfig, ...]]:
    """The settings of all store views, or of those with these codes."""
    query = tuple((f"storeCodes[{i}]", code) for i, code in enumerate(codes))
    path = "/V1/store/storeConfigs"
    return read_route(path, as_list(StoreConfig), query=query, name="get store configs")


def currency() -> Operation[CurrencyInformation]:
    """The currencies of the store view."""
    return read_route("/V1/directory/currency", reads(CurrencyInformation), name="get currency")


def countries() -> Operation[tuple[Country, ...]]:
    """All countries that the shop knows."""
    return read_route("/V1/directory/countries", as_list(Country), name="get countries")


def country(country_id: str) -> Operation[Country]:
    """One country, by its two letters."""
    path = f"/V1/directory/countries/{segment(country_id)}"
    return read_route(path, reads(Country), name="get country")


def modules() -> Operation[tuple[str, ...]]:
    """The names of all installed modules."""
    return read_route("/V1/modules", as_list(str), name="get modules")


class Store:
    """Stores, settings, currencies, countries, modules: `shop.store`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def views(self, options: Options | None = None) -> tuple[StoreView, ...]:
        """All store views, the administration's (0) too."""
        return await self._caller.call(views(), options)

    async def groups(self, options: Options | None = None) -> tuple[StoreGroup, ...]:
        """All stores."""
        return await self._caller.call(groups(), options)

    async def websites(self, options: Options | None = None) -> tuple[Website, ...]:
        """All websites."""
        return await self._caller.call(websites(), options)

    async def configs(self, *codes: str, options: Options | None = None) -> tuple[StoreConfig, ...]:
        """The settings of all store views, or of those with these codes."""
        return await self._caller.call(configs(*codes), options)

    async def currency(self, options: Options | None = None) -> CurrencyInformation:
        """The currencies of the store view."""
        return await self._caller.call(currency(), options)

    async def countries(self, options: Options | None = None) -> tuple[Country, ...]:
        """All countries that the shop knows."""
        return await self._caller.call(countries(), options)

    async def country(self, country_id: str, options: Options | None = None) -> Country:
        """One country, by its two letters."""
        return await self._caller.call(country(country_id), options)

    async def modules(self, options: Options | None = None) -> tuple[str, ...]:
        """The names of all installed modules."""
        return await self._caller.call(modules(), options)
