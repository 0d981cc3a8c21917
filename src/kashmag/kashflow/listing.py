"""Lists: how pages are asked for and walked through, so that nothing is missed or told twice.

KashFlow's order among equal sort keys changes from page to page, so lists are sorted by a unique
key, rows are told once, and a walk that has found fewer rows than were announced is repeated.
Even so, one absence from a list is no proof that a record is gone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from typing import Final, Generic, TypeVar

from attrs import evolve, field, frozen

from kashmag.errors import InvalidError, NotFoundError, UnexpectedPayloadError
from kashmag.kashflow import codec
from kashmag.kashflow.routes import Query, query
from kashmag.rest.caller import Caller
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options
from kashmag.rest.paging import walk
from kashmag.rest.wire import Response

T = TypeVar("T")

# How often a list is walked through before its announced number of rows is given up.
MOST_WALKS: Final = 3
# The documented default of invoices and quotes.
SAFE_SIZE: Final = 50


@frozen
class Page(Generic[T]):
    """One page of a list. A bare array is the only page of its list.

    `faults` are the paths of rows that cannot be read; they do not keep back the others.
    """

    rows: tuple[T, ...]
    faults: tuple[str, ...] = field(default=(), kw_only=True)
    total: int | None = field(default=None, kw_only=True)
    next_url: str | None = field(default=None, kw_only=True)


@frozen(kw_only=True)
class MetaData:
    """What a page says about its list; `total_amount` and what is unknown stay in `extra`."""

    total_records: int | None = None
    next_page_url: str | None = None
    extra: Mapping[str, Json] = field(factory=dict, hash=False, repr=False)


def page(
    kind: type[T], name: str, route: str, *, asking: Query = (), number: int = 1, size: int
) -> Operation[Page[T]]:
    """Ask for one page of a list; `number` counts from 1."""
    return Operation(
        name,
        "GET",
        path=route,
        query=query((("page", number), ("perpage", size), *asking)),
        effect=Effect.READ,
        decode=lambda response: _read_page(kind, response),
    )


def _read_page(kind: type[T], response: Response) -> Page[T]:
    told = codec.parse(response)
    # `/products` is an array on one page of the documentation and a page on another.
    if not isinstance(told, Mapping):
        got, faults = _read_rows(kind, told)
        return Page(got, faults=faults)
    about = codec.read(MetaData, told.get("MetaData") or {})
    got, faults = _read_rows(kind, told.get("Data") or ())
    return Page(got, faults=faults, total=about.total_records, next_url=about.next_page_url)


def _read_rows(kind: type[T], told: Json) -> tuple[tuple[T, ...], tuple[str, ...]]:
    if not isinstance(told, list | tuple):
        raise UnexpectedPayloadError("expected a list", paths=("$",))
    got: list[T] = []
    faults: list[str] = []
    for number, row in enumerate(told):
        try:
            got.append(codec.read(kind, row))
        except UnexpectedPayloadError as error:
            faults += (path.replace("@ $", f"@ $[{number}]", 1) for path in error.paths)
    return tuple(got), tuple(faults)


def next_page(asked: Operation[Page[T]]) -> Operation[Page[T]]:
    """The same question, one page further; the links in answers are never followed."""
    following = tuple(
        (name, str(int(value) + 1)) if name == "page" else (name, value)
        for name, value in asked.query
    )
    return evolve(asked, query=following)


class _Follow(Generic[T]):
    """Decides after each page whether there is another, and counts what has come."""

    def __init__(self) -> None:
        self.rows = 0
        self.total: int | None = None
        self.faults: tuple[str, ...] = ()
        self.is_at_end = False

    def __call__(self, asked: Operation[Page[T]], got: Page[T]) -> Operation[Page[T]] | None:
        told = len(got.rows) + len({fault.split(".")[0] for fault in got.faults})
        self.rows += told
        self.faults += got.faults
        self.total = got.total
        self.is_at_end = got.next_url is None
        # The size of a page may be less than was asked for, so the rows are counted. The link
        # only says that there is more: it may be absolute or relative, and page 1 may lack it.
        is_more = got.next_url is not None or self.rows < (got.total or 0)
        return next_page(asked) if told and is_more else None


async def rows(
    caller: Caller,
    first: Operation[Page[T]],
    key: Callable[[T], Hashable],
    options: Options | None = None,
) -> AsyncIterator[T]:
    """Yield every row of a list once, page after page, each asked for when it is needed.

    Rows that cannot be read keep nothing back: when all others have been told, an
    UnexpectedPayloadError says which they are.
    """
    seen: set[Hashable] = set()
    for _ in range(MOST_WALKS):
        known = len(seen)
        follow: _Follow[T] = _Follow()
        async for got in _walk(caller, first, follow, options):
            for row in got.rows:
                if (name := key(row)) not in seen:
                    seen.add(name)
                    yield row
        if follow.faults:
            raise _unreadable(first.name, follow.faults)
        # Fewer than announced: some were missed, or the announcement counts what is not listed.
        if len(seen) >= (follow.total or 0) or len(seen) == known:
            return


def _unreadable(name: str, faults: tuple[str, ...]) -> UnexpectedPayloadError:
    shown = "; ".join(faults[:3]) + (f" and {len(faults) - 3} more" if len(faults) > 3 else "")
    return UnexpectedPayloadError(
        f"some rows cannot be read: {shown}", paths=faults, vendor="KashFlow", operation=name
    )


async def _walk(
    caller: Caller, first: Operation[Page[T]], follow: _Follow[T], options: Options | None
) -> AsyncIterator[Page[T]]:
    """Walk through the pages; where so large a page is refused at once, ask for smaller ones."""
    try:
        async for got in walk(caller, first, follow, options):
            yield got
        return
    except (InvalidError, NotFoundError) as error:
        if follow.is_at_end:
            return  # a page beyond the last, asked for because rows were missing
        # What KashFlow does above its largest page is unknown; nothing else asks for so many.
        if follow.rows or isinstance(error, NotFoundError) or _size(first) <= SAFE_SIZE:
            raise
    async for got in walk(caller, _sized(first, SAFE_SIZE), follow, options):
        yield got


def _size(asked: Operation[Page[T]]) -> int:
    return int(dict(asked.query).get("perpage", "0"))


def _sized(asked: Operation[Page[T]], size: int) -> Operation[Page[T]]:
    pairs = tuple((n, str(size)) if n == "perpage" else (n, v) for n, v in asked.query)
    return evolve(asked, query=pairs)
