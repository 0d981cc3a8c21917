"""Search criteria: read from the query as PHP reads it, applied as MySQL applies it.

Groups are ANDed, the filters of one group ORed; an unknown condition acts as equality; page 0 is
page 1, a page size of 0 is no limit. Sources: recorded exchanges (`orders_search_*`, `err_*`,
`lim_*`). Which fields exist is `columns`'s, what is listed is `listing`'s.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import unquote_plus

from attrs import field, frozen

from kashmag.sandbox.magento.answers import (
    bad_request,
    internal_error,
    required,
    unsupported,
    wrong_type,
)
from kashmag.sandbox.magento.documents import Document, Value

Tree = dict[str, "Tree | str"]
Test = Callable[[Value], bool]

_PART: Final = re.compile(r"\[([^\]]*)\]")
_DATE: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d))?)?")
_STAMP: Final = len("2026-01-01 00:00:00")
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


def matcher(criteria: Criteria) -> Callable[[Document], bool]:
    """Compile the criteria into one test of a document."""
    groups = [_group_test(group) for group in criteria.groups]
    if len(groups) == 1:
        return groups[0]
    return lambda document: all(test(document) for test in groups)


def _group_test(group: Sequence[Filter]) -> Callable[[Document], bool]:
    tests: list[tuple[str, list[Test]]] = []
    ranges: dict[str, list[Test]] = {}
    for each in group:
        test = _condition(each.condition, each.value)
        # `from` and `to` on one field in one group become a single range.
        if each.condition in ("from", "to") and each.name in ranges:
            ranges[each.name].append(test)
            continue
        tests.append((each.name, [test]))
        if each.condition in ("from", "to"):
            ranges[each.name] = tests[-1][1]
    if len(tests) == 1 and len(tests[0][1]) == 1:
        name, (only,) = tests[0]
        return lambda document: only(document.get(name))
    return lambda document: any(
        all(test(document.get(name)) for test in each) for name, each in tests
    )


_COMPARED: Final[Mapping[str, Callable[[int], bool]]] = {
    "eq": lambda order: order == 0,
    "neq": lambda order: order != 0,
    "gt": lambda order: order > 0,
    "lt": lambda order: order < 0,
    "gteq": lambda order: order >= 0,
    "moreq": lambda order: order >= 0,
    "from": lambda order: order >= 0,
    "lteq": lambda order: order <= 0,
    "to": lambda order: order <= 0,
}


def _condition(condition: str, value: str) -> Test:
    if condition == "null":
        return lambda held: held is None
    if condition == "notnull":
        return lambda held: held is not None
    test = _text_condition(condition, value)
    if test is None:
        # An unknown condition falls through to equality: err_bad_cond.
        agrees = _COMPARED.get(condition, _COMPARED["eq"])
        operand = _Operand(value)
        return lambda held: held is not None and agrees(operand.order(held))
    return lambda held: held is not None and test(held)


def _text_condition(condition: str, value: str) -> Test | None:
    if condition in ("like", "nlike"):
        pattern = _like(value)
        is_wanted = condition == "like"
        return lambda held: bool(pattern.fullmatch(_text(held))) is is_wanted
    if condition in ("in", "nin"):
        members = [_Operand(part.strip()) for part in value.split(",")]
        is_in = condition == "in"
        return lambda held: any(member.order(held) == 0 for member in members) is is_in
    if condition in ("finset", "nfinset"):
        wanted, is_found = value.lower(), condition == "finset"
        return lambda held: (wanted in _text(held).lower().split(",")) is is_found
    if condition == "regexp":
        try:
            expression = re.compile(value, re.IGNORECASE)
        except re.error as fault:
            raise internal_error("webapi-regexp") from fault
        return lambda held: bool(expression.search(_text(held)))
    return None


def _like(value: str) -> re.Pattern[str]:
    wild = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in value)
    return re.compile(wild, re.IGNORECASE | re.DOTALL)


def _text(held: Value) -> str:
    if isinstance(held, bool):
        return "1" if held else "0"
    if isinstance(held, list):
        return ",".join(str(each) for each in held)
    return str(held)


class _Operand:
    """The value of a condition, read beforehand in every way that a column may want it."""

    def __init__(self, value: str) -> None:
        number = _leading_number(value)
        self._number: int | Decimal = int(number) if number == int(number) else number
        # Garbage compares as the zero date, so that nearly everything is later.
        self._moment = _moment(value)
        self._text = value.lower().rstrip()

    def order(self, held: Value) -> int:
        """Compare what is stored with the value as MySQL would: by number, date, or text."""
        if isinstance(held, int | Decimal):
            return (held > self._number) - (held < self._number)
        text = _text(held)
        if len(text) == _STAMP and _DATE.fullmatch(text):
            return (text > self._moment) - (text < self._moment)
        left = text.lower().rstrip()
        return (left > self._text) - (left < self._text)


def _leading_number(value: str) -> Decimal:
    match = re.match(r"\s*[+-]?\d*\.?\d+(?:[eE][+-]?\d{1,3})?", value)
    try:
        return Decimal(match[0].strip()) if match else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


def _moment(value: str) -> str:
    match = _DATE.match(value.strip())
    if match is None:
        return ""
    year, month, day, hour, minute, second = match.groups()
    return (
        f"{year}-{int(month):02d}-{int(day):02d} "
        f"{int(hour or 0):02d}:{minute or '00'}:{second or '00'}"
    )


def sort_key(name: str) -> Callable[[Document], tuple[int, Value]]:
    """A key that puts absent values first and compares the rest as the database would."""

    def key(document: Document) -> tuple[int, Value]:
        held = document.get(name)
        if held is None:
            return (0, 0)
        if isinstance(held, (bool, int, Decimal)):
            return (1, held)
        return (2, _text(held).lower())

    return key
