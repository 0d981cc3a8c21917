"""What the doctor looks at: settings, plugins, both far ends, the logbook, alerts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from kashmag import kashflow
from kashmag.assembly import assemble_books, assemble_hooks, assemble_shop, belonging_of
from kashmag.cli.alert_channels import about_alerts
from kashmag.cli.asking import hurried, shown
from kashmag.cli.exits import code_of
from kashmag.cli.findings import (
    UNASKED,
    Code,
    Finding,
    failed,
    fault,
    ok,
    unchecked,
    warning,
)
from kashmag.cli.judging import (
    about_books,
    about_settings,
    about_shop,
    no_connection,
    nothing_told,
)
from kashmag.cli.output import Output
from kashmag.cli.permissions import about_permissions, ask_permissions
from kashmag.cli.survey import survey_books, survey_shop
from kashmag.errors import KashmagError
from kashmag.kashflow import account as account_operations
from kashmag.kashflow.assumptions import EVIDENCE
from kashmag.kashflow.checks import UNASKED as NOT_BY_READING
from kashmag.kashflow.checks import checks, look_up
from kashmag.logbook.database import open_logbook
from kashmag.magento import store as store_operations
from kashmag.rest.wire import Response
from kashmag.settings import Settings
from kashmag.settings.secret import without_password

# Magento refuses signatures from ten minutes ahead; half a minute is a busy network.
SKEW: Final = timedelta(seconds=30)


async def examine(
    settings: Settings, output: Output, *, send_test_alert: bool = False
) -> list[Finding]:
    """Look at everything that can be looked at without changing anything."""
    findings = list(about_settings(settings))
    findings += _about_plugins(settings)
    if not settings.lacking():
        findings += [one async for one in _about_the_shop(settings, output)]
        findings += [one async for one in _about_the_books(settings, output)]
    findings += [one async for one in _about_logbook(settings)]
    findings += [one async for one in about_alerts(settings, send=send_test_alert)]
    return [*findings, *UNASKED]


def _about_plugins(settings: Settings) -> Iterator[Finding]:
    try:
        hooks = assemble_hooks(settings)
    except KashmagError as error:
        yield failed(
            Code.RULES, "rules", error, "Correct the rule file, or take it out of `rules`."
        )
        return
    for name, answered in hooks.implemented().items():
        told = ", ".join(sorted(answered)) or "no hook at all"
        yield ok(Code.RULES, f"rules: {name}", f"answers {told}")
    for name, sentence in hooks.doubts():
        remedy = "Put @hookimpl above it and write a plain `def`, or give it another name."
        yield warning(Code.RULES, f"rules: {name}", sentence, remedy)


async def _about_the_shop(settings: Settings, output: Output) -> AsyncIterator[Finding]:
    try:
        async with assemble_shop(settings, hurried()) as client:
            with shown(f"the shop at {settings.magento.url}", output) as asking:
                shop = await survey_shop(client, asking)
                permissions = await ask_permissions(client, asking)
            asked = (shop.configs, shop.orders, shop.invoices, shop.credit_memos)
            if error := nothing_told(asked):
                yield no_connection("magento", error)
                return
            try:
                clock = _clock("magento", await client.raw(store_operations.configs()))
            except KashmagError as error:
                clock = unchecked(Code.CLOCK, "magento: clock", str(error))
    except KashmagError as error:
        yield failed(Code.CONNECTION, "connections", error, "Correct the settings.")
        return
    for finding in (*about_permissions(permissions, settings.policy), clock):
        yield finding
    for finding in about_shop(shop, settings.policy):
        yield finding


async def _about_the_books(settings: Settings, output: Output) -> AsyncIterator[Finding]:
    try:
        async with assemble_books(settings, hurried()) as account:
            with shown(f"KashFlow at {settings.kashflow.url}", output) as asking:
                books = await survey_books(account, asking)
            if error := nothing_told(books.by_name.values()):
                yield no_connection("kashflow", error)
                return
            assumed = [one async for one in _about_assumptions(account)]
            try:
                clock = _clock("kashflow", await account.raw(account_operations.metadata()))
            except KashmagError as error:
                clock = unchecked(Code.CLOCK, "kashflow: clock", str(error))
    except KashmagError as error:
        yield failed(Code.CONNECTION, "connections", error, "Correct the settings.")
        return
    for finding in (*about_books(books, settings.policy), clock, *assumed):
        yield finding


def _clock(vendor: str, response: Response) -> Finding:
    """How far our clock is from that of a far end, as its answers are dated."""
    subject, told = f"{vendor}: clock", response.header("date")
    try:
        ahead = datetime.now(UTC) - parsedate_to_datetime(told or "")
    except (ValueError, TypeError):
        return unchecked(Code.CLOCK, subject, "its answers carry no date")
    seconds = int(ahead.total_seconds())
    if abs(ahead) <= SKEW:
        return ok(Code.CLOCK, subject, "agrees with ours")
    side = "ahead of" if seconds > 0 else "behind"
    message = f"our clock is {abs(seconds)} s {side} theirs"
    return warning(Code.CLOCK, subject, message, "Put the clock right: documents are dated by it.")


async def _about_assumptions(account: kashflow.Client) -> AsyncIterator[Finding]:
    asked = set()
    for check in checks(account.assumptions, await look_up(account)):
        asked.add(check.assumption)
        subject = f"kashflow: {check.name}"
        try:
            found = await account.send(check.operation)
        except KashmagError as error:
            remedy = f"Assumed until it is known: {check.assumed}."
            yield warning(Code.ASSUMPTION, subject, str(error), remedy)
            continue
        if found.holds is False:
            remedy = f"kashmag assumes that {check.assumed}; report what you see."
            yield warning(Code.ASSUMPTION, subject, found.because, remedy)
        elif found.holds:
            yield ok(Code.ASSUMPTION, subject, found.because)
        else:
            yield unchecked(Code.ASSUMPTION, subject, found.because)
    for name in (name for name in EVIDENCE if name not in asked):
        value = getattr(account.assumptions, name)
        unproved = "only a write would prove it"
        if name not in NOT_BY_READING:
            unproved = "there is no invoice yet that would show it"
        message = f"{value} is assumed, and {unproved}. {EVIDENCE[name]}"
        yield unchecked(Code.ASSUMPTION, f"assumptions.{name}", message)


async def _about_logbook(settings: Settings) -> AsyncIterator[Finding]:
    where = without_password(settings.logbook_url)
    if _is_to_be_made(settings.logbook_url):
        yield ok(Code.LOGBOOK, "logbook", f"{where} will be made at the first run")
        return
    try:
        logbook = await open_logbook(settings.logbook_url)
        counts = await logbook.counts()
        faults = await logbook.verify_audit()
        told = await logbook.belongs_to()
        await logbook.aclose()
    except KashmagError as error:
        exit_code = code_of(error)
        yield fault(Code.LOGBOOK, "logbook", str(error), f"Look at {where}.", exit_code=exit_code)
        return
    yield ok(Code.LOGBOOK, "logbook", f"{where}: {sum(counts.values())} documents")
    wanted = belonging_of(settings)
    if not wanted.contradiction(told):
        yield ok(Code.LOGBOOK_BELONGS, "logbook: belongs", "to this shop, account and environment")
    else:
        message = f"it is about {told}, the settings are about {wanted}"
        remedy = "Give these settings a logbook of their own: logbook.url, or another --env."
        yield fault(Code.LOGBOOK_BELONGS, "logbook: belongs", message, remedy)
    for one in faults:
        yield fault(Code.AUDIT, "logbook: audit", str(one), "kashmag audit verify", exit_code=1)


def _is_to_be_made(url: str) -> bool:
    path = url.removeprefix("sqlite:///")
    return path != url and not Path(path).exists()
