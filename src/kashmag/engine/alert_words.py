"""An alert in words: for the log, for a mail, and as the JSON of a web hook."""

from __future__ import annotations

from collections.abc import Iterator

from kashmag.plans.events import AlertGroup, AlertRaised
from kashmag.rest.codec import Json


def subject(alert: AlertRaised) -> str:
    """One line that says it all."""
    groups = (*alert.new, *alert.grown)
    waiting = sum(group.count for group in groups if group.numbers)
    if alert.stopped:
        return f"kashmag: a run was given up: {alert.stopped[:80]}"
    if waiting:
        return f"kashmag: {waiting} document(s) wait for you"
    if groups:  # nothing could be read: which documents there are, nobody knows
        return f"kashmag: cannot {groups[0].code.replace(':', ' ')}: {groups[0].example[:80]}"
    return f"kashmag: recovered: {', '.join(alert.recovered)}"


def as_text(alert: AlertRaised) -> str:
    """The alert in words."""
    lines = [subject(alert), ""]
    for title, groups in (("New", alert.new), ("More of the same", alert.grown)):
        for group in groups:
            numbers = ", ".join(group.numbers)
            which = f", {group.count} document(s): {numbers}" if numbers else ""
            lines += [
                f"{title}: {group.code}{which}",
                f"  for example: {group.example}",
                f"  what to do: {group.remedy}",
            ]
    lines += [f"Recovered: {code}" for code in alert.recovered]
    return "\n".join(lines)


def as_lines(alert: AlertRaised) -> Iterator[str]:
    """The alert in the log, a line each; what documents say themselves stands elsewhere there."""
    if alert.stopped:
        yield f"the run was given up: {alert.stopped}"
    for title, groups in (("new", alert.new), ("more of the same", alert.grown)):
        for group in groups:
            numbers = ", ".join(group.numbers)
            which = f", {group.count} document(s) ({numbers})" if numbers else ""
            yield f"{title}: {group.code}{which}: {group.remedy}"
    for code in alert.recovered:
        yield f"recovered: {code}"


def as_json(alert: AlertRaised) -> dict[str, Json]:
    """The alert as the web hook posts it."""
    return {
        "at": alert.at.isoformat(),
        "new": [_told(group) for group in alert.new],
        "grown": [_told(group) for group in alert.grown],
        "recovered": list(alert.recovered),
        "stopped": alert.stopped,
    }


def _told(group: AlertGroup) -> dict[str, Json]:
    return {
        "code": group.code,
        "count": group.count,
        "since": group.since.isoformat(),
        "remedy": group.remedy,
        "example": group.example,
        "numbers": list(group.numbers),
    }
