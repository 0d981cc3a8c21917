"""How a noun is searched, and a page of what was found. Who walks on: `magento.walking`."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from attrs import evolve, field, frozen

from kashmag.errors import BrokenError, UnexpectedPayloadError
from kashmag.magento.codec import parse, read_all
from kashmag.magento.criteria import Criteria, write_criteria
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.wire import Response

T = TypeVar("T")


@frozen
class Page(Generic[T]):
    """A page of what a search found, and how many rows there are in all."""

    items: tuple[T, ...]
    total_count: int | None = None


@frozen
class BrokenRecord:
    """A record that the shop cannot serve: asking for it is a server fault."""

    noun: str
    key: int
    error: BrokenError


@frozen(kw_only=True)
class Listing(Generic[T]):
    """How one noun is searched.

    `key` is the column to walk by, "" if there is none; `key_of` reads it from a row. `always` are
    the fields that a row cannot do without. `identity` tells rows apart.
    """

    noun: str
    path: str
    kind: type[T]
    identity: Callable[[T], Hashable]
    key: str = ""
    key_of: Callable[[T], int | None] = field(default=lambda _: None)
    always: tuple[str, ...] = ()

    def page(self, criteria: Criteria) -> Operation[Page[T]]:
        """The operation that asks for one page."""
        if criteria.fields:
            fields = dict.fromkeys((*self.always, *criteria.fields))
            criteria = evolve(criteria, fields=tuple(fields))
        return Operation(
            f"search {self.noun}",
            "GET",
            path=self.path,
            query=write_criteria(criteria),
            effect=Effect.READ,
            decode=self.decode,
        )

    def after(self, criteria: Criteria, key: int) -> Criteria:
        """The same search, for rows beyond a key, in order of the key."""
        told = criteria.where(self.key, "gt", key)
        return evolve(told, sorts=((self.key, "ASC"),), page=1)

    def decode(self, response: Response) -> Page[T]:
        """Read a page out of a successful answer."""
        told = parse(response)
        # A misspelt `fields` is a success with an empty list (facts, section 2).
        if not isinstance(told, dict) or "items" not in told:
            raise UnexpectedPayloadError(
                f"this is no list of {self.noun}: required field missing @ $.items",
                paths=("required field missing @ $.items",),
            )
        return Page(_read_items(told["items"], self.kind), _count(told.get("total_count")))


def _read_items(items: Json, kind: type[T]) -> tuple[T, ...]:
    try:
        return read_all(kind, items)
    except UnexpectedPayloadError as error:
        paths = tuple(path.replace("@ $", "@ $.items") for path in error.paths)
        raise UnexpectedPayloadError(error.message, paths=paths) from error


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) else None
