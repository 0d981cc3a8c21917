"""Planning by number: the engine asks shop and account, and nothing is written at the far end."""

from __future__ import annotations

from collections.abc import Sequence

from kashmag.assembly import open_engine
from kashmag.cli.exits import DONE, code_of, worst
from kashmag.cli.options import Common
from kashmag.cli.order_names import OrderName
from kashmag.cli.output import Output
from kashmag.cli.printing import print_plan
from kashmag.engine.engine import Engine
from kashmag.errors import (
    KashmagError,
    NotFoundError,
    RemoteError,
    SettingsError,
    UnexpectedPayloadError,
)


async def plan_numbers(orders: Sequence[str], common: Common) -> int:
    """Make and print the plan of each; one that cannot be planned stops no other."""
    names = [OrderName.parse(order) for order in orders]
    settings, output = common.load(), common.output
    codes = [DONE]
    async with open_engine(settings) as engine:
        await _warn_of_policy(engine, output)
        for name in names:
            try:
                planned = await engine.plan_order(name.number, store=name.store)
            except (NotFoundError, SettingsError, UnexpectedPayloadError) as error:
                output.warn(told(name, error))
                codes.append(code_of(error))
            else:
                codes.append(print_plan(planned, output))
    return worst(codes)


async def _warn_of_policy(engine: Engine, output: Output) -> None:
    """Say what the settings name and nobody has: a run would refuse to begin."""
    try:
        await engine.check_policy()
    except RemoteError:
        pass  # each plan says itself that nobody answers
    except SettingsError as error:
        for sentence in str(error).splitlines():
            output.warn(f"no run would begin: {sentence}")


def told(name: OrderName, error: KashmagError) -> str:
    """The sentence about an order that cannot be planned."""
    return f"order {name.number}: {error}"
