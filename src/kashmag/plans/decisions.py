"""Decisions: answers chosen by a rule or plugin, each with its `because`."""

from __future__ import annotations

from decimal import Decimal
from typing import Generic, TypeVar

from attrs import field, frozen

from kashmag.accounting.vat import VatTreatment

T_co = TypeVar("T_co", covariant=True)


@frozen
class Decision(Generic[T_co]):
    """An answer and why it was chosen; `rule` names the rule or plugin (filled in by the facade).

    A decided draft means "create this one".
    """

    value: T_co
    because: str = field(kw_only=True)
    rule: str = field(default="", kw_only=True)


@frozen
class DecisionNote:
    """A decision as a plan remembers it: in words."""

    question: str
    answer: str
    because: str = field(kw_only=True)
    rule: str = field(kw_only=True)


@frozen
class ProductChoice:
    """Where a line is booked: a nominal, and the product where it is one.

    `manages_stock` tells that KashFlow keeps this product's stock, so that the quantity on the
    invoice must stay in whole units (the invoice lowers it).
    """

    nominal_code: int
    product_code: str | None = None
    manages_stock: bool = field(default=False, kw_only=True)


@frozen
class VatChoice:
    """How a line stands to VAT; `rate` is a percentage and must be the one the shop charged.

    `nominal_code` moves the line to a nominal of its own (foreign VAT, margin goods).
    """

    treatment: VatTreatment
    rate: Decimal
    nominal_code: int | None = field(default=None, kw_only=True)
