"""Whether a failed attempt is repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.errors import (
    BrokenError,
    InvalidError,
    NoAnswerError,
    NotFoundError,
    RateLimitedError,
    RemoteError,
    SignInError,
    UnexpectedPayloadError,
    UnreachableError,
)
from kashmag.rest.operation import Effect
from kashmag.rest.retry import RetryPolicy, decide_wait, is_safe_to_repeat, read_retry_after
from kashmag.rest.wire import Response

MAY_HAVE_ARRIVED = (NoAnswerError, BrokenError, UnexpectedPayloadError)
NOTHING_DONE = (UnreachableError, RateLimitedError)
REFUSED = (InvalidError, NotFoundError, SignInError)
NOW = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)

errors = st.sampled_from([*MAY_HAVE_ARRIVED, *NOTHING_DONE, *REFUSED]).map(lambda kind: kind("x"))
policies = st.builds(
    RetryPolicy,
    retries=st.integers(0, 9),
    first_wait=st.timedeltas(timedelta(0), timedelta(seconds=5)),
    longest_wait=st.timedeltas(timedelta(0), timedelta(minutes=2)),
    patience=st.timedeltas(timedelta(0), timedelta(minutes=5)),
)
attempts = st.integers(1, 100)
chances = st.floats(0, 1, exclude_max=True)


@given(
    error=st.sampled_from(MAY_HAVE_ARRIVED).map(lambda kind: kind("x")),
    attempt=attempts,
    policy=policies,
)
def test_a_write_that_may_have_arrived_is_never_repeated(
    error: RemoteError, attempt: int, policy: RetryPolicy
) -> None:
    assert decide_wait(Effect.ONCE, error, attempt=attempt, policy=policy) is None


@given(effect=st.sampled_from(Effect), error=errors, attempt=attempts, policy=policies)
def test_nothing_is_repeated_more_often_than_the_policy_allows(
    effect: Effect, error: RemoteError, attempt: int, policy: RetryPolicy
) -> None:
    waits = decide_wait(effect, error, attempt=attempt, policy=policy) is not None
    assert waits == (attempt <= policy.retries and is_safe_to_repeat(effect, error))


@given(
    asked=st.timedeltas(timedelta(0), timedelta(minutes=10)),
    attempt=st.integers(1, 3),
    chance=chances,
)
def test_a_server_is_left_alone_as_long_as_it_asks_or_not_asked_again(
    asked: timedelta, attempt: int, chance: float
) -> None:
    error = BrokenError("maintenance")
    error.retry_after = asked
    policy = RetryPolicy()
    wait = decide_wait(Effect.READ, error, attempt=attempt, policy=policy, chance=chance)
    assert wait is None if asked > policy.patience else wait is not None and wait >= asked


@given(policy=policies, attempt=attempts, chance=chances)
def test_waits_are_bounded_and_never_negative(
    policy: RetryPolicy, attempt: int, chance: float
) -> None:
    error = UnreachableError("x")
    wait = decide_wait(Effect.READ, error, attempt=attempt, policy=policy, chance=chance)
    assert wait is None or timedelta(0) <= wait <= policy.longest_wait


def test_waits_double() -> None:
    error, policy = UnreachableError("x"), RetryPolicy()
    waits = [decide_wait(Effect.READ, error, attempt=n, policy=policy) for n in (1, 2, 3, 4)]
    assert waits == [timedelta(seconds=0.5), timedelta(seconds=1), timedelta(seconds=2), None]


@pytest.mark.parametrize(
    ("effect", "error", "expected"),
    [
        (Effect.ONCE, UnreachableError("x"), True),
        (Effect.ONCE, RateLimitedError("x"), True),
        (Effect.REPEATABLE, NoAnswerError("x"), True),
        (Effect.READ, BrokenError("x"), True),
        (Effect.READ, InvalidError("x"), False),
        (Effect.READ, UnexpectedPayloadError("x"), False),
        (Effect.READ, SignInError("x"), False),
    ],
)
def test_what_is_safe_to_repeat(effect: Effect, error: RemoteError, *, expected: bool) -> None:
    assert is_safe_to_repeat(effect, error) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta(0)),
        ("Tue, 20 Jan 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Tue, 20 Jan 2026 11:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("9" * 400, timedelta(seconds=10**9)),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date(
    said: str, expected: timedelta | None
) -> None:
    assert read_retry_after(Response(503, (("Retry-After", said),)), NOW) == expected


@given(said=st.text())
def test_any_retry_after_is_survived(said: str) -> None:
    wait = read_retry_after(Response(503, (("retry-after", said),)), NOW)
    assert wait is None or wait >= timedelta(0)
