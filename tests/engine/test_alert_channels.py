"""Mail and web hook against real servers on loopback: only what was taken counts as taken."""

import contextlib
import hashlib
import hmac
import json
import smtplib
import socketserver
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kashmag.engine.alert_words import as_json
from kashmag.engine.alerts import SIGNATURE, EmailAlerts, LogAlerts, WebhookAlerts
from kashmag.engine.delivering import Deliveries, Failure
from kashmag.errors import (
    BrokenError,
    DeclinedError,
    NoAnswerError,
    SettingsError,
    UnreachableError,
)
from kashmag.hooks.hooks import Hooks
from kashmag.plans.events import AlertGroup, AlertRaised
from kashmag.settings.connections import MailSecurity

CERTIFICATES = Path(__file__).parent / "certificates"
AUTHORITY = str(CERTIFICATES / "authority.pem")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ALERT = AlertRaised(NOW, new=(), recovered=("refused",))
GROUP = AlertGroup("held", 2, remedy="Look.", example="two\nlines", numbers=("1", "2"), since=NOW)
GROUPED = AlertRaised(NOW, new=(GROUP,))


def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    return context


@contextlib.contextmanager
def serving(server):
    with server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


class Quiet:
    """A server to which broken handshakes are no news."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):
        pass


class WebServer(Quiet, ThreadingHTTPServer):
    pass


def web_hook(received, answer=204, *, certificate=""):
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.headers[SIGNATURE], body))
            self.send_response(answer)
            if 300 <= answer < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def do_GET(self):
            received.append(("GET", self.path))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = WebServer(("127.0.0.1", 0), Receiver)
    if certificate:
        server.socket = tls(certificate).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    return serving(server)


def test_a_web_hook_is_signed_so_that_the_receiver_can_tell():
    received = []
    with web_hook(received) as port:
        hook = WebhookAlerts(f"http://127.0.0.1:{port}/hook", "shared")
        hook.kashmag_deliver(ALERT)
    ((signed, body),) = received
    moment, _, mac = signed.partition(",v1=")
    expected = hmac.new(b"shared", moment[2:].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert mac == expected
    assert json.loads(body)["recovered"] == ["refused"]
    assert "shared" not in repr(hook)


def test_the_page_about_alerts_shows_how_a_signature_is_verified():
    page = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    shown = {}
    exec(page.split("```python\n", 1)[1].split("```", 1)[0], shown)
    is_genuine = shown["is_genuine"]
    received = []
    with web_hook(received) as port:
        WebhookAlerts(f"http://127.0.0.1:{port}/hook", "shared").kashmag_deliver(ALERT)
    ((header, body),) = received
    now = NOW.timestamp()
    assert is_genuine(header, body, "shared", now + 299)
    assert not is_genuine(header, body, "shared", now + 301)
    assert not is_genuine(header, body, "another", now)
    assert not is_genuine(header, body + b" ", "shared", now)
    assert not is_genuine(header.replace("t=1", "t=2"), body, "shared", now)
    for nonsense in ("", "t=,v1=", "v1=é", f"t={int(now)},v1=é", "t=x,v1=y", ",,"):
        assert not is_genuine(nonsense, body, "shared", now)
    documented = json.loads(page.split("```json\n", 1)[1].split("```", 1)[0])
    assert documented.keys() == json.loads(body).keys()
    (group,) = documented["new"]
    assert group.keys() == as_json(GROUPED)["new"][0].keys()


@pytest.mark.parametrize("answer", [300, 301, 302, 303, 307, 308, 400, 401, 404, 500, 503])
def test_an_answer_other_than_2xx_is_a_failure_and_no_redirect_is_followed(answer):
    received = []
    with web_hook(received, answer) as port:
        hook = WebhookAlerts(f"http://127.0.0.1:{port}/hook", "shared")
        with pytest.raises(BrokenError if answer >= 500 else DeclinedError, match=str(answer)):
            hook.kashmag_deliver(ALERT)
    assert [kind for kind, _ in received if kind == "GET"] == []
    assert len(received) == 1


@pytest.mark.parametrize(("certificate", "authorities"), [("here", None), ("elsewhere", AUTHORITY)])
def test_a_web_hook_proves_who_it_is_before_it_hears_anything(certificate, authorities):
    received = []
    with web_hook(received, certificate=certificate) as port:
        hook = WebhookAlerts(f"https://127.0.0.1:{port}/", "shared", authorities=authorities)
        with pytest.raises(UnreachableError, match="CERTIFICATE_VERIFY_FAILED"):
            hook.kashmag_deliver(ALERT)
    assert received == []


def test_authorities_of_ones_own_are_believed():
    received = []
    with web_hook(received, certificate="here") as port:
        url = f"https://127.0.0.1:{port}/"
        WebhookAlerts(url, "shared", authorities=AUTHORITY).kashmag_deliver(ALERT)
    assert len(received) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",
        "http://127.0.0.1.evil.example/",
        "http://localhost@evil.example/",
        "ftp://127.0.0.1/",
        "https://",
        "https://[broken",
        "https://hooks.example/a b",
        "https://hooks.example/\r\n",
    ],
)
def test_alerts_leave_over_https_only(url):
    with pytest.raises(SettingsError, match="https only"):
        WebhookAlerts(url, "s")


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as one message needs."""

    def handle(self):
        self.is_safe = self.server.implicit
        with contextlib.suppress(OSError):
            if self.server.implicit:
                self._wrap()
            self._converse()

    def finish(self):
        with contextlib.suppress(OSError):
            super().finish()
        self.request.close()  # after TLS it is another socket than the server's

    def _converse(self):
        self._say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            self.server.heard.append(line)
            word = line.split()[0].upper()
            if word == "STARTTLS" and self.server.certificate:
                self._say("220 go on")
                self._wrap()
                self.is_safe = True
            elif word == "DATA":
                self._say("354 go on")
                self._message()
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say(self._answer(word, line))

    def _answer(self, word, line):
        if word == "EHLO":
            offers = ["mail.example"]
            offers += ["STARTTLS"] if self.server.certificate and not self.is_safe else []
            offers += ["AUTH PLAIN"] if self.is_safe else []
            last = len(offers) - 1
            return "\r\n".join(f"250{' ' if n == last else '-'}{o}" for n, o in enumerate(offers))
        if word == "AUTH":
            return "235 welcome"
        if word == "RCPT" and any(one in line for one in self.server.unknown):
            return "550 no such user"
        return "250 yes" if word in ("MAIL", "RCPT", "RSET") else "502 what?"

    def _message(self):
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        if self.server.is_full:
            self._say("451 try later")
            return
        self.server.received.append("\n".join(lines))
        self._say("250 taken")

    def _wrap(self):
        self.request = tls(self.server.certificate).wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb", -1), self.request.makefile("wb", 0)

    def _say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(Quiet, socketserver.ThreadingTCPServer):
    def __init__(self, *, certificate="", implicit=False, unknown=(), is_full=False):
        super().__init__(("127.0.0.1", 0), Mail)
        self.certificate, self.implicit = certificate, implicit
        self.unknown, self.is_full = unknown, is_full
        self.heard, self.received = [], []


