"""Tax rates, rules and classes: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.magento.codec import reads
from kashmag.magento.listing import Listing
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
class TaxRate:
    """A tax rate of a country or region, in per cent."""

    __repr__ = shown

    id: int | None = None
    tax_country_id: str | None = None
    tax_region_id: int | None = None
    region_name: str | None = None
    tax_postcode: str | None = None
    zip_is_range: int | None = None
    zip_from: int | None = None
    zip_to: int | None = None
    rate: Decimal | None = None
    code: str | None = None
    titles: tuple[TaxRateTitle, ...] | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class TaxRateTitle:
    """A tax rate's name in one store view."""

    __repr__ = shown

    store_id: str | None = None
    value: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class TaxRule:
    """Which rates apply to which classes of customers and products."""

    __repr__ = shown

    id: int | None = None
    code: str | None = None
    priority: int | None = None
    position: int | None = None
    customer_tax_class_ids: tuple[int, ...] | None = None
    product_tax_class_ids: tuple[int, ...] | None = None
    tax_rate_ids: tuple[int, ...] | None = None
    calculate_subtotal: bool | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class TaxClass:
    """A class of products or customers for tax."""

    __repr__ = shown

    class_id: int | None = None
    class_name: str | None = None
    class_type: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


RATES: Final = Listing(
    noun="tax rates",
    path="/V1/taxRates/search",
    kind=TaxRate,
    identity=lambda row: row.id,
    always=("id",),
)
RULES: Final = Listing(
    noun="tax rules",
    path="/V1/taxRules/search",
    kind=TaxRule,
    identity=lambda row: row.id,
    always=("id",),
)
CLASSES: Final = Listing(
    noun="tax classes",
    path="/V1/taxClasses/search",
    kind=TaxClass,
    identity=lambda row: row.class_id,
    always=("class_id",),
)


def rate(rate_id: int) -> Operation[TaxRate]:
    """One tax rate."""
    return read_route(f"/V1/taxRates/{rate_id}", reads(TaxRate), name="get tax rate")


def create_rate(told: TaxRate) -> Operation[TaxRate]:
    """Create a tax rate."""
    body = {"taxRate": told}
    return write_route("POST", "/V1/taxRates", reads(TaxRate), body=body, name="create tax rate")


def update_rate(told: TaxRate) -> Operation[TaxRate]:
    """Write a tax rate; its id says which."""
    body = {"taxRate": told}
    return write_route("PUT", "/V1/taxRates", reads(TaxRate), body=body, name="update tax rate")


def delete_rate(rate_id: int) -> Operation[bool]:
    """Delete a tax rate."""
    path = f"/V1/taxRates/{rate_id}"
    return write_route("DELETE", path, as_bool, effect=Effect.REPEATABLE, name="delete tax rate")


def rule(rule_id: int) -> Operation[TaxRule]:
    """One tax rule."""
    return read_route(f"/V1/taxRules/{rule_id}", reads(TaxRule), name="get tax rule")


def create_rule(told: TaxRule) -> Operation[TaxRule]:
    """Create a tax rule."""
    return write_route(
        "POST", "/V1/taxRules", reads(TaxRule), body={"rule": told}, name="create tax rule"
    )


def update_rule(told: TaxRule) -> Operation[TaxRule]:
    """Write a tax rule; its id says which."""
    return write_route(
        "PUT", "/V1/taxRules", reads(TaxRule), body={"rule": told}, name="update tax rule"
    )


def delete_rule(rule_id: int) -> Operation[bool]:
    """Delete a tax rule."""
    path = f"/V1/taxRules/{rule_id}"
    return write_route("DELETE", path, as_bool, effect=Effect.REPEATABLE, name="delete tax rule")


def tax_class(class_id: int) -> Operation[TaxClass]:
    """One tax class."""
    return read_route(f"/V1/taxClasses/{class_id}", reads(TaxClass), name="get tax class")


class Taxes:
    """Tax rates, rules and classes: `shop.taxes`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.rates: Final = Searchable(caller, RATES)
        self.rules: Final = Searchable(caller, RULES)
        self.classes: Final = Searchable(caller, CLASSES)

    async def rate(self, rate_id: int, options: Options | None = None) -> TaxRate:
        """One tax rate."""
        return await self._caller.call(rate(rate_id), options)

    async def create_rate(self, told: TaxRate, options: Options | None = None) -> TaxRate:
        """Create a tax rate."""
        return await self._caller.call(create_rate(told), options)

    async def update_rate(self, told: TaxRate, options: Options | None = None) -> TaxRate:
        """Write a tax rate; its id says which."""
        return await self._caller.call(update_rate(told), options)

    async def delete_rate(self, rate_id: int, options: Options | None = None) -> bool:
        """Delete a tax rate."""
        return await self._caller.call(delete_rate(rate_id), options)

    async def rule(self, rule_id: int, options: Options | None = None) -> TaxRule:
        """One tax rule."""
        return await self._caller.call(rule(rule_id), options)

    async def create_rule(self, told: TaxRule, options: Options | None = None) -> TaxRule:
        """Create a tax rule."""
        return await self._caller.call(create_rule(told), options)

    async def update_rule(self, told: TaxRule, options: Options | None = None) -> TaxRule:
        """Write a tax rule; its id says which."""
        return await self._caller.call(update_rule(told), options)

    async def delete_rule(self, rule_id: int, options: Options | None = None) -> bool:
        """Delete a tax rule."""
        return await self._caller.call(delete_rule(rule_id), options)

    async def tax_class(self, class_id: int, options: Options | None = None) -> TaxClass:
        """One tax class."""
        return await self._caller.call(tax_class(class_id), options)
