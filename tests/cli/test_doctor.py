"""The doctor between two stand-ins: each thing that is wrong is one finding with its remedy."""

import asyncio
import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kashmag import kashflow
from kashmag.cli.examining import _clock
from kashmag.cli.filed_returns import about_returns
from kashmag.cli.findings import Code, Level
from kashmag.cli.permissions import PERMISSIONS
from kashmag.kashflow.assumptions import names
from kashmag.rest.wire import Response
from kashmag.sandbox.magento.settings import ORDERS_ONLY

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def findings(told, **wanted):
    return [one for one in told["findings"] if all(one[k] == v for k, v in wanted.items())]


@pytest.fixture
def orders_only(installed, monkeypatch):
    """The same shop, by an integration that may read orders and nothing else."""
    for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret"):
        monkeypatch.setenv(f"KASHMAG_MAGENTO_{name.upper()}", getattr(ORDERS_ONLY, name))
    return installed


def test_every_permission_is_looked_at_and_all_is_well(installed, kashmag):
    code, (told,), _ = kashmag("doctor")
    assert (code, told["ok"]) == (0, True)
    subjects = {one["subject"] for one in findings(told, code="permission", level="ok")}
    assert subjects >= {f"magento: {one.name}" for one in PERMISSIONS}
    assert subjects >= {"kashflow: customers", "kashflow: products", "kashflow: nominals"}
    assert {one["code"] for one in told["findings"]} <= {one.value for one in Code}


def test_a_permission_that_is_missing_is_a_fault_only_where_the_settings_need_it(
    orders_only, kashmag, tmp_path
):
    code, (told,), _ = kashmag("doctor")
    assert code == 2
    faults = {one["subject"]: one for one in findings(told, level="fault")}
    assert set(faults) == {"magento: store views", "magento: invoices", "magento: credit memos"}
    assert "Magento_Sales::sales_invoice" in faults["magento: invoices"]["remedy"]
    assert "Sales > Operations > Invoices" in faults["magento: invoices"]["remedy"]
    assert {one["code"] for one in faults.values()} == {"permission"}
    (products,) = findings(told, subject="magento: products")
    assert products["level"] == "ok"
    assert "sync stock" in products["message"]
    settings = tmp_path / "kashmag.toml"
    settings.write_text(
        settings.read_text().replace("[policy]", '[policy]\nmargin_tax_classes = ["7"]', 1)
    )
    _, (told,), _ = kashmag("doctor")
    faults = {one["subject"]: one for one in findings(told, level="fault")}
    assert {"magento: products", "magento: tax classes"} <= set(faults)
    assert "policy.margin_tax_classes" in faults["magento: products"]["remedy"]


def test_that_customers_may_be_changed_in_the_shop_is_unchecked_where_the_settings_need_it(
    installed, kashmag, tmp_path
):
    assert not findings(kashmag("doctor")[1][0], code="writing", subject="magento: customers")
    settings = tmp_path / "kashmag.toml"
    with settings.open("a", encoding="utf-8") as file:
        file.write('\n[policy.customers]\nwrite_back = ["name"]\n')
    (told,) = findings(kashmag("doctor")[1][0], code="writing", subject="magento: customers")
    assert told["level"] == "unchecked"
    assert "Magento_Customer::manage" in told["message"]


def test_every_assumption_is_checked_or_said_to_be_unchecked(installed, kashmag):
    kashmag("sync", "orders")
    _, (told,), _ = kashmag("doctor")
    unproved = {one["subject"] for one in findings(told, code="assumption", level="unchecked")}
    for name in ("taken_number", "bulk_payments", "lag", "session_idle"):
        assert f"assumptions.{name}" in unproved
    assert len(findings(told, code="assumption")) >= len(names())


def test_a_logbook_of_another_account_is_a_fault(installed, kashmag, monkeypatch):
    kashmag("sync", "orders")
    _, (told,), _ = kashmag("doctor")
    (belongs,) = findings(told, code="logbook_belongs")
    assert belongs["level"] == "ok"
    monkeypatch.setenv("KASHMAG_ENV", "qa")
    (belongs,) = findings(kashmag("doctor")[1][0], code="logbook_belongs")
    assert belongs["level"] == "fault"
    assert "(qa)" in belongs["message"]


def test_what_looks_like_a_hook_and_is_none_is_told(installed, kashmag, tmp_path):
    (tmp_path / "our_rules.py").write_text(
        "from kashmag import hookimpl\n\n\n"
        "@hookimpl\nasync def kashmag_object(sale):\n    return ()\n\n\n"
        "def kashmag_ask(sale):\n    return ()\n"
    )
    settings = tmp_path / "kashmag.toml"
    settings.write_text('rules = ["./our_rules.py"]\n' + settings.read_text())
    _, (told,), _ = kashmag("doctor")
    (answers,) = findings(told, subject="rules: our_rules", level="ok")
    assert answers["message"] == "answers kashmag_object"
    doubts = {one["message"] for one in findings(told, code="rules", level="warning")}
    assert doubts == {
        "kashmag_ask is not marked with @hookimpl: nobody calls it",
        "kashmag_object is a coroutine: hooks are blocking and pure",
    }


