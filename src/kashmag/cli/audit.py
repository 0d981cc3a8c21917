"""`kashmag audit`: whether the logbook's trail is what was written."""

from __future__ import annotations

import asyncio
from typing import Final

from cyclopts import App

from kashmag.cli.exits import DONE, WAITS
from kashmag.cli.options import COMMON, Common

audit: Final = App("audit", help="The logbook's audit trail.", help_format="plaintext")


@audit.command
def verify(*, common: Common = COMMON) -> int:
    """Check that the trail is whole: every row is chained to the one before it.

    The logbook alone is asked. Ends with 1 when a row was changed, taken out or added.

    Args:
        common: what every command takes.
    """
    return asyncio.run(_verify(common))


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
