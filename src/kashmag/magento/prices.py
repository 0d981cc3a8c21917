"""Base, special and tier prices in bulk: shapes and operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from attrs import field, frozen

from kashmag.magento.decipher import filled
from kashmag.magento.routes import (
    as_list,
    write_route,
)
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options

T = TypeVar("T")


@frozen(kw_only=True, repr=False)
class BasePrice:
    """A product's price in one store view (0: everywhere)."""

    __repr__ = shown

    sku: str
    price: Decimal
    store_id: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class TierPrice:
    """A price from a quantity on, for a website and a customer group."""

    __repr__ = shown

    sku: str
    price: Decimal
    price_type: str | None = None
    website_id: int | None = None
    customer_group: str | None = None
    quantity: Decimal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class SpecialPrice:
    """A price for a time, in one store view (0: everywhere)."""

    __repr__ = shown

    sku: str
    price: Decimal
    store_id: int | None = None
    price_from: datetime | None = None
    price_to: datetime | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class PriceFault:
    """Why one price of many was refused."""

    __repr__ = shown

    message: str
    parameters: tuple[Json, ...] = ()
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)

    @property
    def explanation(self) -> str:
        """Why the price was refused, with its placeholders filled."""
        return filled(self.message, self.parameters)


def base_prices(*skus: str) -> Operation[tuple[BasePrice, ...]]:
    """The base prices of products in all store views; unknown SKUs are left out."""
    return _asked("base-prices", skus, BasePrice)


def set_base_prices(*prices: BasePrice) -> Operation[tuple[PriceFault, ...]]:
    """Set base prices; returns why some were refused, the others are done."""
    return _set("POST", "base-prices", prices)


def special_prices(*skus: str) -> Operation[tuple[SpecialPrice, ...]]:
    """The special prices of products."""
    return _asked("special-price", skus, SpecialPrice)


def set_special_prices(*prices: SpecialPrice) -> Operation[tuple[PriceFault, ...]]:
    """Set special prices; returns why some were refused, the others are done."""
    return _set("POST", "special-price", prices)


def delete_special_prices(*prices: SpecialPrice) -> Operation[tuple[PriceFault, ...]]:
    """Delete special prices; each must say all that it was set with."""
    return _set("POST", "special-price-delete", prices)


def tier_prices(*skus: str) -> Operation[tuple[TierPrice, ...]]:
    """The tier prices of products."""
    return _asked("tier-prices", skus, TierPrice)


def add_tier_prices(*prices: TierPrice) -> Operation[tuple[PriceFault, ...]]:
    """Add or change tier prices; returns why some were refused, the others are done."""
    return _set("POST", "tier-prices", prices)


def replace_tier_prices(*prices: TierPrice) -> Operation[tuple[PriceFault, ...]]:
    """Replace all tier prices of the products named."""
    return _set("PUT", "tier-prices", prices)


def delete_tier_prices(*prices: TierPrice) -> Operation[tuple[PriceFault, ...]]:
    """Delete tier prices; each must say all that it was set with."""
    return _set("POST", "tier-prices-delete", prices)


def _asked(route: str, skus: tuple[str, ...], kind: type[T]) -> Operation[tuple[T, ...]]:
    # A POST that reads: the SKUs would not fit into a URL.
    path = f"/V1/products/{route}-information"
    name = f"get {route}"
    body = {"skus": list(skus)}
    return write_route("POST", path, as_list(kind), body=body, effect=Effect.READ, name=name)


def _set(
    method: str, route: str, prices: Sequence[BasePrice | SpecialPrice | TierPrice]
) -> Operation[tuple[PriceFault, ...]]:
    # Absolute values: the same call twice leaves the same prices.
    return write_route(
        method,
        f"/V1/products/{route}",
        as_list(PriceFault),
        body={"prices": list(prices)},
        effect=Effect.ONCE if method == "PUT" else Effect.REPEATABLE,
        name=f"set {route}",
    )


class Prices:
    """Prices of many products at once: `shop.products.prices`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def base(self, *skus: str, options: Options | None = None) -> tuple[BasePrice, ...]:
        """The base prices of products in all store views."""
        return await self._caller.call(base_prices(*skus), options)

    async def set_base(
        self, *prices: BasePrice, options: Options | None = None
    ) -> tuple[PriceFault, ...]:
        """Set base prices; returns why some were refused, the others are done."""
        return await self._caller.call(set_base_prices(*prices), options)

    async def special(self, *skus: str, options: Options | None = None) -> tuple[SpecialPrice, ...]:
        """The special prices of products."""
        return await self._caller.call(special_prices(*skus), options)

    async def set_special(
        self, *prices: SpecialPrice, options: Options | None = None
    ) -> tuple[PriceFault, ...]:
        """Set special prices; returns why some were refused."""
        return await self._caller.call(set_special_prices(*prices), options)

    async def delete_special(
        self, *prices: SpecialPrice, options: Options | None = None
    ) -> tuple[PriceFault, ...]:
        """Delete special prices; each must say all that it was set with."""
        return await self._caller.call(delete_special_prices(*prices), options)

    async def tiers(self, *skus: str, options: Options | None = None) -> tuple[TierPrice, ...]:
        """The tier prices of products."""
        return await self._caller.call(tier_prices(*skus), options)

    async def add_tiers(
        self, *prices: TierPrice, options: Options | None = None
    ) -> tuple[PriceFault, ...]:
        """Add or change tier prices; returns why some were refused."""
        return await self._caller.call(add_tier_prices(*prices), options)

    async def replace_tiers(
        self, *prices: TierPrice, options: Options | None = None
    ) -> tuple[PriceFault, ...]:
        """Replace all tier prices of the products named."""
        return await self._caller.call(replace_tier_prices(*prices), options)

    async def delete_tiers(
        self, *prices: TierPrice, options: Options | None = None
    ) -> tuple[PriceFault, ...]:
        """Delete tier prices; each must say all that it was set with."""
        return await self._caller.call(delete_tier_prices(*prices), options)
