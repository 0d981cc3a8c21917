from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from attrs import evolve
from sqlalchemy import create_engine, text

from kashmag.errors import ClaimLostError, LogbookError, TiedOtherwiseError
from kashmag.logbook import Binding, NewEntry, State
from kashmag.logbook.database import DatabaseLogbook, open_logbook, opening
from kashmag.logbook.database.tables import metadata
from kashmag.logbook.documents import Belonging, DocumentRecord, PersonDecision, Verb
from kashmag.logbook.entries import PlanState

LEASE = timedelta(seconds=60)
ORDER = "M:order:12"


def about(document: str = ORDER) -> DocumentRecord:
    entity_id = document.rpartition(":")[2]
    return DocumentRecord(document, kind="order", number="000000012", entity_id=entity_id)


def new_entries() -> list[NewEntry]:
    return [
        NewEntry(f"{ORDER}:customer", "create_customer", reference="K-1", fingerprint="a"),
        NewEntry(f"{ORDER}:invoice", "create_invoice", reference="M1-ORD-12", fingerprint="b"),
    ]


async def opened(book: DatabaseLogbook, document: str = ORDER):
    claim = await book.claim(document, lease=LEASE)
    assert claim
    plan = await book.open_plan(
        about(document), new_entries(), digest="d", content='{"a": 1}', claim=claim
    )
    return claim, plan


async def test_an_entry_walks_from_planned_to_done_and_the_plan_closes(book) -> None:
    claim, plan = await opened(book)
    for entry, number in zip(plan.entries, ("K-1", "1042"), strict=True):
        sent = await book.send(entry, claim, lease=LEASE)
        assert (sent.state, sent.attempts) == (State.SENT, 1)
        binding = Binding(entry.key, entry.kind, target=number, document=ORDER)
        done = await book.done(sent, claim, number=number, binding=binding)
        assert (await book.confirm(done, claim)).is_confirmed
    await book.finish_plan(plan, claim)
    assert await book.opened_plan(ORDER) is None
    assert (await book.binding(f"{ORDER}:invoice")).target == "1042"
    assert [p.state for p in await book.plans_of(ORDER)] == [PlanState.FINISHED]
    assert await book.verify_audit() == ()


async def test_a_document_is_unfinished_from_its_open_plan_until_its_outcome_is_told(book) -> None:
    """However the plan ended: who dies in between must leave something to be found."""
    posted = evolve(about(), outcome="posted", reason="invoice 1", revision="1")
    await book.finish(posted)
    assert list(await book.troubled(kind="order")) == []
    claim, plan = await opened(book)
    await book.drop_plan(plan, claim, reason="settings changed")
    (found,) = await book.troubled(kind="order")
    assert (found.key, found.outcome, found.finished_at) == (ORDER, "posted", "")
    await book.finish(posted)
    assert list(await book.troubled(kind="order")) == []


async def test_a_plan_is_closed_only_when_nothing_of_it_is_open(book) -> None:
    claim, plan = await opened(book)
    with pytest.raises(LogbookError, match="cannot be closed"):
        await book.finish_plan(plan, claim)


async def test_one_order_has_one_open_plan(book) -> None:
    claim, _ = await opened(book)
    with pytest.raises(LogbookError, match="open plan"):
        await book.open_plan(about(), new_entries(), digest="e", content="{}", claim=claim)


async def test_a_plan_of_unknown_fate_refuses_to_be_dropped(book) -> None:
    claim, plan = await opened(book)
    sent = await book.send(plan.entries[0], claim, lease=LEASE)
    with pytest.raises(LogbookError, match="unknown"):
        await book.drop_plan(plan, claim, reason="settings changed")
    await book.move(sent, State.PLANNED, claim, message="no connection")
    await book.drop_plan(plan, claim, reason="settings changed")
    assert await book.opened_plan(ORDER) is None
    again = await book.open_plan(about(), new_entries(), digest="e", content="{}", claim=claim)
    assert again.entries[0].key == plan.entries[0].key


async def test_a_worker_back_from_the_dead_cannot_write(opener, turned) -> None:
    slow, quick = await opener(), await opener()
    claim, plan = await opened(slow)
    assert await quick.claim(ORDER, lease=LEASE) is None
    turned.seconds += 61
    theirs = await quick.claim(ORDER, lease=LEASE)
    assert theirs
    assert theirs.tokens > claim.tokens
    with pytest.raises(ClaimLostError):
        await slow.send(plan.entries[0], claim, lease=LEASE)
    with pytest.raises(ClaimLostError):
        await slow.renew(claim, lease=LEASE)
    await slow.release(claim)  # harmless
    assert (await quick.send(plan.entries[0], theirs, lease=LEASE)).owner == quick.owner


