"""What a posted document says differently than its order: its day, its figures, and who changed."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import (
    AccountDocument,
    Agreed,
    DocumentKind,
    ShopDocument,
)
from kashmag.reconciliation.edited import edited
from kashmag.reconciliation.figures import (
    NOTHING,
    UNKNOWN,
    Bands,
    Period,
    sum_of,
    without_exemption,
)
from kashmag.reconciliation.pairing import Pair, last_reversed_on
from kashmag.reconciliation.sentences import about, said, sentence, title_of


def differing(pair: Pair, agreed: Agreed | None, period: Period) -> Iterator[Difference]:
    """What differs between the two documents of a pair that is compared."""
    shop, account = pair.shop, pair.account
    if shop is None or account is None:
        return
    counts, counted = account.issued_on in period, shop.dated_on in period
    if not (counts or counted):
        return
    # In the period on one side only: the date explains all of the shop's figures, and the
    # figures' own difference counts where the account has it.
    if account.issued_on != shop.dated_on and not _is_kept(pair, shop, agreed, counts == counted):
        delta = NOTHING
        if counts != counted:
            delta = shop.figures if counts else -shop.figures
        cause, message = _of_date(pair, shop, account, agreed)
        yield evolve(about(cause, message, shop, account), delta=delta)
    for one in _figures(shop, account, agreed):
        yield one if counts else evolve(one, delta=NOTHING)
    yield from edited(shop, account, agreed)


def _is_kept(pair: Pair, shop: ShopDocument, agreed: Agreed | None, is_same_period: bool) -> bool:
    """Tell an invoice that keeps the day of its posting, though the policy would date it anew."""
    posted_on = agreed.issued_on if agreed else None
    is_untouched = pair.account is not None and pair.account.issued_on == posted_on is not None
    return (
        is_untouched and is_same_period and pair.generation == 1 and shop.issue_on == shop.dated_on
    )


def _of_date(
    pair: Pair, shop: ShopDocument, account: AccountDocument, agreed: Agreed | None
) -> tuple[Cause, str]:
    """Why an invoice has another day than its order."""
    told = f"{title_of(shop)} of {shop.dated_on} is dated {account.issued_on} as {account.number}"
    posted_on = agreed.issued_on if agreed else None
    if pair.generation > 1:
        # Reversal and reissue are of one day, so that one tells the other's without a logbook.
        if account.issued_on == (posted_on or last_reversed_on(pair) or account.issued_on):
            return Cause.REISSUED, reissued(pair, shop, account)
        return Cause.WRONG_DATE, f"{told}."
    # Of one that was adopted nobody remembers the day: the policy of today tells it.
    if account.issued_on == (posted_on or shop.issue_on):
        return Cause.MOVED_DATE, f"{told}, by policy."
    return Cause.WRONG_DATE, f"{told}."


def reissued(pair: Pair, shop: ShopDocument, account: AccountDocument) -> str:
    """Say that an order was posted again, and instead of what."""
    last = pair.settled[-1] if pair.settled else None
    after = f", after {last.invoice.number} was reversed by {last.reversal.number}" if last else ""
    again = f"was posted again on {account.issued_on} as {account.number}"
    return f"{title_of(shop)} of {shop.dated_on} {again}{after}."


def _figures(
    shop: ShopDocument, account: AccountDocument, agreed: Agreed | None
) -> Iterator[Difference]:
    if shop.bands == account.bands:
        return
    posted = agreed.bands if agreed else None
    # A memo is unread where its order is; of the two, the order says so.
    if shop.is_unread and shop.kind is DocumentKind.CREDIT_NOTE:
        was = account.bands if posted is None else posted
        shop = evolve(shop, bands=was) if shop.figures == sum_of(was.values()) else shop
    if posted is None:
        unknown = _of_rate(shop.bands, account.bands) or Cause.DIFFERENT
        yield _changed(unknown, shop, account, shop.bands, account.bands)
        return
    if posted != shop.bands:
        yield _changed(Cause.CHANGED_IN_SHOP, shop, account, shop.bands, posted)
    if posted != account.bands:
        cause = _of_rate(posted, account.bands) or Cause.CHANGED_IN_KASHFLOW
        yield _changed(cause, shop, account, posted, account.bands)


def _of_rate(before: Bands, after: Bands) -> Cause | None:
    """The cause, where the figures as a whole stayed and only their rates are others."""
    if UNKNOWN in before:
        return None
    if without_exemption(before) == without_exemption(after):
        return Cause.EXEMPTION
    return Cause.WRONG_RATE if is_other_rate(before, after) else None


def is_other_rate(before: Bands, after: Bands) -> bool:
    """Tell that net moved between rates while the net or the gross as a whole stayed."""
    nets = {band: one.net for band, one in before.items() if one.net}
    if nets == {band: one.net for band, one in after.items() if one.net}:
        return False
    was, now = sum_of(before.values()), sum_of(after.values())
    return was.net == now.net or was.gross == now.gross


def _happened(cause: Cause) -> str:
    match cause:
        case Cause.WRONG_RATE:
            return "stands at another VAT rate"
        case Cause.EXEMPTION:
            return "is exempt where it was zero-rated, or the other way round"
        case _:
            return f"was {cause.value}"


def _changed(
    cause: Cause, shop: ShopDocument, account: AccountDocument, before: Bands, after: Bands
) -> Difference:
    shop_side = cause is Cause.CHANGED_IN_SHOP
    was, now = said(after if shop_side else before), said(before if shop_side else after)
    message = f"{title_of(shop)} ({account.number}) {_happened(cause)}: it was {was}, and is {now}."
    if cause is Cause.DIFFERENT:
        message = f"{title_of(shop)} is {was} in the shop, and {now} as {account.number}."
    if shop.is_unread and cause in {Cause.CHANGED_IN_SHOP, Cause.DIFFERENT}:
        message = f"{message} It cannot be read: {sentence(shop.reason)}"
    delta = sum_of(after.values()) - sum_of(before.values())
    return evolve(about(cause, message, shop, account), delta=delta)
