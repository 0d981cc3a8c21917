import httpx
import pytest

from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.serving import serving


async def sign_in(client, known):
    begun = await client.post(
        "/sessiontoken", json={"UserName": known.user_name, "Password": known.password}
    )
    letters = [
        {"Position": c["Position"], "Value": known.memorable_word[c["Position"] - 1]}
        for c in begun.json()["MemorableWordList"]
    ]
    body = {"TemporaryToken": begun.json()["TemporaryToken"], "MemorableWordList": letters}
    done = await client.put("/sessiontoken", json=body)
    client.headers["authorization"] = f"KfToken {done.json()['SessionToken']}"


LINE = {"Quantity": 1, "Rate": 10, "VATAmount": 2, "VATLevel": 20, "NominalCode": 4000}


@pytest.mark.parametrize(("kind", "posted"), [(Kind.CUT_BEFORE, 0), (Kind.CUT_AFTER, 1)])
async def test_an_invoice_whose_answer_was_cut_is_posted_or_not(kind, posted):
    sandbox = KashflowSandbox(faults=Faults.of(Rule(kind, method="POST", path="*/invoices")))
    async with serving(sandbox.app) as url, httpx.AsyncClient(base_url=f"{url}/v2") as client:
        await sign_in(client, sandbox.credentials)
        await client.post("/customers", json={"Code": "FERN01", "Name": "Fern"})
        with pytest.raises(httpx.TransportError):
            await client.post("/invoices", json={"CustomerCode": "FERN01", "LineItems": [LINE]})
        assert (await client.get("/invoices")).json()["MetaData"]["TotalRecords"] == posted


async def test_a_session_that_expires_in_mid_run_is_an_ordinary_401():
    sandbox = KashflowSandbox(faults=Faults.of(Rule(Kind.SESSION_EXPIRED, every=5)))
    transport = httpx.ASGITransport(sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox/v2") as client:
        await sign_in(client, sandbox.credentials)
        # It takes a while: a session does not die as it is born.
        replies = [await client.get("/metadata") for _ in range(13)]
        assert [reply.status_code for reply in replies] == [200] * 12 + [401]
        assert replies[-1].json()["Error"] == "InvalidSessionToken"
        await sign_in(client, sandbox.credentials)
        assert (await client.get("/metadata")).status_code == 200
    assert sandbox.census().sign_ins == 2


async def test_the_sql_time_out_is_a_400_with_the_number_of_the_live_one():
    sandbox = KashflowSandbox(faults=Faults.of(Rule(Kind.SQL_TIMEOUT)))
    transport = httpx.ASGITransport(sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox/v2") as client:
        reply = await client.get("/metadata")
    assert (reply.status_code, reply.json()["Error"]) == (400, "-2146232060")


def test_lag_late_commits_and_clock_skew_are_the_accounts_own(open_desk):
    desk = open_desk(faults=Faults.named("read_after_write_lag,clock_skew"))
    shown = desk.customer()
    assert shown["Code"] == "FERN01"
    assert desk.raw("GET", "/customers/FERN01").status == 404
    desk.clock.pass_by(seconds=3)
    assert desk.raw("GET", "/customers/FERN01").status == 200
    late = open_desk(faults=Faults.of(Rule(Kind.LATE_COMMIT, seconds=60)))
    late.customer()
    late.clock.pass_by(seconds=59)
    assert late.ask("/customers")["Data"] == []
    late.clock.pass_by(seconds=1)
    assert len(late.ask("/customers")["Data"]) == 1


def test_the_page_is_spared(open_desk):
    desk = open_desk(faults=Faults.of(Rule(Kind.MAINTENANCE, first=3)))
    assert desk.raw("GET", "/metadata").status == 503
    assert desk.raw("GET", "/", root="").status == 200


def test_a_poison_record_spoils_its_row_and_not_the_others(open_desk):
    desk = open_desk(faults=Faults.of(Rule(Kind.POISON_RECORD, probability=0.4), seed=5))
    for number in range(10):
        desk.raw("POST", "/customers", {"Code": f"C{number}", "Name": "x"})
    rows = desk.raw("GET", "/customers").json["Data"]
    spoilt = [row["OutstandingBalance"] == "#REF!" for row in rows]
    assert any(spoilt)
    assert not all(spoilt)
