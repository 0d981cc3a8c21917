"""How much lies where: shape, operations, and the class that sends them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.magento.criteria import Criteria, split_list
from kashmag.magento.listing import Listing
from kashmag.magento.routes import as_nothing, write_route
from kashmag.magento.searching import Searchable
from kashmag.magento.showing import shown
from kashmag.magento.walking import OnBroken
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


@frozen(kw_only=True, repr=False)
class SourceItem:
    """How much of a product lies at a source; status 1 is in stock, 0 out of stock."""

    __repr__ = shown

    sku: str
    source_code: str
    quantity: Decimal
    status: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


LISTING: Final = Listing(
    noun="source items",
    path="/V1/inventory/source-items",
    kind=SourceItem,
    identity=lambda row: (row.sku, row.source_code),
    always=("sku", "source_code", "quantity"),
)


def save(*items: SourceItem) -> Operation[None]:
    """Set how much lies where; quantities are absolute and include what is not shipped yet.

    Magento takes unknown SKUs and negative quantities without a word.
    """
    path = "/V1/inventory/source-items"
    body = {"sourceItems": list(items)}
    return write_route(
        "POST", path, as_nothing, body=body, effect=Effect.REPEATABLE, name="save source items"
    )


def delete(*items: SourceItem) -> Operation[None]:
    """Take products off sources."""
    path = "/V1/inventory/source-items-delete"
    told = [{"sku": one.sku, "source_code": one.source_code} for one in items]
    return write_route(
        "POST",
        path,
        as_nothing,
        body={"sourceItems": told},
        effect=Effect.REPEATABLE,
        name="delete source items",
    )


def by_sku(criteria: Criteria) -> Criteria:
    """The same search in the one order that is unique among source items."""
    return criteria if criteria.sorts else criteria.sorted_by("sku").sorted_by("source_code")


class SourceItems(Searchable[SourceItem]):
    """How much lies where: `shop.inventory.source_items`."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, LISTING)

    def matching(
        self,
        criteria: Criteria | None = None,
        options: Options | None = None,
        *,
        on_broken: OnBroken | None = None,
    ) -> AsyncIterator[SourceItem]:
        """Iterate over all that match, by page: source items have no key."""
        return super().matching(by_sku(criteria or Criteria()), options, on_broken=on_broken)

    async def of_skus(self, *skus: str, options: Options | None = None) -> tuple[SourceItem, ...]:
        """What lies anywhere of these products."""
        found: list[SourceItem] = []
        for part in split_list(skus):
            criteria = Criteria().where("sku", "in", part)
            found += [one async for one in self.matching(criteria, options)]
        return tuple(found)

    async def save(self, *items: SourceItem, options: Options | None = None) -> None:
        """Set how much lies where; quantities are absolute and include what is not shipped yet."""
        await self._caller.call(save(*items), options)

    async def delete(self, *items: SourceItem, options: Options | None = None) -> None:
        """Take products off sources."""
        await self._caller.call(delete(*items), options)
