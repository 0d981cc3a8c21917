"""What a person has accepted as it is: problems let go, and the sentences by which they are known.

A sentence carries the figures that were looked at, so whatever changes again is another one, and
is held again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from attrs import evolve, field, frozen

from kashmag.accounting.problems import Holds, Problem


@frozen
class Acceptance:
    """A person's lasting word that one problem is right as it is; `key` says which."""

    key: str
    because: str = field(kw_only=True)


def acceptance_key(said: str) -> str:
    """Under which key it is remembered that a person accepts exactly what is said here."""
    return f"drift:{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def acceptance_of(problem: Problem, accepted: Iterable[Acceptance]) -> Acceptance | None:
    """The word by which this problem was accepted, if it was."""
    key = acceptance_key(problem.message)
    return next((one for one in accepted if one.key == key), None)


def let_go(problem: Problem, accepted: Iterable[Acceptance]) -> Problem:
    """The problem, holding nothing any more where a person has accepted it."""
    if acceptance_of(problem, accepted) is None:
        return problem
    return evolve(problem, holds=Holds.NOTHING)
