"""Post everything that is due and report what waits for a person; for a scheduler.

python examples/sync_and_report.py
"""

from __future__ import annotations

import asyncio
import sys

from kashmag import KashmagError, Outcome, Settings, open_engine
from kashmag.plans.events import DocumentFinished, RunFinished


async def main() -> int:
    """Run once; 1 when something waits."""
    waiting = 0
    async with open_engine(Settings.load()) as engine:
        async for event in engine.sync("orders"):
            match event:
                case DocumentFinished(outcome=Outcome.HELD | Outcome.FAILED):
                    waiting += 1
                    print(f"{event.document.number} {event.outcome.value}: {event.reason}")
                case RunFinished():
                    print(
                        f"read {event.read} = posted {event.posted} + skipped {event.skipped} "
                        f"+ held {event.held} + failed {event.failed}"
                    )
        for group in await engine.errors():
            print(f"{group.count} wait because of {group.code}: {group.remedy}")
    return 1 if waiting else 0


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except KashmagError as error:
        print(error, file=sys.stderr)
        sys.exit(error.remedy.exit_code)
