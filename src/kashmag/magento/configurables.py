"""Variants of configurable products: shapes and operations."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from kashmag.magento.routes import (
    as_list,
    read_route,
    segment,
)
from kashmag.magento.showing import shown
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation


@frozen(kw_only=True, repr=False)
class ConfigurableOption:
    """What the variants of a configurable product differ in."""

    __repr__ = shown

    id: int | None = None
    attribute_id: str | None = None
    label: str | None = None
    position: int | None = None
    is_use_default: bool | None = None
    values: tuple[ConfigurableValue, ...] = ()
    extension_attributes: Mapping[str, Json] | None = None
    product_id: int | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ConfigurableValue:
    """One value that a variant may have."""

    __repr__ = shown

    value_index: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


def variant_options(sku: str) -> Operation[tuple[ConfigurableOption, ...]]:
    """What the variants of a configurable product differ in."""
    path = f"/V1/configurable-products/{segment(sku)}/options/all"
    return read_route(path, as_list(ConfigurableOption), name="get variant options")
