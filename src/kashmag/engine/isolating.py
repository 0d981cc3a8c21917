"""Reading a list of the shop so that one record that nobody can serve or read costs no other.

Such a record becomes an `Unreadable` with the reason: it is counted, it is remembered, and the
others go on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Final, Generic, Protocol, TypeVar

from attrs import field, frozen

from kashmag.engine import causes
from kashmag.errors import BrokenError, RemoteError, SignInError, UnexpectedPayloadError
from kashmag.magento.criteria import Criteria
from kashmag.magento.listing import BrokenRecord, Listing
from kashmag.magento.searching import Searchable

T = TypeVar("T")
R = TypeVar("R", bound="Identified")
ROWS: Final = 50


class Identified(Protocol):
    """What has an id in the shop."""

    @property
    def entity_id(self) -> str:
        """The id."""


@frozen
class Unreadable:
    """A record of which not everything can be read, and why."""

    entity_id: str
    number: str = field(kw_only=True)
    store_id: str = field(default="1", kw_only=True)
    code: str = field(kw_only=True)
    reason: str = field(kw_only=True)


@frozen(kw_only=True)
class Isolating(Generic[T]):
    """Reads one noun; `thin` are the fields of a row that tell it apart and are always readable.

    `named` makes an `Unreadable` of a thin row, with a cause and a reason.
    """

    section: Searchable[T]
    listing: Listing[T]
    get: Callable[[int], Awaitable[T]]
    thin: tuple[str, ...]
    named: Callable[[T, str, str], Unreadable]

    async def each(self, criteria: Criteria, *, after: int = 0) -> AsyncIterator[T | Unreadable]:
        """Every record that matches, by id, beginning behind `after`."""
        last = after
        broken: list[BrokenRecord] = []
        while True:
            try:
                rest = self._beyond(criteria, last)
                async for one in self.section.matching(rest, on_broken=broken.append):
                    while broken:  # met on the way to this one, so it comes before it
                        yield not_served(broken.pop(0))
                    last = self._id(one)
                    yield one
                while broken:
                    yield not_served(broken.pop(0))
                return
            except UnexpectedPayloadError:
                # One record of the page cannot be read: those before and after it can.
                while broken:
                    last = broken[0].key
                    yield not_served(broken.pop(0))
                rows = await self._rows(criteria, last)
                if not rows:
                    raise
                for row in rows:
                    if isinstance(row, BrokenRecord):
                        last = row.key
                        yield not_served(row)
                    else:
                        last = self._id(row)
                        yield await self._one(row)

    def unreadable(self, row: T, error: RemoteError) -> Unreadable:
        """What becomes of a record that could not be read whole."""
        match error:
            case UnexpectedPayloadError():
                code = causes.UNREADABLE_RECORD
            case SignInError():
                # The list was read with the same keys: a permission is missing, whatever they say.
                code = causes.NOT_PERMITTED
            case _:
                code = causes.code_of(error)
        return self.named(row, code, str(error))

    async def _rows(self, criteria: Criteria, last: int) -> list[T | BrokenRecord]:
        """What comes next, a page of it; what cannot even be served so, in its place."""
        thin = self._beyond(criteria.only(*self.thin), last)
        found: list[T | BrokenRecord] = []
        async for row in self.section.matching(thin, on_broken=found.append):
            found.append(row)
            if len(found) >= ROWS:
                break
        return found

    def _beyond(self, criteria: Criteria, last: int) -> Criteria:
        return criteria.where(self.listing.key, "gt", last) if last else criteria

    async def _one(self, row: T) -> T | Unreadable:
        try:
            return await self.get(self._id(row))
        except RemoteError as error:
            return self.unreadable(row, error)

    def _id(self, row: T) -> int:
        key = self.listing.key_of(row)
        if key is None:
            raise UnexpectedPayloadError(f"one of the {self.listing.noun} has no id")
        return key


async def present(
    entity_ids: Iterable[str],
    batch: int,
    *,
    matching: Callable[[Criteria], AsyncIterator[R | Unreadable]],
    gone: Callable[[str], Unreadable],
) -> AsyncIterator[R | Unreadable]:
    """The records of these ids, asked for in batches; those that are gone come as unreadable."""
    ids = list(dict.fromkeys(entity_ids))
    for start in range(0, len(ids), batch):
        missing = dict.fromkeys(ids[start : start + batch])
        criteria = Criteria().where("entity_id", "in", list(missing)).sized(batch)
        async for read in matching(criteria):
            missing.pop(read.entity_id, None)
            yield read
        for entity_id in missing:
            yield gone(entity_id)


async def unless_broken(reading: Awaitable[T | None]) -> T | None:
    """What a read tells; None where a record that cannot be served stands in its way.

    For what a run can do without: how much is due, and how new the newest is.
    """
    try:
        return await reading
    except BrokenError:
        return None


def not_served(broken: BrokenRecord) -> Unreadable:
    """A record that is a server fault whenever it is asked for."""
    noun = broken.noun.removesuffix("s")
    return Unreadable(
        str(broken.key),
        number=f"#{broken.key}",
        code=causes.UNREADABLE_RECORD,
        reason=f"the shop cannot serve this {noun}: {broken.error}",
    )
