from __future__ import annotations

import asyncio
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from kashmag.errors import LogbookBusyError, LogbookError
from kashmag.logbook.database import open_logbook, opening
from kashmag.logbook.documents import DocumentRecord

WRITER = """
import asyncio, sys
from kashmag.logbook.database import open_logbook
async def main():
    book = await open_logbook(sys.argv[1])
    await asyncio.gather(*(book.tell("something", "M:order:1", {"n": n}) for n in range(150)))
    await book.aclose()
asyncio.run(main())
"""


async def test_several_processes_write_one_logbook_without_losing_a_row(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/l.sqlite"
    running = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, url) for _ in range(3)
    ]
    assert [await one.wait() for one in running] == [0, 0, 0]
    book = await open_logbook(url)
    assert len(await book.story("M:order:1")) == 450
    assert await book.verify_audit() == ()
    await book.aclose()


async def test_many_may_open_a_new_logbook_at_the_same_moment(tmp_path: Path) -> None:
    for n in range(20):
        url = f"sqlite:///{tmp_path}/{n}.sqlite"
        opened = await asyncio.gather(*(open_logbook(url) for _ in range(6)))
        await opened[0].remember("a", "b")
        assert {await book.recall("a") for book in opened} == {"b"}
        for book in opened:
            await book.aclose()


async def test_a_lock_that_never_ends_is_told_and_nothing_is_written(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.2)
    book = await open_logbook(f"sqlite:///{tmp_path}/l.sqlite")
    other = sqlite3.connect(tmp_path / "l.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LogbookBusyError, match="locked"):
        await book.remember("a", "b")
    other.execute("COMMIT")
    other.close()
    assert await book.recall("a") is None
    await book.remember("a", "b")
    await book.aclose()


def open_to_others(folder: Path) -> set[int]:
    return {one.stat().st_mode & 0o077 for one in folder.iterdir()}


async def test_a_new_logbook_is_for_nobody_but_its_owner(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/l.sqlite"
    for _ in range(2):
        book = await open_logbook(url)
        await book.remember("a", "b")
        assert open_to_others(tmp_path) == {0}
        await book.aclose()
    (tmp_path / "l.sqlite").chmod(0o640)  # whoever opens it to a group means it
    await (await open_logbook(url)).aclose()
    assert (tmp_path / "l.sqlite").stat().st_mode & 0o777 == 0o640


async def test_a_full_disk_is_told_and_what_was_written_before_stays(tmp_path: Path) -> None:
    book = await open_logbook(f"sqlite:///{tmp_path}/l.sqlite")
    await book.remember("before", "1")
    await book._writer.run(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 1"))
    with pytest.raises(LogbookError, match="full"):
        await book.remember("after", "x" * 500_000)
    assert await book.recall("before") == "1"
    await book._writer.run(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 100000"))
    await book.remember("again", "2")
    await book.aclose()


async def test_a_process_that_was_killed_holds_its_claims_no_longer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/l.sqlite"
    code = """
import asyncio, sys, os, signal
from datetime import timedelta
from kashmag.logbook.database import open_logbook
async def main():
    book = await open_logbook(sys.argv[1])
    assert await book.claim("order", lease=timedelta(hours=1))
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    died = await asyncio.create_subprocess_exec(sys.executable, "-c", code, url)
    assert await died.wait() == -9
    book = await open_logbook(url)
    assert await book.claim("order", lease=timedelta(minutes=1))
    await book.aclose()


async def test_what_one_job_of_a_group_does_wrong_costs_the_others_nothing(tmp_path: Path) -> None:
    book = await open_logbook(f"sqlite:///{tmp_path}/l.sqlite")

    async def one(n: int) -> None:
        if n % 3 == 0:
            await book._writer.run(lambda c: c.exec_driver_sql("SELECT 1/0 FROM nowhere"))
        await book.remember(f"name{n}", str(n))

    done = await asyncio.gather(*(one(n) for n in range(30)), return_exceptions=True)
    assert sum(isinstance(result, LogbookError) for result in done) == 10
    for n in range(30):
        assert (await book.recall(f"name{n}") is None) == (n % 3 == 0)
    await book.aclose()


async def test_two_processes_may_learn_of_the_same_thing_in_the_same_moment(opener) -> None:
    one, other = await opener(), await opener()
    for number in range(60):
        name = f"beside:M:order:{number}"
        key, text = f"M:order:{number}", str(number)
        read = [DocumentRecord(key, kind="order", number=text, entity_id=text)]
        await asyncio.gather(
            *(book.remember(name, "[]") for book in (one, other)),
            *(book.read(read) for book in (one, other)),
        )
        assert await one.recall(name) == "[]"
        assert len(await other.documents_numbered(str(number))) == 1


async def test_a_lost_connection_is_told_as_passing_and_the_next_job_has_a_new_one(
    postgres, turned
) -> None:
    postgres.psql("CREATE DATABASE cut;")
    book = await open_logbook(postgres.get_uri(database="cut"), instants=turned.instants())
    cut = "SELECT pg_terminate_backend(pg_backend_pid())"
    with pytest.raises(LogbookBusyError, match="connection to the logbook was lost"):
        await book._writer.run(lambda connection: connection.exec_driver_sql(cut))
    await book.remember("name", "value")
    assert await book.recall("name") == "value"
    await book.aclose()
