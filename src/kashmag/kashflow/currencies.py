"""Currencies of the account, and the currency as documents and customers carry it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.rest.codec import Json


@frozen
class CurrencyRef:
    """The currency of a document or customer.

    `exchange_rate` is foreign units per one unit of the home currency: at 2.0 a gross of AUD
    195.08 is GBP 97.54 (invoice_detail_foreign_currency).
    """

    code: str
    exchange_rate: Decimal | None = None
    name: str | None = field(default=None, kw_only=True)
    symbol: str | None = field(default=None, kw_only=True)
    display_symbol_on_right: bool | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Currency:
    """One currency that the account knows."""

    id: int
    code: str
    name: str | None = field(default=None, kw_only=True)
    symbol: str | None = field(default=None, kw_only=True)
    display_symbol_on_right: bool | None = field(default=None, kw_only=True)
    exchange_rate: Decimal | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class CurrencyDraft:
    """A currency to be added, or what one is replaced by."""

    code: str
    exchange_rate: Decimal | None = None
