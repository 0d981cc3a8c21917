"""What each tax of an order came to. Rates and rules: `magento.taxes`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class AppliedTax:
    """What one tax code came to; `amount` is the whole tax where rates are stacked."""

    __repr__ = shown

    code: str | None = None
    title: str | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    base_amount: Decimal | None = None
    extension_attributes: AppliedTaxExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class AppliedTaxExtension:
    """The rates behind a tax code."""

    __repr__ = shown

    rates: tuple[AppliedTaxRate, ...] = ()
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class AppliedTaxRate:
    """One rate behind a tax code."""

    __repr__ = shown

    code: str | None = None
    title: str | None = None
    percent: Decimal | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ItemAppliedTaxes:
    """The taxes of one row, or of shipping."""

    __repr__ = shown

    type: str | None = None
    item_id: int | None = None
    associated_item_id: int | None = None
    applied_taxes: tuple[AppliedTax, ...] = ()
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class OrderTax:
    """One tax of an order; the share of a stacked rate is `base_real_amount`."""

    __repr__ = shown

    tax_id: int | None = None
    order_id: int | None = None
    code: str | None = None
    title: str | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    base_amount: Decimal | None = None
    base_real_amount: Decimal | None = None
    priority: int | None = None
    position: int | None = None
    process: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class OrderTaxItem:
    """One tax of one row; the share of a stacked rate is `real_amount`."""

    __repr__ = shown

    tax_item_id: int | None = None
    tax_id: int | None = None
    item_id: int | None = None
    tax_code: str | None = None
    tax_percent: Decimal | None = None
    amount: Decimal | None = None
    base_amount: Decimal | None = None
    real_amount: Decimal | None = None
    real_base_amount: Decimal | None = None
    associated_item_id: int | None = None
    taxable_item_type: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
