"""Categories of products: shapes, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from attrs import field, frozen

from kashmag.magento.attributes import CustomAttribute
from kashmag.magento.codec import reads
from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import Listing, Page
from kashmag.magento.routes import (
    read_route,
)
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options


@frozen(kw_only=True, repr=False)
class Category:
    """A category of products."""

    __repr__ = shown

    id: int | None = None
    parent_id: int | None = None
    name: str | None = None
    is_active: bool | None = None
    position: int | None = None
    level: int | None = None
    children: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    path: str | None = None
    available_sort_by: tuple[str, ...] = ()
    include_in_menu: bool | None = None
    extension_attributes: Mapping[str, Json] | None = None
    custom_attributes: tuple[CustomAttribute, ...] = ()
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CategoryTree:
    """A category and all below it."""

    __repr__ = shown

    id: int | None = None
    parent_id: int | None = None
    name: str | None = None
    is_active: bool | None = None
    position: int | None = None
    level: int | None = None
    product_count: int | None = None
    children_data: tuple[CategoryTree, ...] = ()
    extra: Mapping[str, Json] = field(factory=dict)


LISTING: Final = Listing(
    noun="categories",
    path="/V1/categories/list",
    kind=Category,
    key="entity_id",
    key_of=lambda row: row.id,
    identity=lambda row: row.id,
    always=("id",),
)


def tree(root: int | None = None, *, depth: int | None = None) -> Operation[CategoryTree]:
    """The tree of categories from a root on, so deep."""
    query: tuple[tuple[str, str], ...] = ()
    if root is not None:
        query += (("rootCategoryId", str(root)),)
    if depth is not None:
        query += (("depth", str(depth)),)
    decode = reads(CategoryTree)
    return read_route("/V1/categories", decode, query=query, name="get category tree")


def get(category_id: int) -> Operation[Category]:
    """One category."""
    return read_route(f"/V1/categories/{category_id}", reads(Category), name="get category")


def matching(criteria: Criteria) -> Operation[Page[Category]]:
    """One page of categories."""
    return LISTING.page(criteria)


class Categories(Searchable[Category]):
    """Categories of products: `shop.products.categories`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)

    async def get(self, category_id: int, options: Options | None = None) -> Category:
        """One category."""
        return await self._caller.call(get(category_id), options)

    async def tree(
        self,
        root: int | None = None,
        *,
        depth: int | None = None,
        options: Options | None = None,
    ) -> CategoryTree:
        """The tree of categories from a root on, so deep."""
        return await self._caller.call(tree(root, depth=depth), options)
