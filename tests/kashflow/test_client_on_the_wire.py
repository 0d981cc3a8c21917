"""What stands on the wire, request by request."""

import asyncio
import datetime
import json
import logging
from pathlib import Path

import httpx
import pytest
import respx

from kashmag import kashflow
from kashmag.errors import (
    BrokenError,
    InvalidError,
    NotPermittedError,
    ReadOnlyError,
    SignInError,
    UnexpectedPayloadError,
)
from kashmag.kashflow import routes
from kashmag.rest.codec import loads
from kashmag.rest.options import Options

ROOT = "https://books.test/v2"
SAMPLES = Path(__file__).parents[1] / "samples" / "kashflow"
INVOICE = (SAMPLES / "invoice_detail.json").read_bytes()
ENDED = (SAMPLES / "error_invalid_session_token.json").read_bytes()


class Books:
    """A KashFlow of which only the sessions are real."""

    def __init__(self, mock):
        self.sessions = []
        self.good = None
        mock.post(f"{ROOT}/sessiontoken").mock(side_effect=self.begin)
        mock.put(f"{ROOT}/sessiontoken").mock(side_effect=self.finish)
        mock.route().mock(side_effect=self.answer)
        self.asked = []
        self.answers = {}
        self.is_deaf = False
        self.running = self.most = 0

    async def begin(self, _):
        await asyncio.sleep(0)
        return httpx.Response(
            201,
            json={
                "TemporaryToken": "half",
                "MemorableWordList": [{"Position": n, "Value": ""} for n in (4, 1, 6)],
            },
        )

    async def finish(self, request):
        await asyncio.sleep(0)
        self.sessions.append(json.loads(request.content))
        self.good = f"token-{len(self.sessions)}"
        return httpx.Response(200, json={"SessionToken": self.good})

    async def answer(self, request):
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0.001)
        self.running -= 1
        self.asked.append(request)
        if self.is_deaf or request.headers.get("authorization") != f"KfToken {self.good}":
            return httpx.Response(401, content=ENDED)
        return self.answers.get(request.url.path, httpx.Response(200, content=INVOICE))


@pytest.fixture
def books():
    with respx.mock(assert_all_called=False) as mock:
        yield Books(mock)


@pytest.fixture
async def client():
    auth = kashflow.SignIn("shop", "pass-word", "makebelieve")
    async with kashflow.Client(ROOT, auth=auth) as opened:
        yield opened


async def test_a_call_signs_in_and_carries_its_token(books, client):
    invoice = await client.invoices.get(1042)
    (asked,) = books.asked
    assert (asked.method, str(asked.url)) == ("GET", f"{ROOT}/invoices/1042")
    assert asked.headers["authorization"] == "KfToken token-1"
    assert asked.headers["accept"] == "application/json"
    assert invoice.gross_amount == invoice.total_paid_amount


@pytest.mark.parametrize("calls", [2, 7, 40])
async def test_however_many_calls_there_is_one_sign_in(books, client, calls):
    await asyncio.gather(*(client.invoices.get(n) for n in range(1, calls + 1)))
    assert len(books.sessions) == 1


@pytest.mark.parametrize("calls", [2, 7, 40])
async def test_however_many_calls_find_the_session_ended_there_is_one_more_sign_in(
    books, client, calls
):
    await client.invoices.get(1)
    books.good = "ended"
    await asyncio.gather(*(client.invoices.get(n) for n in range(1, calls + 1)))
    assert len(books.sessions) == 2


async def test_a_session_that_is_refused_at_once_again_is_an_error(books, client):
    await client.invoices.get(1)

    books.is_deaf = True
    with pytest.raises(SignInError):
        await client.invoices.get(1)
    assert len(books.sessions) == 2


async def test_a_refused_sign_in_is_never_repeated(client):
    with respx.mock(assert_all_called=False) as mock:
        begin = mock.post(f"{ROOT}/sessiontoken").respond(
            400, json={"Error": "InvalidCredentials", "Message": "wrong"}
        )
        for _ in range(3):
            with pytest.raises(SignInError, match="InvalidCredentials"):
                await client.invoices.get(1)
        await asyncio.gather(*(client.invoices.get(n) for n in range(9)), return_exceptions=True)
        assert begin.call_count == 1


async def test_a_locked_user_is_not_signed_in_again(books, client):
    await client.invoices.get(1)
    locked = httpx.Response(401, content=(SAMPLES / "error_account_locked.json").read_bytes())
    books.answers["/v2/invoices/2"] = locked
    with pytest.raises(NotPermittedError, match="locked"):
        await client.invoices.get(2)
    assert len(books.sessions) == 1


