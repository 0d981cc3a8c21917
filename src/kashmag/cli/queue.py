"""The error queue: looking at it, and carrying out what a person decides."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import Final

from rich.table import Table

from kashmag.accounting import Holds
from kashmag.assembly import has_records, open_engine, open_records
from kashmag.cli.exits import DONE, worst
from kashmag.cli.options import Common
from kashmag.cli.order_names import OrderName
from kashmag.cli.output import Output
from kashmag.cli.printing import print_plan
from kashmag.cli.syncing import follow, tell
from kashmag.cli.telling import exit_code_of, told_document
from kashmag.engine.deciding import Deciding
from kashmag.engine.grouping import Group
from kashmag.engine.naming import named
from kashmag.errors import SettingsError
from kashmag.logbook import DocumentRecord
from kashmag.plans.proposals import Way
from kashmag.plans.questions import SkippedItem
from kashmag.rest.codec import Json
from kashmag.settings import Settings

NUMBERS_SHOWN: Final = 3
_HOW_TO_CHANGE: Final = (
    "In the settings file (where a table is there already, add its keys to it: none may stand "
    "twice):"
)


def _who() -> str:
    """Who decides: the user of this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have a user without a name
        return ""


async def list_groups(common: Common) -> int:
    """Tell what waits, grouped by cause."""
    async with open_records(common.load()) as logbook:
        groups = await Deciding(logbook).groups()
    output = common.output
    output.document({"groups": [_told_group(group) for group in groups]})
    if not groups:
        output.say("nothing waits")
        return DONE
    table = Table("cause", "documents", "for example", "what to do", show_lines=True)
    for group in groups:
        change = f"\n\n{_HOW_TO_CHANGE}\n{group.settings_change}" if group.settings_change else ""
        more = ", ..." if group.count > NUMBERS_SHOWN else ""
        numbers = ", ".join(group.numbers[:NUMBERS_SHOWN]) + more
        table.add_row(
            group.code,
            f"{group.count}\n{numbers}",
            group.example,
            f"{group.remedy}{change}",
        )
    output.show(table)
    output.say("kashmag errors show CAUSE lists all of one cause; why DOCUMENT tells its story.")
    return worst(group.what_to_do.exit_code for group in groups)


def _told_group(group: Group) -> dict[str, Json]:
    return {
        "code": group.code,
        "count": group.count,
        "remedy": group.remedy,
        "exit_code": group.what_to_do.exit_code,
        "example": group.example,
        "documents": list(group.numbers),
        "settings_change": group.settings_change,
    }


async def show_one(what: str, common: Common) -> int:
    """Show all documents of one cause, or one document."""
    async with open_records(common.load()) as logbook:
        deciding = Deciding(logbook)
        records: Sequence[DocumentRecord] = await deciding.with_code(what)
        if not records:
            name = OrderName.parse_document(what)
            records = [await deciding.find(name.number, store=name.store)]
        for record in records:
            _show(record, await deciding.skipped_items(record), common.output)
    return DONE


def _show(record: DocumentRecord, skipped: Sequence[SkippedItem], output: Output) -> None:
    output.document(
        {
            "key": record.key,
            "kind": record.kind,
            "number": record.number,
            "outcome": record.outcome,
            "reason": record.reason,
            "codes": list(record.codes),
            "problems": list(record.problems),
            "skipped_items": [{"item": one.item, "because": one.because} for one in skipped],
            "finished_at": record.finished_at,
        }
    )
    output.say(f"{record.kind} {record.number}: {record.outcome}: {record.reason}")
    for problem in record.problems:
        if problem.get("holds") == Holds.NOTHING.value:
            output.say(f"  note: {problem.get('message')}")
            continue
        output.say(f"  {problem.get('code')}: {problem.get('message')} {problem.get('remedy')}")
    for one in skipped:
        output.say(f"  item {one.item} goes to suspense: {one.because}")


