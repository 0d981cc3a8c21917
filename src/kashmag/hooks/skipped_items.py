"""Which things sold a person has skipped: their money goes to suspense, and no rule judges them."""

from __future__ import annotations

from collections.abc import Iterable

from kashmag.accounting import LineKind, SaleLine
from kashmag.plans.questions import Answers, SkippedItem, SkippedItems


def skipped_items(answers: Answers) -> tuple[SkippedItem, ...]:
    """Every item that a person has skipped of the order whose answers these are."""
    told = (answers[question] for question in answers if isinstance(question, SkippedItems))
    return tuple(item for items in told for item in items)


def skipped_one(line: SaleLine, items: Iterable[SkippedItem]) -> SkippedItem | None:
    """The decision about this line, by its SKU or its key; None where there is none."""
    if line.kind is not LineKind.GOODS:
        return None
    return next((one for one in items if one.item in (line.sku, line.key)), None)
