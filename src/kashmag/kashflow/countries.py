"""Countries that the account knows, and the VAT rates of those in the EU."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.kashflow import codec
from kashmag.kashflow.connection import Connection
from kashmag.kashflow.routes import json_of, read
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options
from kashmag.rest.wire import Response


@frozen
class Country:
    """A country; `code` is ISO 3166-1 alpha-2, but Greece is EL."""

    id: int
    code: str
    name: str | None = field(default=None, kw_only=True)
    is_eu: bool | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class RateBands:
    """The VAT percentages of a country by band."""

    super_reduced_rate: tuple[Decimal, ...] = ()
    reduced_rate: tuple[Decimal, ...] = ()
    standard_rate: tuple[Decimal, ...] = field(default=(), kw_only=True)
    parking_rate: tuple[Decimal, ...] = field(default=(), kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class CountryVatRates:
    """The VAT rates of one country."""

    country_code: str
    country_name: str | None = None
    vat_rates: RateBands | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


def every() -> Operation[tuple[Country, ...]]:
    """Read the countries."""
    return read(tuple[Country, ...], "/countries", name="countries.every")


def vat_rates(on: datetime.date | None = None) -> Operation[tuple[CountryVatRates, ...]]:
    """Read the VAT rates of EU countries, as of a day; no rates where none are told."""
    day = None if on is None else on.strftime("%Y%m%d")
    return Operation(
        "countries.vat_rates",
        "GET",
        path="/countries/vatrates",
        query=() if day is None else (("date", day),),
        effect=Effect.READ,
        decode=_rates,
    )


def _rates(response: Response) -> tuple[CountryVatRates, ...]:
    # An array on the vendor's page, an empty object in the specification.
    return codec.read(tuple[CountryVatRates, ...], json_of(response) or ())


class Countries:
    """The countries that an account knows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def every(self, options: Options | None = None) -> tuple[Country, ...]:
        """Read the countries."""
        return await self._connection.call(every(), options)

    async def vat_rates(
        self, on: datetime.date | None = None, options: Options | None = None
    ) -> tuple[CountryVatRates, ...]:
        """Read the VAT rates of EU countries, as of a day."""
        return await self._connection.call(vat_rates(on), options)
