"""What every noun that can be searched can do. How it is walked through: `magento.walking`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import Listing, Page
from kashmag.magento.walking import OnBroken, by_page, walk
from kashmag.rest.caller import Caller
from kashmag.rest.options import Options

T = TypeVar("T")


class Searchable(Generic[T]):
    """What every noun that can be searched can do."""

    def __init__(self, caller: Caller, listing: Listing[T]) -> None:
        self._caller = caller
        self._listing = listing

    def matching(
        self,
        criteria: Criteria | None = None,
        options: Options | None = None,
        *,
        on_broken: OnBroken | None = None,
    ) -> AsyncIterator[T]:
        """Iterate over all that match, asking for pages as they are needed; see `walk`."""
        return walk(self._caller, self._listing, criteria or Criteria(), options, on_broken)

    def pages(
        self, criteria: Criteria | None = None, options: Options | None = None
    ) -> AsyncIterator[Page[T]]:
        """Iterate over pages by number; rows that move between pages meanwhile may be missed."""
        return by_page(self._caller, self._listing, criteria or Criteria(), options)

    async def page(
        self, criteria: Criteria | None = None, options: Options | None = None
    ) -> Page[T]:
        """The one page that the criteria ask for."""
        return await self._caller.call(self._listing.page(criteria or Criteria()), options)

    async def first(
        self, criteria: Criteria | None = None, options: Options | None = None
    ) -> T | None:
        """The first that matches, or None."""
        page = await self.page((criteria or Criteria()).sized(1), options)
        return page.items[0] if page.items else None

    async def count(
        self, criteria: Criteria | None = None, options: Options | None = None
    ) -> int | None:
        """How many match; None if the shop does not say."""
        return (await self.page((criteria or Criteria()).sized(1), options)).total_count
