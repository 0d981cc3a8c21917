"""Search criteria: read from the query as PHP reads it, not applied yet.

Groups are ANDed, the filters of one group ORed; an unknown condition acts as equality; page 0 is
page 1, a page size of 0 is no limit. Sources: recorded exchanges (`orders_search_*`, `err_*`,
`lim_*`). How they are applied is `matching`'s, what is listed is `listing`'s.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import unquote_plus

from attrs import field, frozen

from kashmag.sandbox.magento.answers import (
    bad_request,
    required,
    unsupported,
    wrong_type,
)
from kashmag.sandbox.magento.documents import Document

Tree = dict[str, "Tree | str"]

_PART: Final = re.compile(r"\[([^\]]*)\]")
_KNOWN: Final = frozenset(
    {"filter_groups", "sort_orders", "page_size", "current_page", "request_name"}
)
_GROUP_TYPE: Final = "\\Magento\\Framework\\Api\\Search\\FilterGroup"


@frozen
class Filter:
    """One condition on one field."""

    name: str
    value: str
    condition: str


@frozen
class Criteria:
    """A whole search, and the form in which the answer repeats it."""

    groups: tuple[tuple[Filter, ...], ...]
    sorts: tuple[tuple[str, str], ...]
    page_size: int | None = field(kw_only=True)
    page: int | None = field(kw_only=True)

    @property
    def names(self) -> frozenset[str]:
        """Every field that is asked about."""
        filtered = {condition.name for group in self.groups for condition in group}
        return frozenset(filtered | {name for name, _ in self.sorts})

    def echo(self) -> Document:
        """The criteria as the answer repeats them."""
        groups = [
            {
                "filters": [
                    {"field": each.name, "value": each.value, "condition_type": each.condition}
                    for each in group
                ]
            }
            for group in self.groups
        ]
        found: Document = {"filter_groups": groups}
        if self.sorts:
            found["sort_orders"] = [{"field": n, "direction": d} for n, d in self.sorts]
        if self.page_size is not None:
            found["page_size"] = self.page_size
        if self.page is not None:
            found["current_page"] = self.page
        return found


def read_query(text: str) -> Tree:
    """Read a query string into nested names, as PHP does for `$_GET`."""
    tree: Tree = {}
    for piece in text.split("&"):
        if not piece:
            continue
        raw_name, _, raw_value = piece.partition("=")
        name = unquote_plus(raw_name)
        head, _, rest = name.partition("[")
        _plant(
            tree, [head, *_PART.findall("[" + rest)] if rest else [head], unquote_plus(raw_value)
        )
    return tree


def _plant(tree: Tree, path: Sequence[str], value: str) -> None:
    for step in path[:-1]:
        child = tree.setdefault(step or str(len(tree)), {})
        if isinstance(child, str):
            child = tree[step] = {}
        tree = child
    last = path[-1] or str(len(tree))
    tree[last] = value


def read_criteria(query: Tree) -> Criteria:
    """Read the `searchCriteria` of a list call, or refuse it as the real shop does."""
    given = query.get("searchCriteria", query.get("search_criteria"))
    if given is None:
        raise required("searchCriteria")
    found = {} if isinstance(given, str) else {_snake(name): v for name, v in given.items()}
    for name in found:
        if name not in _KNOWN:
            raise unsupported(_capitalised(name))
    return Criteria(
        tuple(_groups(found.get("filter_groups", {}))),
        tuple(_sorts(found.get("sort_orders", {}))),
        page_size=_whole(found.get("page_size"), "pageSize"),
        page=_whole(found.get("current_page"), "currentPage"),
    )


def check_groups(criteria: Criteria, maximum: int | None) -> None:
    """Refuse more filter groups than an array may have members."""
    if maximum is not None and len(criteria.groups) > maximum:
        raise too_many(_GROUP_TYPE, maximum)


def too_many(kind: str, maximum: int) -> Exception:
    """The refusal of an array that is too long (`lim_array`)."""
    return bad_request('Maximum items of type "%type" is %max', {"type": kind, "max": maximum})


def _groups(found: "Tree | str") -> Iterable[tuple[Filter, ...]]:
    for group in _branches(found):
        filters = group.get("filters", {})
        yield tuple(_filter(each) for each in _branches(filters))


def _filter(found: Tree) -> Filter:
    given = {_snake(name): value for name, value in found.items()}
    for name in given:
        if name not in ("field", "value", "condition_type"):
            raise unsupported(_capitalised(name))
    value = given.get("value", "")
    return Filter(
        str(given.get("field", "")),
        value if isinstance(value, str) else ",".join(str(v) for v in value.values()),
        str(given.get("condition_type", "eq")),
    )


def _sorts(found: "Tree | str") -> Iterable[tuple[str, str]]:
    for each in _branches(found):
        direction = str(each.get("direction", "DESC")).upper()
        if direction not in ("ASC", "DESC"):
            raise bad_request(
                "The sort order has to be specified as %1 for ascending order "
                "or %2 for descending order.",
                ["ASC", "DESC"],
            )
        yield str(each.get("field", "")), direction


def _branches(found: "Tree | str") -> Iterable[Tree]:
    if isinstance(found, str):
        return []
    return [each for each in found.values() if isinstance(each, dict)]


def _whole(found: "Tree | str | None", name: str) -> int | None:
    if found is None:
        return None
    text = str(found).strip()
    if not re.fullmatch(r"[+-]?\d+", text):
        raise wrong_type(text, "int", name)
    return int(text)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def _capitalised(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