def mail(port, security=MailSecurity.NONE, **more):
    told = {"recipients": ("clerk@shop.example",), **more}
    return EmailAlerts("127.0.0.1", "books@shop.example", port=port, security=security, **told)


KEYS = {"user_name": "books", "password": "wordpass"}


def test_an_alert_goes_out_by_mail():
    server = MailServer()
    with serving(server) as port:
        mail(port).kashmag_deliver(ALERT)
    (message,) = server.received
    assert "Subject: kashmag: recovered: refused" in message
    assert "To: clerk@shop.example" in message
    assert "Recovered: refused" in message


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_a_mail_server_proves_who_it_is_before_it_hears_a_password(security):
    implicit = security is MailSecurity.TLS
    for certificate, authorities in (("here", None), ("elsewhere", AUTHORITY)):
        server = MailServer(certificate=certificate, implicit=implicit)
        with serving(server) as port:
            channel = mail(port, security, authorities=authorities, **KEYS)
            with pytest.raises(ssl.SSLCertVerificationError):
                channel.kashmag_deliver(ALERT)
        assert server.received == []
        assert not [line for line in server.heard if line.startswith(("AUTH", "MAIL"))]
    server = MailServer(certificate="here", implicit=implicit)
    with serving(server) as port:
        mail(port, security, authorities=AUTHORITY, **KEYS).kashmag_deliver(ALERT)
    assert len(server.received) == 1
    assert any(line.startswith("AUTH PLAIN") for line in server.heard)


def test_a_test_servers_certificate_is_believed_only_where_that_is_said():
    server = MailServer(certificate="elsewhere")
    with serving(server) as port:
        mail(port, MailSecurity.UNVERIFIED, **KEYS).kashmag_deliver(ALERT)
    assert len(server.received) == 1
    assert "STARTTLS" in server.heard


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.UNVERIFIED])
def test_a_mail_server_without_starttls_hears_nothing(security):
    server = MailServer()
    with serving(server) as port, pytest.raises(smtplib.SMTPNotSupportedError, match="STARTTLS"):
        mail(port, security, **KEYS).kashmag_deliver(ALERT)
    assert [line.split()[0].upper() for line in server.heard if "EHLO" not in line.upper()] == []


