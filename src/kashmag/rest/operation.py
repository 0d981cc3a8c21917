"""One call of an API as a value: what is asked, what it does there, how its answer is read.

Values only; who sends them lives in `rest.caller`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

from attrs import field, frozen

from kashmag.rest.wire import Response

# An operation only gives answers, so an Operation[Order] is an Operation[object] too.
T_co = TypeVar("T_co", covariant=True)


class Effect(Enum):
    """What a call does at the far end, hence whether it may be repeated.

    READ changes nothing. REPEATABLE leaves the same state when done twice. ONCE does not: if it
    may have arrived it is never sent again blindly. A PUT replaces a whole record over whatever
    somebody else wrote meanwhile, so it counts as ONCE.
    """

    READ = "read"
    REPEATABLE = "repeatable"
    ONCE = "once"


@frozen
class Operation(Generic[T_co]):
    """A call that can be compared, hashed, logged and sent; its answer is a `T_co`.

    `path` is relative to the API's root, already percent-encoded, with a leading slash. `query`
    is in clear text. `body` is encoded JSON. `decode` reads the answer out of a successful
    response and raises UnexpectedPayloadError when it has another shape. `scope` is the part of
    the far end that is spoken to (a Magento store code); None leaves it to the client. `headers`
    go beside those that the caller sends with everything.
    """

    name: str
    method: str
    path: str = field(kw_only=True)
    effect: Effect = field(kw_only=True)
    decode: Callable[[Response], T_co] = field(kw_only=True, eq=False, repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    body: bytes | None = field(default=None, kw_only=True, repr=False)
    scope: str | None = field(default=None, kw_only=True)
    headers: tuple[tuple[str, str], ...] = field(default=(), kw_only=True, repr=False)
