"""Attributes of products and their sets: shapes and operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from kashmag.magento.attributes import CustomAttribute
from kashmag.magento.codec import reads
from kashmag.magento.listing import Listing
from kashmag.magento.routes import (
    as_list,
    read_route,
    segment,
)
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options


@frozen(kw_only=True, repr=False)
class ProductAttribute:
    """An attribute of products; flags are texts "0" and "1" where Magento says so."""

    __repr__ = shown

    attribute_code: str
    extension_attributes: Mapping[str, Json] | None = None
    is_wysiwyg_enabled: bool | None = None
    is_html_allowed_on_front: bool | None = None
    used_for_sort_by: bool | None = None
    is_filterable: bool | None = None
    is_filterable_in_search: bool | None = None
    is_used_in_grid: bool | None = None
    is_visible_in_grid: bool | None = None
    is_filterable_in_grid: bool | None = None
    position: int | None = None
    apply_to: tuple[str, ...] = ()
    is_searchable: str | None = None
    is_visible_in_advanced_search: str | None = None
    is_comparable: str | None = None
    is_used_for_promo_rules: str | None = None
    is_visible_on_front: str | None = None
    used_in_product_listing: str | None = None
    is_visible: bool | None = None
    scope: str | None = None
    attribute_id: int | None = None
    frontend_input: str | None = None
    entity_type_id: str | None = None
    is_required: bool | None = None
    options: tuple[AttributeOption, ...] = ()
    is_user_defined: bool | None = None
    default_frontend_label: str | None = None
    frontend_labels: tuple[FrontendLabel, ...] = ()
    note: str | None = None
    backend_type: str | None = None
    backend_model: str | None = None
    source_model: str | None = None
    default_value: str | None = None
    is_unique: str | None = None
    frontend_class: str | None = None
    validation_rules: tuple[Json, ...] = ()
    custom_attributes: tuple[CustomAttribute, ...] = ()
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class AttributeOption:
    """One of an attribute's values."""

    __repr__ = shown

    label: str | None = None
    value: str | None = None
    sort_order: int | None = None
    is_default: bool | None = None
    store_labels: tuple[StoreLabel, ...] = ()
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class StoreLabel:
    """What an option is called in one store view."""

    __repr__ = shown

    store_id: int | None = None
    label: str | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class FrontendLabel:
    """What an attribute is called in one store view."""

    __repr__ = shown

    store_id: int | None = None
    label: str | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class AttributeSet:
    """Which attributes a kind of product has."""

    __repr__ = shown

    attribute_set_id: int | None = None
    attribute_set_name: str | None = None
    sort_order: int | None = None
    entity_type_id: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


ATTRIBUTES: Final = Listing(
    noun="product attributes",
    path="/V1/products/attributes",
    kind=ProductAttribute,
    identity=lambda row: row.attribute_code,
    always=("attribute_code",),
)
SETS: Final = Listing(
    noun="attribute sets",
    path="/V1/products/attribute-sets/sets/list",
    kind=AttributeSet,
    identity=lambda row: row.attribute_set_id,
    always=("attribute_set_id",),
)


def attribute(code: str) -> Operation[ProductAttribute]:
    """One attribute, by its code."""
    path = f"/V1/products/attributes/{segment(code)}"
    return read_route(path, reads(ProductAttribute), name="get product attribute")


def attribute_options(code: str) -> Operation[tuple[AttributeOption, ...]]:
    """The values of an attribute: option id and label."""
    path = f"/V1/products/attributes/{segment(code)}/options"
    return read_route(path, as_list(AttributeOption), name="get attribute options")


def attribute_set(set_id: int) -> Operation[AttributeSet]:
    """One attribute set."""
    path = f"/V1/products/attribute-sets/{set_id}"
    return read_route(path, reads(AttributeSet), name="get attribute set")


def attributes_of_set(set_id: int) -> Operation[tuple[ProductAttribute, ...]]:
    """The attributes of a set."""
    path = f"/V1/products/attribute-sets/{set_id}/attributes"
    return read_route(path, as_list(ProductAttribute), name="get attributes of set")


class ProductAttributes(Searchable[ProductAttribute]):
    """Attributes of products: `shop.products.attributes`; sets: `.sets`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, ATTRIBUTES)
        self.sets: Final = Searchable(caller, SETS)

    async def get(self, code: str, options: Options | None = None) -> ProductAttribute:
        """One attribute, by its code."""
        return await self._caller.call(attribute(code), options)

    async def options(
        self, code: str, options: Options | None = None
    ) -> tuple[AttributeOption, ...]:
        """The values of an attribute: option id and label."""
        return await self._caller.call(attribute_options(code), options)

    async def get_set(self, set_id: int, options: Options | None = None) -> AttributeSet:
        """One attribute set."""
        return await self._caller.call(attribute_set(set_id), options)

    async def of_set(
        self, set_id: int, options: Options | None = None
    ) -> tuple[ProductAttribute, ...]:
        """The attributes of a set."""
        return await self._caller.call(attributes_of_set(set_id), options)
