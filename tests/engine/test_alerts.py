from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import socketserver
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.assembly import assemble_alerts
from kashmag.engine.alerting import news
from kashmag.engine.alerts import SIGNATURE, EmailAlerts, LogAlerts, WebhookAlerts, as_text
from kashmag.engine.grouping import Group
from kashmag.errors import Remedy, RemoteError, SettingsError
from kashmag.plans.events import AlertRaised
from kashmag.plans.policy import Adjustments, Nominals
from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.settings import Secret, Settings
from kashmag.settings.connections import AlertSettings
from kashmag.testing.worlds import BEGINNING, POLICY, World

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def group(code: str, count: int) -> Group:
    return Group(
        code, count=count, remedy="do", what_to_do=Remedy.ASK_A_PERSON, example="x", numbers=("1",)
    )


counts = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9))


@settings(max_examples=40)
@given(st.lists(counts, max_size=12), st.integers(0, 5))
def test_every_group_is_told_when_it_appears_and_when_it_is_gone_and_never_in_between(
    runs: list[dict[str, int]], hours: int
) -> None:
    told, known = {}, set()
    for n, waiting in enumerate(runs):
        now = NOW + timedelta(hours=hours * n)
        groups = [group(code, count) for code, count in waiting.items()]
        alert, told = news(groups, told, now=now)
        assert {g.code for g in (alert.new if alert else ())} == set(waiting) - known
        assert set(alert.recovered if alert else ()) == known - set(waiting)
        again, same = news(groups, told, now=now)
        assert again is None
        assert same == told
        known = set(waiting)


def test_what_grows_is_told_again_only_after_a_pause() -> None:
    _, told = news([group("a", 1)], {}, now=NOW)
    alert, told = news([group("a", 5)], told, now=NOW + timedelta(hours=1))
    assert alert is None
    alert, told = news([group("a", 5)], told, now=NOW + timedelta(hours=5))
    assert alert
    assert [(g.code, g.count, g.since) for g in alert.grown] == [("a", 5, NOW)]


async def test_a_run_with_news_tells_it_once_and_says_when_it_is_over(tmp_path: Path) -> None:
    policy = evolve(POLICY, go_live=BEGINNING.date())
    right = evolve(policy, adjustments=Adjustments.NO_VAT, nominals=Nominals(adjustments=4300))
    async with World(tmp_path, policy=policy) as world:
        world.shop.load_recorded()
        alerts = []
        for each in (policy, policy, right):
            async with world.engine(policy=each) as engine:
                found = [e async for e in engine.sync("orders") if isinstance(e, AlertRaised)]
                alerts.append(found)
    assert "adjustment_held" in {g.code for g in alerts[0][0].new}
    assert alerts[1] == []
    assert "adjustment_held" in alerts[2][0].recovered
    assert "Recovered: adjustment_held" in as_text(alerts[2][0])


def test_a_web_hook_is_signed_so_that_the_receiver_can_tell(caplog) -> None:
    received = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            received.append((self.headers[SIGNATURE], self.rfile.read(length)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.handle_request, daemon=True).start()
    alert = AlertRaised(NOW, new=(), recovered=("refused",))
    hook = WebhookAlerts(f"http://127.0.0.1:{server.server_port}/hook", "shared")
    hook.kashmag_observe(alert)
    for thread in threading.enumerate():
        if thread.name == "kashmag-alert":
            thread.join(10)
    server.server_close()
    ((signed, body),) = received
    time, _, mac = signed.partition(",v1=")
    expected = hmac.new(b"shared", time[2:].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert mac == expected
    assert json.loads(body)["recovered"] == ["refused"]
    assert "shared" not in repr(hook)
    LogAlerts().kashmag_observe(alert)
    assert "recovered: refused" in caplog.text


def test_alerts_leave_over_https_only() -> None:
    with pytest.raises(SettingsError, match="https only"):
        WebhookAlerts("http://hooks.example/x", "s")


class MailServer(socketserver.StreamRequestHandler):
    """As much of SMTP as one message needs, on loopback."""

    received: ClassVar[list[str]] = []

    def handle(self) -> None:
        self._say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            match line.split()[0].upper():
                case "EHLO":
                    self._say("250 mail.example")
                case "DATA":
                    self._say("354 go on")
                    self.received.append(self._message())
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 yes")

    def _message(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        return "\n".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def test_an_alert_goes_out_by_mail() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), MailServer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        port = server.server_address[1]
        mail = EmailAlerts(
            "127.0.0.1",
            "books@shop.example",
            recipients=("clerk@shop.example",),
            port=port,
            starttls=False,
        )
        mail.kashmag_observe(AlertRaised(NOW, new=(), recovered=("refused",)))
        for thread in threading.enumerate():
            if thread.name == "kashmag-alert":
                thread.join(10)
    (message,) = MailServer.received
    assert "Subject: kashmag: recovered: refused" in message
    assert "To: clerk@shop.example" in message
    assert "Recovered: refused" in message


def test_the_settings_name_the_channels() -> None:
    told = AlertSettings(
        webhook_url="https://hooks.example/x",
        webhook_secret=Secret("shared"),
        smtp="mail.example:2525",
        sender="books@shop.example",
        recipients=("clerk@shop.example",),
    )
    log, hook, mail = assemble_alerts(Settings(alerts=told))
    assert isinstance(log, LogAlerts)
    assert isinstance(hook, WebhookAlerts)
    assert isinstance(mail, EmailAlerts)
    assert (mail.host, mail.port, mail.starttls) == ("mail.example", 2525, True)
    assert assemble_alerts(Settings()) == (LogAlerts(),)
    with pytest.raises(SettingsError, match="needs a secret"):
        assemble_alerts(Settings(alerts=evolve(told, webhook_secret=None)))


async def test_a_run_that_cannot_begin_is_told_once_and_when_it_is_over(tmp_path: Path) -> None:
    down = Faults.of(Rule(Kind.ERROR_503, path="*/orders*"), seed=1)
    policy = evolve(POLICY, go_live=BEGINNING.date())
    told: list[list[AlertRaised]] = []
    async with World(tmp_path, policy=policy, magento_faults=down) as world:
        world.shop.load_recorded()
        for flow in ("orders", "orders", "refunds", "orders", "orders"):
            # Down for the first three runs, of which one does not ask for orders first.
            found: list[AlertRaised] = []
            async with world.engine() as engine:
                with contextlib.suppress(RemoteError):
                    async for event in engine.sync(flow):
                        if isinstance(event, AlertRaised):
                            found.append(event)
            told.append(found)
            if len(told) == 3:
                world.shop.app = MagentoSandbox(clock=world.time.now).app
    first, again, other, up, silent = told
    assert [group.code for group in first[0].new] == ["run:orders"]
    assert "cannot run orders" in as_text(first[0])
    assert again == []
    assert all("run:orders" not in alert.recovered for alert in other)
    assert "run:orders" in up[0].recovered
    assert silent == []
