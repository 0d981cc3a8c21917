"""What waits, grouped by cause: how much, for example what, and what to do about it.

Pure but for the records that arrive one by one. What is decided about them is `deciding`.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from typing import Final

from attrs import evolve, field, frozen

from kashmag.accounting.problems import Holds
from kashmag.engine import causes, limits
from kashmag.engine.naming import called
from kashmag.errors import Remedy
from kashmag.logbook import DocumentRecord
from kashmag.plans.cures import joined
from kashmag.rest.codec import Json

SAMPLES: Final = 20
UNFINISHED: Final = "unfinished"


@frozen
class Group:
    """Documents that wait for the same reason; `numbers` are the first of them."""

    code: str
    count: int = field(kw_only=True)
    remedy: str = field(kw_only=True)
    what_to_do: Remedy = field(kw_only=True)
    example: str = field(kw_only=True)
    numbers: tuple[str, ...] = field(kw_only=True)
    settings_change: str = field(default="", kw_only=True)


async def grouped(records: AsyncIterable[DocumentRecord]) -> tuple[Group, ...]:
    """The groups of what waits, the largest first; what asks nobody for anything is in none."""
    found: dict[str, Group] = {}
    async for record in records:
        outcome = record.outcome if record.finished_at else UNFINISHED
        for code in record.codes or (outcome,):
            if code not in causes.ASKING_NOBODY:
                found[code] = _joined(found.get(code), _alone(code, record))
    told = (evolve(one, remedy=one.remedy or what_to_do(one.code)) for one in found.values())
    return tuple(sorted(told, key=lambda group: (-group.count, group.code)))


def what_to_do(code: str) -> str:
    """What a person does about a cause, in a sentence."""
    return _REMEDIES.get(code, "Put the cause right, then retry (kashmag errors retry).")


def _alone(code: str, record: DocumentRecord) -> Group:
    """One document as a group; without a remedy where the document itself has none.

    A credit memo that waits for its order's sake has the cause, and the order has the problem.
    """
    own = [one for one in record.problems if one.get("code") == code and _is_holding(one)]
    return Group(
        code,
        count=1,
        remedy=next((str(one.get("remedy", "")) for one in own), ""),
        what_to_do=causes.remedy_of([code]) or Remedy.ASK_A_PERSON,
        example=next((said for one in own if (said := str(one.get("message", "")))), record.reason),
        numbers=(called(record),),
        settings_change=joined(str(one.get("settings", "")) for one in own),
    )


def _is_holding(problem: Mapping[str, Json]) -> bool:
    """Tell a problem that holds something from advice of the same code."""
    return problem.get("holds") != Holds.NOTHING.value


def _joined(group: Group | None, other: Group) -> Group:
    if group is None:
        return other
    told = group if group.remedy else other
    return evolve(
        group,
        count=group.count + other.count,
        remedy=told.remedy,
        example=told.example,
        numbers=(*group.numbers, *other.numbers)[:SAMPLES],
        settings_change=joined([group.settings_change, other.settings_change]),
    )


_RUN_AGAIN: Final = "Run again, or leave it to the next run."

_REMEDIES: Final = {
    causes.UNREACHABLE: f"{_RUN_AGAIN} If it stays so, see that the address can be reached.",
    causes.RATE_LIMITED: f"{_RUN_AGAIN} If it stays so, run less often, or fewer at once.",
    causes.BROKEN: f"{_RUN_AGAIN} It is a fault at their side; if it stays so, report it there.",
    causes.NO_ANSWER: f"{_RUN_AGAIN} If it stays so, look at the connection.",
    causes.SESSION_ENDED: f"{_RUN_AGAIN} If it stays so, see who else signs in as this user.",
    causes.BUSY: f"{_RUN_AGAIN} If it stays so, look for a run that hangs.",
    causes.NOT_FOUND: "See whether it was deleted in the shop; then retry it, or skip it.",
    causes.UNREADABLE: "Report what it names: the answer has a shape that is not known.",
    causes.PLUGIN: "Correct the plugin that it names, then retry (kashmag errors retry).",
    causes.LOGBOOK: "Put the logbook right as the sentence says, then run again.",
    causes.BOUND_OTHERWISE: "Say which invoice is the order's: kashmag errors adopt ORDER NUMBER.",
    UNFINISHED: "Its run did not end: run again, and it is gone on with.",
    causes.FATE_UNKNOWN: "Run again: it is looked for before anything is repeated.",
    causes.NOT_CONFIRMED: "Run again: it is read back and compared.",
    causes.SIGN_IN_REFUSED: "Correct the credentials; a refused sign-in is never repeated.",
    causes.SETTINGS: "Correct what the sentence names; nothing was read or sent.",
    causes.NOT_PERMITTED: "Give the integration's user the permission that is missing.",
    causes.UNREADABLE_RECORD: "The shop serves a record that nobody can read; put it right there.",
    causes.DISPUTED: "Compare both documents, then accept or drop; nothing is written until then.",
    causes.ACCOUNT_DISPUTED: "Settle the disputed document first.",
    causes.REFUSED: "Put right what KashFlow objects to, then retry.",
    causes.NUMBER_TAKEN: "Run again: the order is planned anew, or says whose its number is.",
    causes.POSTED_IS_GONE: "Find out who deleted it; take what its plan proposes, or accept it.",
    "customer_conflict": "Make shop and KashFlow say the same; the next run sees it.",
    "not_for_the_shop": "Change it in Magento by hand, or take it back in KashFlow.",
    "account_gone": "Give the account its code back in KashFlow, or skip the customer.",
    "posted_differs": "Credit and reissue in KashFlow and adopt, undo the edit, or accept it.",
    "void_but_posted": "Let kashmag credit it (errors resolve), or accept it as it is.",
    causes.ACCEPTED: "Run again, or leave it to the next run: what was held with it is posted.",
    causes.LEFT_TO_ORDERS: "Leave it to the next run of orders (kashmag sync orders).",
    causes.OVER_LIMITS: limits.REMEDY,
    causes.BUG: "Report it, with what `why` tells.",
}
