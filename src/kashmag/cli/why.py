"""`kashmag why`: the whole story of one order, credit memo or customer."""

from __future__ import annotations

import asyncio

from kashmag.cli.exits import DONE
from kashmag.cli.options import COMMON, Common


def why(document: str, /, *, common: Common = COMMON) -> int:
    """Tell the whole story of a document: read, decided, sent, answered, missing.

    The logbook alone is asked. An order and a credit memo of the same number are both told; the
    credit memo alone is called `memo:000000042`, a customer of the shop `customer:7`.

    Args:
        document: its number, `memo:NUMBER` for a credit memo, `customer:ID` for a customer, with
            STORE: before the number where it is ambiguous; or its key.
        common: what every command takes.
    """
    return asyncio.run(_tell(document, common))


async def _tell(document: str, common: Common) -> int:
    from kashmag.assembly import open_records
    from kashmag.cli.order_names import OrderName
    from kashmag.engine.stories import tell

    name, output = OrderName.parse_document(document), common.output
    async with open_records(common.load()) as logbook:
        for story in await tell(logbook, name.number, store=name.store):
            output.document(story.to_json())
            output.say("\n".join(story.lines()))
    return DONE
