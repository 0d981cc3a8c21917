"""`kashmag doctor`: check settings, permissions and capabilities without changing anything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Annotated, Final

from cyclopts import Parameter

from kashmag.cli.exits import worst
from kashmag.cli.findings import Code, Finding, Level, fault
from kashmag.cli.options import COMMON, Common
from kashmag.cli.output import Output
from kashmag.errors import SettingsError

_STYLES: Final = {
    Level.OK: "green",
    Level.WARNING: "yellow",
    Level.FAULT: "red",
    Level.UNCHECKED: "dim",
}


def doctor(
    *,
    send_test_alert: Annotated[bool, Parameter(negative=())] = False,
    common: Common = COMMON,
) -> int:
    """Check settings, permissions and capabilities: one finding per fault, each with its remedy.

    Nothing is changed anywhere. What only a write would prove is listed as unchecked.

    Args:
        send_test_alert: send one alert by each channel, to see whether it arrives.
        common: what every command takes.
    """
    try:
        settings = common.load()
    except SettingsError as error:
        findings = [*_of_lines(error)]
    else:
        from kashmag.cli.examining import examine

        findings = asyncio.run(examine(settings, common.output, send_test_alert=send_test_alert))
    _tell(findings, common.output)
    return worst(finding.exit_code for finding in findings)


def _of_lines(error: SettingsError) -> Iterator[Finding]:
    for sentence in str(error).splitlines():
        yield fault(
            Code.SETTINGS, "settings", sentence, "Correct the settings file or the environment."
        )


def _tell(findings: list[Finding], output: Output) -> None:
    output.document(
        {
            "ok": not any(finding.level is Level.FAULT for finding in findings),
            "findings": [
                {
                    "code": finding.code.value,
                    "level": finding.level.value,
                    "subject": finding.subject,
                    "message": finding.message,
                    "remedy": finding.remedy,
                }
                for finding in findings
            ],
        }
    )
    if output.as_json:
        return
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for finding in findings:
        words = f"{finding.message}\n{finding.remedy}" if finding.remedy else finding.message
        sign = Text(finding.level.value, style=_STYLES[finding.level])
        table.add_row(sign, finding.subject, words)
    output.show(table)
