"""Whether and when a failed attempt is repeated: a pure decision. Who waits: `rest.caller`.

The theory. An attempt ends in one of three ways: surely nothing was done (no connection, a 429),
surely refused (every other DeclinedError), or fate unknown (no answer, a fault at their side).
Repeating is safe after the first always, after the third only where doing it twice leaves the
same state, and pointless after the second.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from attrs import frozen

from kashmag.errors import (
    BrokenError,
    NoAnswerError,
    RateLimitedError,
    RemoteError,
    UnreachableError,
)
from kashmag.rest.operation import Effect
from kashmag.rest.wire import Response


@frozen(kw_only=True)
class RetryPolicy:
    """How often, and how long between.

    Waits double from `first_wait` up to `longest_wait`, each shortened by up to half by chance. A
    server that asks to be left alone for longer than `patience` is not waited for.
    """

    retries: int = 3
    first_wait: timedelta = timedelta(milliseconds=500)
    longest_wait: timedelta = timedelta(seconds=20)
    patience: timedelta = timedelta(seconds=90)


def is_safe_to_repeat(effect: Effect, error: RemoteError) -> bool:
    """Tell whether sending it again cannot do it twice where twice would matter."""
    match error:
        case UnreachableError() | RateLimitedError():
            return True
        case NoAnswerError() | BrokenError():
            return effect is not Effect.ONCE
        case _:
            return False


def decide_wait(
    effect: Effect,
    error: RemoteError,
    *,
    attempt: int,
    policy: RetryPolicy,
    chance: float = 0.0,
) -> timedelta | None:
    """Return how long to wait before the next attempt, or None to give up.

    `attempt` counts from 1 and is the one that just failed. The server's Retry-After is obeyed to
    the full, never shortened. `chance` is in [0, 1).
    """
    if attempt > policy.retries or not is_safe_to_repeat(effect, error):
        return None
    asked = error.retry_after
    if asked is not None and asked > policy.patience:
        return None
    doubled = policy.first_wait * float(1 << min(attempt - 1, 30))
    own = min(policy.longest_wait, doubled) * (1 - chance / 2)
    return max(own, asked) if asked is not None else own


def read_retry_after(response: Response, now: datetime) -> timedelta | None:
    """Read Retry-After, seconds or an HTTP date (RFC 9110, 10.2.3); None if absent or garbled."""
    said = (response.header("retry-after") or "").strip()
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said), 10**9))
    if not said:
        return None
    try:
        when = parsedate_to_datetime(said)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(timedelta(0), when - now)
