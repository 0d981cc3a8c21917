"""Stream a backlog of any length through one engine, and watch its memory and its pace.

    python tests/laws/backlog.py --orders 1000000

The shop makes its orders as they are asked for and remembers none (`endless`); most of them wait
for money or are cancelled, every `--posts`th is posted. Shop and account live in the engine's own
process, behind no socket; what the account must remember is counted with it. Each line says how
many documents have their outcome, the memory in use, the pace since the last line, the processor's
time for each, and the logbook's size. At the end stands the slope over the second half: bounded
memory is a slope near 0. Exits with 1 when every other document leaves a piece behind, or when
anything was posted twice.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from attrs import evolve, frozen
from endless import EndlessShop

from kashmag import kashflow, magento
from kashmag.engine.engine import Engine
from kashmag.hooks.hooks import Hooks
from kashmag.logbook.database import open_logbook
from kashmag.plans.events import DocumentFinished, RunFinished
from kashmag.rest.transport import AsgiTransport
from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.testing.worlds import BEGINNING, POLICY

PAGE = os.sysconf("SC_PAGE_SIZE")


@frozen
class Sample:
    """How it stood when so many documents had their outcome.

    `blocks` are the pieces that Python has allocated, strings too; `busy` is processor time.
    """

    documents: int
    memory: int
    blocks: int
    seconds: float
    busy: float


def memory_in_use() -> int:
    """What this process has in memory, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE


def slope(samples: list[Sample], of: Callable[[Sample], int]) -> float:
    """By how much it grows with each document, over the second half: least squares."""
    half = samples[len(samples) // 2 :]
    middle = sum(one.documents for one in half) / len(half)
    mean = sum(of(one) for one in half) / len(half)
    across = sum((one.documents - middle) * (of(one) - mean) for one in half)
    along = sum((one.documents - middle) ** 2 for one in half)
    return across / along if along else 0.0


async def stream(
    logbook_url: str,
    shop: EndlessShop,
    account: KashflowSandbox,
    *,
    every: int,
    limit: int | None = None,
) -> AsyncIterator[Sample | RunFinished]:
    """Run over the whole backlog; a sample after every so many documents, then the end."""
    keys, signs = MagentoSandbox.credentials, account.credentials
    auth = magento.OAuth1(
        consumer_key=keys.consumer_key,
        consumer_secret=keys.consumer_secret,
        access_token=keys.access_token,
        access_token_secret=keys.access_token_secret,
    )
    sign_in = kashflow.SignIn(signs.user_name, signs.password, signs.memorable_word)
    logbook = await open_logbook(logbook_url)
    policy = evolve(POLICY, go_live=BEGINNING.date())
    began = time.monotonic()
    finished = 0
    try:
        async with (
            magento.Client("http://shop.example", auth=auth, transport=AsgiTransport(shop)) as mine,
            kashflow.Client(
                "http://kashflow.example/v2", auth=sign_in, transport=AsgiTransport(account.app)
            ) as books,
        ):
            engine = Engine(mine, books, logbook, hooks=Hooks(), policy=policy)
            async for event in engine.sync("orders", limit=limit):
                if isinstance(event, DocumentFinished):
                    finished += 1
                    if finished % every == 0:
                        gc.collect()
                        seconds, busy = time.monotonic() - began, time.process_time()
                        yield Sample(
                            finished, memory_in_use(), sys.getallocatedblocks(), seconds, busy
                        )
                elif isinstance(event, RunFinished):
                    yield event
    finally:
        await logbook.aclose()


async def bench(told: argparse.Namespace) -> int:
    """Stream it, and tell how it went."""
    logging.getLogger("kashmag").setLevel(logging.CRITICAL)
    shop, account = EndlessShop(told.orders, posts=told.posts), KashflowSandbox()
    samples: list[Sample] = []
    before = Sample(0, 0, 0, 0.0, time.process_time())
    with tempfile.TemporaryDirectory() as folder:
        logbook = f"sqlite:///{folder}/logbook.sqlite"
        async for one in stream(logbook, shop, account, every=told.every):
            if isinstance(one, RunFinished):
                print(one, flush=True)
                continue
            new = one.documents - before.documents
            pace, busy = new / (one.seconds - before.seconds), (one.busy - before.busy) / new
            sizes = [f"{path.name} {path.stat().st_size / 1e6:.0f}" for path in _files(folder)]
            print(
                f"{one.documents:>9} documents {one.memory / 1e6:8.1f} MB {one.blocks:>8} blocks "
                f"{pace:7.0f}/s {busy * 1000:6.1f} ms busy  {', '.join(sizes)} MB",
                flush=True,
            )
            before = one
            samples.append(one)
    if samples:
        print(
            f"slope: {slope(samples, lambda one: one.memory):.1f} bytes and "
            f"{slope(samples, lambda one: one.blocks):.3f} blocks a document"
        )
    census = account.census()
    print(
        f"{census.invoices} invoices, {len(census.duplicate_references)} duplicate references, "
        f"{census.customers} customers, {census.requests} requests"
    )
    grows = slope(samples, lambda one: one.blocks) > told.bound
    return 1 if census.duplicate_references or grows else 0


def _files(folder: str) -> list[Path]:
    return sorted(Path(folder).iterdir())


def main() -> int:
    """Read what is wanted from the command line."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--orders", type=int, default=1_000_000)
    wanted.add_argument("--posts", type=int, default=1000)
    wanted.add_argument("--bound", type=float, default=0.5, help="blocks a document, at most")
    wanted.add_argument("--every", type=int, default=10_000)
    return asyncio.run(bench(wanted.parse_args()))


if __name__ == "__main__":
    raise SystemExit(main())
