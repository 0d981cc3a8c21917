"""A shop without end: any number of orders, each made when it is asked for, none remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from kashmag.sandbox.asgi import App
from kashmag.sandbox.json_text import write
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.magento.package_data import recorded_documents

BEGAN: Final = datetime(2025, 1, 1, tzinfo=UTC)
APART: Final = timedelta(seconds=20)
NUMBERS: Final = ("entity_id", "increment_id", "customer_email", "updated_at")
Search = list[tuple[str, str, str]]


class EndlessShop:
    """An ASGI application; every hundredth order is to be posted, or every `posts`th.

    What is not an order, an invoice or a credit memo is asked of the sandbox.
    """

    def __init__(self, total: int, *, posts: int = 100) -> None:
        self.total, self.posts = total, posts
        told = {one["entity_id"]: one for one in recorded_documents("orders")["order"]}
        # Paid by nothing that has to be waited for; waiting for its payment; cancelled.
        self._moulds = [_mould(told[9]), _mould(told[4]), _mould(told[7])]
        self._other: App = MagentoSandbox().app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"].rpartition("/V1/")[2]
        if path not in {"orders", "invoices", "creditmemos"}:
            await self._other(scope, receive, send)
            return
        query = dict(parse_qsl(scope["query_string"].decode()))
        rows, count = self._orders(query) if path == "orders" else ([], 0)
        body = b'{"items":[%s],"total_count":%d}' % (b",".join(rows), count)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def order(self, entity_id: int) -> bytes:
        """One order as it is served."""
        mould = self._moulds[0 if entity_id % self.posts == 0 else 1 + entity_id % 2]
        stamp = (BEGAN + entity_id * APART).strftime("%Y-%m-%d %H:%M:%S")
        told = (str(entity_id), f"{entity_id:09d}", f"buyer{entity_id}@example.com", stamp)
        for name, value in zip(NUMBERS, told, strict=True):
            mould = mould.replace(f"@{name}@".encode(), value.encode())
        return mould

    def _orders(self, query: dict[str, str]) -> tuple[list[bytes], int]:
        size = int(query.get("searchCriteria[pageSize]", "20"))
        if query.get("searchCriteria[sortOrders][0][direction]") == "DESC":
            page = int(query.get("searchCriteria[currentPage]", "1"))
            return [self.order(self.total + 1 - page)], self.total
        found = self._matching(_search(query))
        return [self.order(one) for one in found[:size]], len(found)

    def _matching(self, search: Search) -> range | list[int]:
        low, high, listed = 1, self.total, None
        for name, condition, value in search:
            match name, condition:
                case "entity_id", "gt":
                    low = max(low, int(value) + 1)
                case "entity_id", "lteq":
                    high = min(high, int(value))
                case "entity_id", "in":
                    listed = sorted(int(one) for one in value.split(","))
                case "updated_at", "gteq":
                    at = datetime.fromisoformat(value).replace(tzinfo=UTC)
                    low = max(low, -((BEGAN - at) // APART))
                case _:
                    raise AssertionError(f"the endless shop does not know {name} {condition}")
        if listed is not None:
            return [one for one in listed if low <= one <= high]
        return range(low, high + 1)


def _search(query: dict[str, str]) -> Search:
    found: Search = []
    group = 0
    while (start := f"searchCriteria[filter_groups][{group}][filters][0]") + "[field]" in query:
        found.append(
            (
                query[f"{start}[field]"],
                query[f"{start}[condition_type]"],
                query[f"{start}[value]"],
            )
        )
        group += 1
    return found


def _mould(order: dict[str, Any]) -> bytes:
    """An order's JSON, with holes where one order differs from another."""
    cast = {**order, "entity_id": "@entity_id@"}
    cast |= {name: f"@{name}@" for name in NUMBERS if name != "entity_id"}
    data = write(cast)
    assert all(f"@{name}@".encode() in data for name in NUMBERS)
    return data.replace(b'"@entity_id@"', b"@entity_id@")
