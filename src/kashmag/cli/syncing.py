"""Running a flow over all that is due, and telling what happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen
from rich.progress import Progress, TaskID
from rich.table import Table

from kashmag.assembly import open_engine
from kashmag.cli.exits import DONE, code_of, worst
from kashmag.cli.options import Asked, Common
from kashmag.cli.order_names import OrderName
from kashmag.cli.output import Output
from kashmag.cli.spool import Spool
from kashmag.cli.telling import (
    exit_code_of,
    exit_code_of_all,
    told_document,
    told_failure,
    told_run,
)
from kashmag.engine.naming import called, record_about
from kashmag.errors import KashmagError, SettingsError
from kashmag.plans.events import (
    AlertFailed,
    DocumentFinished,
    Event,
    Outcome,
    RunFinished,
    RunStarted,
)

# What people read of a table; what is more stands in the error queue.
MOST_SHOWN: Final = 30


async def run_flow(flow: str, asked: Asked, common: Common) -> int:
    """Run it and tell what happened; the exit code is returned."""
    settings, output = common.load(), common.output
    if asked.limit is not None and asked.limit < 1:
        raise SettingsError(f"--limit {asked.limit} would read nothing; give at least 1")
    zone = settings.policy.time_zone
    since = parse_moment("--since", asked.since, zone)
    until = parse_moment("--until", asked.until, zone)
    if since and until and until <= since:
        raise SettingsError(f"--until {asked.until} is not after --since {asked.since}")
    async with open_engine(settings) as engine:
        # What the settings name, and account or shop do not have, is said before anything is read.
        try:
            await engine.check_policy()
        except KashmagError as error:
            if not asked.dry_run:
                await engine.could_not_run(flow, error)
            raise
        events = engine.sync(
            flow,
            since=since,
            until=until,
            limit=asked.limit,
            dry_run=asked.dry_run,
            approved=asked.approved,
        )
        followed = await follow(events, f"sync {flow}", output)
        return tell(followed, output, quiet=asked.quiet)


async def run_numbers(numbers: Sequence[str], common: Common, *, dry_run: bool, quiet: bool) -> int:
    """Run over these orders only; the exit code is returned."""
    names = [OrderName.parse_order(number) for number in numbers]
    stores = {name.store for name in names}
    if len(stores) > 1:
        raise SettingsError("name the orders of one store at a time")
    async with open_engine(common.load()) as engine:
        await engine.check_policy()
        events = engine.sync_numbers(
            *(name.number for name in names), store=stores.pop(), dry_run=dry_run
        )
        followed = await follow(events, "sync orders", common.output)
        return tell(followed, common.output, quiet=quiet)


def parse_moment(option: str, text: str | None, zone: str) -> datetime | None:
    """A date or time of the command line, in the policy's time zone where it names none.

    Raises:
        SettingsError: it is neither.
    """
    if text is None:
        return None
    try:
        if len(text) == len("2026-04-01"):
            return datetime.combine(date.fromisoformat(text), time.min, tzinfo=ZoneInfo(zone))
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            f'{option} "{text}" is no date or time; write it as 2026-04-01 or 2026-04-01T09:00'
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


@frozen
class Followed:
    """A run to its end; `error` is what ended it early, after all that is counted here.

    `undelivered` are the receivers that did not take their alert; the log has told of them.
    """

    run: RunFinished
    documents: Iterable[DocumentFinished]
    error: KashmagError | None = field(default=None, kw_only=True)
    undelivered: tuple[AlertFailed, ...] = field(default=(), kw_only=True)


async def follow(events: AsyncIterator[Event], title: str, output: Output) -> Followed:
    """Show a run's progress; its end and every document's outcome are returned.

    Raises:
        KashmagError: the run could not even begin.
    """
    documents = Spool()
    undelivered: list[AlertFailed] = []
    finished: RunFinished | None = None
    stopped: KashmagError | None = None
    with output.progress() as progress:
        task = progress.add_task(title, total=None)
        try:
            async for event in events:
                _advance(progress, task, event)
                if isinstance(event, DocumentFinished):
                    documents.add(event)
                elif isinstance(event, RunFinished):
                    finished = event
                elif isinstance(event, AlertFailed):
                    undelivered.append(event)
        except KashmagError as error:
            if finished is None:
                raise
            stopped = error  # what was done before is told all the same
    assert finished is not None, "a run ends with RunFinished"
    return Followed(finished, documents, error=stopped, undelivered=tuple(undelivered))


def _advance(progress: Progress, task: TaskID, event: Event) -> None:
    if isinstance(event, RunStarted):
        progress.update(task, total=event.expected)
    elif isinstance(event, DocumentFinished):
        progress.advance(task)


def tell(followed: Followed, output: Output, *, quiet: bool = False) -> int:
    """Tell what became of everything; the exit code is returned.

    What waits is always shown; what was plainly posted (in a dry run: would be) only where it is
    few, and not when it is to be `quiet`.
    """
    run, documents = followed.run, followed.documents
    told = {**told_run(run, ()), "undelivered": [*map(told_failure, followed.undelivered)]}
    output.long_document(told, "documents", map(told_document, documents))
    waiting = (one for one in documents if exit_code_of(one) != DONE)
    if shown := list(islice(waiting, MOST_SHOWN)):
        output.show(_table(shown))
    if more := sum(1 for _ in waiting):
        output.say(f"and {more} more that wait; all of them, by cause: kashmag errors list")
    if not quiet and not output.as_json:
        _tell_deeds((one for one in documents if _is_news(one)), output)
    _tell_advice((one for one in documents if one.deeds), output)
    output.say(
        f"read {run.read} = posted {run.posted} + skipped {run.skipped} "
        f"+ held {run.held} + failed {run.failed}"
    )
    if followed.error is None:
        return exit_code_of_all(documents)
    output.warn(str(followed.error))
    return worst((exit_code_of_all(documents), code_of(followed.error)))


def _tell_advice(documents: Iterable[DocumentFinished], output: Output) -> None:
    """What is pointed out about documents of this run: how many they are, and the first names."""
    found: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    for one in documents:
        for code in one.advice:
            counts[code] += 1
            if counts[code] <= MOST_SHOWN:
                found.setdefault(code, []).append(called(record_about(one.document)))
    for code, names in found.items():
        more = ", ..." if counts[code] > len(names) else ""
        output.say(f"note: {code}: {counts[code]} ({', '.join(names)}{more}); why tells of each")


def _is_news(one: DocumentFinished) -> bool:
    """Tell what has deeds to be shown: all of a dry run, else what was plainly posted."""
    is_dry = one.outcome is Outcome.SKIPPED
    return bool(one.deeds) and (is_dry or exit_code_of(one) == DONE)


def _tell_deeds(documents: Iterator[DocumentFinished], output: Output) -> None:
    """What was done, or would be, a line each; of a large run only how much it was."""
    shown = list(islice(documents, MOST_SHOWN + 1))
    if not shown:
        return
    is_dry = shown[0].outcome is not Outcome.POSTED
    if len(shown) > MOST_SHOWN:
        count = len(shown) + sum(1 for _ in documents)
        verb = "would be posted" if is_dry else "were posted"
        output.say(f"{count} documents {verb}; --json lists each with its figures")
        return
    table = Table("document", "would be posted" if is_dry else "posted", box=None, padding=(0, 2))
    for one in shown:
        table.add_row(called(record_about(one.document)), "\n".join(map(str, one.deeds)))
    output.show(table)


def _table(documents: list[DocumentFinished]) -> Table:
    table = Table("document", "outcome", "why", box=None, padding=(0, 2))
    for one in documents:
        table.add_row(called(record_about(one.document)), one.outcome.value, one.reason)
    return table
