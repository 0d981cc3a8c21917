"""A census from outside: counted at the shop, by its back door, and asked of the command line.

Every order and memo of the shop (committed late, unreadable, not permitted, edited, cancelled,
refunded between runs) has one outcome in `why --json`; an alert has arrived for each cause that
needed a person, once, and once more when it was over; runs without news were silent.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.sandbox.magento.settings import ORDERS_ONLY

SECRET = "shared between us"
OUTCOMES = {"posted", "skipped", "held", "failed"}


class Receiver(BaseHTTPRequestHandler):
    """Whoever is told of alerts; refuses what is not signed."""

    received: list[dict] = []  # noqa: RUF012 - emptied by the fixture

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time, _, mac = self.headers["X-Kashmag-Signature"].removeprefix("t=").partition(",v1=")
        wanted = hmac.new(SECRET.encode(), time.encode() + b"." + body, hashlib.sha256)
        fresh = abs(datetime.now(UTC).timestamp() - int(time)) < 300
        good = fresh and hmac.compare_digest(mac, wanted.hexdigest())
        if good:
            self.received.append(json.loads(body))
        self.send_response(204 if good else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def alerts(monkeypatch):
    """What arrives at a web hook on loopback."""
    Receiver.received.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/hook"
        monkeypatch.setenv("KASHMAG_ALERTS_WEBHOOK_URL", url)
        monkeypatch.setenv("KASHMAG_ALERTS_WEBHOOK_SECRET", SECRET)
        yield Receiver.received
        server.shutdown()


def arrived(alerts):
    """What has arrived since this was last asked, when all of it is here."""
    for thread in threading.enumerate():
        if thread.name == "kashmag-alert":
            thread.join(20)
    found = list(alerts)
    alerts.clear()
    return found


def stamp(ago=0):
    return (datetime.now(UTC) - timedelta(seconds=ago)).strftime("%Y-%m-%d %H:%M:%S")


def another(entity_id, template, **changes):
    """An order like a recorded one, under another number."""
    order = next(o for o in recorded_documents("orders")["order"] if o["entity_id"] == template)
    number = f"{entity_id:09d}"
    told = {"entity_id": entity_id, "increment_id": number, "updated_at": stamp()}
    return {**order, **told, **changes}


def the_census(shop, kashmag):
    """Every document of the shop, and what the command line tells of it."""
    told = {}
    for kind, documents in (("order", shop.orders()), ("credit_memo", shop.credit_memos())):
        for document in documents:
            key = f"{kind}:{document['entity_id']}"
            number = document.get("increment_id") or f"#{document['entity_id']}"
            code, stories, _ = kashmag("why", number)
            mine = [one for one in stories if one["document"]["key"].endswith(key)]
            assert code == 0, key
            assert len(mine) == 1, (key, stories)
            assert mine[0]["outcome"] in OUTCOMES, key
            assert mine[0]["reason"] or mine[0]["outcome"] == "posted", key
            told[key] = mine[0]
    return told


def synced(kashmag, *flow):
    code, (run,), _ = kashmag("sync", *(flow or ("orders",)))
    outcomes = Counter(one["outcome"] for one in run["documents"])
    assert run["read"] == len(run["documents"]) == outcomes.total()
    assert {name: run[name] for name in OUTCOMES} == {name: outcomes[name] for name in OUTCOMES}
    return code, run


def run_with_too_few_permissions(kashmag, monkeypatch):
    """An integration that may read orders and nothing of theirs."""
    with monkeypatch.context() as patched:
        for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret"):
            patched.setenv(f"KASHMAG_MAGENTO_{name.upper()}", getattr(ORDERS_ONLY, name))
        return synced(kashmag)


def see_to_the_rest(kashmag):
    """A person skips all that still waits."""
    _, (queue, *_), _ = kashmag("errors", "list")
    for group in queue["groups"]:
        for number in group["numbers"]:
            kashmag("errors", "skip", number, "--reason", "seen to by hand")


def test_every_document_has_one_outcome_and_every_cause_was_told_once(
    installed, kashmag, alerts, monkeypatch, tmp_path
):
    shop, books = installed.magento, installed.kashflow
    shop.add_orders([another(90, 6, grand_total="many pounds"), another(91, 4)])
    causes, over = Counter(), Counter()

    def note(found):
        for one in found:
            causes.update(group["code"] for group in one["new"])
            over.update(one["recovered"])
        return found

    # Nothing is posted, and all of it is told.
    code, run = run_with_too_few_permissions(kashmag, monkeypatch)
    assert (code, run["failed"], run["read"]) == (5, 14, 14)
    (told,) = note(arrived(alerts))
    assert {group["code"]: group["count"] for group in told["new"]} == {
        "not_permitted": 13,
        "unreadable_record": 1,
    }
    assert books.census().invoices == 0

    # With its permissions it is over, and what needs a person now is told.
    synced(kashmag)
    (told,) = note(arrived(alerts))
    assert told["recovered"] == ["not_permitted"]
    synced(kashmag)
    assert arrived(alerts) == []

    # Between two runs: edited after posting, cancelled, refunded, and one committed late.
    posted = next(o for o in shop.orders() if o["entity_id"] == 6)
    shop.add_orders([{**posted, "grand_total": 1, "base_grand_total": 1, "updated_at": stamp()}])
    shop.cancel(91)
    refunded = shop.refund(2)
    shop.add_orders([another(50, 9, updated_at=stamp(ago=600))])
    synced(kashmag)
    note(arrived(alerts))
    synced(kashmag, "refunds")
    note(arrived(alerts))
    told = the_census(shop, kashmag)
    assert told["order:90"]["codes"] == ["unreadable_record"]
    assert told["order:91"]["outcome"] == "skipped"
    assert told["order:50"]["outcome"] == "posted"
    assert told["order:6"]["outcome"] == "held"
    assert told[f"credit_memo:{refunded['entity_id']}"]["outcome"] == "posted"
    assert books.census().duplicate_references == {}

    # A person sees to all of it: one after the other is over, and told as over.
    shop.add_orders([another(90, 9), {**posted, "updated_at": stamp()}])
    settings = (tmp_path / "kashmag.toml").read_text(encoding="utf-8")
    right = settings.replace("[policy]", '[policy]\nadjustments = "no_vat"\n', 1)
    right += "\n[policy.nominals]\nadjustments = 4000\n"
    (tmp_path / "kashmag.toml").write_text(right, encoding="utf-8")
    for _ in range(2):
        synced(kashmag)
        note(arrived(alerts))
    see_to_the_rest(kashmag)
    synced(kashmag)
    note(arrived(alerts))
    synced(kashmag)
    assert arrived(alerts) == []

    assert {"not_permitted", "unreadable_record", "adjustment_held"} <= set(causes)
    assert causes == over, "each cause is told once when it comes and once when it is over"
    assert set(causes.values()) == {1}
    the_census(shop, kashmag)
    code, (told,), _ = kashmag("audit", "verify")
    assert (code, told["whole"], told["faults"]) == (0, True, [])


def test_runs_that_cannot_begin_are_told_once_and_when_it_is_over(
    installed, kashmag, alerts, tmp_path
):
    settings = tmp_path / "kashmag.toml"
    right = settings.read_text(encoding="utf-8")
    wrong = right.replace("[policy]", "[policy]\nnominals = { goods = 4001 }", 1)
    settings.write_text(wrong, encoding="utf-8")
    assert kashmag("sync", "orders", "--dry-run")[0] == 2
    assert arrived(alerts) == []
    assert kashmag("sync", "orders")[0] == 2
    ((group,),) = [one["new"] for one in arrived(alerts)]
    assert group["code"] == "run:orders"
    assert "4001" in group["example"]
    assert kashmag("sync", "orders")[0] == 2
    assert arrived(alerts) == []
    settings.write_text(right, encoding="utf-8")
    synced(kashmag)
    (told,) = arrived(alerts)
    assert told["recovered"] == ["run:orders"]
