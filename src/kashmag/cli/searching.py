"""Reading shop and account for what may be adopted, and showing it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kashmag.assembly import open_engine
from kashmag.cli.exits import DONE, WAITS
from kashmag.cli.options import Common
from kashmag.errors import SettingsError
from kashmag.reconciliation import Period
from kashmag.reconciliation.going_live import (
    Proposal,
    Straddler,
    doubles,
    proposals,
    straddlers,
    unanswered,
)
from kashmag.rest.codec import Json

BEFORE: Final = timedelta(days=60)


async def show_candidates(first: str, common: Common) -> int:
    """Read shop and account from some days before go_live on, and show what wants a decision."""
    settings, output = common.load(), common.output
    go_live = settings.policy.go_live
    if go_live is None:
        raise SettingsError("policy.go_live is not set; without it nothing is before or after")
    today = datetime.now(ZoneInfo(settings.policy.time_zone)).date()
    start = _day(first) if first else go_live - BEFORE
    async with open_engine(settings) as engine:
        sides = await engine.sides(Period(start, max(today, start)), remote=True)
    crossing = straddlers(sides.shop, go_live, sides.memory)
    proposed = proposals(sides.shop, sides.account, sides.memory)
    questions = unanswered(crossing, proposed)
    proposed = (*proposed, *doubles(sides.shop, sides.account, sides.memory))
    output.document(
        {
            "go_live": str(go_live),
            "straddling": [_told_straddler(one, questions[one.key]) for one in crossing],
            "candidates": [_told_proposal(one) for one in proposed],
        }
    )
    for one in crossing:
        output.say(questions[one.key])
    for found in proposed:
        output.say(f"{found}{'' if found.is_sure else ' Look at it.'}")
    for sentence in sides.unread:
        output.warn(f"not read: {sentence}")
    if not (crossing or proposed):
        output.say("Nothing straddles go_live, and no invoice looks like an order.")
    return WAITS if crossing or proposed else DONE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f'--from "{text}" is no date; write it as 2026-04-01') from error


def _told_straddler(one: Straddler, question: str) -> dict[str, Json]:
    return {
        "order": one.order,
        "ordered_on": str(one.ordered_on),
        "since": list(one.since),
        "question": question,
    }


def _told_proposal(one: Proposal) -> dict[str, Json]:
    return {
        "order": one.order,
        "invoice": one.invoice_number,
        "evidence": one.evidence.value,
        "sure": one.is_sure,
        "differs_by": one.differs_by or None,
        "posted_as": one.posted_as,
    }
