"""What is news to one who is told: each group when it appears, when it has grown, when it is gone.

Pure. What somebody was told is a value of theirs alone: whoever could not be told yesterday is
told today, and nobody else is told again for that. An alert on its way puts what it tells in doubt
until its fate is known: what is in doubt is told anew, whatever has become of it since. Who
remembers it, and when: `engine.alerting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from attrs import evolve, field, frozen

from kashmag.engine.grouping import Group
from kashmag.plans.events import AlertGroup, AlertRaised
from kashmag.rest.codec import Json, JsonObject, dumps, loads

PAUSE: Final = timedelta(hours=4)


@frozen
class Told:
    """What was told of one group, and when; `since` is when the group was first seen.

    `in_doubt`: something else may have been told since, and nobody knows whether it arrived.
    """

    count: int
    since: datetime
    at: datetime
    in_doubt: bool = field(default=False, kw_only=True)


def news(
    groups: Sequence[Group],
    told: Mapping[str, Told],
    *,
    now: datetime,
    seen: Mapping[str, Told] | None = None,
    pause: timedelta = PAUSE,
) -> tuple[AlertRaised | None, dict[str, Told]]:
    """The alert that is due to one who was told this, if any, and what will have been told then.

    `seen` says since when a group is there that this one was not told of yet.
    """
    new, grown = [], []
    after: dict[str, Told] = {}
    for group in groups:
        before = told.get(group.code)
        if before is None or before.in_doubt:
            known = before or (seen or {}).get(group.code)
            since = known.since if known else now
            after[group.code] = Told(group.count, since, now)
            new.append(_alert(group, since))
        elif group.count > before.count and not timedelta(0) <= now - before.at < pause:
            after[group.code] = Told(group.count, before.since, now)
            grown.append(_alert(group, before.since))
        else:
            # Fewer is no news, but more than these would be.
            after[group.code] = Told(min(before.count, group.count), before.since, before.at)
    recovered = tuple(code for code in told if code not in after)
    if not (new or grown or recovered):
        return None, after
    return AlertRaised(now, new=tuple(new), grown=tuple(grown), recovered=recovered), after


def on_its_way(told: Mapping[str, Told], alert: AlertRaised) -> dict[str, Told]:
    """What was told, while this alert is on its way: what it tells is in doubt."""
    doubted = {
        group.code: Told(group.count, group.since, alert.at, in_doubt=True)
        for group in (*alert.new, *alert.grown)
    }
    doubted |= {code: evolve(told[code], in_doubt=True) for code in alert.recovered}
    return {**told, **doubted}


def dumped(told: Mapping[str, Told]) -> str:
    """What was told, as a text to be remembered."""
    content: dict[str, Json] = {
        code: {
            "count": one.count,
            "since": one.since.isoformat(),
            "at": one.at.isoformat(),
            "in_doubt": one.in_doubt,
        }
        for code, one in told.items()
    }
    return dumps(content).decode()


def loaded(text: str | None) -> dict[str, Told]:
    """What was told, from a remembered text; nothing where there is none."""
    content = cast("JsonObject", loads(text)) if text else {}
    told = {code: cast("JsonObject", one) for code, one in content.items()}
    return {
        code: Told(
            int(cast("int", one["count"])),
            datetime.fromisoformat(str(one["since"])),
            datetime.fromisoformat(str(one["at"])),
            in_doubt=bool(one.get("in_doubt")),
        )
        for code, one in told.items()
    }


def _alert(group: Group, since: datetime) -> AlertGroup:
    return AlertGroup(
        group.code,
        group.count,
        remedy=group.remedy,
        example=group.example,
        numbers=group.numbers,
        since=since,
    )
