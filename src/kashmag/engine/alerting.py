"""Whether there is news for a person after a run: grouped, told once, and again when it is over.

What was told is remembered in the logbook, so that every process and every run knows it. A group
is told when it appears, again when it has grown and the pause is over, and when it is gone. A run
without news stays silent. How it reaches a person: `engine.alerts`, or a plugin of yours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from attrs import frozen

from kashmag.engine import causes
from kashmag.engine.grouping import Group, what_to_do
from kashmag.errors import KashmagError, Remedy
from kashmag.logbook import Logbook
from kashmag.plans.events import AlertGroup, AlertRaised
from kashmag.rest.codec import Json, JsonObject, dumps, loads

MEMORY: Final = "alerts"
FAILED: Final = "run_failed:"
PAUSE: Final = timedelta(hours=4)


@frozen
class Told:
    """What was told of one group, and when."""

    count: int
    since: datetime
    at: datetime


def news(
    groups: Sequence[Group], told: Mapping[str, Told], *, now: datetime, pause: timedelta = PAUSE
) -> tuple[AlertRaised | None, dict[str, Told]]:
    """The alert that is due, if any, and what will have been told then. Pure."""
    new, grown = [], []
    after: dict[str, Told] = {}
    for group in groups:
        before = told.get(group.code)
        if before is None:
            after[group.code] = Told(group.count, now, now)
            new.append(_alert(group, now))
        elif group.count > before.count and now - before.at >= pause:
            after[group.code] = Told(group.count, before.since, now)
            grown.append(_alert(group, before.since))
        else:
            # Fewer is no news, but more than these would be.
            after[group.code] = Told(min(before.count, group.count), before.since, before.at)
    recovered = tuple(code for code in told if code not in after)
    if not (new or grown or recovered):
        return None, after
    return AlertRaised(now, new=tuple(new), grown=tuple(grown), recovered=recovered), after


async def note_run(logbook: Logbook, flow: str, error: BaseException | None) -> None:
    """Remember that a run of this flow could not begin, or not go on; None when it could."""
    told = ""
    if error is not None:
        code = causes.code_of(error) if isinstance(error, KashmagError) else causes.BUG
        told = dumps({"code": code, "said": str(error)}).decode()
    if told != (await logbook.recall(FAILED + flow) or ""):
        await logbook.remember(FAILED + flow, told)


async def failing_runs(logbook: Logbook, flows: Iterable[str]) -> tuple[Group, ...]:
    """A group for each flow whose last run could not begin, or not go on, as `run:orders`."""
    found = []
    for flow in flows:
        told = loads(await logbook.recall(FAILED + flow) or "null")
        if isinstance(told, dict):
            code = str(told["code"])
            found.append(
                Group(
                    f"run:{flow}",
                    count=1,
                    remedy=what_to_do(code),
                    what_to_do=causes.remedy_of([code]) or Remedy.ASK_A_PERSON,
                    example=str(told["said"]),
                    numbers=(),
                )
            )
    return tuple(found)


async def raise_alert(
    logbook: Logbook, groups: Sequence[Group], *, now: datetime
) -> AlertRaised | None:
    """The alert that is due now, remembered as told."""
    before = _loaded(await logbook.recall(MEMORY))
    alert, after = news(groups, before, now=now)
    if after != before:
        await logbook.remember(MEMORY, _dumped(after))
    return alert


def _alert(group: Group, since: datetime) -> AlertGroup:
    return AlertGroup(
        group.code,
        group.count,
        remedy=group.remedy,
        example=group.example,
        numbers=group.numbers,
        since=since,
    )


def _dumped(told: Mapping[str, Told]) -> str:
    content: dict[str, Json] = {
        code: {"count": one.count, "since": one.since.isoformat(), "at": one.at.isoformat()}
        for code, one in told.items()
    }
    return dumps(content).decode()


def _loaded(text: str | None) -> dict[str, Told]:
    content = cast("JsonObject", loads(text)) if text else {}
    told = {code: cast("JsonObject", one) for code, one in content.items()}
    return {
        code: Told(
            int(cast("int", one["count"])),
            datetime.fromisoformat(str(one["since"])),
            datetime.fromisoformat(str(one["at"])),
        )
        for code, one in told.items()
    }
