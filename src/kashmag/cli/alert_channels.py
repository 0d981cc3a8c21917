"""Whether alerts can reach anybody: a look at each channel, and a test alert if it is asked for."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from kashmag.assembly import assemble_alerts, assemble_hooks, open_records
from kashmag.cli.findings import Code, Finding, failed, fault, ok, warning
from kashmag.engine.alerting import not_taken
from kashmag.engine.alerts import EmailAlerts, WebhookAlerts
from kashmag.engine.delivering import Deliveries
from kashmag.engine.options import EngineOptions
from kashmag.errors import KashmagError
from kashmag.hooks.hooks import Hooks
from kashmag.hooks.receivers import Receiver
from kashmag.plans.events import AlertGroup, AlertRaised
from kashmag.settings import Settings
from kashmag.settings.connections import MailSecurity

SECONDS: Final = 5.0
_TRY: Final = "To try it: kashmag doctor --send-test-alert"
_UNPROVED: Final = frozenset({MailSecurity.UNVERIFIED, MailSecurity.NONE})


async def about_alerts(settings: Settings, *, send: bool) -> AsyncIterator[Finding]:
    """A finding for each channel, and for whoever is owed alerts; nothing is sent unless `send`.

    Plugins that cannot be loaded are told of by others.
    """
    try:
        channels = assemble_alerts(settings)
    except KashmagError as error:
        yield failed(Code.ALERTS, "alerts", error, "Complete the channel, or take it out.")
        return
    told = [one for one in channels if isinstance(one, WebhookAlerts | EmailAlerts)]
    for channel in told:
        yield await _looked_at(channel)
        if isinstance(channel, EmailAlerts) and channel.security in _UNPROVED:
            yield _unproved(channel)
    try:
        receivers = assemble_hooks(settings, channels).receivers()
    except KashmagError:
        receivers = Hooks(channels).receivers()
    if not receivers:
        message = "go to the log only, which the command line writes to standard error"
        yield ok(Code.ALERTS, "alerts", message)
    for finding in await _owed(settings, receivers):
        yield finding
    deliveries = Deliveries(EngineOptions().alert_deadline)
    for receiver in receivers if send else ():
        yield await _tried(receiver, deliveries)


async def _looked_at(channel: WebhookAlerts | EmailAlerts) -> Finding:
    host, port = _address(channel)
    subject = f"alerts: {channel.name}"
    try:
        await asyncio.to_thread(_knock, host, port)
    except OSError as error:
        message = f"{host}:{port} cannot be reached: {error}"
        return warning(Code.ALERTS, subject, message, "Check the address and the network.")
    return ok(Code.ALERTS, subject, f"{host}:{port} can be reached; nothing was sent")


def _unproved(channel: EmailAlerts) -> Finding:
    message = f'smtp_security = "{channel.security.value}": nobody checks who {channel.host} is'
    remedy = 'Fit for a test server only; else "starttls" or "tls", with ca_file where it is yours.'
    return warning(Code.ALERTS, f"alerts: {channel.name}: security", message, remedy)


async def _owed(settings: Settings, receivers: tuple[Receiver, ...]) -> list[Finding]:
    """What the logbook says is owed; whether it opens is told of by others."""
    found = []
    with contextlib.suppress(KashmagError):
        async with open_records(settings) as logbook:
            for one in receivers:
                if (owed := await not_taken(logbook, one)) is not None:
                    message = f"alerts are owed since {owed.since}; the last failure: {owed.said}"
                    remedy = f"The next run tries again. {_TRY}"
                    subject = f"alerts: {one.name}: owed"
                    found.append(warning(Code.ALERTS, subject, message, remedy))
    return found


def _knock(host: str, port: int) -> None:
    """Open a connection and close it again."""
    socket.create_connection((host, port), timeout=SECONDS).close()


def _address(channel: WebhookAlerts | EmailAlerts) -> tuple[str, int]:
    match channel:
        case WebhookAlerts():
            parts = urlsplit(channel.url)
            return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        case EmailAlerts():
            return channel.host, channel.port


async def _tried(receiver: Receiver, deliveries: Deliveries) -> Finding:
    subject = f"alerts: {receiver.name}: test"
    if failure := await deliveries.failure(receiver, _test_alert()):
        remedy = "Check the channel's settings; its secret is compared by whoever receives it."
        return fault(Code.ALERTS, subject, f"the test alert was not taken: {failure.said}", remedy)
    return ok(Code.ALERTS, subject, "the test alert was taken")


def _test_alert() -> AlertRaised:
    now = datetime.now(UTC)
    group = AlertGroup(
        "test_alert",
        1,
        remedy="Nothing is to be done: `kashmag doctor --send-test-alert` has sent it.",
        example="This is a test.",
        numbers=("test",),
        since=now,
    )
    return AlertRaised(now, new=(group,))
