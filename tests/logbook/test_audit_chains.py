"""Chains that name each other: what was taken out of the trail is missed, and nothing else is."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from attrs import asdict, evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from kashmag.logbook.audit import AuditRow, digest_of, hash_of
from kashmag.logbook.database import open_logbook, opening

ORDER = "M:order:12"


async def told(book, times: int = 1) -> None:
    for _ in range(times):
        await book.tell("something", ORDER, {"said": "anything"})


def do(url: str, *statements: str, **values: object) -> None:
    """What somebody with access to the database does behind our back."""
    engine = create_engine(opening.parse_url(url))
    with engine.begin() as connection:
        for one in statements:
            connection.execute(text(one), values)
    engine.dispose()


def cut(url: str, writer: str, after: int) -> None:
    """Take the end of a chain out, or all of it, and let the heads say that this is all."""
    where = "writer = :writer AND position > :after"
    before = "SELECT hash FROM audit WHERE writer = :writer AND position = :after"
    do(
        url,
        f"DELETE FROM audit WHERE {where}",
        f"UPDATE audit_heads SET position = :after, hash = ({before}) WHERE writer = :writer"
        if after
        else "DELETE FROM audit_heads WHERE writer = :writer",
        "UPDATE audit_heads SET named = false",
        writer=writer,
        after=after,
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.data())
def test_what_was_taken_out_is_missed_once_a_later_chain_has_begun(writes, data) -> None:
    victim = data.draw(st.sampled_from(sorted(set(writes))))
    # A chain has one row more than was written: its first, which names the others.
    kept = data.draw(st.integers(0, writes.count(victim)))
    lost = [place for place, one in enumerate(writes) if one == victim][max(kept - 1, 0)]
    begun = [writes.index(one) for one in set(writes) - {victim}]

    async def work(folder: Path) -> None:
        url = f"sqlite:///{folder}/logbook.sqlite"
        books = [await open_logbook(url) for _ in range(4)]
        for one in writes:
            await told(books[one])
        whole = await books[0].examine_audit()
        assert whole.faults == ()
        assert whole.rows == len(writes) + len(set(writes))
        cut(url, books[victim].owner, kept)
        is_missed = bool(await books[0].verify_audit())
        assert is_missed == any(place > lost for place in begun)
        witnessed = await books[0].examine_audit(expected=whole.digest)
        assert witnessed.faults
        for book in books:
            await book.aclose()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(work(Path(folder)))


async def test_a_digest_is_met_again_in_every_later_trail_and_after_erasing(opener) -> None:
    digests = []
    for _ in range(3):
        book = await opener()
        digests.append((await book.examine_audit()).digest)
        await told(book, 2)
        digests.append((await book.examine_audit()).digest)
        await book.erase(ORDER, reason="asked for")
    for digest in digests:
        assert (await book.examine_audit(expected=digest)).faults == ()
    (fault,) = (await book.examine_audit(expected="0" * 64)).faults
    assert "written down" in fault.message


async def test_that_a_chain_is_named_cannot_be_pretended(opener, url) -> None:
    await told(await opener())
    do(url, "UPDATE audit_heads SET named = true")
    assert [one.message for one in await (await opener()).verify_audit()] == [
        "no later chain names this one, as it should"
    ]


async def test_what_a_chain_was_begun_after_cannot_be_erased(opener, url) -> None:
    first, second = await opener(), await opener()
    await told(first)
    await told(second)
    await second.erase(ORDER, reason="asked for")
    assert await second.verify_audit() == ()
    do(url, "UPDATE audit SET details = NULL, salt = NULL WHERE what = 'begun'")
    assert await second.verify_audit()


async def test_naming_does_not_grow_with_the_number_of_processes(opener) -> None:
    for _ in range(12):
        book = await opener()
        await told(book)
    rows = await book.story("")
    assert max(len(row.details or "") for row in rows) < 200
    assert len(rows) == 12


async def test_a_logbook_from_before_chains_named_others_verifies_and_is_named(opener, url) -> None:
    await (await opener()).aclose()
    do(
        url,
        "DROP INDEX entries_by_kind",
        "DROP INDEX audit_heads_unnamed",
        "ALTER TABLE audit_heads DROP COLUMN named",
        "UPDATE kashmag_version SET version_num = '0001'",
    )
    previous = ""
    for writer in ("one", "two", "three"):
        for position in (1, 2):
            row = AuditRow(
                0, writer, position, at="then", what="something", document=ORDER, details="{}",
                salt="salt", digest=digest_of("{}", "salt"), previous=previous, hash="",
            )  # fmt: skip
            row = evolve(row, hash=hash_of(row))
            previous = row.hash
            columns = [name for name in asdict(row) if name != "seq"]
            names, values = ", ".join(columns), ", ".join(f":{name}" for name in columns)
            do(url, f"INSERT INTO audit ({names}) VALUES ({values})", **asdict(row))
        head = "INSERT INTO audit_heads (writer, position, hash) VALUES (:writer, 2, :hash)"
        do(url, head, writer=writer, hash=previous)
    book = await opener()
    assert await book.verify_audit() == ()
    await told(book)
    assert await book.verify_audit() == ()
    cut(url, "three", 0)
    assert [one.message for one in await book.verify_audit()] == [
        "what this chain was begun after is missing: row 2 of three"
    ]


async def test_many_who_write_at_the_same_time_leave_a_whole_trail(opener) -> None:
    """And whoever verifies meanwhile sees no fault either, and every digest of before again."""
    watcher, done = await opener(), asyncio.Event()

    async def process() -> None:
        for _ in range(6):
            book = await opener()
            await asyncio.gather(*(told(book, 2) for _ in range(3)))

    async def watch() -> None:
        expected = ""
        while not done.is_set():
            examined = await watcher.examine_audit(expected=expected)
            assert examined.faults == ()
            expected = examined.digest
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(process() for _ in range(5)))
    done.set()
    await watching
    assert (await watcher.examine_audit()).rows == 5 * 6 * 7
