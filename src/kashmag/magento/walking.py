"""Walking through what a search finds, lazily: by key, or by page.

The theory. By key: each page asks for rows with a key above the last one seen, sorted by key, so
that rows which come, go or change meanwhile are neither skipped nor seen twice. Its own filter
group says so. By page only where there is no key, or where another order was asked for.

What goes wrong is met here too: a shop's own maximum page size, a record that turns its whole page
into a server fault, and old versions that repeat the last page for ever.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable, Hashable
from itertools import pairwise
from typing import Final, Generic, TypeAlias, TypeVar

from attrs import evolve

from kashmag.errors import BrokenError, InvalidError, NoAnswerError, UnexpectedPayloadError
from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import BrokenRecord, Listing, Page
from kashmag.rest.caller import Caller
from kashmag.rest.options import Options

T = TypeVar("T")
LOG: Final = logging.getLogger("kashmag.magento")
SMALLEST_LIMIT: Final = 20


OnBroken: TypeAlias = Callable[[BrokenRecord], None]


async def walk(
    caller: Caller,
    listing: Listing[T],
    criteria: Criteria,
    options: Options | None = None,
    on_broken: OnBroken | None = None,
) -> AsyncIterator[T]:
    """Yield every row that matches, asking for pages as they are needed.

    A record that the shop cannot serve is isolated, and the walk goes on: `on_broken` is told of
    it. Without `on_broken` it is raised, after all other rows.

    Raises:
        BrokenError: records that could not be served, after the last row.
    """
    if not listing.key or criteria.sorts or criteria.page != 1:
        async for page in by_page(caller, listing, criteria, options):
            for row in page.items:
                yield row
        return
    found: list[BrokenRecord] = []
    walker = _KeyWalk(caller, listing, criteria, options, on_broken or found.append)
    async for row in walker.rows():
        yield row
    if found:
        keys = ", ".join(str(one.key) for one in found)
        raise BrokenError(
            f"the shop could not serve {listing.noun} with {listing.key} {keys}; all others that "
            "match were read",
            vendor=found[0].error.vendor,
            operation=found[0].error.operation,
            status=found[0].error.status,
            code=found[0].error.code,
        ) from found[0].error


async def by_page(
    caller: Caller, listing: Listing[T], criteria: Criteria, options: Options | None = None
) -> AsyncIterator[Page[T]]:
    """Yield pages by number, rows seen on an earlier page left out.

    Up to version 2.3 a page beyond the end repeats the last one: a page that brings nothing new
    ends the walk.
    """
    seen: set[Hashable] = set()
    asked = 0
    while True:
        try:
            page = await caller.call(listing.page(criteria), options)
        except InvalidError as error:
            if asked or (limit := _page_limit(error, criteria.page_size)) is None:
                raise
            criteria = evolve(criteria, page_size=limit)
            continue
        asked += 1
        fresh = tuple(row for row in page.items if listing.identity(row) not in seen)
        seen.update(listing.identity(row) for row in page.items)
        if fresh:
            yield evolve(page, items=fresh)
        reached = criteria.page * criteria.page_size
        known_end = page.total_count is not None and reached >= page.total_count
        if not fresh or known_end:
            return
        criteria = criteria.at_page(criteria.page + 1)


class _KeyWalk(Generic[T]):
    """One walk by key: where it is, how much it asks for at once, what it found broken."""

    def __init__(
        self,
        caller: Caller,
        listing: Listing[T],
        criteria: Criteria,
        options: Options | None,
        on_broken: OnBroken,
    ) -> None:
        self._caller = caller
        self._listing = listing
        self._criteria = criteria
        self._options = options or Options()
        self._on_broken = on_broken
        self._last = 0
        self._size = criteria.page_size

    async def rows(self) -> AsyncIterator[T]:
        size, good = self._size, 0
        while True:
            try:
                page = await self._page(size)
            except InvalidError as error:
                limit = _page_limit(error, size)
                if limit is None:
                    raise
                self._size = size = limit
                continue
            except (BrokenError, NoAnswerError) as error:
                if size > 1:
                    size, good = (size + 1) // 2, 0
                    continue
                if not isinstance(error, BrokenError) or error.status == 503:
                    raise
                self._last = await self._pass_broken(error)
                size, good = self._size, 0
                continue
            good += 1
            if size < self._size and good > 1:
                # A record that breaks its page would have broken one of these two.
                size, good = min(self._size, size * 2), 0
            keyed = self._keyed(page)
            rows = dict(keyed)  # a join in the shop's database may show a row twice
            if not _is_ascending([key for key, _ in keyed]):
                await self._prove_none_skipped(rows)
            # Moved before yielding: whoever stops in the middle asks for nothing more anyway.
            self._last = max(rows, default=self._last)
            for key in sorted(rows):
                yield rows[key]
            if not rows or (page.total_count is not None and page.total_count <= len(rows)):
                return

    async def _page(self, size: int) -> Page[T]:
        criteria = self._listing.after(self._criteria.sized(size), self._last)
        options = self._options
        if size < self._size:
            # While a fault is being isolated it is expected, not waited out.
            options = Options(retries=0).over(options)
        return await self._caller.call(self._listing.page(criteria), options)

    def _keyed(self, page: Page[T]) -> list[tuple[int, T]]:
        keyed: list[tuple[int, T]] = []
        for row in page.items:
            key = self._listing.key_of(row)
            if key is None or key <= self._last:
                raise UnexpectedPayloadError(
                    f"{self._listing.noun} beyond {self._listing.key} {self._last} were asked for, "
                    f"and {key} came",
                    paths=(f"not asked for @ $.items[*].{self._listing.key}",),
                )
            keyed.append((key, row))
        return keyed

    async def _prove_none_skipped(self, rows: dict[int, T]) -> None:
        """A page out of order may leave rows out: count what should have been in it."""
        criteria = self._listing.after(self._criteria.sized(1), self._last)
        criteria = criteria.where(self._listing.key, "lteq", max(rows))
        page = await self._caller.call(self._listing.page(criteria), self._options)
        if page.total_count != len(rows):
            raise UnexpectedPayloadError(
                f"{self._listing.noun} came out of order of {self._listing.key}, and up to "
                f"{max(rows)} there are {page.total_count} where {len(rows)} came",
                paths=(f"out of order @ $.items[*].{self._listing.key}",),
            )

    async def _pass_broken(self, error: BrokenError) -> int:
        """Find the key of the record that breaks the page of one row, tell of it, return it."""
        low, step = self._last, 1
        if await self._is_broken(low, low):
            raise error  # even nothing cannot be served: it is the shop, not a record
        while not await self._is_broken(low, low + step):
            low, step = low + step, step * 2
            if step > 2**40:
                raise error  # no window breaks any more: it was a passing fault
        high = low + step
        while high - low > 1:
            middle = (low + high) // 2
            if await self._is_broken(low, middle):
                high = middle
            else:
                low = middle
        # Asked for once more, with all retries, before it is given up.
        if await self._is_broken(low, high, retries=None):
            broken = BrokenRecord(self._listing.noun, high, error)
            # Whoever walks is told of it in any case.
            LOG.info("%s %d cannot be served: %s", broken.noun, broken.key, error)
            self._on_broken(broken)
            return high
        return low

    async def _is_broken(self, above: int, up_to: int, *, retries: int | None = 0) -> bool:
        criteria = self._listing.after(self._criteria.sized(1), above)
        criteria = criteria.where(self._listing.key, "lteq", up_to)
        options = Options(retries=retries).over(self._options)
        try:
            await self._caller.call(self._listing.page(criteria), options)
        except BrokenError as error:
            if error.status == 503:
                raise
            return True
        return False


def _is_ascending(keys: list[int]) -> bool:
    return all(one <= other for one, other in pairwise(keys))


def _page_limit(error: InvalidError, size: int) -> int | None:
    """The shop's own maximum, read from its refusal; the words are translated, the number not."""
    if size <= SMALLEST_LIMIT:
        return None
    numbers = [int(one) for one in re.findall(r"\d{1,9}", error.message)]
    return next((one for one in reversed(numbers) if 0 < one < size), None)