async def test_a_read_only_client_sends_no_write(books):
    auth = kashflow.SignIn("shop", "pass-word", "makebelieve")
    async with kashflow.Client(ROOT, auth=auth, read_only=True) as client:
        with pytest.raises(ReadOnlyError):
            await client.invoices.archive([1])
        with pytest.raises(ReadOnlyError):
            await client.customers.delete("C1")
        await client.invoices.get(1042)
    assert [one.method for one in books.asked] == ["GET"]


async def test_keys_are_encoded_in_addresses(books, client):
    with pytest.raises(UnexpectedPayloadError):
        await client.customers.get("A/B C&D")
    assert books.asked[0].url.raw_path == b"/v2/customers/A%2FB%20C%26D"


async def test_filters_stand_in_the_query_in_the_words_of_the_specification(books, client):
    books.answers["/v2/invoices"] = httpx.Response(200, json={"MetaData": {}, "Data": []})
    which = kashflow.InvoiceFilter(
        customer_code="C1",
        status="Unpaid",
        issued_from=datetime.date(2026, 1, 2),
        issued_to=datetime.date(2026, 1, 3),
        search_text="M1 & co",
        archived=True,
    )
    assert [row async for row in client.invoices.matching(which)] == []
    assert dict(books.asked[0].url.params) == {
        "page": "1",
        "perpage": "200",
        "sortby": "Number",
        "order": "Asc",
        "customercode": "C1",
        "statusfilter": "Unpaid",
        "issuedatefrom": "2026-01-02",
        "issuedateto": "2026-01-03",
        "searchtext": "M1 & co",
        "archived": "true",
    }


async def test_an_assumption_changes_what_is_asked(books):
    auth = kashflow.SignIn("shop", "pass-word", "makebelieve")
    believed = kashflow.Assumptions(query_date="%Y%m%d", page_size=50, sorts_by_name=False)
    books.answers["/v2/invoices"] = httpx.Response(200, json={"MetaData": {}, "Data": []})
    async with kashflow.Client(ROOT, auth=auth, assumptions=believed) as client:
        which = kashflow.InvoiceFilter(issued_from=datetime.date(2026, 1, 2))
        assert [row async for row in client.invoices.matching(which)] == []
    assert dict(books.asked[0].url.params) == {
        "page": "1", "perpage": "50", "sortby": "0", "order": "Asc", "issuedatefrom": "20260102"
    }  # fmt: skip


@pytest.mark.parametrize(
    "link",
    [
        "/v2/documents/invoice/8e51",
        "v2/documents/invoice/8e51",
        "https://api.kashflow.com/v2/documents/invoice/8e51",
        "https://somewhere-else.test/v2/documents/invoice/8e51",
    ],
)
async def test_a_document_is_asked_of_our_own_account_only(books, client, link):
    pdf = httpx.Response(200, content=b"%PDF-1.4", headers={"Content-Type": "application/pdf"})
    books.answers["/v2/documents/invoice/8e51"] = pdf
    assert await client.documents.get(link) == b"%PDF-1.4"
    assert str(books.asked[0].url) == f"{ROOT}/documents/invoice/8e51"
    assert "pdf" in books.asked[0].headers["accept"]


async def test_a_page_instead_of_a_document_is_no_document(books, client):
    books.answers["/v2/documents/invoice/8e51"] = httpx.Response(200, html="<p>hello</p>")
    with pytest.raises(UnexpectedPayloadError, match="text/html"):
        await client.documents.get("/v2/documents/invoice/8e51")
    with pytest.raises(ValueError, match="permalink"):
        await client.documents.get("https://books.test/elsewhere")


async def test_any_route_can_be_called_with_types(books, client):
    books.answers["/v2/invoices/topdue"] = httpx.Response(200, json=[{"Id": 1, "Number": "9"}])
    wanted = routes.read(tuple[kashflow.InvoiceDue, ...], "/invoices/topdue")
    (due,) = await client.send(wanted, Options(headers={"X-Trace": "1"}))
    assert due.number == 9
    assert books.asked[0].headers["x-trace"] == "1"


async def test_html_instead_of_json_is_said_as_such(books, client):
    books.answers["/v2/invoices/1"] = httpx.Response(200, html="<p>maintenance</p>")
    with pytest.raises(UnexpectedPayloadError, match="no JSON"):
        await client.invoices.get(1)


async def test_an_error_names_vendor_operation_and_status(books, client):
    books.answers["/v2/invoices/1"] = httpx.Response(400, json={"Error": "Bad", "Message": "no"})
    with pytest.raises(InvalidError) as caught:
        await client.invoices.get(1)
    assert str(caught.value) == "KashFlow invoices.get (400): no [Bad]"


async def test_signing_out_ends_the_session_and_the_next_call_begins_another(books, client):
    await client.sign_out()
    assert books.asked == []
    await client.invoices.get(1)
    await client.sign_out()
    assert str(books.asked[1].url) == f"{ROOT}/sessiontoken/token-1"
    await client.invoices.get(1)
    assert len(books.sessions) == 2


