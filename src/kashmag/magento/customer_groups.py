"""Customer groups: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class CustomerGroup:
    """A group of customers, which sets their tax class."""

    __repr__ = shown

    id: int | None = None
    code: str | None = None
    tax_class_id: int | None = None
    tax_class_name: str | None = None
    extension_attributes: CustomerGroupExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CustomerGroupExtension:
    """What modules add to a customer group."""

    __repr__ = shown

    exclude_website_ids: tuple[int, ...] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
