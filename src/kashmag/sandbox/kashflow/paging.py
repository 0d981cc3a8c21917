"""Pages: `{MetaData, Data}`, sorted, counted, linked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias
from urllib.parse import urlencode

from attrs import field, frozen

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.routing import Request
from kashmag.sandbox.kashflow.wire import ZERO

SortKey: TypeAlias = Callable[[Record], Any]


@frozen
class Sorting:
    """The sort keys of one list: by the vendor's number, and by name in any letter case."""

    by_number: Mapping[int, str]
    keys: Mapping[str, SortKey]
    """Names in lower case."""
    unique: SortKey
    """Breaks ties, unless the account shuffles them."""
    default: str = field(kw_only=True)
    parameter: str = field(default="sortby", kw_only=True)


def sort(account: Account, request: Request, rows: Sequence[Record], by: Sorting) -> list[Record]:
    """The rows in the order that was asked for.

    Raises:
        Refusal: 400, there is no such sort key.
    """
    key = by.keys[_sort_name(account, request, by)]
    if account.switches.shuffle_ties:
        mixed = account.dice.sample(rows, len(rows))
    else:
        mixed = sorted(rows, key=by.unique)
    return sorted(mixed, key=key, reverse=request.query.get("order", "asc") == "desc")


def _sort_name(account: Account, request: Request, by: Sorting) -> str:
    asked = str(request.query.get(by.parameter, by.default)).lower()
    name = by.by_number.get(int(asked), "") if asked.isdecimal() else asked
    if name.lower() not in by.keys:
        raise account.invalid(f"there is no sort key {asked!r}")
    return name.lower()


def page(
    account: Account,
    request: Request,
    rows: Sequence[Record],
    show: Callable[[Record], Record],
    *,
    default: int,
    total: Decimal = ZERO,
    extra: Mapping[str, object] | None = None,
) -> Record:
    """The page that was asked for; beyond the last one it is empty.

    Raises:
        Refusal: 400, page or size are impossible.
    """
    number, size = request.query.get("page", 1), _size(account, request, default)
    if number < 1:
        raise account.invalid(f"page must be 1 or more: {number}")
    last = max(1, -(-len(rows) // size))
    shown = rows[(number - 1) * size : number * size]

    def link(to: int) -> str:
        return _link(account, request, to, size)

    return {
        "MetaData": {
            **(extra or {}),
            "TotalRecords": len(rows),
            "FirstPageUrl": link(1),
            "LastPageUrl": link(last),
            "PreviousPageUrl": link(number - 1) if number > 1 else None,
            "NextPageUrl": link(number + 1) if number < last else None,
            "TotalAmount": total,
            "InvoiceLimitReached": False,
        },
        "Data": [show(row) for row in shown],
    }


def _size(account: Account, request: Request, default: int) -> int:
    size: int = request.query.get("perpage", default)
    if size < 1:
        raise account.invalid(f"perpage must be 1 or more: {size}")
    most = account.switches.max_perpage
    if size <= most or size == default or request.query.get("skipperpagevalidation"):
        return size
    if account.switches.over_max_perpage == "clamp":
        return most
    raise account.invalid(f"perpage must be {most} or less: {size}")


def _link(account: Account, request: Request, number: int, size: int) -> str:
    others = {k: v for k, v in request.query.items() if k not in ("page", "perpage")}
    query = urlencode({"page": number, "perpage": size, **{k: _text(v) for k, v in others.items()}})
    url = f"{request.url}?{query}"
    if account.switches.page_links == "absolute":
        return url
    return "/" + url.split("/", 3)[3]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
