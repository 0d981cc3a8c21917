"""Running `reconcile` and `vat`, and showing what they found."""

from __future__ import annotations

import sys
from datetime import date
from typing import Final

from attrs import evolve, field, frozen

from kashmag.assembly import open_engine
from kashmag.cli.exits import DONE, WAITS
from kashmag.cli.options import Common
from kashmag.errors import SettingsError
from kashmag.reconciliation import Period, reconcile, vat_report
from kashmag.reconciliation.as_csv import report_csv, vat_csv
from kashmag.reconciliation.as_html import report_html, vat_html
from kashmag.reconciliation.as_json import report_json, vat_json
from kashmag.reconciliation.as_text import report_text, vat_text
from kashmag.reconciliation.registration import about_registration

_FROM_LOGBOOK: Final = (
    "as the logbook knows it, money that the account imports itself taken as come; see --remote"
)


@frozen
class Wanted:
    """What was asked for on the command line."""

    first: str
    last: str
    remote: bool = field(default=False, kw_only=True)
    csv: bool = field(default=False, kw_only=True)
    html: bool = field(default=False, kw_only=True)

    def period(self) -> Period:
        """The period.

        Raises:
            SettingsError: a day is none, or the last is before the first.
        """
        first, last = _day("--from", self.first), _day("--to", self.last)
        if last < first:
            raise SettingsError(f"--to {last} is before --from {first}")
        return Period(first, last)

    def check(self, common: Common) -> None:
        """Raise SettingsError where more than one form is asked for."""
        if sum((self.csv, self.html, common.json)) > 1:
            raise SettingsError("say one of --json, --csv and --html")


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f'{option} "{text}" is no date; write it as 2026-04-01') from error


async def run_reconcile(wanted: Wanted, common: Common) -> int:
    """Reconcile a period; the exit code is returned."""
    wanted.check(common)
    period, output = wanted.period(), common.output
    async with open_engine(common.load()) as engine:
        scheme = await engine.vat_scheme(remote=wanted.remote)
        sides = await engine.sides(period, remote=wanted.remote)
    told = (sides.shop, sides.account, sides.memory, period)
    remarks = about_registration(scheme, sides.account, period)
    report = reconcile(*told, today=sides.today)
    report = evolve(report, unread=sides.unread, remarks=remarks)
    if wanted.csv:
        _write(report_csv(report))
    elif wanted.html:
        _write(report_html(report))
    else:
        output.document(report_json(report))
        whence = "both sides read anew" if wanted.remote else _FROM_LOGBOOK
        output.say(report_text(report, whence=whence))
        for sentence in report.unread:
            output.warn(f"not read: {sentence}")
        if not report.balances:
            output.warn("the differences do not add up; please report this")
    return DONE if report.is_clean else WAITS


async def run_vat(wanted: Wanted, common: Common) -> int:
    """Show the VAT of a period on both sides; the exit code is returned."""
    wanted.check(common)
    period, output = wanted.period(), common.output
    async with open_engine(common.load()) as engine:
        scheme = await engine.vat_scheme(remote=wanted.remote)
        sides = await engine.sides(period, remote=wanted.remote)
    for sentence in sides.unread:
        output.warn(f"not read, and in none of the figures: {sentence}")
    told = (sides.shop, sides.account, sides.memory, period)
    remarks = about_registration(scheme, sides.account, period)
    report = evolve(vat_report(*told, scheme=scheme, today=sides.today), remarks=remarks)
    if wanted.csv:
        _write(vat_csv(report))
    elif wanted.html:
        _write(vat_html(report))
    else:
        output.document(vat_json(report))
        output.say(vat_text(report, unread=sides.unread))
    return DONE if report.is_clean and not sides.unread else WAITS


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
