"""Walking through lists: every row once, however the pages are cut, linked and shuffled."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.errors import InvalidError, UnexpectedPayloadError
from kashmag.kashflow import listing
from kashmag.kashflow.decipher import decipher
from kashmag.rest.authentication import Anonymous
from kashmag.rest.caller import Caller, Speech, rooted
from kashmag.rest.codec import dumps
from kashmag.rest.wire import Response

ROOT = "http://books.test/v2"


class ListingServer:
    """Serves numbered notes page by page, as unsteadily as it is told to."""

    def __init__(self, numbers, *, most=1000, links="absolute", refuses=False, seed=None):
        self.numbers = sorted(numbers)
        self.most = most
        self.links = links
        self.refuses = refuses
        self.chance = random.Random(seed) if seed is not None else None
        self.asked = []

    async def send(self, request):
        query = dict(request.query)
        page, size = int(query["page"]), int(query["perpage"])
        self.asked.append((page, size))
        if self.refuses and size > self.most:
            return Response(400, (), dumps({"Error": "X", "Message": "too many per page"}))
        size = min(size, self.most)
        rows = list(self.numbers)
        if self.chance:
            self.chance.shuffle(rows)
        told = rows[(page - 1) * size : page * size]
        following = f"/v2/x?page={page + 1}" if page * size < len(rows) else None
        meta = {"TotalRecords": len(rows)}
        if self.links == "absolute":
            meta["NextPageUrl"] = following and f"https://elsewhere.test{following}"
        elif self.links == "relative":
            meta["NextPageUrl"] = following
        body = {"MetaData": meta, "Data": [{"Number": number} for number in told]}
        return Response(200, (("Content-Type", "application/json"),), dumps(body))

    async def aclose(self):
        pass


async def walk(server, size=200):
    speech = Speech(
        vendor="KashFlow",
        root=ROOT,
        address=rooted(ROOT),
        authentication=Anonymous(),
        decipher=decipher,
    )
    first = listing.page(kashflow.Note, "x", "/x", size=size)
    caller = Caller(speech, server)
    return [row.number async for row in listing.rows(caller, first, lambda note: note.number)]


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.integers(1, 500), max_size=60),
    st.integers(1, 70),
    st.integers(1, 70),
    st.sampled_from(("absolute", "relative", "none")),
)
async def test_every_row_comes_once_and_in_order(numbers, size, most, links):
    server = ListingServer(numbers, most=most, links=links)
    assert await walk(server, size) == sorted(numbers)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(1, 500), max_size=40), st.integers(1, 20), st.integers(0, 999))
async def test_rows_that_change_places_are_never_told_twice(numbers, size, seed):
    got = await walk(ListingServer(numbers, seed=seed), size)
    assert len(got) == len(set(got))
    assert set(got) <= numbers


async def test_rows_that_were_missed_are_looked_for_again():
    servers = [ListingServer(range(60), seed=seed) for seed in range(20)]
    found = sum([len(await walk(server, 7)) for server in servers])
    # One walk through a list in random order sees about two thirds of it.
    assert found > 0.9 * 60 * 20
    assert all(len(server.asked) <= 27 for server in servers)


async def test_where_large_pages_are_refused_smaller_ones_are_asked_for():
    server = ListingServer(range(120), most=100, refuses=True)
    assert await walk(server) == list(range(120))
    assert server.asked == [(1, 200), (1, 50), (2, 50), (3, 50)]


async def test_a_list_that_is_refused_at_any_size_is_refused():
    with pytest.raises(InvalidError):
        await walk(ListingServer(range(9), most=5, refuses=True))


async def test_links_are_never_followed_to_another_host():
    server = ListingServer(range(30), links="absolute")
    assert await walk(server, 10) == list(range(30))
    assert server.asked == [(1, 10), (2, 10), (3, 10)]


def test_a_bare_array_is_a_whole_list():
    operation = listing.page(kashflow.Note, "x", "/x", size=5)
    page = operation.decode(Response(200, (), b'[{"Number": 3}, {"Number": "4"}]'))
    assert [note.number for note in page.rows] == [3, 4]
    assert page.next_url is None


def test_a_page_without_rows_or_numbers_is_an_empty_page():
    operation = listing.page(kashflow.Note, "x", "/x", size=5)
    assert operation.decode(Response(200, (), b'{"MetaData": null, "Data": null}')).rows == ()


async def test_a_row_that_cannot_be_read_keeps_nothing_back():
    class Poisoned(ListingServer):
        async def send(self, request):
            answer = await super().send(request)
            return Response(200, (), answer.body.replace(b'"Number": 13}', b'"Number": "#REF!"}'))

    server = Poisoned(range(30))
    speech = Speech(
        vendor="KashFlow", root=ROOT, address=rooted(ROOT), authentication=Anonymous(),
        decipher=decipher,
    )  # fmt: skip
    first = listing.page(kashflow.Note, "x", "/x", size=10)
    got = []

    async def take():
        async for row in listing.rows(Caller(speech, server), first, lambda note: note.number):
            got.append(row.number)

    with pytest.raises(UnexpectedPayloadError) as caught:
        await take()
    assert got == [number for number in range(30) if number != 13]
    assert caught.value.paths == ("expected a number, got other text @ $[3].number",)
    assert server.asked == [(1, 10), (2, 10), (3, 10)]


def test_a_list_that_is_no_list_is_an_unexpected_payload():
    operation = listing.page(kashflow.Note, "x", "/x", size=5)
    with pytest.raises(UnexpectedPayloadError):
        operation.decode(Response(200, (), b'"hello"'))
    with pytest.raises(UnexpectedPayloadError):
        operation.decode(Response(200, (), b'{"Data": {"Number": 1}}'))


class Overcounting(ListingServer):
    """Announces more rows than it lists, and refuses pages beyond its last."""

    async def send(self, request):
        page = int(dict(request.query)["page"])
        size = int(dict(request.query)["perpage"])
        if page > 1 and (page - 1) * size >= len(self.numbers):
            self.asked.append((page, size))
            return Response(400, (), dumps({"Error": "X", "Message": "no such page"}))
        answer = await super().send(request)
        return Response(200, (), answer.body.replace(b'"TotalRecords": 3', b'"TotalRecords": 9'))


async def test_an_announcement_of_too_many_rows_costs_little_and_hides_nothing():
    server = Overcounting(range(30), links="absolute")
    assert await walk(server, 10) == list(range(30))
    assert server.asked == [(1, 10), (2, 10), (3, 10), (4, 10)] * 2


async def test_a_page_that_is_refused_in_the_middle_is_an_error():
    class Broken(ListingServer):
        async def send(self, request):
            if dict(request.query)["page"] == "2":
                return Response(400, (), dumps({"Error": "X", "Message": "no"}))
            return await super().send(request)

    with pytest.raises(InvalidError):
        await walk(Broken(range(30)), 10)
