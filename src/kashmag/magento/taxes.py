"""Tax rates, rules and classes: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


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
