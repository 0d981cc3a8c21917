"""Walking through pages."""

from __future__ import annotations

from attrs import evolve

from kashmag.rest.operation import Effect, Operation
from kashmag.rest.paging import walk
from kashmag.rest.wire import Response


def page(number: int) -> Operation[int]:
    return Operation(
        "list",
        "GET",
        path="/list",
        query=(("page", str(number)),),
        effect=Effect.READ,
        decode=lambda response: int(response.body),
    )


async def test_pages_are_asked_for_only_as_they_are_used(make_caller, make_far) -> None:
    far = make_far(lambda request: Response(200, body=request.query[0][1].encode()))
    pages = walk(make_caller(far), page(1), lambda _, told: page(told + 1))
    assert await anext(pages) == 1
    assert len(far.requests) == 1
    assert await anext(pages) == 2
    assert len(far.requests) == 2
    await pages.aclose()


async def test_the_walk_ends_where_nothing_follows(make_caller, make_far) -> None:
    far = make_far(lambda request: Response(200, body=request.query[0][1].encode()))
    following = lambda _, told: page(told + 1) if told < 4 else None  # noqa: E731
    assert [one async for one in walk(make_caller(far), page(1), following)] == [1, 2, 3, 4]


async def test_a_circle_is_left(make_caller, make_far) -> None:
    far = make_far(lambda request: Response(200, body=request.query[0][1].encode()))
    following = lambda _, told: page(told % 3 + 1)  # noqa: E731
    assert [one async for one in walk(make_caller(far), page(1), following)] == [1, 2, 3]


def test_operations_compare_by_what_is_asked() -> None:
    assert page(1) == page(1)
    assert hash(page(1)) == hash(page(1))
    assert page(1) != page(2)
    assert evolve(page(1), scope="uk") != page(1)
