"""Custom attributes, as customers, addresses and products carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class CustomAttribute:
    """An attribute that has no field of its own; the value is text or a list of texts."""

    __repr__ = shown

    attribute_code: str
    value: Json = None
    extra: Mapping[str, Json] = field(factory=dict)


class Attributed(Protocol):
    """Whatever carries custom attributes: products, customers, addresses, categories."""

    @property
    def custom_attributes(self) -> tuple[CustomAttribute, ...] | None:
        """The attributes; None if none were served."""
        ...


def attribute(record: Attributed, code: str) -> Json:
    """The value of a custom attribute, such as `tax_class_id`; None if there is none.

    Values are text or lists of text; those of a choice are option ids, not labels.
    """
    found = (one.value for one in record.custom_attributes or () if one.attribute_code == code)
    return next(found, None)