async def test_a_claim_is_all_or_nothing(opener) -> None:
    one, two = await opener(), await opener()
    assert await one.claim("b", lease=LEASE)
    assert await two.claim("a", "b", lease=LEASE) is None
    assert await one.claim("a", lease=LEASE)


async def test_tokens_grow_and_a_released_name_is_free(opener) -> None:
    one, two = await opener(), await opener()
    first = await one.claim("a", lease=LEASE)
    await one.release(first)
    second = await two.claim("a", lease=LEASE)
    assert second.tokens > first.tokens
    await two.release(first)
    assert await one.claim("a", lease=LEASE) is None


async def test_a_claim_of_before_a_reboot_is_free(opener, turned) -> None:
    before = await opener()
    assert await before.claim("a", lease=LEASE)
    turned.seconds = 3
    after = await opener(instants=turned.instants("boot-2"))
    assert await after.claim("a", lease=LEASE)


async def test_the_same_entry_is_moved_once_however_many_try(opener) -> None:
    book = await opener()
    claim, plan = await opened(book)
    tries = [book.send(plan.entries[0], claim, lease=LEASE) for _ in range(8)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(r, Exception) for r in results) == 1
    assert all(isinstance(r, LogbookError) for r in results if isinstance(r, Exception))


async def test_only_one_of_two_plans_with_the_same_deed_can_send_it(book) -> None:
    one, first = await opened(book)
    two, second = await opened(book, "M:order:13")
    sent = await book.send(first.entries[0], one, lease=LEASE)
    with pytest.raises(LogbookError):
        await book.send(second.entries[0], two, lease=LEASE)
    await book.done(sent, one, number="K-1")
    adopted = await book.done(second.entries[0], two, number="K-1", is_adopted=True)
    assert adopted.is_adopted
    assert [e.document for e in await book.same_deeds("K-1", "create_customer")] == [
        ORDER, "M:order:13",
    ]  # fmt: skip


async def test_bindings_are_unique_both_ways(book) -> None:
    await book.bind(Binding("M:order:1:invoice", "invoice", target="7"))
    await book.bind(Binding("M:order:1:invoice", "invoice", target="7"))  # no news
    with pytest.raises(TiedOtherwiseError, match="tied to invoice 7"):
        await book.bind(Binding("M:order:2:invoice", "invoice", target="7"))
    with pytest.raises(TiedOtherwiseError, match="tied"):
        await book.bind(Binding("M:order:1:invoice", "invoice", target="8"))
    assert (await book.bound_to("invoice", "7")).source == "M:order:1:invoice"
    await book.unbind("M:order:1:invoice", reason="a bookkeeper deleted it")
    await book.bind(Binding("M:order:1:invoice", "invoice", target="8"))


async def test_what_is_adopted_takes_the_place_of_what_stood_there_or_nothing_changes(book) -> None:
    await book.bind(Binding("M:order:1:invoice", "invoice", target="7", document="M:order:1"))
    await book.bind(Binding("M:order:2:invoice", "invoice", target="8", document="M:order:2"))
    wanted = Binding("M:order:1:invoice", "invoice", target="9", document="M:order:1")
    with pytest.raises(TiedOtherwiseError, match="M:order:2:invoice is tied to invoice 8"):
        await book.adopt(evolve(wanted, target="8"), reason="the right one", beside={"a": "8"})
    assert (await book.binding("M:order:1:invoice")).target == "7"
    assert await book.recall("a") is None
    await book.adopt(wanted, reason="the right one", beside={"a": "9"})
    await book.adopt(wanted, reason="once more", beside={"a": "9"})
    assert (await book.binding("M:order:1:invoice")).target == "9"
    assert await book.bound_to("invoice", "7") is None
    assert await book.recall("a") == "9"
    told = [(one.what, one.details) for one in await book.story("M:order:1")]
    assert [what for what, _ in told] == ["bound", "given up", "bound"]
    assert "the right one" in told[1][1]


async def test_a_logbook_refuses_another_account(opener) -> None:
    book = await opener()
    mine = Belonging("https://shop.example", "https://kf.example|ann", "prod")
    await book.belong(mine)
    await book.belong(mine)
    for other in (
        evolve(mine, shop="https://other.example"),
        evolve(mine, account="x"),
        evolve(mine, environment="qa"),
    ):
        with pytest.raises(LogbookError, match="belongs to"):
            await book.belong(other)


async def test_a_person_settles_what_waits_with_a_reason(book) -> None:
    claim, plan = await opened(book)
    sent = await book.send(plan.entries[0], claim, lease=LEASE)
    refused = await book.move(sent, State.REFUSED, claim, message="400", code="invalid")
    decision = PersonDecision(ORDER, Verb.DROP, reason="a test order", who="ann", key=refused.key)
    assert (await book.settle(refused, State.DROPPED, decision)).state is State.DROPPED
    assert [d.reason for d in await book.decisions(ORDER)] == ["a test order"]


