"""Who is erased is gone from the logbook's files, and nothing is posted twice, or forgotten."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kashmag.errors import HeldError
from kashmag.logbook import DocumentRecord
from kashmag.logbook.database import open_logbook
from kashmag.plans.events import RunFinished
from kashmag.plans.policy import Notes, Policy
from kashmag.reconciliation import Period, reconcile
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.sandbox.magento.refunding import Refund
from kashmag.testing.worlds import BEGINNING, POLICY, World

RULES: Policy = evolve(POLICY, go_live=BEGINNING.date(), notes=Notes.INVOICE)
PERIOD = Period(date(2026, 10, 1), date(2026, 12, 31))
ADJUSTED = Refund(quantities={}, adjustment_positive=Decimal("1.25"))


def words_of(number: int) -> dict[str, str]:
    """Everything that is told of the buyer of an order; no two of them share a word."""
    letters = "abcdefghij"[number]
    return {
        "firstname": f"Zebedee{letters}",
        "lastname": f"Quillworth{letters}",
        "company": f"Gubbins{letters} Ltd",
        "street": f"Rhubarb{letters} Lane",
        "city": f"Snoring{letters}",
        "telephone": f"0199 498 00{number:02}",
        "email": f"zeb{letters}@quills{letters}.example",
        "vat_id": f"GB98765432{number}",
        "thing": f"Engraved for Aunt{letters}",
        "reason": f"Uncle{letters} telephoned",
    }


def placed(world: World, number: int, *, paid: bool = True) -> int:
    told = words_of(number)
    billing = Address(
        told["firstname"], told["lastname"], street=(told["street"],), city=told["city"],
        postcode=f"ZZ{number} 1ZZ", telephone=told["telephone"], company=told["company"],
        vat_id=told["vat_id"],
    )  # fmt: skip
    line = Line(f"SKU{number}", Decimal("9.99"), quantity=Decimal(3), name=told["thing"])
    order = world.shop.place(Basket(told["email"], (line,), billing=billing))
    entity = int(str(order["entity_id"]))
    if paid:
        world.shop.invoice(entity)
    return entity


def name_of(number: int) -> str:
    return f"{number:09}"


async def sync(world: World) -> RunFinished:
    async with world.engine() as engine:
        events = [event async for event in engine.sync("orders", since=BEGINNING)]
    world.time.turn(3600)
    last = events[-1]
    assert isinstance(last, RunFinished)
    return last


def invoice_of(world: World, number: int) -> dict[str, Any]:
    """The invoice of an order, as the account keeps it."""
    return next(
        one for one in world.account.invoices()
        if one["CustomerReference"] == f"M1-ORD-{name_of(number)}"
    )  # fmt: skip


async def skipped_unread(world: World, number: int) -> None:
    placed(world, number)
    async with world.engine() as engine:
        await engine.skip(name_of(number), reason=words_of(number)["reason"], who="ann")


async def posted(world: World, number: int) -> None:
    placed(world, number)
    await sync(world)


async def posted_then_skipped(world: World, number: int) -> None:
    await posted(world, number)
    async with world.engine() as engine:
        await engine.skip(name_of(number), reason=words_of(number)["reason"], who="ann")
    await sync(world)


async def unpaid(world: World, number: int) -> None:
    placed(world, number, paid=False)
    await sync(world)


async def refunded(world: World, number: int) -> None:
    entity = placed(world, number)
    await sync(world)
    world.shop.refund(entity)
    await sync(world)


async def memo_held_and_skipped(world: World, number: int) -> None:
    entity = placed(world, number)
    await sync(world)
    memo = world.shop.refund(entity, ADJUSTED)
    await sync(world)
    async with world.engine() as engine:
        reason = words_of(number)["reason"]
        await engine.skip(f"memo:{memo['increment_id']}", reason=reason, who="ann")
    await sync(world)


async def edited_and_accepted(world: World, number: int) -> None:
    placed(world, number)
    await sync(world)
    number_there = invoice_of(world, number)["Number"]
    world.account.edit_invoice(number_there, {"CustomerReference": "typed"})
    world.shop.touch(number)
    await sync(world)
    async with world.engine() as engine:
        await engine.accept(name_of(number), reason=words_of(number)["reason"], who="ann")
    world.shop.touch(number)
    await sync(world)


STORIES: tuple[Callable[[World, int], Awaitable[None]], ...] = (
    posted, skipped_unread, posted_then_skipped, unpaid, refunded, memo_held_and_skipped,
    edited_and_accepted,
)  # fmt: skip


def left_of(folder: Path, number: int) -> list[tuple[str, str]]:
    """Which words of a buyer stand in which file of the logbook, in any spelling."""
    return [
        (path.name, what)
        for path in sorted(folder.glob("logbook*"))
        for what, word in words_of(number).items()
        if word.lower().encode() in path.read_bytes().lower()
    ]


async def causes(world: World) -> list[object]:
    """What `reconcile` says without asking anybody."""
    async with world.engine() as engine:
        sides = await engine.sides(PERIOD)
    report = reconcile(sides.shop, sides.account, sides.memory, PERIOD)
    assert sides.unread == ()
    assert report.balances
    told = sorted((one.cause.value, one.number) for one in report.differences)
    return [*told, str(report.totals)]


@given(
    st.lists(st.sampled_from(STORIES), min_size=1, max_size=4),
    st.sets(st.integers(1, 4), min_size=1),
)
@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_who_is_erased_is_gone_and_nothing_is_posted_twice(stories, chosen) -> None:
    async def work(folder: Path) -> None:
        async with World(folder, policy=RULES) as world:
            for number, story in enumerate(stories, 1):
                await story(world, number)
            erased = [number for number in range(1, len(stories) + 1) if number in chosen]
            # Of an order that nobody has paid nothing is told yet.
            known = [bool(left_of(folder, n)) for n in range(1, len(stories) + 1)]
            assert known == [story is not unpaid for story in stories]
            before, told = world.census(), await causes(world)
            async with world.engine() as other, world.engine() as engine:
                await other.errors()  # another process has the logbook open meanwhile
                for number in erased:
                    assert await engine.erase(name_of(number), reason="asked for") > 0
                    assert left_of(folder, number) == []
                assert await engine.verify_audit() == ()
            assert await causes(world) == told
            for number in erased:
                world.shop.touch(number)  # so that it is looked at once more
            await sync(world)
            after = world.census()
            assert (after.invoices, after.paid, after.customers) == (
                before.invoices, before.paid, before.customers,
            )  # fmt: skip
            assert await causes(world) == told
            for number in range(1, len(stories) + 1):
                is_kept = known[number - 1] and number not in erased
                assert bool(left_of(folder, number)) == is_kept, stories[number - 1]

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(work(Path(folder)))


async def test_money_that_was_taken_off_is_not_posted_again_once_its_order_is_erased(tmp_path):
    async with World(tmp_path, policy=RULES) as world:
        await posted(world, 1)
        world.account.edit_invoice(invoice_of(world, 1)["Number"], {"PaymentLines": []})
        async with world.engine() as engine:
            await engine.erase(name_of(1), reason="asked for")
        world.shop.touch(1)
        await sync(world)
        assert world.census().paid == 0
        async with world.engine() as engine:
            (group,) = await engine.errors()
        assert group.code == "payment_moved"


async def test_what_waits_for_a_person_is_not_erased_before_it_is_settled(tmp_path):
    async with World(tmp_path, policy=RULES) as world:
        world.shop.refund(placed(world, 1), ADJUSTED)
        await sync(world)
        async with world.engine() as engine:
            for name in (name_of(1), "memo:000000001"):
                with pytest.raises(HeldError, match="settle it"):
                    await engine.erase(name, reason="asked for")
            await engine.skip(name_of(1), reason="asked for", who="ann")
            assert await engine.erase("memo:000000001", reason="asked for") > 0
        assert left_of(tmp_path, 1) == []


async def test_a_decision_counts_and_says_that_its_reason_was_erased(tmp_path):
    async with World(tmp_path, policy=RULES) as world:
        await skipped_unread(world, 1)
        async with world.engine() as engine:
            await engine.erase(name_of(1), reason="asked for")
        assert (await sync(world)).skipped == 1
        async with world.engine() as engine:
            (story,) = await engine.why(name_of(1))
        assert story.document.reason == "skipped by ann: (erased)"
        assert [(one.verb.value, one.reason) for one in story.decisions] == [("skip", "(erased)")]


async def test_no_trace_stays_where_rows_have_grown_and_moved(tmp_path):
    """SQLite copies rows to other pages when they grow, and wipes nothing of where they were."""
    book = await open_logbook(f"sqlite:///{tmp_path}/logbook.sqlite")
    chance = random.Random(3)
    keys = [f"M:order:{number}" for number in range(400)]
    for time in range(5):
        chance.shuffle(keys)
        await book.finish(*(grown(key, chance.randint(0, 60 * time + 60)) for key in keys))
    for key in keys:
        await book.erase(key, reason="asked for")
    await book.scrub()
    text = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert text.count(b"Zebedee") == 0
    await book.aclose()


def grown(key: str, length: int) -> DocumentRecord:
    return DocumentRecord(
        key, kind="order", number=key, entity_id=key, outcome="skipped",
        reason=f"Zebedee{key}." + "y" * length,
    )  # fmt: skip
