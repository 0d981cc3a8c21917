"""What happens on the wire, and which error says so."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest
import respx

from kashmag.errors import NoAnswerError, UnreachableError
from kashmag.rest.transport import AsgiTransport, HttpxTransport, Proxy, Timeouts, Tls
from kashmag.rest.wire import Request

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]
BRIEF = timedelta(milliseconds=200)


@contextlib.asynccontextmanager
async def listening(handle) -> AsyncIterator[str]:
    """A server that does with each connection what the test says."""

    async def handled(reader, writer):
        try:
            await handle(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(handled, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@contextlib.asynccontextmanager
async def transport(**told) -> AsyncIterator[HttpxTransport]:
    made = HttpxTransport(**told)
    try:
        yield made
    finally:
        await made.aclose()


async def read_request(reader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def test_the_target_travels_as_it_is_encoded_and_the_answer_comes_whole() -> None:
    seen = []

    async def handle(reader, writer):
        seen.append(await read_request(reader))
        writer.write(b"HTTP/1.1 418 x\r\nContent-Length: 5\r\nA: 1\r\nA: 2\r\n\r\nshort")

    async with listening(handle) as url, transport() as wire:
        request = Request("GET", f"{url}/a%2Fb%20%C3%A9", query=(("s[0]", "x y+z&~*"),))
        answer = await wire.send(request)
    assert seen[0].startswith(b"GET /a%2Fb%20%C3%A9?s%5B0%5D=x%20y%2Bz%26~%2A HTTP/1.1\r\n")
    assert (answer.status, answer.body) == (418, b"short")
    assert [v for k, v in answer.headers if k.lower() == "a"] == ["1", "2"]


async def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    seen = []

    async def handle(reader, writer):
        seen.append(await read_request(reader))
        writer.write(
            b"HTTP/1.1 302 x\r\nLocation: /there\r\nSet-Cookie: a=b; Path=/\r\n"
            b"Content-Length: 0\r\nConnection: close\r\n\r\n"
        )

    async with listening(handle) as url, transport() as wire:
        assert (await wire.send(Request("GET", url))).status == 302
        await wire.send(Request("GET", url))
    assert len(seen) == 2
    assert b"cookie" not in seen[1].lower()


async def test_no_connection_means_nothing_was_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        async with transport() as wire:
            with pytest.raises(UnreachableError) as caught:
                await wire.send(Request("POST", f"http://127.0.0.1:{port}/", body=b"{}"))
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


@pytest.mark.parametrize("url", ["nonsense://x/", "http://", "x"])
async def test_an_address_that_leads_nowhere_means_nothing_was_sent(url: str) -> None:
    async with transport(proxies_from_environment=False) as wire:
        with pytest.raises(UnreachableError):
            await wire.send(Request("POST", url))


async def test_what_is_late_by_the_time_of_its_connection_is_not_sent() -> None:
    seen = []

    async def handle(reader, writer):
        seen.append(await reader.read())

    async with listening(handle) as url, transport() as wire:
        with pytest.raises(UnreachableError):
            await wire.send(Request("POST", url, body=b"{}", is_late=lambda: True))
    assert b"".join(seen) == b""


async def test_a_connection_cut_after_the_request_leaves_its_fate_unknown() -> None:
    async def handle(reader, writer):
        await read_request(reader)

    async with listening(handle) as url, transport() as wire:
        with pytest.raises(NoAnswerError):
            await wire.send(Request("POST", url, body=b"{}"))


async def test_an_answer_cut_short_leaves_its_fate_unknown() -> None:
    async def handle(reader, writer):
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort")
        await writer.drain()

    async with listening(handle) as url, transport() as wire:
        with pytest.raises(NoAnswerError):
            await wire.send(Request("GET", url))


async def test_silence_ends_in_an_unknown_fate() -> None:
    async def handle(reader, writer):
        await reader.read()

    async with listening(handle) as url, transport() as wire:
        with pytest.raises(NoAnswerError, match=r"no answer within 0\.2 s"):
            await wire.send(Request("POST", url, timeout=BRIEF))


async def test_an_answer_that_trickles_for_ever_ends_too() -> None:
    async def handle(reader, writer):
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)

    limits = Timeouts(answer=BRIEF, connect=BRIEF)
    async with listening(handle) as url, transport(timeouts=limits) as wire:
        with pytest.raises(NoAnswerError):
            await asyncio.wait_for(wire.send(Request("GET", url)), 5)


async def test_a_full_pool_means_nothing_was_sent() -> None:
    async def handle(reader, writer):
        await reader.read()

    async with listening(handle) as url, transport(connections=1) as wire:
        first = asyncio.create_task(wire.send(Request("GET", url, timeout=timedelta(seconds=2))))
        await asyncio.sleep(0.1)
        with pytest.raises(UnreachableError):
            await wire.send(Request("POST", url, timeout=BRIEF))
        first.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await first


async def test_an_application_in_this_process_answers_without_a_socket() -> None:
    async def app(scope, receive, send):
        assert (await receive())["body"] == b"hi"
        status = 200 if scope["raw_path"] == b"/a%2Fb" else 404
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": scope["query_string"]})

    wire = AsgiTransport(app)
    answer = await wire.send(
        Request("POST", "http://shop.example/a%2Fb", query=(("a b", "c"),), body=b"hi")
    )
    await wire.aclose()
    assert (answer.status, answer.body) == (200, b"a%20b=c")


@pytest.mark.parametrize("fault", [ConnectionResetError("cut"), OSError("gone")])
async def test_an_application_that_hangs_up_leaves_its_fate_unknown(fault) -> None:
    async def app(scope, receive, send):
        raise fault

    with pytest.raises(NoAnswerError) as caught:
        await AsgiTransport(app).send(Request("POST", "http://shop.example/"))
    assert caught.value.__cause__ is fault


async def test_an_application_that_never_answers_is_given_up() -> None:
    async def app(scope, receive, send):
        await asyncio.Event().wait()

    with pytest.raises(NoAnswerError):
        await AsgiTransport(app).send(Request("GET", "http://shop.example/", timeout=BRIEF))


@respx.mock
async def test_foreign_errors_never_come_through() -> None:
    respx.get("https://shop.example/").mock(side_effect=httpx.RemoteProtocolError("odd"))
    async with transport() as wire:
        with pytest.raises((NoAnswerError, UnreachableError)):
            await wire.send(Request("GET", "https://shop.example/"))


async def test_a_proxy_is_used_and_its_password_never_shown() -> None:
    seen = []

    async def handle(reader, writer):
        seen.append(await read_request(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with listening(handle) as url:
        proxy = Proxy(url, "ann", password="swordfish")
        assert "swordfish" not in repr(proxy)
        async with transport(proxy=proxy) as wire:
            await wire.send(Request("GET", "http://shop.example/x"))
    assert seen[0].startswith(b"GET http://shop.example/x ")
    assert b"proxy-authorization: basic" in seen[0].lower()


def test_the_password_of_a_key_is_never_shown() -> None:
    assert "swordfish" not in repr(Tls(key_password="swordfish"))
