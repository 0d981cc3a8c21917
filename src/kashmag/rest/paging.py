"""Walking through lists, page by page and lazily; how the next page is asked is the vendor's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Hashable
from typing import TypeVar

from kashmag.rest.caller import Caller
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options

PageT = TypeVar("PageT")
T = TypeVar("T")


async def walk(
    caller: Caller,
    first: Operation[PageT],
    following: Callable[[Operation[PageT], PageT], Operation[PageT] | None],
    options: Options | None = None,
) -> AsyncIterator[PageT]:
    """Yield pages, each asked for when the one before is used up, until `following` says None.

    An operation that was asked before ends the walk: a far end that leads in a circle.
    """
    asked: set[Operation[PageT]] = set()
    operation: Operation[PageT] | None = first
    while operation is not None and operation not in asked:
        asked.add(operation)
        page = await caller.call(operation, options)
        yield page
        operation = following(operation, page)


async def unique(items: AsyncIterator[T], key: Callable[[T], Hashable]) -> AsyncIterator[T]:
    """Yield each item once, the first of those with the same key.

    Far ends whose order among ties is not stable show an item on two pages.
    """
    seen: set[Hashable] = set()
    async for item in items:
        if (name := key(item)) not in seen:
            seen.add(name)
            yield item
