"""Bad days of the far end: named or scheduled, seeded, repeatable, alone or mixed.

    Faults.named("slow,cut_after", seed=7)
    Faults.from_file(Path("bad-tuesday.toml"))
    Faults.of(Rule(Kind.CUT_AFTER, method="POST", path="/v2/invoices", every=3), seed=7)

`faults.wrap(app, dialect)` makes an ASGI application that suffers them. Kinds that are a state of
the world are asked for by the stand-ins: `duration`, `strikes_record`, `skewed`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from attrs import field, frozen

from kashmag.errors import SettingsError
from kashmag.sandbox.asgi import App, ConnectionCutError
from kashmag.sandbox.faults.days import BAD_DAYS
from kashmag.sandbox.faults.dialect import Dialect, Reply
from kashmag.sandbox.faults.files import read_schedule
from kashmag.sandbox.faults.middleware import FaultyApp, Strike
from kashmag.sandbox.faults.rules import Kind, Rule, Schedule

__all__ = [
    "BAD_DAYS",
    "ConnectionCutError",
    "Dialect",
    "Faults",
    "FaultyApp",
    "Kind",
    "Reply",
    "Rule",
    "Schedule",
    "Strike",
]


def _nothing() -> None:
    """Expire no session: for an application that has none."""


@frozen
class Faults:
    """A seeded, repeatable schedule of faults."""

    schedule: Schedule = field(factory=Schedule)

    @classmethod
    def none(cls) -> Faults:
        """A good day."""
        return cls()

    @classmethod
    def of(cls, *rules: Rule, seed: int = 0) -> Faults:
        """A day with these rules."""
        return cls(Schedule(rules, seed))

    @classmethod
    def named(cls, names: str, *, seed: int = 0) -> Faults:
        """Mix the bad days of `BAD_DAYS` that are named, with commas between.

        Raises:
            SettingsError: there is no bad day of that name.
        """
        rules: list[Rule] = []
        for name in (part.strip() for part in names.split(",") if part.strip()):
            if name not in BAD_DAYS:
                raise SettingsError(
                    f"there is no bad day named {name!r}; known: {', '.join(BAD_DAYS)}"
                )
            rules.extend(BAD_DAYS[name])
        return cls(Schedule(tuple(rules), seed))

    @classmethod
    def from_file(cls, path: Path) -> Faults:
        """Read a schedule file (TOML; its form is described in `faults.files`)."""
        return cls(read_schedule(path))

    def wrap(
        self,
        app: App,
        dialect: Dialect | None = None,
        *,
        expire_sessions: Callable[[], None] = _nothing,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        spared: frozenset[str] = frozenset({"/"}),
    ) -> FaultyApp:
        """Make an application that suffers these faults; its `history` tells what struck.

        `expire_sessions` is called when a session is to expire in mid-run; the application then
        answers as it does to any dead session. `spared` paths never suffer and are not counted.
        Counting starts anew with each wrap. Wrap the outermost application: a Starlette around it
        would answer a cut with a 500 of its own.
        """
        return FaultyApp(
            app,
            self.schedule,
            dialect or Dialect(),
            expire_sessions=expire_sessions,
            sleep=sleep,
            spared=spared,
        )

    def duration(self, kind: Kind) -> timedelta:
        """How long a standing fault lasts (lag, late commit, skew); zero when absent."""
        return self.schedule.duration(kind)

    def strikes_record(self, kind: Kind, subject: str) -> bool:
        """Tell whether a standing fault (late commit, poison) strikes this record."""
        return self.schedule.strikes_record(kind, subject)

    def skewed(self, clock: Callable[[], datetime]) -> Callable[[], datetime]:
        """The far end's own clock, as wrong as the schedule says."""
        skew = self.duration(Kind.CLOCK_SKEW)
        return (lambda: clock() + skew) if skew else clock
