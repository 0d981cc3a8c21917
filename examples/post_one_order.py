"""Plan one order, look at the plan, carry it out. Safe to run again after any failure.

python examples/post_one_order.py 000000003
"""

from __future__ import annotations

import asyncio
import sys

from kashmag import KashmagError, Settings, open_engine


async def main(number: str) -> int:
    """Post one order, and say what became of it."""
    async with open_engine(Settings.load()) as engine:
        plan = await engine.plan_order(number)
        print(plan.summary())  # actions, decisions with reasons, problems, certificate
        if plan.is_held:
            return 1
        outcome = await engine.apply(plan)
        print(f"{outcome.outcome.value}: {outcome.reason}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main(sys.argv[1])))
    except KashmagError as error:
        print(error, file=sys.stderr)
        sys.exit(error.remedy.exit_code)
