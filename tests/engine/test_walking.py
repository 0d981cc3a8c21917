from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.engine import walking
from kashmag.engine.seen import Seen
from kashmag.engine.walking import CURSOR, WALK, Walk, Walking, walk_left_behind
from kashmag.plans.events import DocumentFinished, RunFinished, RunStarted
from kashmag.reconciliation import Period
from kashmag.reconciliation.remembering import NAME
from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.testing.deaths import DiedError
from kashmag.testing.worlds import BEGINNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())
NEW = Walk("orders", BEGINNING, datetime(2026, 11, 24, tzinfo=UTC))


class Memory:
    """As much of a logbook as a walk needs."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def recall(self, name: str) -> str | None:
        return self.kept.get(name)

    async def remember(self, name: str, value: str) -> None:
        self.kept[name] = value


@settings(max_examples=60)
@given(
    ids=st.lists(st.integers(1, 500), unique=True, min_size=1, max_size=200).map(sorted),
    decided=st.data(),
)
async def test_whenever_it_dies_everything_up_to_the_reach_is_decided(
    ids: list[int], decided: Any
) -> None:
    memory: Any = Memory()
    walking = Walking(memory, NEW)
    waiting = list(ids)
    in_hand: list[int] = []
    done: set[int] = set()
    for _ in range(decided.draw(st.integers(0, 2 * len(ids)))):
        if waiting and (not in_hand or decided.draw(st.booleans())):
            one = waiting.pop(0)
            walking.take_up(str(one))
            walking.reach_to(one)
            in_hand.append(one)
        elif in_hand:
            one = in_hand.pop(decided.draw(st.integers(0, len(in_hand) - 1)))
            done.add(one)
            await walking.decided(str(one))
        left = await walk_left_behind(memory, "orders", BEGINNING)
        assert {one for one in ids if one <= (left.reach if left else 0)} <= done
    await walking.note()
    left = await walk_left_behind(memory, "orders", BEGINNING)
    undecided = sorted(set(ids) - done)
    before = [one for one in ids if not undecided or one < undecided[0]]
    assert (left.reach if left else 0) == (before[-1] if before else 0)


async def test_a_walk_belongs_to_its_flow_and_its_beginning() -> None:
    memory: Any = Memory()
    walking = Walking(memory, NEW)
    walking.reach_to(7)
    await walking.note()
    assert await walk_left_behind(memory, "orders", BEGINNING) == evolve(NEW, reach=7)
    assert await walk_left_behind(memory, "payments", BEGINNING) is None
    assert await walk_left_behind(memory, "orders", NEW.newest) is None


async def test_a_complete_walk_moves_the_cursor_and_is_forgotten() -> None:
    memory: Any = Memory()
    walking = Walking(memory, NEW)
    walking.reach_to(7)
    await walking.note()
    await walking.complete()
    assert memory.kept[CURSOR + "orders"] == NEW.newest.isoformat()
    assert await walk_left_behind(memory, "orders", BEGINNING) is None


@given(st.lists(st.integers(0, 10**7)))
def test_what_was_seen_is_no_news(ids: list[int]) -> None:
    seen = Seen()
    for n, one in enumerate(ids):
        assert seen.is_news(str(one)) == (one not in ids[:n])
        assert str(one) in seen


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, policy=GO_LIVE)
    made.shop.load_recorded()
    yield made
    made.account.close()
    made.shop.close()


async def read_by(world: World, flow: str = "orders", **more: Any) -> tuple[list[str], RunFinished]:
    """The ids of what a run has read, and its end."""
    ids, expected = [], None
    async with world.engine() as engine:
        async for event in engine.sync(flow, **more):
            if isinstance(event, DocumentFinished):
                ids.append(event.document.entity_id)
            elif isinstance(event, RunStarted):
                expected = event.expected
    assert isinstance(event, RunFinished)
    if flow == "orders" and more.get("limit") is None and expected is not None:
        assert expected <= event.read
    return ids, event


async def test_runs_with_a_limit_go_through_the_whole_backlog(world: World) -> None:
    ids: list[str] = []
    for _ in range(6):
        some, finished = await read_by(world, limit=2)
        assert finished.read == len(some) == 2
        ids += some
    assert sorted(ids, key=int) == [str(o["entity_id"]) for o in world.shop.orders()]
    # At its end what waits is looked at again, and the cursor has moved.
    some, _ = await read_by(world, limit=2)
    assert "1" in some
    async with world.engine() as engine:
        assert await engine.logbook.recall(CURSOR + "orders")
        assert not await engine.logbook.recall(WALK + "orders")


@pytest.mark.parametrize("flow", ["payments", "refunds"])
async def test_payments_and_refunds_too(world: World, flow: str) -> None:
    whole = World(Path(world.logbook_url.removeprefix("sqlite:///")).parent / "other")
    whole.policy = GO_LIVE
    whole.shop.load_recorded()
    wanted, _ = await read_by(whole, flow)
    whole.account.close()
    whole.shop.close()
    ids: list[str] = []
    for _ in range(16):
        some, _ = await read_by(world, flow, limit=1)
        ids += [one for one in some if one not in ids]
    assert sorted(ids) == sorted(set(wanted))


async def test_an_explicit_beginning_reads_everything_from_there(world: World) -> None:
    await read_by(world, limit=5)
    some, _ = await read_by(world, since=BEGINNING)
    assert len(some) == 12
    some, _ = await read_by(world)
    assert 7 <= len(some) < 12


async def test_a_dry_run_shows_what_a_run_would_go_on_with_and_leaves_the_walk_alone(
    world: World,
) -> None:
    await read_by(world, limit=5)
    dry, _ = await read_by(world, dry_run=True)
    real, _ = await read_by(world)
    assert set(dry) == set(real)


class Breaking:
    """A shop in front of which some orders turn every page with them into a server fault."""

    def __init__(self, inner: Any, ids: set[int]) -> None:
        self.inner, self.ids = inner, ids

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        messages: list[Any] = []

        async def keep(message: Any) -> None:
            messages.append(message)

        await self.inner(scope, receive, keep)
        body = b"".join(one.get("body", b"") for one in messages)
        if "/V1/orders" in scope["path"] and self.ids & found_ids(json.loads(body)):
            message = b'{"message": "Internal Error"}'
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 500, "headers": headers})
            await send({"type": "http.response.body", "body": message})
            return
        for one in messages:
            await send(one)


def found_ids(told: Any) -> set[Any]:
    return {row.get("entity_id") for row in told.get("items") or [told]}


async def test_what_cannot_be_served_or_read_keeps_its_place(tmp_path: Path) -> None:
    poison = Faults.of(Rule(Kind.POISON_RECORD, probability=0.3), seed=5)
    async with World(tmp_path, policy=GO_LIVE, magento_faults=poison) as world:
        world.shop.load_recorded()
        world.shop.app = Breaking(world.shop.app, {1, 5, 6})  # type: ignore[assignment]
        ids: list[str] = []
        for _ in range(4):
            some, _ = await read_by(world, limit=3)
            ids += sorted(some, key=int)
        assert ids == [str(n) for n in range(1, 13)]


async def test_a_document_from_the_future_does_not_take_the_cursor_with_it(world: World) -> None:
    told = recorded_documents("orders")
    order = dict(told["order"][1], updated_at="2037-01-01 00:00:00")
    world.load(orders=[order])
    await read_by(world)
    async with world.engine() as engine:
        cursor = await engine.logbook.recall(CURSOR + "orders")
    assert cursor
    assert datetime.fromisoformat(cursor) <= world.time.now()


class Dying:
    """A way to the account on which the process dies once something of one order is posted."""

    def __init__(self, inner: Any, *, dies_at: str) -> None:
        self.inner = inner
        self.dies_at = dies_at

    async def send(self, request: Any) -> Any:
        answer = await self.inner.send(request)
        if request.method == "POST" and self.dies_at.encode() in (request.body or b""):
            raise DiedError
        return answer

    async def aclose(self) -> None:
        await self.inner.aclose()


@pytest.mark.parametrize("is_known", [False, True])
async def test_an_order_whose_process_dies_twice_at_the_wrong_moments_is_not_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_known: bool
) -> None:
    """Once when its invoice is there and its plan open; again when that is done and not yet told.

    Meanwhile a walk has passed it.
    """
    monkeypatch.setattr(walking, "EVERY", 1)
    told = recorded_documents("orders")
    shop = {
        "orders": [one for one in told["order"] if one["entity_id"] in (2, 3, 6)],
        "invoices": [one for one in told["invoice"] if one["order_id"] in (2, 3, 6)],
        "credit_memos": [one for one in told["credit_memo"] if one["order_id"] in (2, 3, 6)],
    }
    unlucky = shop["orders"][0]
    key, reference = f"M:order:{unlucky['entity_id']}", f"-ORD-{unlucky['increment_id']}"
    async with World(tmp_path, policy=GO_LIVE) as world:
        if is_known:  # it was held, for one: there is a record of it, of another revision
            world.load(orders=[{**unlucky, "state": "holded", "status": "holded"}])
            await read_by(world)
            world.time.turn(4000)
        world.load(**shop)
        world.shop.touch(unlucky["entity_id"])
        with suppress(DiedError):
            async with world.engine(around=lambda inner: Dying(inner, dies_at=reference)) as engine:
                async for _ in engine.sync("orders"):
                    pass
        world.time.turn(600)
        with suppress(DiedError):
            async with world.engine() as engine:
                finish = engine.logbook.finish

                async def finish_or_die(*records: Any, **named: Any) -> None:
                    if key in {record.key for record in records}:
                        await asyncio.sleep(1)  # time for the walk to go on, and to be noted
                        raise DiedError
                    await finish(*records, **named)

                monkeypatch.setattr(engine.logbook, "finish", finish_or_die)
                async for _ in engine.sync("orders"):
                    pass
        world.time.turn(600)
        await read_by(world)
        async with world.engine() as engine:
            record = await engine.logbook.document(key)
        assert record is not None
        assert record.outcome in {"posted", "skipped"}
        assert "invoice" in record.reason or "already posted" in record.reason


async def test_how_an_order_looks_beside_the_books_is_kept_whenever_its_process_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = recorded_documents("orders")
    order = next(one for one in told["order"] if one["entity_id"] == 6)
    invoices = [one for one in told["invoice"] if one["order_id"] == 6]
    async with World(tmp_path, policy=GO_LIVE) as world:
        world.load(orders=[order], invoices=invoices)
        with suppress(DiedError):
            async with world.engine() as engine:
                finish = engine.logbook.finish

                async def finish_or_die(*records: Any, beside: dict[str, str]) -> None:
                    if any(name.startswith(NAME) for name in beside):
                        raise DiedError
                    await finish(*records, beside=beside)

                monkeypatch.setattr(engine.logbook, "finish", finish_or_die)
                async for _ in engine.sync("orders"):
                    pass
        world.time.turn(600)
        await read_by(world)
        async with world.engine() as engine:
            assert await engine.logbook.recall(f"{NAME}M:order:6")
            sides = await engine.sides(Period(date(2020, 1, 1), date(2030, 1, 1)))
        assert [one.key for one in sides.shop] == ["M:order:6:invoice"]
        assert world.census().invoices == 1
