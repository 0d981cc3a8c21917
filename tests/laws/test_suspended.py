"""A process that sleeps between announcing a call and sending it, while another takes over."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.serving import serving
from kashmag.sandbox.workload import fill

WORKER = """
import asyncio, logging, os, signal, sys
from datetime import timedelta
from kashmag import kashflow, magento
from kashmag.engine.engine import Engine
from kashmag.engine.options import EngineOptions
from kashmag.hooks.hooks import Hooks
from kashmag.hooks.hookspecs import hookimpl
from kashmag.logbook.database import open_logbook
from kashmag.plans.events import ActionSent, RunFinished
from kashmag.rest.options import Options
from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.testing.worlds import BEGINNING, POLICY
from attrs import evolve

logging.getLogger("kashmag").setLevel(logging.CRITICAL)
logbook_url, shop_url, books_url, sleeps_at = sys.argv[1:]
TERMS = evolve(POLICY, go_live=BEGINNING.date())
QUICK = EngineOptions(
    http_timeout=timedelta(seconds=1), lag=timedelta(seconds=0.25), lease=timedelta(seconds=1),
    patience=timedelta(seconds=30), documents_at_once=1,
)

class Sleeper:
    announced = 0
    @hookimpl
    def kashmag_observe(self, event):
        if isinstance(event, ActionSent):
            self.announced += 1
            if self.announced == int(sleeps_at):
                os.kill(os.getpid(), signal.SIGSTOP)

async def main():
    keys, signs = MagentoSandbox.credentials, KashflowSandbox().credentials
    auth = magento.OAuth1(
        consumer_key=keys.consumer_key, consumer_secret=keys.consumer_secret,
        access_token=keys.access_token, access_token_secret=keys.access_token_secret,
    )
    sign_in = kashflow.SignIn(signs.user_name, signs.password, signs.memorable_word)
    logbook = await open_logbook(logbook_url)
    options = Options(timeout=timedelta(seconds=1))
    async with (
        magento.Client(shop_url, auth=auth, options=options) as shop,
        kashflow.Client(books_url + "/v2", auth=sign_in, options=options) as books,
    ):
        engine = Engine(shop, books, logbook, hooks=Hooks([Sleeper()]), policy=TERMS, options=QUICK)
        async for event in engine.sync("orders"):
            if isinstance(event, RunFinished):
                print(event.read, event.posted, event.failed, flush=True)
    await logbook.aclose()

asyncio.run(main())
"""
ORDERS = 3


async def start(*told: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, *told, stdout=asyncio.subprocess.DEVNULL
    )


def is_asleep(pid: int) -> bool:
    """Tell a process that was stopped and not woken yet."""
    return "State:\tT" in Path(f"/proc/{pid}/status").read_text(encoding="ascii")


async def until_asleep(process: asyncio.subprocess.Process) -> bool:
    """Wait until a process has put itself to sleep; False when it ends instead."""
    while process.returncode is None:
        if is_asleep(process.pid):
            return True
        await asyncio.sleep(0.05)
    return False


@pytest.mark.parametrize("sleeps_at", [2])
async def test_who_wakes_up_after_another_took_over_sends_nothing(tmp_path, sleeps_at) -> None:
    shop, account = MagentoSandbox(), KashflowSandbox()
    fill(shop, ORDERS, seed=7)
    logbook = f"sqlite:///{tmp_path}/logbook.sqlite"
    async with serving(shop.app) as shop_url, serving(account.app) as books_url:
        sleeper = await start(logbook, shop_url, books_url, str(sleeps_at))
        try:
            assert await until_asleep(sleeper)
            other = await start(logbook, shop_url, books_url, "0")
            assert await other.wait() == 0
            before = Counter(one["CustomerReference"] for one in account.invoices())
            os.kill(sleeper.pid, signal.SIGCONT)
            assert await sleeper.wait() == 0
        finally:
            if sleeper.returncode is None:
                sleeper.kill()
    after = Counter(one["CustomerReference"] for one in account.invoices())
    assert before, "the other posted nothing: it has not taken over"
    assert set(after.values()) == {1}
    assert set(before) <= set(after)
    census = account.census()
    assert not census.duplicate_payments
    assert not census.duplicate_emails
