"""What goes wrong, when and how often: kinds, rules and the seeded schedule, as values.

A rule counts the requests that its method and path match, from 1. It strikes on every nth of them
or by chance, between two counts, at most so many times. Chance depends on nothing but the seed,
the rule and the count, so the same schedule and the same requests give the same run.
The acting on it is in `middleware`, the names of whole bad days in `days`.
"""

from __future__ import annotations

import random
from datetime import timedelta
from enum import Enum
from fnmatch import fnmatchcase

from attrs import field, frozen

from kashmag.errors import SettingsError


class Kind(Enum):
    """One way in which the far end has a bad day."""

    SLOW = "slow"
    RATE_LIMITED = "rate_limited"
    SQL_TIMEOUT = "sql_timeout"
    ERROR_500 = "error_500"
    ERROR_500_HTML = "error_500_html"
    ERROR_503 = "error_503"
    ERROR_503_HTML = "error_503_html"
    ERROR_500_AFTER = "error_500_after"
    SESSION_EXPIRED = "session_expired"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    TRUNCATED = "truncated"
    MISSING_FIELD = "missing_field"
    UNKNOWN_FIELD = "unknown_field"
    DUPLICATED_ROWS = "duplicated_rows"
    REORDERED_ROWS = "reordered_rows"
    LATE_COMMIT = "late_commit"
    POISON_RECORD = "poison_record"
    READ_AFTER_WRITE_LAG = "read_after_write_lag"
    CLOCK_SKEW = "clock_skew"
    MAINTENANCE = "maintenance"


STANDING = frozenset(
    {Kind.LATE_COMMIT, Kind.POISON_RECORD, Kind.READ_AFTER_WRITE_LAG, Kind.CLOCK_SKEW}
)
"""Kinds that are a state of the world or of a record, and not an event of one request."""


@frozen
class Rule:
    """One kind of fault, and the requests (or records) that it strikes."""

    kind: Kind
    method: str | None = field(default=None, kw_only=True)
    """One or several methods (`POST`, `POST|PUT`); None is any."""
    path: str = field(default="*", kw_only=True)
    """A glob over the whole path, such as `/v2/invoices*`."""
    every: int | None = field(default=None, kw_only=True)
    probability: float | None = field(default=None, kw_only=True)
    """Between 0 and 1; with neither this nor `every`, each matching request is struck."""
    first: int = field(default=1, kw_only=True)
    last: int | None = field(default=None, kw_only=True)
    times: int | None = field(default=None, kw_only=True)
    seconds: float | None = field(default=None, kw_only=True)
    """How slow, how late, how skewed; may be negative for the clock alone."""

    def __attrs_post_init__(self) -> None:
        counts = (self.every, self.first, self.last)
        if any(count is not None and count < 1 for count in counts) or (self.times or 0) < 0:
            raise SettingsError(f"fault {self.kind.value}: counts begin at 1")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise SettingsError(
                f"fault {self.kind.value}: probability must be 0 to 1: {self.probability}"
            )
        if self.every is not None and self.probability is not None:
            raise SettingsError(f"fault {self.kind.value}: say every or probability, not both")
        if (self.seconds or 0) < 0 and self.kind is not Kind.CLOCK_SKEW:
            raise SettingsError(f"fault {self.kind.value}: seconds cannot be negative")

    def matches(self, method: str, path: str) -> bool:
        """Tell whether a request is one of those that this rule counts."""
        methods = self.method.upper().split("|") if self.method is not None else (method,)
        return method in methods and fnmatchcase(path, self.path)


@frozen
class Schedule:
    """Rules and the seed of their chance."""

    rules: tuple[Rule, ...] = ()
    seed: int = 0

    def strikes_request(self, index: int, count: int) -> bool:
        """Tell whether rule `index` strikes the `count`-th request that it matches."""
        rule = self.rules[index]
        if count < rule.first or (rule.last is not None and count > rule.last):
            return False
        if rule.every is not None:
            return (count - rule.first + 1) % rule.every == 0
        return self._chance(rule, f"{index}:{count}")

    def strikes_record(self, kind: Kind, subject: str, path: str | None = None) -> bool:
        """Tell whether a standing fault strikes the record `subject`, whenever it is asked.

        With a path, only rules for that path count.
        """
        return any(
            self._chance(rule, f"{index}:{subject}")
            for index, rule in enumerate(self.rules)
            if rule.kind is kind and (path is None or fnmatchcase(path, rule.path))
        )

    def duration(self, kind: Kind) -> timedelta:
        """How long the rules of this kind add up to; zero when there is none."""
        return timedelta(seconds=sum(rule.seconds or 0 for rule in self.rules if rule.kind is kind))

    def dice(self, *about: object) -> random.Random:
        """Chance that depends on the seed and on what it is about, and on nothing else."""
        text = ":".join(str(part) for part in (self.seed, *about))
        return random.Random(text)  # noqa: S311  repeatable by intent

    def _chance(self, rule: Rule, subject: str) -> bool:
        if rule.probability is None:
            return True
        return self.dice(rule.kind.value, subject).random() < rule.probability