async def test_no_secret_is_logged_or_shown(books, client, caplog):
    caplog.set_level(logging.DEBUG, logger="kashmag")
    seen = []
    auth = kashflow.SignIn("shop", "pass-word", "makebelieve")
    async with kashflow.Client(ROOT, auth=auth, observers=(seen.append,)) as watched:
        await watched.invoices.get(1)
        books.answers["/v2/invoices/2"] = httpx.Response(400, content=b"?")
        with pytest.raises(InvalidError) as caught:
            await watched.invoices.get(2)
        shown = repr((watched, auth, seen, caught.value, str(caught.value))) + caplog.text
    for secret in ("pass-word", "makebelieve", "token-1", "half"):
        assert secret not in shown
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        (httpx.Response(201, content=INVOICE), 1042),
        (httpx.Response(200, json={}), None),
        (httpx.Response(200), None),
        (httpx.Response(200, html="<p>ok</p>"), None),
        (httpx.Response(201, json={"Number": "77"}), 77),
        (httpx.Response(201, json=78), 78),
        (httpx.Response(201, json={}, headers={"Location": f"{ROOT}/invoices/79"}), 79),
    ],
)
async def test_what_was_created_is_told_as_far_as_it_is_told(books, client, answer, number):
    books.answers["/v2/invoices"] = answer
    draft = kashflow.InvoiceDraft(
        "C1", "R", issued_date=datetime.date(2026, 1, 1), due_date=datetime.date(2026, 1, 1),
        line_items=(),
    )  # fmt: skip
    created = await client.send(kashflow.invoices.create(draft))
    assert created.number == number
    assert (created.invoice is not None) == (number == 1042)


async def test_an_idle_session_is_renewed_before_its_hour_is_over(books, turned):
    auth = kashflow.SignIn("shop", "pass-word", "makebelieve")
    async with kashflow.Client(ROOT, auth=auth, clock=turned.clock) as client:
        await client.invoices.get(1)
        for _ in range(5):
            turned.time += 30 * 60  # in use: the session slides
            await client.invoices.get(1)
        assert len(books.sessions) == 1
        turned.time += 55 * 60
        await client.invoices.get(1)
    assert len(books.sessions) == 2
    assert {one.headers["authorization"] for one in books.asked} == {
        "KfToken token-1", "KfToken token-2"
    }  # fmt: skip
    assert len(books.asked) == 7


async def test_a_database_that_timed_out_is_asked_again_for_reads_only(books, turned):
    auth = kashflow.SignIn("shop", "pass-word", "makebelieve")
    timed_out = httpx.Response(400, content=(SAMPLES / "error_sql_timeout.json").read_bytes())
    books.answers = {"/v2/invoices/1": timed_out, "/v2/customers/C1": timed_out}
    async with kashflow.Client(ROOT, auth=auth, clock=turned.clock) as client:
        with pytest.raises(BrokenError):
            await client.invoices.get(1)
        reads = len(books.asked)
        assert sum(turned.slept) > 10
        with pytest.raises(BrokenError):
            await client.send(kashflow.invoices.replace(1, kashflow_invoice()))
    assert (reads, len(books.asked)) == (5, 6)


def kashflow_invoice():
    return kashflow.codec.read(kashflow.Invoice, loads(INVOICE))


async def test_at_most_six_calls_are_under_way_at_once(books, client):
    await asyncio.gather(*(client.invoices.get(n) for n in range(40)))
    assert 2 <= books.most <= 6
    assert len(books.asked) == 40


async def test_a_server_that_asks_for_quiet_gets_it(books, turned):
    auth = kashflow.SignIn("shop", "pass-word", "makebelieve")
    busy = httpx.Response(429, headers={"Retry-After": "7"}, json={"Error": "X", "Message": "y"})
    answers = iter([busy, httpx.Response(200, content=INVOICE)])

    class Busy(dict):
        def get(self, path, default):
            return next(answers) if path == "/v2/invoices/1" else default

    books.answers = Busy()
    async with kashflow.Client(ROOT, auth=auth, clock=turned.clock) as client:
        assert (await client.invoices.get(1)).number == 1042
    assert max(turned.slept) >= 7


class Gateway:
    """Another way of proving who calls, as one of IRIS's other products might want it."""

    def sign(self, request, credential):
        assert credential is None
        return request.with_headers({"Authorization": "Bearer from-elsewhere"})

    def sign_in(self, root):
        return None


async def test_authentication_is_an_interface(books):
    books.is_deaf = True
    async with kashflow.Client(ROOT, auth=Gateway()) as client:
        with pytest.raises(SignInError):
            await client.invoices.get(1)
    assert books.sessions == []
    assert books.asked[0].headers["authorization"] == "Bearer from-elsewhere"
