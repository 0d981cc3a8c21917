"""Search criteria applied to documents, as MySQL applies them to rows.

Text is compared without case, numbers by value, and a garbage date as the zero date. How criteria
are read from a query is `criteria`'s.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from kashmag.sandbox.magento.answers import internal_error
from kashmag.sandbox.magento.criteria import Criteria, Filter
from kashmag.sandbox.magento.documents import Document, Value

Test = Callable[[Value], bool]

_DATE: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d))?)?")
_STAMP: Final = len("2026-01-01 00:00:00")


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
