"""`kashmag audit`: whether the logbook's trail is what was written, and erasing people from it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from cyclopts import App

from kashmag.cli.exits import DONE, WAITS
from kashmag.cli.options import COMMON, Common, Reason
from kashmag.cli.order_names import OrderName
from kashmag.errors import SettingsError

audit: Final = App("audit", help="The logbook's audit trail.", help_format="plaintext")


@audit.command
def verify(*, expect: str = "", common: Common = COMMON) -> int:
    """Check that the trail is whole, and tell its digest: every row is chained to the one before.

    The logbook alone is asked. Ends with 1 when a row was changed, taken out or added.

    Args:
        expect: a digest that was told before, and written down elsewhere: that the newest rows
            were cut off since is found by it alone.
        common: what every command takes.
    """
    return asyncio.run(_verify(expect.strip().lower(), common))


@audit.command
def erase(*documents: str, reason: Reason, common: Common = COMMON) -> int:
    """Erase what the logbook keeps about the people of documents; the trail stays whole.

    What shop and KashFlow keep is not touched. Figures, numbers, states and ties stay, so that
    nothing is posted again. Refused while something of a document is still to be sent, or waits for
    a person. A logbook in a file is written anew at the end.

    Args:
        documents: their numbers, `memo:NUMBER` for a credit memo (its order goes with it),
            `customer:ID` for a customer, with STORE: before the number where it is ambiguous.
        reason: why; it stays, so it names nobody.
        common: what every command takes.
    """
    if not documents:
        raise SettingsError("erase what? name documents")
    return asyncio.run(_erase(documents, reason, common))


async def _erase(documents: Sequence[str], reason: str, common: Common) -> int:
    from kashmag.assembly import open_records
    from kashmag.engine.deciding import Deciding
    from kashmag.engine.erasing import erase as erase_words

    names = [OrderName.parse_document(one) for one in documents]
    async with open_records(common.load()) as logbook:
        deciding = Deciding(logbook)
        records = [await deciding.find(one.number, store=one.store) for one in names]
        erased = await erase_words(logbook, *records, reason=reason)
    for record in records:
        rows = erased[record.key]
        common.output.document({"key": record.key, "number": record.number, "erased": rows})
        common.output.say(f"{record.kind} {record.number}: {rows} row(s) of the logbook erased")
    return DONE


async def _verify(expected: str, common: Common) -> int:
    from kashmag.assembly import open_records

    async with open_records(common.load()) as logbook:
        examined = await logbook.examine_audit(expected=expected)
    output, faults = common.output, examined.faults
    output.document(
        {
            "whole": not faults,
            "rows": examined.rows,
            "digest": examined.digest,
            "faults": [
                {"seq": one.seq, "writer": one.writer, "message": one.message} for one in faults
            ],
        }
    )
    for one in faults:
        where = f"row {one.seq} by {one.writer}: " if one.writer else ""
        output.say(f"{where}{one.message}")
    output.say(f"{examined.rows} rows, digest {examined.digest}")
    output.say("the trail is NOT what was written" if faults else "the trail is whole")
    return WAITS if faults else DONE