def test_a_password_goes_nowhere_without_tls():
    with pytest.raises(SettingsError, match=r"does not go to mail\.example without TLS"):
        EmailAlerts(
            "mail.example", "s", recipients=("r",), security=MailSecurity.NONE, user_name="books"
        )


@pytest.mark.parametrize("refusing", [{"is_full": True}, {"unknown": ("clerk@",)}])
def test_a_mail_that_is_not_taken_is_a_failure(refusing):
    server = MailServer(**refusing)
    with serving(server) as port, pytest.raises(smtplib.SMTPException):
        mail(port).kashmag_deliver(ALERT)
    assert server.received == []


def test_a_mail_that_is_taken_for_some_only_is_a_failure():
    server = MailServer(unknown=("nobody@",))
    with serving(server) as port, pytest.raises(smtplib.SMTPRecipientsRefused):
        mail(port, recipients=("clerk@shop.example", "nobody@shop.example")).kashmag_deliver(ALERT)
    assert len(server.received) == 1


class Gone(socketserver.StreamRequestHandler):
    """Takes what comes, and hangs up before it says that it has."""

    def handle(self):
        self.request.settimeout(5)
        for line in self.server.lines:
            self.wfile.write(line)
            self.request.recv(65536)


MAILING = (b"220 me\r\n", b"250 me\r\n", b"250 yes\r\n", b"250 yes\r\n", b"354 go on\r\n")


@pytest.mark.parametrize("lines", [(b"",), MAILING], ids=["web", "mail"])
async def test_whoever_hangs_up_without_a_word_may_have_taken_it(lines):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Gone)
    server.lines, server.daemon_threads = lines, True
    with serving(server) as port:
        is_web = lines == (b"",)
        hook = WebhookAlerts(f"http://127.0.0.1:{port}/", "s") if is_web else mail(port)
        with pytest.raises(NoAnswerError):
            hook.kashmag_deliver(ALERT)
        (receiver,) = Hooks([hook]).receivers()
        failure = await Deliveries(timedelta(seconds=20)).failure(receiver, ALERT)
        assert failure is not None
        assert not failure.was_refused


async def test_nobody_listens_where_nobody_is():
    with serving(WebServer(("127.0.0.1", 0), BaseHTTPRequestHandler)) as port:
        pass
    for hook in (WebhookAlerts(f"http://127.0.0.1:{port}/", "s"), mail(port)):
        (receiver,) = Hooks([hook]).receivers()
        failure = await Deliveries(timedelta(seconds=20)).failure(receiver, ALERT)
        assert failure is not None
        assert failure.was_refused
        assert "Connection refused" in failure.said
        assert "urlopen" not in failure.said


class Drip(socketserver.StreamRequestHandler):
    """Answers forever, a byte at a time."""

    def handle(self):
        with contextlib.suppress(OSError):
            self.wfile.write(self.server.head)
            while not self.server.stopped.wait(0.05):
                self.wfile.write(b"a")


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-A: ", b"220 "], ids=["web", "mail"])
async def test_a_receiver_that_drips_has_failed_when_its_time_is_over(head):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drip)
    server.head, server.stopped, server.daemon_threads = head, threading.Event(), True
    with serving(server) as port:
        is_web = head.startswith(b"HTTP")
        hook = WebhookAlerts(f"http://127.0.0.1:{port}/", "s") if is_web else mail(port)
        (receiver,) = Hooks([hook]).receivers()
        began = time.monotonic()
        failure = await Deliveries(timedelta(seconds=0.5)).failure(receiver, ALERT)
        assert failure == Failure("it has not taken it within 0.5 s", was_refused=False)
        assert time.monotonic() - began < 5
        server.stopped.set()
        for thread in threading.enumerate():
            if thread.name == "kashmag-alert":
                thread.join(20)


def test_the_log_has_a_line_for_each_thing_that_is_news(caplog):
    run = AlertGroup("run:orders", 1, remedy="Wait.", example="down", numbers=(), since=NOW)
    alert = AlertRaised(NOW, new=(GROUP,), grown=(run,), recovered=("refused",), stopped="5 failed")
    LogAlerts().kashmag_observe(alert)
    assert [record.getMessage() for record in caplog.records] == [
        "alert: the run was given up: 5 failed",
        "alert: new: held, 2 document(s) (1, 2): Look.",
        "alert: more of the same: run:orders: Wait.",
        "alert: recovered: refused",
    ]
