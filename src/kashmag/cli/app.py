"""The tree of commands; each is imported when it is asked for."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from cyclopts import App

_HELP: Final = "Keep a Magento 2 shop and a KashFlow set of accounts in step."


def _version() -> str:
    return version("kashmag")


app: Final = App(
    "kashmag", help=_HELP, version=_version, result_action="return_value", help_format="plaintext"
)
app.command("kashmag.cli.demo:demo", name="demo")
app.command("kashmag.cli.plan:plan", name="plan")
app.command("kashmag.cli.apply:apply", name="apply")
app.command("kashmag.cli.sync:sync", name="sync")
app.command("kashmag.cli.why:why", name="why")
app.command("kashmag.cli.waiting:errors", name="errors")
app.command("kashmag.cli.reconcile:reconcile", name="reconcile")
app.command("kashmag.cli.vat:vat", name="vat")
app.command("kashmag.cli.init:init", name="init")
app.command("kashmag.cli.doctor:doctor", name="doctor")
app.command("kashmag.cli.sandbox:sandbox", name="sandbox")
app.command("kashmag.cli.audit:audit", name="audit")
