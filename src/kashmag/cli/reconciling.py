"""Running `reconcile` and `vat`, and showing what they found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from attrs import evolve, field, frozen
from rich.table import Table

from kashmag.assembly import open_engine
from kashmag.cli.exits import DONE, WAITS
from kashmag.cli.options import Common
from kashmag.cli.output import Output
from kashmag.errors import SettingsError
from kashmag.reconciliation import Period, Report, VatReport, reconcile, vat_report
from kashmag.reconciliation.as_csv import report_csv, vat_csv
from kashmag.reconciliation.as_html import report_html, vat_html
from kashmag.reconciliation.as_json import report_json, vat_json
from kashmag.reconciliation.report import Beside
from kashmag.reconciliation.sentences import verdict
from kashmag.reconciliation.vat import VatDifference


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
        sides = await engine.sides(period, remote=wanted.remote)
    report = evolve(reconcile(sides.shop, sides.account, sides.memory, period), unread=sides.unread)
    if wanted.csv:
        _write(report_csv(report))
    elif wanted.html:
        _write(report_html(report))
    else:
        output.document(report_json(report))
        _show_report(report, output, remote=wanted.remote)
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
    report = vat_report(sides.shop, sides.account, sides.memory, period, scheme=scheme)
    if wanted.csv:
        _write(vat_csv(report))
    elif wanted.html:
        _write(vat_html(report))
    else:
        output.document(vat_json(report))
        _show_vat(report, output)
        waits = len(report.waiting)
        output.say(verdict(report.differences, waits=waits, unread=sides.unread))
    return DONE if report.is_clean and not sides.unread else WAITS


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _show_report(report: Report, output: Output, *, remote: bool) -> None:
    whence = "both sides read anew" if remote else "as the logbook knows it; see --remote"
    output.say(f"Reconciliation {report.period} ({whence})")
    output.show(_besides("", report.totals))
    if len(report.by_rate) > 1:
        output.show(_besides("rate", report.by_rate))
    for cause, found in report.by_cause.items():
        output.say(f"{cause.value}: {len(found)}")
        for one in found:
            output.say(f"  {one.message}{_amount(one.delta.gross, one.paid)}")
    for sentence in report.unread:
        output.warn(f"not read: {sentence}")
    if report.waiting:
        output.say(f"orders that are not due yet: {report.waiting}")
    if not report.balances:
        output.warn("the differences do not add up; please report this")
    waits = sum(one.needs_a_person for one in report.differences)
    output.say(verdict(report.differences, waits=waits, unread=report.unread))


def _amount(gross: Decimal, paid: Decimal) -> str:
    told = [f"{gross:+} gross"] if gross else []
    told += [f"{paid:+} paid"] if paid else []
    return f" [{', '.join(told)}]" if told else ""


def _show_vat(report: VatReport, output: Output) -> None:
    percent = f" {report.scheme.percent} %" if report.scheme.percent else ""
    scheme = report.scheme.kind.value.replace("_", " ")
    output.say(f"VAT on sales {report.period} ({scheme}{percent}, {report.currency})")
    boxes = _table("", ("shop", "KashFlow", "difference"))
    for name, shop, account in (
        ("box 1, VAT due on sales", report.shop.box_1, report.account.box_1),
        ("box 6, sales without VAT", report.shop.box_6, report.account.box_6),
    ):
        boxes.add_row(name, str(shop), str(account), str(account - shop))
    output.show(boxes)
    output.show(_besides("rate", report.by_rate))
    if report.foreign:
        output.say("VAT of other countries, in no box:")
        output.show(_besides("rate", report.foreign))
    _show_documents("Either side of the cut-off:", report.straddling, output)
    for title, found in (
        ("Documents that make a difference and need a person:", report.waiting),
        ("Documents whose difference is explained:", report.explained),
    ):
        _show_documents(title, [one for one in found if not one.straddles], output)


def _show_documents(title: str, found: Sequence[VatDifference], output: Output) -> None:
    if not found:
        return
    output.say(title)
    for one in found:
        filed = " (in a filed return)" if one.is_filed else ""
        said = " ".join(one.messages) or f"invoice {one.invoice_number}"
        output.say(f"  {said} [{one.delta.net:+} net, {one.delta.vat:+} VAT]{filed}")


def _besides(label: str, table: Sequence[Beside]) -> Table:
    heads = ("shop net", "VAT", "KashFlow net", "VAT", "difference net", "VAT")
    shown = _table(label, heads)
    for one in table:
        shown.add_row(
            one.label,
            *(
                str(amount)
                for side in (one.shop, one.account, one.difference)
                for amount in (side.net, side.vat)
            ),
        )
    return shown


def _table(label: str, heads: Sequence[str]) -> Table:
    """A table whose columns of numbers stand to the right."""
    shown = Table(label, box=None, padding=(0, 2))
    for head in heads:
        shown.add_column(head, justify="right")
    return shown
