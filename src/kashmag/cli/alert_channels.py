"""Whether alerts can reach anybody: a look at each channel, and a test alert if it is asked for."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from kashmag.assembly import assemble_alerts
from kashmag.cli.findings import Code, Finding, failed, fault, ok, warning
from kashmag.engine.alerts import EmailAlerts, WebhookAlerts
from kashmag.errors import KashmagError
from kashmag.plans.events import AlertGroup, AlertRaised
from kashmag.settings import Settings

SECONDS: Final = 5.0


async def about_alerts(settings: Settings, *, send: bool) -> AsyncIterator[Finding]:
    """A finding for each channel; nothing is sent unless `send`."""
    try:
        channels = assemble_alerts(settings)
    except KashmagError as error:
        yield failed(Code.ALERTS, "alerts", error, "Complete the channel, or take it out.")
        return
    told = [one for one in channels if isinstance(one, WebhookAlerts | EmailAlerts)]
    if not told:
        yield ok(Code.ALERTS, "alerts", "go to the log only: no web hook and no mail is named")
    for channel in told:
        yield await _looked_at(channel)
        if send:
            yield await _tried(channel)


async def _looked_at(channel: WebhookAlerts | EmailAlerts) -> Finding:
    host, port = _address(channel)
    subject = f"alerts: {channel.name}"
    try:
        await asyncio.to_thread(_knock, host, port)
    except OSError as error:
        message = f"{host}:{port} cannot be reached: {error}"
        return warning(Code.ALERTS, subject, message, "Check the address and the network.")
    return ok(Code.ALERTS, subject, f"{host}:{port} can be reached; nothing was sent")


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


async def _tried(channel: WebhookAlerts | EmailAlerts) -> Finding:
    subject = f"alerts: {channel.name}"
    try:
        await asyncio.to_thread(channel.deliver, _test_alert())
    except Exception as error:  # noqa: BLE001 - whatever a mail server or web hook comes up with
        message = f"the test alert was not taken: {type(error).__name__}: {error}"
        remedy = "Check the channel's settings; its secret is compared by whoever receives it."
        return fault(Code.ALERTS, f"{subject}: test", message, remedy)
    return ok(Code.ALERTS, f"{subject}: test", "the test alert was taken")


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
