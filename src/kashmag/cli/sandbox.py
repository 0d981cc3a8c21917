"""`kashmag sandbox`: the two stand-ins as servers, for people and tests."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from kashmag.cli.options import COMMON, Common
from kashmag.cli.stand_ins import StandIns, Wanted, stand_ins

Port = Annotated[int, Parameter(help="0 takes a free one.")]
MAGENTO_PORT: Final = 8501
KASHFLOW_PORT: Final = 8502


def sandbox(
    *,
    magento_port: Port = MAGENTO_PORT,
    kashflow_port: Port = KASHFLOW_PORT,
    seed: int = 0,
    orders: int = 0,
    faults: str = "",
    folder: Path | None = None,
    common: Common = COMMON,
) -> int:
    """Serve a Magento shop and a KashFlow account on this machine, until it is interrupted.

    Both are stateful, and open only to this machine. A page at each root shows what is in it.

    Args:
        magento_port: port of the shop; 0 takes a free one.
        kashflow_port: port of the accounts; 0 takes a free one.
        seed: what chance starts from; the same seed gives the same run.
        orders: how many generated orders the shop has, besides the recorded ones.
        faults: bad days by name, with commas between, or the path of a schedule file.
        folder: where both keep their state; without it, in memory only.
        common: what every command takes.
    """
    wanted = Wanted(
        seed,
        faults=faults,
        orders=orders,
        folder=folder,
        magento_port=magento_port,
        kashflow_port=kashflow_port,
    )
    asyncio.run(_serve(wanted, common))
    return 0


async def _serve(wanted: Wanted, common: Common) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers in its loop; there Ctrl-C ends it the plain way.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    async with stand_ins(wanted) as running:
        _tell(running, common)
        await stopped.wait()


def _tell(running: StandIns, common: Common) -> None:
    output = common.output
    output.document(
        {
            "magento_url": running.magento_url,
            "kashflow_url": running.kashflow_url,
            "environment": dict(running.environ),
        }
    )
    page = running.kashflow_url.removesuffix("/v2")
    output.say(f"Magento stand-in:  {running.magento_url}/")
    output.say(f"KashFlow stand-in: {page}/ (the API under /v2)")
    output.say("\nPoint kashmag at them (these keys open nothing else):\n")
    for name, value in running.environ.items():
        output.say(f"export {name}={value}")
    output.say("\nCtrl-C ends both.")
