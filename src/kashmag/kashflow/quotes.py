"""Quotes: like invoices with one date, without payments."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.kashflow.currencies import CurrencyRef
from kashmag.kashflow.customer_records import Address, DeliveryAddress
from kashmag.kashflow.invoice_records import LineDraft, LineItem
from kashmag.rest.codec import Json


@frozen
class QuoteCategory:
    """A category that quotes are sorted into."""

    number: int | None = None
    name: str | None = None
    icon_id: int | None = field(default=None, kw_only=True)
    icon_type: str | None = field(default=None, kw_only=True)
    icon_color: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Quote:
    """A quote, from a list or in full; `number` is its key. Rows of a list have no lines.

    Its header amounts were in the home currency in the vendor's sample, unlike an invoice's.
    """

    number: int
    id: int | None = None
    date: datetime.date | None = field(default=None, kw_only=True)
    customer_code: str | None = field(default=None, kw_only=True)
    customer_id: int | None = field(default=None, kw_only=True)
    customer_name: str | None = field(default=None, kw_only=True)
    customer_reference: str | None = field(default=None, kw_only=True)
    net_amount: Decimal | None = field(default=None, kw_only=True)
    vat_amount: Decimal | None = field(default=None, kw_only=True)
    gross_amount: Decimal | None = field(default=None, kw_only=True)
    home_currency_gross_amount: Decimal | None = field(default=None, kw_only=True)
    suppress_amount: bool | None = field(default=None, kw_only=True)
    category: QuoteCategory | None = field(default=None, kw_only=True)
    currency: CurrencyRef | None = field(default=None, kw_only=True)
    line_items: tuple[LineItem, ...] = field(default=(), kw_only=True)
    addresses: tuple[Address, ...] = field(default=(), kw_only=True)
    use_custom_delivery_address: bool | None = field(default=None, kw_only=True)
    delivery_addresses: tuple[DeliveryAddress, ...] = field(default=(), kw_only=True)
    project_number: int | None = field(default=None, kw_only=True)
    project_name: str | None = field(default=None, kw_only=True)
    file_count: int | None = field(default=None, kw_only=True)
    is_email_sent: bool | None = field(default=None, kw_only=True)
    previous_number: int | None = field(default=None, kw_only=True)
    next_number: int | None = field(default=None, kw_only=True)
    permalink: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class QuoteDraft:
    """What is sent to create a quote."""

    customer_code: str
    customer_reference: str
    date: datetime.date = field(kw_only=True)
    line_items: tuple[LineDraft, ...] = field(kw_only=True)
    number: int | None = field(default=None, kw_only=True)
    currency: CurrencyRef | None = field(default=None, kw_only=True)
    category: QuoteCategory | None = field(default=None, kw_only=True)
    addresses: tuple[Address, ...] = field(default=(), kw_only=True)
    use_custom_delivery_address: bool | None = field(default=None, kw_only=True)
    delivery_addresses: tuple[DeliveryAddress, ...] = field(default=(), kw_only=True)
    suppress_amount: bool | None = field(default=None, kw_only=True)
    project_number: int | None = field(default=None, kw_only=True)


@frozen
class QuoteConversion:
    """Which invoice a quote has become."""

    quote_number: int
    invoice_number: int
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)
