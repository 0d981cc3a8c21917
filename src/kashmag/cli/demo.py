"""`kashmag demo`: order to cash on stand-ins, with the proof."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kashmag.cli.options import COMMON, Common
from kashmag.cli.wanted import Wanted
from kashmag.errors import SettingsError


def demo(
    *,
    orders: int = 0,
    seed: int = 0,
    faults: str = "",
    folder: Path | None = None,
    reset: Annotated[bool, Parameter(negative=())] = False,
    common: Common = COMMON,
) -> int:
    """Take a shop's orders to paid invoices, on two stand-ins that run on this machine.

    Nothing leaves the machine, and no settings are needed. The state is kept: running it again
    posts nothing.

    Args:
        orders: how many generated orders the shop has, besides the recorded ones.
        seed: what chance starts from; the same seed gives the same run.
        faults: bad days by name, with commas between, or the path of a schedule file.
        folder: where the demo keeps its state; without it, in your data folder.
        reset: forget the state and begin anew.
        common: what every command takes.
    """
    if orders < 0:
        raise SettingsError(f"--orders {orders} cannot be below zero")
    from kashmag.cli.demonstrating import demonstrate

    wanted = Wanted(seed, faults=faults, orders=orders, folder=folder)
    return asyncio.run(demonstrate(wanted, common, reset=reset))
