"""Walking through what a search finds: nothing missed, nothing twice, whatever goes wrong."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kashmag import magento
from kashmag.errors import (
    BrokenError,
    InvalidError,
    NoAnswerError,
    UnexpectedPayloadError,
)
from kashmag.magento import Criteria
from kashmag.rest.clock import Clock
from kashmag.rest.options import Options
from kashmag.rest.wire import Request, Response


class Shelf:
    """Orders by id, served as Magento serves them, with the faults that a test wants."""

    def __init__(
        self,
        ids: set[int],
        *,
        poison: frozenset[int] = frozenset(),
        limit: int = 10**9,
        make_answer: Callable[..., Response],
        repeats_last_page: bool = False,
        total: bool = True,
    ) -> None:
        self.ids = ids
        self.poison = poison
        self.limit = limit
        self.total = total
        self.answer = make_answer
        self.repeats_last_page = repeats_last_page
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        query = dict(request.query)
        size = int(query["searchCriteria[pageSize]"])
        page = int(query["searchCriteria[currentPage]"])
        if size > self.limit:
            told = {"message": "Maximum is %max", "parameters": {"max": self.limit}}
            return self.answer(told, 400)
        found = sorted(one for one in self.ids if self._matches(one, query))
        last = max(1, math.ceil(len(found) / size))
        start = ((min(page, last) if self.repeats_last_page else page) - 1) * size
        rows = found[start : start + size]
        if self.poison & set(rows):
            return self.answer({"message": "Internal Error. Report ID: webapi-1"}, 500)
        told = {"items": [{"entity_id": one, "increment_id": str(one)} for one in rows]}
        return self.answer({**told, "total_count": len(found)} if self.total else told)

    def _matches(self, one: int, query: dict[str, str]) -> bool:
        start = "searchCriteria[filter_groups][{}][filters][0]"
        group = 0
        while (key := start.format(group)) + "[field]" in query:
            value = int(query[f"{key}[value]"])
            condition = query[f"{key}[condition_type]"]
            assert query[f"{key}[field]"] == "entity_id"
            if not {"gt": one > value, "lteq": one <= value, "lt": one < value}[condition]:
                return False
            group += 1
        return True

    async def aclose(self) -> None: ...


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


def client(shelf: Shelf) -> magento.Client:
    return magento.Client(
        "https://shop.example",
        auth=magento.Bearer("x"),
        transport=shelf,
        clock=Clock(sleep=no_sleep),
    )


ids = st.sets(st.integers(1, 400), max_size=60)


@given(ids=ids, size=st.integers(1, 30), total=st.booleans())
async def test_a_walk_by_key_sees_each_row_once_in_order(make_answer, ids, size, total) -> None:
    shop = client(Shelf(ids, make_answer=make_answer, total=total))
    seen = [one.entity_id async for one in shop.orders.matching(Criteria(page_size=size))]
    assert seen == sorted(ids)


@given(ids=ids, size=st.integers(1, 30), repeats=st.booleans())
async def test_a_walk_by_page_sees_each_row_once_and_ends(make_answer, ids, size, repeats) -> None:
    shelf = Shelf(ids, make_answer=make_answer, repeats_last_page=repeats)
    criteria = Criteria(page_size=size).sorted_by("entity_id")
    seen = [one.entity_id async for one in client(shelf).orders.matching(criteria)]
    assert seen == sorted(ids)


@given(ids=ids, size=st.integers(1, 30))
async def test_old_versions_that_repeat_the_last_page_for_ever_are_left(
    make_answer, ids, size
) -> None:
    shelf = Shelf(ids, make_answer=make_answer, repeats_last_page=True, total=False)
    pages = client(shelf).orders.pages(Criteria(page_size=size))
    seen = [one.entity_id async for page in pages for one in page.items]
    assert seen == sorted(ids)


@given(
    ids=st.sets(st.integers(1, 400), min_size=1, max_size=60),
    size=st.integers(1, 64),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
async def test_broken_records_are_named_and_all_others_seen(make_answer, ids, size, data) -> None:
    poison = data.draw(st.frozensets(st.sampled_from(sorted(ids)), max_size=4))
    shelf = Shelf(ids, poison=poison, make_answer=make_answer)
    broken: list[magento.BrokenRecord] = []
    walk = client(shelf).orders.matching(
        Criteria(page_size=size), Options(retries=0), on_broken=broken.append
    )
    seen = [one.entity_id async for one in walk]
    assert seen == sorted(ids - poison)
    assert [one.key for one in broken] == sorted(poison)


@given(position=st.integers(1, 100))
@example(position=1)
@example(position=100)
@settings(max_examples=20, deadline=None)
async def test_a_broken_record_costs_few_requests(make_answer, position) -> None:
    shelf = Shelf(set(range(1, 101)), poison=frozenset({position}), make_answer=make_answer)
    walk = client(shelf).orders.matching(
        Criteria(page_size=100), Options(retries=0), on_broken=lambda _: None
    )
    assert len([one async for one in walk]) == 99
    assert len(shelf.requests) <= 2 * 7 + 8


async def test_a_broken_record_is_raised_after_all_others_if_nobody_listens(make_answer) -> None:
    shelf = Shelf(set(range(1, 30)), poison=frozenset({7, 19}), make_answer=make_answer)
    walk = client(shelf).orders.matching()
    seen = [(await anext(walk)).entity_id for _ in range(27)]
    with pytest.raises(BrokenError, match="entity_id 7, 19") as caught:
        await anext(walk)
    assert len(set(seen)) == 27
    assert caught.value.code == "webapi-1"


async def test_a_shop_that_is_down_is_no_broken_record(make_answer, make_shop) -> None:
    shop = make_shop(lambda _: make_answer({"message": "Internal Error"}, 500))
    broken: list[magento.BrokenRecord] = []
    with pytest.raises(BrokenError):
        await anext(client(shop).orders.matching(on_broken=broken.append))
    assert broken == []


async def test_maintenance_is_no_broken_record(make_shop) -> None:
    shop = make_shop(lambda _: Response(503, (("Content-Type", "text/html"),), b"<html>"))
    with pytest.raises(BrokenError):
        await anext(client(shop).orders.matching())
    assert len(shop.requests) < 20


@pytest.mark.parametrize("limit", [20, 37, 99])
@pytest.mark.parametrize("sorted_by", [(), ("entity_id",)], ids=["by key", "by page"])
async def test_the_shops_own_maximum_is_learnt_from_its_refusal(
    make_answer, limit, sorted_by
) -> None:
    shelf = Shelf(set(range(1, 251)), limit=limit, make_answer=make_answer)
    criteria = Criteria(page_size=100)
    for column in sorted_by:
        criteria = criteria.sorted_by(column)
    seen = [one.entity_id async for one in client(shelf).orders.matching(criteria)]
    assert seen == list(range(1, 251))
    assert len(shelf.requests) <= 2 + math.ceil(250 / limit)


async def test_another_refusal_is_not_taken_for_a_maximum(make_answer, make_shop) -> None:
    shop = make_shop(lambda _: make_answer({"message": "no such field"}, 400))
    with pytest.raises(InvalidError):
        await anext(aiter(client(shop).orders.matching()))
    assert len(shop.requests) == 1


async def test_a_page_too_large_to_be_answered_in_time_is_asked_for_in_parts(make_answer) -> None:
    class Slow(Shelf):
        async def send(self, request: Request) -> Response:
            if int(dict(request.query)["searchCriteria[pageSize]"]) > 30:
                self.requests.append(request)
                raise NoAnswerError("no answer within 60 s")
            return await super().send(request)

    shelf = Slow(set(range(1, 101)), make_answer=make_answer)
    seen = [one.entity_id async for one in client(shelf).orders.matching(Criteria(page_size=100))]
    assert seen == list(range(1, 101))


async def test_pages_are_asked_for_only_as_rows_are_used(make_answer) -> None:
    shelf = Shelf(set(range(1, 101)), make_answer=make_answer)
    walk = client(shelf).orders.matching(Criteria(page_size=10))
    for _ in range(10):
        await anext(walk)
    assert len(shelf.requests) == 1
    await anext(walk)
    assert len(shelf.requests) == 2
    await walk.aclose()


async def test_rows_that_come_while_we_walk_are_seen_and_none_is_skipped(make_answer) -> None:
    shelf = Shelf(set(range(1, 41)), make_answer=make_answer)
    seen = []
    async for one in client(shelf).orders.matching(Criteria(page_size=10)):
        seen.append(one.entity_id)
        if one.entity_id == 15:
            shelf.ids |= {41}
            shelf.ids -= {3, 4, 5}
    assert seen == list(range(1, 42))


async def test_a_shop_that_ignores_the_filter_is_not_walked_for_ever(
    make_answer, make_shop
) -> None:
    told = {"items": [{"entity_id": 1}, {"entity_id": 2}], "total_count": 99}
    shop = make_shop(lambda _: make_answer(told))
    with pytest.raises(
        UnexpectedPayloadError, match="beyond entity_id 2 were asked for, and 1 came"
    ):
        [one async for one in client(shop).orders.matching(Criteria(page_size=2))]
    assert len(shop.requests) == 2


@given(ids=ids, size=st.integers(1, 30), chance=st.randoms(use_true_random=False))
async def test_rows_in_any_order_and_shown_twice_are_seen_once(
    make_answer, ids, size, chance
) -> None:
    class Untidy(Shelf):
        async def send(self, request: Request) -> Response:
            answer = await super().send(request)
            told = json.loads(answer.body)
            rows = told["items"]
            rows += chance.sample(rows, len(rows) // 2)
            chance.shuffle(rows)
            return self.answer(told)

    walk = client(Untidy(ids, make_answer=make_answer)).orders.matching(Criteria(page_size=size))
    assert [one.entity_id async for one in walk] == sorted(ids)


async def test_a_shop_that_ignores_the_sort_order_skips_nothing_unsaid(make_answer) -> None:
    class Unsorted(Shelf):
        async def send(self, request: Request) -> Response:
            answer = await super().send(evolve(request, query=self._all(request)))
            told = json.loads(answer.body)
            size = int(dict(request.query)["searchCriteria[pageSize]"])
            odd_first = sorted(told["items"], key=lambda one: (one["entity_id"] % 2, 1))
            return self.answer({**told, "items": odd_first[:size]})

        def _all(self, request: Request):
            kept = [(k, v) for k, v in request.query if "pageSize" not in k]
            return (*kept, ("searchCriteria[pageSize]", "1000"))

    walk = client(Unsorted(set(range(1, 21)), make_answer=make_answer)).orders.matching(
        Criteria(page_size=13)
    )
    with pytest.raises(UnexpectedPayloadError, match="out of order"):
        await anext(walk)


@pytest.mark.parametrize("told", [[], {}, {"total_count": 0}, "x"])
async def test_an_answer_that_is_no_list_is_no_empty_list(make_answer, make_shop, told) -> None:
    shop = make_shop(lambda _: make_answer(told))
    with pytest.raises(UnexpectedPayloadError, match=r"\$\.items"):
        await client(shop).orders.page()


async def test_a_fault_in_a_row_is_told_by_its_path(make_answer, make_shop) -> None:
    told = {"items": [{"entity_id": 1}, {"entity_id": "x"}], "total_count": 2}
    shop = make_shop(lambda _: make_answer(told))
    with pytest.raises(UnexpectedPayloadError) as caught:
        await client(shop).orders.page()
    assert caught.value.paths == ("expected a number, got other text @ $.items[1].entity_id",)


async def test_only_some_fields_always_include_the_key(make_answer) -> None:
    shelf = Shelf({1, 2, 3}, make_answer=make_answer)
    criteria = Criteria(page_size=2).only("increment_id")
    assert len([one async for one in client(shelf).orders.matching(criteria)]) == 3
    assert dict(shelf.requests[0].query)["fields"] == "items[entity_id,increment_id],total_count"


async def test_count_and_first_ask_for_one_row(make_answer) -> None:
    shelf = Shelf(set(range(1, 10)), make_answer=make_answer)
    shop = client(shelf)
    assert await shop.orders.count() == 9
    first = await shop.orders.first()
    assert first is not None
    assert first.entity_id == 1
    assert {dict(one.query)["searchCriteria[pageSize]"] for one in shelf.requests} == {"1"}
    empty = client(Shelf(set(), make_answer=make_answer))
    assert await empty.orders.first() is None


def test_the_overlap_is_a_quarter_of_an_hour() -> None:
    from kashmag.magento.criteria import OVERLAP

    assert timedelta(minutes=15) == OVERLAP
