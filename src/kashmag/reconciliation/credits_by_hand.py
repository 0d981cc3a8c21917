"""What credit notes make a difference by that somebody typed by hand for an order.

Which order one names is `typed_by_hand`; here it is told, and whether the order's invoice was
brought to nothing before.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import ShopDocument
from kashmag.reconciliation.figures import NOTHING, Period
from kashmag.reconciliation.money import Money
from kashmag.reconciliation.pairing import Pair
from kashmag.reconciliation.sentences import about, title_of
from kashmag.reconciliation.typed_by_hand import Credit


def of_credits(pair: Pair, period: Period, money: Money) -> Iterator[Difference]:
    """A difference for each credit note that was typed by hand for the order of a pair."""
    shop = pair.shop
    if shop is None:
        return
    for credit in pair.credits:
        note = credit.account
        paid, counts = money.left_over(note), note.issued_on in period
        if not (counts or paid):
            continue
        cause, message = _why(pair, shop, credit)
        yield evolve(
            about(cause, message, shop, note),
            currency=note.currency,
            delta=note.figures if counts else NOTHING,
            paid=paid,
        )


def _why(pair: Pair, shop: ShopDocument, credit: Credit) -> tuple[Cause, str]:
    note = credit.account
    same = (one.reversal for one in pair.settled if one.reversal.bands == note.bands)
    if reversal := next(same, None):
        again = f"by {reversal.number} and by {note.number} (names {credit.names})"
        return Cause.DOUBLE, f"{title_of(shop)} is reversed twice: {again}."
    reference = f" ({note.reference})" if note.reference else ""
    told = f"was typed by hand, and names {credit.names}."
    return Cause.TYPED_BY_HAND, f"{title_of(shop)}: credit note {note.number}{reference} {told}"
