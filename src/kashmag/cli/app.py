"""The tree of commands; each is imported when it is asked for."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from cyclopts import App

_HELP: Final = "Keep a Magento 2 shop and a KashFlow set of accounts in step."

# Said here, so that `--help` need not load the commands.
COMMANDS: Final = (
    (
        "demo",
        "kashmag.cli.demo:demo",
        "Orders to paid invoices, on stand-ins on this machine.",
    ),
    (
        "plan",
        "kashmag.cli.plan:plan",
        "Make and print plans; nothing is written.",
    ),
    ("apply", "kashmag.cli.apply:apply", "Carry out the plan that was shown, and no other."),
    ("sync", "kashmag.cli.sync:sync", "Plan and apply for all that is due."),
    ("why", "kashmag.cli.why:why", "Tell the whole story of one order or credit memo."),
    ("errors", "kashmag.cli.waiting:errors", "What waits for a person, grouped by cause."),
    (
        "reconcile",
        "kashmag.cli.reconcile:reconcile",
        "Compare shop and accounts over a period.",
    ),
    ("vat", "kashmag.cli.vat:vat", "Boxes 1 and 6 of the VAT return, on both sides."),
    (
        "candidates",
        "kashmag.cli.candidates:candidates",
        "Find what straddles go_live or was typed by hand.",
    ),
    (
        "init",
        "kashmag.cli.init:init",
        "Write a settings file from what both sides report.",
    ),
    ("doctor", "kashmag.cli.doctor:doctor", "Check settings, permissions and capabilities."),
    (
        "sandbox",
        "kashmag.cli.sandbox:sandbox",
        "Serve both stand-ins on this machine.",
    ),
    ("audit", "kashmag.cli.audit:audit", "The logbook's audit trail."),
)


def _version() -> str:
    return version("kashmag")


app: Final = App(
    "kashmag",
    help=_HELP,
    version=_version,
    result_action="return_value",
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
)
for _name, _where, _help in COMMANDS:
    app.command(_where, name=_name, help=_help)