@pytest.mark.parametrize(
    ("ahead", "level"),
    [(0, Level.OK), (29, Level.OK), (3600, Level.WARNING), (-3600, Level.WARNING)],
)
def test_a_clock_that_is_wrong_is_told_by_how_much(ahead, level):
    theirs = datetime.now(UTC) - timedelta(seconds=ahead)
    dated = Response(200, (("Date", theirs.strftime("%a, %d %b %Y %H:%M:%S GMT")),))
    found = _clock("magento", dated)
    assert found.level is level
    if level is Level.WARNING:
        assert ("ahead of" if ahead > 0 else "behind") in found.message
    assert _clock("magento", Response(200)).level is Level.UNCHECKED
    assert _clock("magento", Response(200, (("Date", "yesterday"),))).level is Level.UNCHECKED


def row(day, *, filed, vat="2.00", number=1001):
    return kashflow.InvoiceRow(
        number, issued_date=day, vat_return_id=7 if filed else 0, net_amount=Decimal("10.00"),
        vat_amount=Decimal(vat), gross_amount=Decimal("12.00"), total_paid_amount=Decimal(0),
    )  # fmt: skip


JUNE, JULY = date(2026, 6, 30), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("rows", "stated", "level", "told"),
    [
        ([], None, Level.OK, "none is in one"),
        ([row(JUNE, filed=True)], None, Level.OK, "of 2026-06-30"),
        ([row(JUNE, filed=True), row(JULY, filed=False)], JUNE, Level.OK, "agree"),
        ([row(JULY, filed=True)], JUNE, Level.WARNING, "invoice 1001 of 2026-07-01 is in a VAT"),
        ([row(JUNE, filed=False)], JUNE, Level.WARNING, "in no VAT return"),
        ([row(JUNE, filed=False, vat="0")], JUNE, Level.OK, "agree"),
    ],
)
def test_stated_returns_are_compared_with_what_documents_show(rows, stated, level, told):
    found = about_returns(rows, stated)
    assert found.level is level
    assert told in found.message


class Listener:
    """A web hook that takes what it is sent."""

    def __init__(self):
        self.bodies, self.url = [], ""

    async def serve(self, ready, done):
        async def take(reader, writer):
            head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
            if length := re.search(rb"content-length: (\d+)", head, re.IGNORECASE):
                self.bodies.append(json.loads(await reader.readexactly(int(length[1]))))
                writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            writer.close()

        async def quietly(reader, writer):
            try:
                await take(reader, writer)
            except asyncio.IncompleteReadError:
                writer.close()  # somebody has only knocked

        server = await asyncio.start_server(quietly, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        ready.set()
        async with server:
            await asyncio.to_thread(done.wait)


@pytest.fixture
def listener():
    import threading

    one, ready, done = Listener(), threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(one.serve(ready, done)))
    thread.start()
    assert ready.wait(10)
    yield one
    done.set()
    thread.join(10)


def test_an_alert_channel_is_knocked_at_and_sent_to_only_when_asked(
    installed, kashmag, listener, monkeypatch
):
    (log_only,) = findings(kashmag("doctor")[1][0], code="alerts")
    assert "log only" in log_only["message"]
    monkeypatch.setenv("KASHMAG_ALERTS_WEBHOOK_URL", listener.url)
    monkeypatch.setenv("KASHMAG_ALERTS_WEBHOOK_SECRET", "a-made-up-secret")
    (knocked,) = findings(kashmag("doctor")[1][0], code="alerts")
    assert knocked["level"] == "ok"
    assert listener.bodies == []
    _, tried = findings(kashmag("doctor", "--send-test-alert")[1][0], code="alerts")
    assert (tried["level"], tried["message"]) == ("ok", "the test alert was taken")
    assert [one["new"][0]["code"] for one in listener.bodies] == ["test_alert"]
    monkeypatch.setenv("KASHMAG_ALERTS_WEBHOOK_URL", "http://127.0.0.1:9/hook")
    _, (told,), err = kashmag("doctor", "--send-test-alert")
    assert {one["level"] for one in findings(told, code="alerts")} == {"warning", "fault"}
    assert "a-made-up-secret" not in json.dumps(told) + err


def test_every_code_of_a_finding_is_documented():
    told = set(
        re.findall(r"^\| `(\w+)` \|", PAGE[PAGE.index("## `kashmag doctor`") :], re.MULTILINE)
    )
    assert {one.value for one in Code} <= told


def test_order_numbers_without_a_range_for_further_documents_are_pointed_out(
    installed, kashmag, tmp_path
):
    _, (told,), _ = kashmag("doctor")
    (found,) = findings(told, code="further_numbers")
    assert found["level"] == "warning"
    assert "policy.further_numbers_from" in found["remedy"]
    settings = tmp_path / "kashmag.toml"
    ranged = settings.read_text().replace("[policy]", "[policy]\nfurther_numbers_from = 1500000000")
    settings.write_text(ranged)
    _, (told,), _ = kashmag("doctor")
    assert findings(told, code="further_numbers") == []
