"""Countries that the account knows, and the VAT rates of those in the EU."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.rest.codec import Json


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
