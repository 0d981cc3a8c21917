"""The limits of a run: what a dry run says of them, and what is proposed to raise them."""

from __future__ import annotations

import asyncio
import tempfile
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.engine import causes
from kashmag.plans.events import DocumentFinished, Outcome, RunFinished
from kashmag.plans.policy import Limits
from kashmag.testing.orders import place_order
from kashmag.testing.worlds import BEGINNING, POLICY, World

GO_LIVE = evolve(POLICY, go_live=BEGINNING.date())


def place_orders(world: World) -> None:
    for number in range(5):
        place_order(world.shop, ("MUG", f"{number + 3}.99", 2))


async def run(world: World, **more: Any) -> tuple[RunFinished, dict[str, DocumentFinished]]:
    policy, outcomes = more.pop("policy", None), {}
    async with world.engine(policy=policy) as engine:
        async for event in engine.sync("orders", **more):
            if isinstance(event, DocumentFinished):
                outcomes[event.document.number] = event
    assert isinstance(event, RunFinished)
    return event, outcomes


@settings(max_examples=8, deadline=None)
@given(
    documents=st.none() | st.integers(0, 7),
    money=st.none() | st.decimals(0, 2000, places=2),
    approved=st.sampled_from(("", "looked at by ann")),
)
def test_a_dry_run_says_what_the_run_does_about_its_limits(documents, money, approved) -> None:
    policy = evolve(GO_LIVE, limits=Limits(documents, money=money))

    async def work(folder: Path) -> None:
        async with World(folder, policy=policy) as world:
            place_orders(world)
            dry, said = await run(world, dry_run=True, approved=approved)
            real, done = await run(world, approved=approved)
            held = {key for key, one in said.items() if one.outcome is Outcome.HELD}
            assert held == {key for key, one in done.items() if one.outcome is Outcome.HELD}
            assert {one.reason for one in done.values() if one.codes} == {
                one.reason for one in said.values() if one.codes
            }
            assert (dry.held, dry.skipped) == (real.held, real.posted)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(work(Path(folder)))


@pytest.mark.parametrize(
    ("limits", "needed"),
    [
        (Limits(documents=3), "[policy.limits]\ndocuments = 5\n"),
        (Limits(documents=30, money=Decimal(10)), "[policy.limits]\nmoney = {money}\n"),
        (
            Limits(documents=3, money=Decimal(10)),
            "[policy.limits]\ndocuments = 5\nmoney = {money}\n",
        ),
    ],
)
async def test_what_is_proposed_raises_exactly_the_limits_that_were_exceeded(
    tmp_path, limits, needed
) -> None:
    world = World(tmp_path)
    place_orders(world)
    await run(world, policy=evolve(GO_LIVE, limits=limits))
    async with world.engine() as engine:
        (group,) = [one for one in await engine.errors() if one.code == causes.OVER_LIMITS]
    told = tomllib.loads(group.settings_change, parse_float=Decimal)["policy"]["limits"]
    assert group.settings_change == needed.format(money=told.get("money"))
    assert "approve" in group.remedy
    raised = evolve(limits, **told)
    finished, _ = await run(world, policy=evolve(GO_LIVE, limits=raised))
    assert finished.posted == 5
