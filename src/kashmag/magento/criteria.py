"""What to look for: a typed builder of Magento's search criteria, and how they are written.

Groups are joined by AND, the filters inside a group by OR. Who walks through what is found:
`magento.listing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from attrs import evolve, field, frozen

from kashmag.magento.codec import read_time, write_time
from kashmag.rest.wire import percent_encode

Condition: TypeAlias = Literal[
    "eq", "neq", "like", "nlike", "in", "nin", "null", "notnull", "gt", "gteq", "lt", "lteq",
    "moreq", "from", "to", "finset", "nfinset", "regexp",
]  # fmt: skip
Value: TypeAlias = str | int | Decimal | bool | date | datetime
Direction: TypeAlias = Literal["ASC", "DESC"]
Query: TypeAlias = tuple[tuple[str, str], ...]

LONGEST_LIST: Final = 2000
OVERLAP: Final = timedelta(minutes=15)
_LISTS: Final = frozenset({"in", "nin"})
_RANGES: Final = frozenset({"gt", "gteq", "lt", "lteq", "moreq", "from", "to", "eq", "neq"})
_FIELD_CHARACTERS: Final = re.compile(r"[\w\[\],]+")


@frozen
class Filter:
    """One condition on one column; `value` is as it is sent."""

    field: str
    condition: Condition
    value: str = ""


def matches(field: str, condition: Condition, value: Value | Iterable[Value] = "") -> Filter:
    """A filter: `matches("status", "in", ["pending", "processing"])`.

    Times are sent in UTC, as they are stored. `like` wants its own `%`. `null` and `notnull` want
    no value.

    Raises:
        ValueError: a time without a zone, a date that is none (Magento would match nearly
            everything), an empty list, or a list item with a comma (Magento would cut it).
    """
    if condition in _LISTS and not isinstance(value, str):
        values = [_written(field, condition, one) for one in _listed(value)]
        if not values or any("," in one for one in values):
            raise ValueError(f"{field}: a list needs items, and none may contain a comma")
        return Filter(field, condition, ",".join(values))
    if condition in ("null", "notnull"):
        return Filter(field, condition)
    if not isinstance(value, Value):
        raise ValueError(f"{field}: {condition} takes one value")
    return Filter(field, condition, _written(field, condition, value))


def _listed(value: Value | Iterable[Value]) -> Iterable[Value]:
    return [value] if isinstance(value, Value) else value


def _written(field: str, condition: str, value: Value) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case datetime():
            return write_time(value)
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case int():
            return str(value)
        case _ if field.endswith("_at") and condition in _RANGES:
            return write_time(read_time(value))
        case _:
            return value


@frozen(kw_only=True)
class Criteria:
    """What to look for; each method returns new criteria with one thing more.

    `page_size` is always sent, because a shop without one answers with 20 rows or with all. `page`
    counts from 1.
    """

    groups: tuple[tuple[Filter, ...], ...] = ()
    sorts: tuple[tuple[str, Direction], ...] = ()
    page_size: int = field(default=50)
    page: int = 1
    fields: tuple[str, ...] = ()

    @page_size.validator
    def _check(self, _: object, value: int) -> None:
        if value < 1:
            raise ValueError("page_size must be at least 1: Magento takes 0 for everything")

    def where(
        self, field: str, condition: Condition, value: Value | Iterable[Value] = ""
    ) -> Criteria:
        """Only rows for which this holds too; raises what `matches` raises."""
        return self.where_any(matches(field, condition, value))

    def where_any(self, *filters: Filter) -> Criteria:
        """Only rows for which at least one of these holds too."""
        if not filters:
            raise ValueError("where_any needs a filter: none of nothing ever holds")
        return evolve(self, groups=(*self.groups, filters))

    def updated_since(
        self, since: datetime, *, until: datetime | None = None, overlap: timedelta = OVERLAP
    ) -> Criteria:
        """Only rows changed since then, and until then if given (both included).

        `updated_at` is set when the row is written, not when it can be seen: a slow transaction
        appears later with an older time. So the search begins `overlap` earlier, and what was
        seen before may be seen again.
        """
        told = self.where("updated_at", "gteq", since - overlap)
        return told if until is None else told.where("updated_at", "lteq", until)

    def sorted_by(self, field: str, direction: Direction = "ASC") -> Criteria:
        """In this order, after those said before. Sorted rows are walked by page, not by key."""
        return evolve(self, sorts=(*self.sorts, (field, direction)))

    def sized(self, page_size: int) -> Criteria:
        """With so many rows a page."""
        return evolve(self, page_size=page_size)

    def at_page(self, page: int) -> Criteria:
        """That page, counted from 1."""
        return evolve(self, page=page)

    def only(self, *fields: str) -> Criteria:
        """With these fields of each row only: `only("increment_id", "items[sku,qty_ordered]")`.

        Raises:
            ValueError: a character that Magento answers with an empty success.
        """
        if not all(_FIELD_CHARACTERS.fullmatch(one) for one in fields):
            raise ValueError("fields are made of letters, digits, underscores, brackets, commas")
        return evolve(self, fields=(*self.fields, *fields))


def split_list(values: Iterable[str], longest: int = LONGEST_LIST) -> Iterator[list[str]]:
    """Cut a list into parts that fit into a URL: web servers refuse long ones with a web page."""
    part: list[str] = []
    length = 0
    for value in dict.fromkeys(values):
        size = len(percent_encode(value)) + 3
        if part and length + size > longest:
            yield part
            part, length = [], 0
        part.append(value)
        length += size
    if part:
        yield part


def write_criteria(criteria: Criteria) -> Query:
    """The query parameters of a search."""
    query: list[tuple[str, str]] = []
    for g, group in enumerate(criteria.groups):
        for f, one in enumerate(group):
            start = f"searchCriteria[filter_groups][{g}][filters][{f}]"
            query += [
                (f"{start}[field]", one.field),
                (f"{start}[value]", one.value),
                (f"{start}[condition_type]", one.condition),
            ]
    for s, (column, direction) in enumerate(criteria.sorts):
        start = f"searchCriteria[sortOrders][{s}]"
        query += [(f"{start}[field]", column), (f"{start}[direction]", direction)]
    query.append(("searchCriteria[pageSize]", str(criteria.page_size)))
    query.append(("searchCriteria[currentPage]", str(criteria.page)))
    if criteria.fields:
        query.append(("fields", f"items[{','.join(criteria.fields)}],total_count"))
    return tuple(query)
