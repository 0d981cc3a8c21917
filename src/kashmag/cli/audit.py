"""`kashmag audit`: whether the logbook's trail is what was written, and erasing people from it."""

from __future__ import annotations

import asyncio
from typing import Final

from cyclopts import App

from kashmag.cli.exits import DONE, WAITS
from kashmag.cli.options import COMMON, Common, Reason
from kashmag.cli.order_names import OrderName

audit: Final = App("audit", help="The logbook's audit trail.", help_format="plaintext")


@audit.command
def verify(*, common: Common = COMMON) -> int:
    """Check that the trail is whole: every row is chained to the one before it.

    The logbook alone is asked. Ends with 1 when a row was changed, taken out or added.

    Args:
        common: what every command takes.
    """
    return asyncio.run(_verify(common))


@audit.command
def erase(document: str, /, *, reason: Reason, common: Common = COMMON) -> int:
    """Erase what the logbook keeps about the people of one document; the trail stays whole.

    What shop and KashFlow keep is not touched. Numbers, states and ties stay, so that nothing is
    posted again. Refused while something of the document is still to be sent.

    Args:
        document: its number, `memo:NUMBER` for a credit memo, `customer:ID` for a customer, with
            STORE: before the number where it is ambiguous.
        reason: why.
        common: what every command takes.
    """
    return asyncio.run(_erase(document, reason, common))


async def _erase(document: str, reason: str, common: Common) -> int:
    from kashmag.assembly import open_records
    from kashmag.engine.deciding import Deciding

    name = OrderName.parse_document(document)
    async with open_records(common.load()) as logbook:
        deciding = Deciding(logbook)
        record = await deciding.find(name.number, store=name.store)
        rows = await deciding.erase(record, reason=reason)
    common.output.document({"key": record.key, "number": record.number, "erased": rows})
    common.output.say(f"{record.kind} {record.number}: {rows} row(s) of the logbook erased")
    return DONE


async def _verify(common: Common) -> int:
    from kashmag.assembly import open_records

    async with open_records(common.load()) as logbook:
        faults = await logbook.verify_audit()
    output = common.output
    output.document(
        {
            "whole": not faults,
            "faults": [
                {"seq": one.seq, "writer": one.writer, "message": one.message} for one in faults
            ],
        }
    )
    for one in faults:
        output.say(f"row {one.seq} by {one.writer}: {one.message}")
    output.say("the trail is NOT what was written" if faults else "the trail is whole")
    return WAITS if faults else DONE