async def retry_all(
    documents: Sequence[str], code: str, item: str, reason: str, common: Common
) -> int:
    """Plan these anew and carry it out."""
    names = [OrderName.parse_document(one) for one in documents]
    async with open_engine(common.load()) as engine:
        found = [await engine.deciding.find(one.number, store=one.store) for one in names]
        if code:
            found += await engine.deciding.with_code(code)
        if not found:
            raise SettingsError(f'nothing waits because of "{code}"; see: kashmag errors list')
        keys = dict.fromkeys(one.key for one in found)
        events = engine.retry(*keys, item=item, reason=reason, who=_who())
        return tell(await follow(events, "retry", common.output), common.output)


async def skip_one(document: str, reason: str, common: Common) -> int:
    """Never post this document; the shop is asked only for one that no run has read yet."""
    name, settings = OrderName.parse_document(document), common.load()
    if await _is_known(name, settings):
        async with open_records(settings) as logbook:
            deciding = Deciding(logbook)
            record = await deciding.find(name.number, store=name.store)
            await deciding.skip(record, reason=reason, who=_who())
    else:
        async with open_engine(settings) as engine:
            record = await engine.skip(name.number, reason=reason, who=_who(), store=name.store)
    return _done(common.output, record, "skipped")


async def _is_known(name: OrderName, settings: Settings) -> bool:
    """Tell whether the logbook knows such a document; where there is none yet, it knows nothing."""
    if not has_records(settings):
        return False
    async with open_records(settings) as logbook:
        return bool(await named(logbook, name.number, store=name.store))


async def skip_item(document: str, item: str, reason: str, common: Common) -> int:
    """Send the money of one item to suspense, and show what the order becomes."""
    name = OrderName.parse(document)
    async with open_engine(common.load()) as engine:
        plan = await engine.skip_item(
            name.number, item, reason=reason, who=_who(), store=name.store
        )
    if plan.adoptions:
        common.output.warn(
            f"order {name.number} is posted as {plan.adoptions[0].number} and stays as it is; "
            "only credit notes that are still to come go to suspense"
        )
    return print_plan(plan, common.output)


async def drop_one(document: str, reason: str, common: Common) -> int:
    """Give up what is left of an open plan."""
    name = OrderName.parse_document(document)
    async with open_records(common.load()) as logbook:
        deciding = Deciding(logbook)
        record = await deciding.find(name.number, store=name.store)
        dropped = await deciding.drop(record, reason=reason, who=_who())
    return _done(common.output, record, f"{dropped} action(s) dropped")


async def accept_one(document: str, reason: str, common: Common) -> int:
    """Take what is doubtful as done."""
    name = OrderName.parse_document(document)
    async with open_records(common.load()) as logbook:
        deciding = Deciding(logbook)
        record = await deciding.find(name.number, store=name.store)
        accepted = await deciding.accept(record, reason=reason, who=_who())
    return _done(common.output, record, f"{accepted} action(s) accepted as done")


async def resolve_one(
    document: str, way: Way, reason: str, common: Common, *, digest: str = ""
) -> int:
    """Take a way out of a drift that the plan proposes."""
    name = OrderName.parse_document(document)
    async with open_engine(common.load()) as engine:
        finished = await engine.resolve(
            name.number, way, reason=reason, who=_who(), store=name.store, digest=digest
        )
    common.output.document(told_document(finished))
    number, outcome = finished.document.number, finished.outcome.value
    common.output.say(f"order {number}: {outcome}: {finished.reason}")
    return exit_code_of(finished)


async def adopt_one(document: str, invoice: int, reason: str, common: Common) -> int:
    """Tie an order to an invoice that is there already."""
    name = OrderName.parse(document)
    async with open_engine(common.load()) as engine:
        adopted = await engine.books.invoices.get(invoice)
        plan = await engine.adopt(name.number, invoice, reason=reason, who=_who(), store=name.store)
    whose = f"{adopted.customer_name or 'no name'} ({adopted.customer_code})"
    common.output.say(
        f"order {plan.document.number} is invoice {invoice}, on the account of {whose}"
    )
    return print_plan(plan, common.output)


def _done(output: Output, record: DocumentRecord, what: str) -> int:
    output.document({"key": record.key, "number": record.number, "done": what})
    output.say(f"{record.kind} {record.number}: {what}")
    return DONE
