"""The demo: both stand-ins, real HTTP between, one run over every order, then the proof."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from attrs import evolve
from rich.table import Table

from kashmag.assembly import Parts, open_engine, open_records
from kashmag.cli.options import Common
from kashmag.cli.output import Output
from kashmag.cli.posted import Posted, look_up
from kashmag.cli.stand_ins import StandIns, stand_ins
from kashmag.cli.syncing import follow
from kashmag.cli.telling import exit_code_of_all, told_document, told_run
from kashmag.cli.wanted import Wanted
from kashmag.engine.options import EngineOptions
from kashmag.logbook import Logbook
from kashmag.logbook.documents import Belonging
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import DocumentFinished, Outcome, RunFinished
from kashmag.plans.policy import Numbering, PaymentAction, PaymentRule, Policy
from kashmag.rest.codec import Json
from kashmag.settings import Settings
from kashmag.settings.environment import from_environment
from kashmag.settings.places import data_folder
from kashmag.settings.sections import kashflow_settings, magento_settings
from kashmag.settings.shape import Faults

FILES: Final = ("magento.sqlite", "kashflow.sqlite", "logbook.sqlite", "orders.txt")
MOST_ROWS: Final = 40


def _post(method: int, bank_account: int) -> PaymentRule:
    return PaymentRule(PaymentAction.POST, method=method, bank_account=bank_account)


# Methods and bank accounts are those of the KashFlow stand-in.
POLICY: Final = Policy(
    shop="M",
    go_live=date(2020, 1, 1),
    numbering=Numbering.ORDER,
    credit_numbers_from=1_000_000_000,
    further_numbers_from=1_500_000_000,
    payments={
        "checkmo": _post(4, 1),
        "banktransfer": _post(1, 1),
        "purchaseorder": _post(1, 1),
        "stripe_payments": _post(2, 2),
        "paypal_express": PaymentRule(PaymentAction.LEAVE),
        "free": PaymentRule(PaymentAction.LEAVE),
    },
)
BELONGING: Final = Belonging("the demo's shop", "the demo's account", "demo")
MOST_ROUNDS: Final = 6


async def demonstrate(wanted: Wanted, common: Common, *, reset: bool) -> int:
    """Run the demo and tell what was posted; the exit code is returned."""
    folder = wanted.folder or data_folder(os.environ) / "demo"
    if reset:
        _forget(folder)
    output = common.output
    output.say("Starting a Magento shop and a KashFlow account on this machine ...")
    async with stand_ins(evolve(wanted, folder=folder)) as running:
        settings = _settings(running, folder)
        parts = _parts(wanted)
        documents = await _rounds(settings, parts, output)
        posted = await _look_up(settings, parts, documents)
    run = counted(documents)
    output.document(_told(run, documents, posted))
    _show(run, documents, posted, output)
    output.say(_next(wanted, folder))
    return exit_code_of_all(documents)


def _parts(wanted: Wanted) -> Parts:
    """On loopback nothing is on its way for long: what cannot be found soon is surely absent."""
    lags = "lag" in wanted.faults or wanted.faults.endswith(".toml")
    options = EngineOptions(
        http_timeout=timedelta(seconds=5),
        lag=timedelta(seconds=4 if lags else 0.25),
        patience=timedelta(minutes=2),
    )
    return Parts(options=options, belonging=BELONGING)


async def _rounds(settings: Settings, parts: Parts, output: Output) -> list[DocumentFinished]:
    """Run, and run again while something has failed: what was done is found, not done again."""
    found: dict[DocumentId, DocumentFinished] = {}
    before: frozenset[str] | None = None
    for number in range(1, MOST_ROUNDS + 1):
        title = "Orders to cash" if number == 1 else f"Orders to cash, run {number}"
        async with open_engine(settings, parts=parts) as engine:
            before = await _invoiced(engine.logbook) if before is None else before
            events = engine.sync("orders", since=datetime(2020, 1, 1, tzinfo=UTC))
            followed = await follow(events, title, output)
        for one in followed.documents:
            if one.document not in found or found[one.document].outcome is not Outcome.POSTED:
                found[one.document] = one
        if not followed.run.failed and followed.error is None:
            break
        output.say(
            f"{followed.run.failed} failed on this bad day: running again, as a schedule would."
        )
    async with open_records(settings, parts=parts) as logbook:
        ours = await _invoiced(logbook) - (before or frozenset())
    told = [
        evolve(one, outcome=Outcome.POSTED)
        # Posted by a run of this demo that failed later on in the same order.
        if one.outcome is Outcome.SKIPPED and one.document.whole in ours
        else one
        for one in found.values()
    ]
    return sorted(told, key=lambda one: int(one.document.entity_id))


async def _invoiced(logbook: Logbook) -> frozenset[str]:
    """The keys of all orders that have an invoice."""
    found: set[str] = set()
    after = ""
    while batch := await logbook.bindings("invoice", after=after):
        found.update(one.document for one in batch)
        after = batch[-1].source
    return frozenset(found)


async def _look_up(
    settings: Settings, parts: Parts, documents: list[DocumentFinished]
) -> Mapping[DocumentId, Posted]:
    async with open_records(settings, parts=parts) as logbook:
        return {one.document: await look_up(logbook, one) for one in documents}


def counted(documents: Iterable[DocumentFinished]) -> RunFinished:
    """The four counts over documents, whichever run has finished them."""
    counts = Counter(one.outcome for one in documents)
    return RunFinished(
        datetime.now(UTC),
        run="demo",
        read=counts.total(),
        posted=counts[Outcome.POSTED],
        skipped=counts[Outcome.SKIPPED],
        held=counts[Outcome.HELD],
        failed=counts[Outcome.FAILED],
    )


def _forget(folder: Path) -> None:
    """Delete the demo's own files, and nothing else."""
    for name in FILES:
        for suffix in ("", "-wal", "-shm", "-journal"):
            (folder / f"{name}{suffix}").unlink(missing_ok=True)


