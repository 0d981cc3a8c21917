"""How many calls are let through at once."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.rest.pacing import Outcome, Pace, Pacing, PacingPolicy, after

ends = st.tuples(st.sampled_from(Outcome), st.floats(0, 60), st.floats(0, 60))


@given(calls=st.lists(ends, max_size=60), most=st.integers(1, 12))
def test_the_window_stays_between_one_and_the_most(
    calls: list[tuple[Outcome, float, float]], most: int
) -> None:
    policy, pace, now = PacingPolicy(most=most), Pace(window=float(most)), 0.0
    for outcome, took, between in calls:
        now += between
        before = pace
        pace = after(pace, policy, name="x", began=now - took, ended=now, outcome=outcome)
        assert 1 <= pace.allowed <= most
        if outcome is not Outcome.GOOD:
            assert pace.window <= before.window


def test_calls_that_failed_together_slow_us_down_once() -> None:
    pace, policy = Pace(window=6.0), PacingPolicy()
    for _ in range(6):
        pace = after(pace, policy, name="x", began=0, ended=10, outcome=Outcome.OVERLOADED)
    assert pace.allowed == 3


def test_trouble_that_goes_on_slows_us_down_to_one() -> None:
    pace, policy = Pace(window=6.0), PacingPolicy()
    for n in range(4):
        pace = after(pace, policy, name="x", began=n, ended=n + 0.5, outcome=Outcome.OVERLOADED)
    assert pace.allowed == 1


def test_recovery_is_one_more_per_window_of_good_answers() -> None:
    pace, policy = Pace(window=1.0), PacingPolicy()
    seen = []
    for n in range(40):
        pace = after(pace, policy, name="x", began=n, ended=n + 0.1, outcome=Outcome.GOOD)
        seen.append(pace.allowed)
    assert seen[0] == 2
    assert seen[-1] == policy.most
    assert all(later - earlier in (0, 1) for earlier, later in itertools.pairwise(seen))


def test_answers_that_take_much_longer_than_usual_slow_us_down() -> None:
    pace, policy = Pace(window=6.0), PacingPolicy()
    for n in range(5):
        pace = after(pace, policy, name="x", began=n, ended=n + 0.2, outcome=Outcome.GOOD)
    pace = after(pace, policy, name="x", began=10, ended=12, outcome=Outcome.GOOD)
    assert pace.window < 6


def test_a_slow_operation_is_not_compared_with_a_quick_one() -> None:
    pace, policy = Pace(window=6.0), PacingPolicy()
    for n in range(5):
        pace = after(pace, policy, name="get", began=n, ended=n + 0.1, outcome=Outcome.GOOD)
    pace = after(pace, policy, name="list", began=10, ended=15, outcome=Outcome.GOOD)
    assert pace.window == 6


async def test_no_more_calls_are_under_way_than_allowed() -> None:
    pacing, most = Pacing(), 0

    async def call() -> None:
        nonlocal most
        async with pacing.turn():
            most = max(most, pacing.running)
            await asyncio.sleep(0)

    await asyncio.gather(*(call() for _ in range(50)))
    assert most == 6
    assert pacing.running == 0


async def test_calls_are_let_in_in_the_order_they_came() -> None:
    pacing, order = Pacing(PacingPolicy(most=1)), []

    async def call(number: int) -> None:
        async with pacing.turn():
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(call(n) for n in range(10)))
    assert order == list(range(10))


@pytest.mark.parametrize("seed", range(20))
async def test_cancelled_calls_leave_no_place_taken(seed: int) -> None:
    pacing = Pacing(PacingPolicy(most=2))

    async def call(number: int) -> None:
        async with pacing.turn():
            for _ in range(number % 3 + 1):
                await asyncio.sleep(0)

    tasks = [asyncio.create_task(call(n)) for n in range(12)]
    for n in range(12):
        await asyncio.sleep(0)
        if (n * 7 + seed) % 3 == 0:
            tasks[(n * 5 + seed) % 12].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert pacing.running == 0
    async with asyncio.timeout(1), pacing.turn():
        assert pacing.running == 1


async def test_nothing_is_sent_while_the_far_end_wants_quiet(hands) -> None:
    pacing = Pacing(clock=hands.clock)
    pacing.be_quiet(timedelta(seconds=30))
    async with pacing.turn():
        assert hands.seconds == 30
    async with pacing.turn():
        assert hands.seconds == 30