async def test_documents_keep_their_outcome_and_count(book) -> None:
    records = [
        DocumentRecord(f"M:order:{n}", kind="order", number=f"{n:09}", entity_id=str(n))
        for n in range(1, 6)
    ]
    await book.read(records)
    await book.read(records)
    await book.finish(evolve(records[0], outcome="posted"))
    await book.finish(evolve(records[1], outcome="held", reason="no", codes=("no_vat",)))
    assert await book.counts() == {"": 3, "posted": 1, "held": 1}
    (held,) = await book.documents_with("held")
    assert (held.key, held.codes, held.reason) == ("M:order:2", ("no_vat",), "no")
    assert [d.key for d in await book.documents_numbered("000000002")] == ["M:order:2"]


async def test_everything_is_there_after_reopening(opener) -> None:
    first = await opener()
    claim, plan = await opened(first)
    await first.send(plan.entries[0], claim, lease=LEASE)
    await first.remember("cursor:orders", "2026-04-01 10:00:00")
    second = await opener()
    again = await second.opened_plan(ORDER)
    assert again.content == '{"a": 1}'
    assert [e.state for e in again.entries] == [State.SENT, State.PLANNED]
    assert await second.recall("cursor:orders") == "2026-04-01 10:00:00"
    assert [p.document async for p in second.opened_plans()] == [ORDER]


async def test_the_migrations_make_the_tables_that_the_code_expects(url) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    await (await open_logbook(url)).aclose()
    engine = create_engine(opening.parse_url(url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "kashmag_version"})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


async def test_a_logbook_of_a_newer_version_is_refused(url) -> None:
    await (await open_logbook(url)).aclose()
    engine = create_engine(opening.parse_url(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE kashmag_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(LogbookError, match="newer kashmag"):
        await open_logbook(url)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET details = 'another' WHERE seq = 2",
        "UPDATE audit SET what = 'nothing' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 4",
        "DELETE FROM audit WHERE seq BETWEEN 5 AND 8",
        "UPDATE audit_heads SET position = 3",
        "DELETE FROM audit_heads",
        "UPDATE audit SET details = NULL, salt = NULL WHERE seq = 2",
        "DELETE FROM audit WHERE seq >= 13",
        "INSERT INTO audit (writer, position, at, what, document, details, salt, digest, previous,"
        " hash) SELECT writer, 6, at, what, document, details, salt, digest, hash, 'forged'"
        " FROM audit WHERE seq = 15",
        "INSERT INTO audit (writer, position, at, what, document, details, salt, digest, previous,"
        " hash) SELECT 'nobody', 1, at, what, document, details, salt, digest, previous, hash"
        " FROM audit WHERE seq = 1",
    ],
)
async def test_tampering_with_the_audit_trail_is_found(opener, url, tampering) -> None:
    for _ in range(3):
        book = await opener()
        for n in range(4):
            await book.tell("something", ORDER, {"n": n})
    assert await book.verify_audit() == ()
    engine = create_engine(opening.parse_url(url))
    with engine.begin() as connection:
        connection.execute(text(tampering))
    engine.dispose()
    assert await book.verify_audit()


async def test_a_chain_taken_out_whole_with_its_head_is_missed(opener, url) -> None:
    first, middle, book = [await opener() for _ in range(3)]
    for one in (first, middle, book):
        await one.tell("something", ORDER, {})
    engine = create_engine(opening.parse_url(url))
    with engine.begin() as connection:
        for table in ("audit", "audit_heads"):
            connection.execute(
                text(f"DELETE FROM {table} WHERE writer = :writer"), {"writer": middle.owner}
            )
    engine.dispose()
    faults = await book.verify_audit()
    assert [one.writer for one in faults if "begun after" in one.message] == [book.owner]


async def test_erasing_leaves_no_name_behind_and_the_chain_whole(opener, url) -> None:
    book = await opener()
    await book.read([DocumentRecord(ORDER, kind="order", number="12", entity_id="12")])
    await book.tell("read", ORDER, {"buyer": "Zebedee Quill"})
    await book.tell("read", "M:order:13", {"buyer": "Someone Else"})
    assert await book.erase(ORDER, reason="asked for") > 0
    assert await book.verify_audit() == ()
    assert not any("Quill" in (row.details or "") for row in await book.story(ORDER))
    assert any("Else" in (row.details or "") for row in await book.story("M:order:13"))


async def test_a_wrong_address_is_one_clear_sentence() -> None:
    for wrong in ("mysql://x/y", "nonsense", "sqlite:////proc/nowhere/at/all.sqlite"):
        with pytest.raises((LogbookError, OSError)):
            await open_logbook(wrong)
