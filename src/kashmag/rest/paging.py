"""Walking through lists, page by page and lazily; how the next page is asked is the vendor's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from kashmag.rest.caller import Caller
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options

PageT = TypeVar("PageT")


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
