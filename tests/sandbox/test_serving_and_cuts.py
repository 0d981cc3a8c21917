import httpx
import pytest

from kashmag.sandbox.faults import ConnectionCutError, Faults, Kind, Rule
from kashmag.sandbox.serving import serving


class Counter:
    """An application that counts what it has carried out."""

    def __init__(self):
        self.done = 0

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        self.done += 1
        body = b'{"Number": 1, "Amount": 117.5000}'
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": body})


CUTS = [Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.TRUNCATED]


@pytest.mark.parametrize("kind", CUTS)
async def test_a_cut_over_a_socket_is_a_real_cut_without_an_answer(kind):
    counter = Counter()
    app = Faults.of(Rule(kind, first=2, last=2)).wrap(counter)
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        assert (await client.post("/x")).status_code == 201
        with pytest.raises(httpx.TransportError) as cut:
            await client.post("/x")
        assert isinstance(cut.value, httpx.RemoteProtocolError | httpx.ReadError)
        assert (await client.post("/x")).status_code == 201
    assert counter.done == (2 if kind is Kind.CUT_BEFORE else 3)


@pytest.mark.parametrize("kind", CUTS)
async def test_a_cut_in_process_raises_a_connection_reset(kind):
    counter = Counter()
    transport = httpx.ASGITransport(Faults.of(Rule(kind)).wrap(counter))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        with pytest.raises(ConnectionResetError) as cut:
            await client.post("/x")
    assert isinstance(cut.value, ConnectionCutError)
    assert counter.done == (0 if kind is Kind.CUT_BEFORE else 1)


async def test_several_applications_serve_in_one_loop_on_loopback_only():
    async with serving(Counter()) as one, serving(Counter()) as two, httpx.AsyncClient() as client:
        assert one != two
        assert one.startswith("http://127.0.0.1:")
        assert {(await client.get(url)).status_code for url in (one, two)} == {201}
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(one)


async def test_a_taken_port_is_an_os_error():
    async with serving(Counter()) as url:
        with pytest.raises(OSError, match="in use"):
            async with serving(Counter(), port=int(url.rpartition(":")[2])):
                pass
