"""What the doctor looks at: settings, plugins, both far ends, the logbook."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from kashmag import kashflow
from kashmag.assembly import assemble_books, assemble_hooks, assemble_shop
from kashmag.cli.exits import code_of
from kashmag.cli.findings import (
    UNASKED,
    Finding,
    Level,
    failed,
    fault,
    ok,
    warning,
)
from kashmag.cli.judging import about_books, about_settings, about_shop, nothing_told
from kashmag.cli.survey import survey_books, survey_shop
from kashmag.errors import KashmagError
from kashmag.kashflow.checks import checks, look_up
from kashmag.logbook.database import open_logbook
from kashmag.settings import Settings
from kashmag.settings.secret import without_password


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything that can be looked at without changing anything."""
    findings = list(about_settings(settings))
    findings += _about_plugins(settings)
    if not settings.lacking():
        findings += [one async for one in _about_far_ends(settings)]
    findings += [one async for one in _about_logbook(settings)]
    return [*findings, *UNASKED]


def _about_plugins(settings: Settings) -> Iterator[Finding]:
    try:
        names = assemble_hooks(settings).names
    except KashmagError as error:
        yield failed("rules", error, "Correct the rule file, or take it out of `rules`.")
    else:
        yield ok("rules", f"{len(names)} plugins: {', '.join(names)}")


async def _about_far_ends(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with assemble_shop(settings) as client:
            shop = await survey_shop(client)
        async with assemble_books(settings) as account:
            books = await survey_books(account)
            assumed = (
                []
                if nothing_told(books.by_name.values())
                else [one async for one in _about_assumptions(account)]
            )
    except KashmagError as error:
        yield failed("connections", error, "Correct the settings.")
        return
    for finding in (*about_shop(shop, settings.policy), *about_books(books, settings.policy)):
        yield finding
    for finding in assumed:
        yield finding


async def _about_assumptions(account: kashflow.Client) -> AsyncIterator[Finding]:
    for check in checks(account.assumptions, await look_up(account)):
        subject = f"kashflow: {check.name}"
        try:
            found = await account.send(check.operation)
        except KashmagError as error:
            yield warning(subject, str(error), f"Assumed until it is known: {check.assumed}.")
            continue
        if found.holds is False:
            remedy = f"kashmag assumes that {check.assumed}; report what you see."
            yield warning(subject, found.because, remedy)
        elif found.holds:
            yield ok(subject, found.because)
        else:
            yield Finding(Level.UNCHECKED, subject, message=found.because)


async def _about_logbook(settings: Settings) -> AsyncIterator[Finding]:
    where = without_password(settings.logbook_url)
    if _is_to_be_made(settings.logbook_url):
        yield ok("logbook", f"{where} will be made at the first run")
        return
    try:
        logbook = await open_logbook(settings.logbook_url)
        counts = await logbook.counts()
        faults = await logbook.verify_audit()
        await logbook.aclose()
    except KashmagError as error:
        yield fault("logbook", str(error), f"Look at {where}.", exit_code=code_of(error))
        return
    yield ok("logbook", f"{where}: {sum(counts.values())} documents")
    for one in faults:
        yield fault("logbook: audit", str(one), "kashmag audit verify", exit_code=1)


def _is_to_be_made(url: str) -> bool:
    path = url.removeprefix("sqlite:///")
    return path != url and not Path(path).exists()
