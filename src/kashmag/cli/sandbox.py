"""`kashmag sandbox`: the two stand-ins as servers, for people and tests."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from kashmag.cli.options import COMMON, Common
from kashmag.cli.wanted import Wanted

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
    from kashmag.cli.serving import serve

    asyncio.run(serve(wanted, common.output))
    return 0
