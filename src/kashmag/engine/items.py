"""What a person has decided about parts of an order: items skipped, differences accepted.

Pure. Who is asked and what is remembered: `gathering`, `deciding`.
"""

from __future__ import annotations

from collections.abc import Iterable

from kashmag.accounting import LineKind, Sale
from kashmag.errors import HeldError, SettingsError
from kashmag.logbook.documents import PersonDecision, Verb
from kashmag.plans.acceptances import Acceptance
from kashmag.plans.questions import SkippedItem


def skipped_by(decisions: Iterable[PersonDecision]) -> tuple[SkippedItem, ...]:
    """What is skipped after everything that was decided about an order, oldest first."""
    found: dict[str, SkippedItem] = {}
    for one in decisions:
        match one.verb:
            case Verb.SKIP_ITEM:
                who = f" by {one.who}" if one.who else ""
                found[one.key] = SkippedItem(one.key, because=f"skipped{who}: {one.reason}")
            case Verb.RETRY_ITEM:
                found.pop(one.key, None)
            case _:
                pass
    return tuple(found.values())


def accepted_by(decisions: Iterable[PersonDecision]) -> tuple[Acceptance, ...]:
    """What is accepted as it is, after everything that was decided about an order."""
    return tuple(
        Acceptance(one.key, because=one.reason) for one in decisions if one.verb is Verb.ACCEPT
    )


def item_of(sale: Sale | None, number: str, said: str) -> str:
    """The item that a person means, as it is remembered: its SKU, or the key of its line.

    Raises:
        HeldError: the order cannot be read, so nobody knows its items.
        SettingsError: the order has no such item, or several lines of that SKU.
    """
    if sale is None:
        raise HeldError(f"order {number} has no lines that can be read: skip all of it, or retry")
    goods = [line for line in sale.lines if line.kind is LineKind.GOODS]
    fitting = [line for line in goods if said in (line.sku, line.key)]
    if len(fitting) == 1:
        return said
    if not fitting:
        known = ", ".join(dict.fromkeys(line.sku or line.key for line in goods)) or "none"
        raise SettingsError(f"order {number} has no item {said}; it has {known}")
    keys = ", ".join(f"{line.key} ({line.description})" for line in fitting)
    raise SettingsError(f"order {number} has {said} on {len(fitting)} lines: say one of {keys}")