def _settings(running: StandIns, folder: Path) -> Settings:
    another = _another_account(os.environ)
    name = f"logbook-{urlsplit(another['KASHMAG_KASHFLOW_URL']).port}" if another else "logbook"
    sections = from_environment({**running.environ, **another}, Faults())
    return Settings(
        "demo",
        magento=magento_settings(sections["magento"]),
        kashflow=kashflow_settings(sections["kashflow"]),
        logbook_url=f"sqlite:///{(folder / f'{name}.sqlite').as_posix()}",
        policy=POLICY,
    )


def _another_account(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Another KashFlow stand-in on this machine, if the environment names one.

    An account elsewhere is left alone: a demo must never post into real books.
    """
    prefix = "KASHMAG_KASHFLOW_"
    host = urlsplit(environ.get(f"{prefix}URL", "")).hostname
    if host not in ("127.0.0.1", "localhost", "::1"):
        return {}
    return {name: value for name, value in environ.items() if name.startswith(prefix)}


def _told(
    run: RunFinished, documents: list[DocumentFinished], posted: Mapping[DocumentId, Posted]
) -> dict[str, Json]:
    told = told_run(run, ())
    told["documents"] = [
        {**told_document(one), **posted[one.document].to_json()} for one in documents
    ]
    return told


def _show(
    run: RunFinished,
    documents: list[DocumentFinished],
    posted: Mapping[DocumentId, Posted],
    output: Output,
) -> None:
    table = Table(title="Posted to KashFlow, and the proof", title_justify="left")
    for name in ("order", "customer", "invoice", "payment"):
        table.add_column(name)
    for name in ("net", "VAT", "gross"):
        table.add_column(name, justify="right")
    table.add_column("proof")
    shown = [one for one in documents if posted[one.document].invoice]
    for one in shown[:MOST_ROWS]:
        table.add_row(one.document.number, *posted[one.document].cells())
    if shown:
        output.show(table)
    if len(shown) > MOST_ROWS:
        output.say(f"... and {len(shown) - MOST_ROWS} more")
    _show_others(documents, posted, output)
    already = sum(1 for one in shown if one.outcome is Outcome.SKIPPED)
    output.say(
        f"read {run.read} = posted {run.posted} + skipped {run.skipped} + held {run.held} "
        f"+ failed {run.failed}" + (f"; {already} were posted before" if already else "")
    )


def _show_others(
    documents: list[DocumentFinished], posted: Mapping[DocumentId, Posted], output: Output
) -> None:
    others = [one for one in documents if not posted[one.document].invoice or one.codes]
    if not others:
        return
    table = Table(title="The others, and why", title_justify="left")
    for name in ("order", "outcome", "why"):
        table.add_column(name)
    for one in others[:MOST_ROWS]:
        table.add_row(one.document.number, one.outcome.value, one.reason)
    output.show(table)
    if len(others) > MOST_ROWS:
        output.say(f"... and {len(others) - MOST_ROWS} more")


def _next(wanted: Wanted, folder: Path) -> str:
    again = f"kashmag demo --folder {folder}" if wanted.folder else "kashmag demo"
    return f"""
What to try next:
  {again}
      again: nothing is posted twice
  {again} --reset --orders 50 --faults cut_after
      begin anew, with connections cut after the effect
  {again} --reset --faults mixed
      a bad day of every kind
  kashmag sandbox
      both stand-ins, for your own settings and rules
The demo keeps its state in {folder}"""
