"""Three ways for an alert to reach a person: the log, an e-mail, a signed web hook.

Each is a plugin that observes: `open_engine(settings, [WebhookAlerts(url, secret)])`. Sending is
done in a thread of its own, which the process waits for at its end; a failure is logged and costs
nothing else. The standard log has everything anyway (`kashmag.events`).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import smtplib
import threading
import urllib.request
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from typing import Final

from attrs import field, frozen

from kashmag.errors import SettingsError
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.events import AlertGroup, AlertRaised, Event
from kashmag.rest.codec import Json, dumps

LOG: Final = logging.getLogger("kashmag.alerts")
TIMEOUT: Final = 20.0
SIGNATURE: Final = "X-Kashmag-Signature"


@frozen
class LogAlerts:
    """Writes alerts to the log `kashmag.alerts`, a warning each."""

    name: str = "log_alerts"

    @hookimpl
    def kashmag_observe(self, event: Event) -> None:
        """Log an alert."""
        if isinstance(event, AlertRaised):
            LOG.warning("%s", as_text(event))


@frozen
class EmailAlerts:
    """Sends alerts by SMTP; with STARTTLS unless told otherwise."""

    host: str
    sender: str
    recipients: tuple[str, ...] = field(kw_only=True)
    port: int = field(default=587, kw_only=True)
    user_name: str = field(default="", kw_only=True)
    password: str = field(default="", kw_only=True, repr=False)
    starttls: bool = field(default=True, kw_only=True)
    name: str = field(default="email_alerts", kw_only=True)

    @hookimpl
    def kashmag_observe(self, event: Event) -> None:
        """Send an alert, without keeping anybody waiting."""
        if isinstance(event, AlertRaised):
            _apart(lambda: self.deliver(event))

    def deliver(self, alert: AlertRaised) -> None:
        """Send an alert and wait for the server to take it; raises what goes wrong."""
        message = EmailMessage()
        message["Subject"] = subject(alert)
        message["From"] = self.sender
        message["To"] = ", ".join(self.recipients)
        message.set_content(as_text(alert))
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT) as server:
            if self.starttls:
                server.starttls()
            if self.user_name:
                server.login(self.user_name, self.password)
            server.send_message(message)


@frozen
class WebhookAlerts:
    """Posts alerts as JSON, signed: `X-Kashmag-Signature: t=TIME,v1=HMAC-SHA256(TIME.BODY)`.

    The time is in seconds since 1970; whoever receives it compares the HMAC over `TIME.BODY` under
    the shared secret, and refuses what is too old.
    """

    url: str
    secret: str = field(repr=False)
    name: str = field(default="webhook_alerts", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise SettingsError(f"alerts go to https only, not to {self.url.partition(':')[0]}")

    @hookimpl
    def kashmag_observe(self, event: Event) -> None:
        """Post an alert, without keeping anybody waiting."""
        if isinstance(event, AlertRaised):
            _apart(lambda: self.deliver(event))

    def deliver(self, alert: AlertRaised) -> None:
        """Post an alert and wait for the answer; raises what goes wrong."""
        body = dumps(as_json(alert))
        headers = {
            "Content-Type": "application/json",
            SIGNATURE: signature(body, self.secret, alert.at),
        }
        request = urllib.request.Request(self.url, data=body, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310 - checked when made
            pass


def signature(body: bytes, secret: str, at: datetime) -> str:
    """The signature of a body, as it stands in the header."""
    time = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={time},v1={digest}"


def subject(alert: AlertRaised) -> str:
    """One line that says it all."""
    groups = (*alert.new, *alert.grown)
    waiting = sum(group.count for group in groups if group.numbers)
    if alert.stopped:
        return f"kashmag: a run was given up: {alert.stopped[:80]}"
    if waiting:
        return f"kashmag: {waiting} document(s) wait for you"
    if groups:  # nothing could be read: which documents there are, nobody knows
        return f"kashmag: cannot {groups[0].code.replace(':', ' ')}: {groups[0].example[:80]}"
    return f"kashmag: recovered: {', '.join(alert.recovered)}"


def as_text(alert: AlertRaised) -> str:
    """The alert in words."""
    lines = [subject(alert), ""]
    for title, groups in (("New", alert.new), ("More of the same", alert.grown)):
        for group in groups:
            numbers = ", ".join(group.numbers)
            which = f", {group.count} document(s): {numbers}" if numbers else ""
            lines += [
                f"{title}: {group.code}{which}",
                f"  for example: {group.example}",
                f"  what to do: {group.remedy}",
            ]
    lines += [f"Recovered: {code}" for code in alert.recovered]
    return "\n".join(lines)


def as_json(alert: AlertRaised) -> dict[str, Json]:
    """The alert as the web hook posts it."""
    return {
        "at": alert.at.isoformat(),
        "new": [_told(group) for group in alert.new],
        "grown": [_told(group) for group in alert.grown],
        "recovered": list(alert.recovered),
        "stopped": alert.stopped,
    }


def _told(group: AlertGroup) -> dict[str, Json]:
    return {
        "code": group.code,
        "count": group.count,
        "since": group.since.isoformat(),
        "remedy": group.remedy,
        "example": group.example,
        "numbers": list(group.numbers),
    }


def _apart(send: Callable[[], None]) -> None:
    def run() -> None:
        try:
            send()
        except Exception:
            LOG.exception("an alert could not be sent")

    threading.Thread(target=run, name="kashmag-alert", daemon=False).start()
