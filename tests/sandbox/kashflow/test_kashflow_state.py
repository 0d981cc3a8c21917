import asyncio
import json
import os
import signal
import subprocess
import sys
import time

import httpx
import pytest

from kashmag.errors import SettingsError
from kashmag.sandbox.faults import ConnectionCutError, Faults
from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.kashflow.store import Store

SERVER = """
import asyncio, sys
from pathlib import Path
from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.serving import serving

async def main():
    async with serving(KashflowSandbox(state=Path(sys.argv[1])).app) as url:
        print(url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def answered_before_the_kill(url, process):
    known = KashflowSandbox().credentials
    answered = []
    async with httpx.AsyncClient(base_url=f"{url}/v2") as client:
        begun = await client.post(
            "/sessiontoken", json={"UserName": known.user_name, "Password": known.password}
        )
        letters = [
            {"Position": c["Position"], "Value": known.memorable_word[c["Position"] - 1]}
            for c in begun.json()["MemorableWordList"]
        ]
        token = begun.json()["TemporaryToken"]
        done = await client.put(
            "/sessiontoken", json={"TemporaryToken": token, "MemorableWordList": letters}
        )
        client.headers["authorization"] = f"KfToken {done.json()['SessionToken']}"
        await client.post("/customers", json={"Code": "FERN01", "Name": "Fern"})

        async def post(number):
            line = {"Quantity": 1, "Rate": 8.3333, "VATAmount": 1.67, "NominalCode": 4000}
            body = {"CustomerCode": "FERN01", "CustomerReference": f"R-{number}"}
            try:
                reply = await client.post("/invoices", json={**body, "LineItems": [line]})
            except httpx.TransportError:
                return
            answered.append(reply.json()["CustomerReference"])
            if len(answered) == 15:
                os.kill(process.pid, signal.SIGKILL)

        await asyncio.gather(*(post(number) for number in range(40)))
    return answered


async def test_what_was_answered_survives_a_kill(tmp_path):
    state = tmp_path / "state.db"
    process = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", SERVER, str(state)], stdout=subprocess.PIPE, text=True
    )
    try:
        url = (await asyncio.to_thread(process.stdout.readline)).strip()
        answered = await answered_before_the_kill(url, process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert len(answered) >= 15
    again = KashflowSandbox(state=state)
    kept = {invoice["CustomerReference"] for invoice in again.invoices()}
    assert set(answered) <= kept
    assert again.census().duplicate_references == {}
    assert {str(invoice["GrossAmount"]) for invoice in again.invoices()} == {"10.0033"}
    again.close()


def test_a_new_stand_in_goes_on_where_the_old_one_was(open_desk, make_payment, tmp_path):
    desk = open_desk(state=tmp_path / "deep" / "state.db")
    desk.customer()
    desk.invoice(PaymentLines=[make_payment()])
    desk.invoice(Number=50)
    desk.delete("/invoices/50")
    before = desk.sandbox.invoices()
    desk.sandbox.close()
    again = open_desk(state=tmp_path / "deep" / "state.db", seed=9)
    assert again.sandbox.invoices() == before
    assert again.ask("/bankaccounts/1")["BankBalance"] == 12
    assert again.invoice()["Id"] > before[0]["Id"]
    again.sandbox.reset()
    assert again.sandbox.census().customers == 0
    assert len(again.sandbox.bank_accounts()) == 3
    again.sandbox.close()


def test_what_is_in_memory_can_be_saved_and_started_from(open_desk, make_payment, tmp_path):
    desk = open_desk()
    desk.customer()
    desk.invoice(PaymentLines=[make_payment()])
    desk.sandbox.save(tmp_path / "saved.db")
    again = open_desk(state=tmp_path / "saved.db")
    assert again.sandbox.invoices() == desk.sandbox.invoices()
    assert again.sandbox.customers() == desk.sandbox.customers()
    again.sandbox.close()
    with pytest.raises(SettingsError, match="not overwritten"):
        desk.sandbox.save(tmp_path / "saved.db")


def test_a_state_file_that_cannot_be_opened_is_a_settings_error(tmp_path):
    bad = tmp_path / "bad.db"
    bad.write_text("this is no database, but long enough to be taken for one " * 40)
    with pytest.raises(SettingsError, match="cannot be opened"):
        KashflowSandbox(state=bad)


def test_a_failed_transaction_leaves_no_trace():
    store = Store()
    with store.transaction():
        store.put("invoices", 1, {"_Customer": "a"})

    def fail():
        with store.transaction():
            store.put("invoices", 2, {"_Customer": "a"})
            store.put("invoices", 1, {"_Customer": "b"})
            store.drop("invoices", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.numbers("invoices") == [1]
    assert store.of_customer("invoices", "a") == [{"_Customer": "a"}]
    assert store.of_customer("invoices", "b") == []


def test_the_same_seed_and_the_same_requests_give_the_same_answers(open_desk, make_payment):
    def story():
        desk = open_desk(seed=3)
        desk.customer(Contacts=[{"Email": "a@example.com"}])
        desk.invoice(PaymentLines=[make_payment()])
        return json.dumps([desk.ask("/invoices/1"), desk.ask("/customers/FERN01")], default=str)

    assert story() == story()


def test_a_bad_day_is_the_same_day_twice(open_desk, make_line, make_payment):
    def story():
        desk = open_desk(seed=3)
        desk.customer(Contacts=[{"Email": "a@example.com"}])
        sandbox = KashflowSandbox(
            seed=3, clock=desk.clock, faults=Faults.named("mixed,missing_field,truncated", seed=4)
        )
        desk.sandbox, told = sandbox, []
        while not sandbox.census().sign_ins:
            try:
                desk.sign_in()
            except (ConnectionCutError, KeyError, ValueError) as trouble:
                told.append(repr(trouble))
        bodies = [{"Code": "FERN01", "Name": "Fern"}] + [
            {"CustomerCode": "FERN01", "LineItems": [make_line()], "PaymentLines": [make_payment()]}
        ] * 30
        for body in bodies:
            path = "/customers" if "Code" in body else "/invoices"
            for method, sent in (("POST", body), ("GET", None)):
                try:
                    reply = desk.raw(method, path, sent)
                    told.append((reply.status, reply.text))
                except ConnectionCutError as cut:
                    told.append(str(cut))
        return told, sandbox.app.history, sandbox.census()

    one, two = story(), story()
    assert one == two
    assert len({kind for strike in one[1] for kind in strike.kinds}) > 4


def test_simple_reads_take_less_than_half_a_millisecond_of_one_core(desk, runner):
    desk.customer()
    desk.invoice()
    headers = [(b"host", b"x"), (b"authorization", f"KfToken {desk.token}".encode())]

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        assert message.get("status", 200) == 200

    async def read(path, times):
        scope = {"type": "http", "method": "GET", "scheme": "http", "root_path": ""}
        scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers}
        for _ in range(times):
            await desk.sandbox.app(dict(scope), receive, send)

    for path in ("/v2/invoices/1", "/v2/customers/FERN01", "/v2/nominals/4000", "/v2/metadata"):
        best = 1.0
        for _ in range(3):
            begun = time.process_time()
            runner.run(read(path, 200))
            best = min(best, (time.process_time() - begun) / 200)
        assert best < 0.0005, path


def test_the_page_shows_what_is_there_and_escapes_it(desk, make_line, make_payment):
    desk.customer(Name="<script>alert(1)</script>")
    desk.invoice(make_line(Description='"><img src=x>'), PaymentLines=[make_payment(Note="<i>")])
    page = desk.raw("GET", "/", root="").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img" not in page
    assert "<i>" not in page
    assert "12.00" in page
    assert "http" not in page
