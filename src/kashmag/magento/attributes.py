"""Custom attributes, as customers, addresses and products carry them."""

from __future__ import annotations

from collections.abc import Mapping

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
