"""Sources: where customers come from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.rest.codec import Json


@frozen
class SourceCustomer:
    """A customer of a source."""

    customer_id: int
    customer_name: str | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Source:
    """Where customers come from, with what it has cost and brought in."""

    id: int
    name: str | None = None
    cost_of_source: Decimal | None = field(default=None, kw_only=True)
    number_of_customer: int | None = field(default=None, kw_only=True)
    payment_received_inc_vat: Decimal | None = field(default=None, kw_only=True)
    total_invoices_issued_exc_vat: Decimal | None = field(default=None, kw_only=True)
    customer_list: tuple[SourceCustomer, ...] = field(default=(), kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class SourceDraft:
    """What is sent to create or replace a source."""

    name: str
    cost_of_source: Decimal | None = None
