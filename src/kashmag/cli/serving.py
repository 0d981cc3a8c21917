"""Serving the stand-ins until somebody stops them."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from kashmag.cli.output import Output
from kashmag.cli.stand_ins import StandIns, stand_ins
from kashmag.cli.wanted import Wanted


async def serve(wanted: Wanted, output: Output) -> None:
    """Serve both, say where, and wait for an interrupt."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers in its loop; there Ctrl-C ends it the plain way.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    async with stand_ins(wanted) as running:
        _tell(running, output)
        await stopped.wait()


def _tell(running: StandIns, output: Output) -> None:
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
