"""An order and its invoice in two currencies: which of the two is no longer what was posted."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import AccountDocument, Agreed, ShopDocument
from kashmag.reconciliation.figures import NOTHING, ZERO, Period
from kashmag.reconciliation.money import Money
from kashmag.reconciliation.sentences import about, title_of


def other_currency(
    shop: ShopDocument,
    account: AccountDocument,
    agreed: Agreed | None,
    period: Period,
    money: Money,
) -> Iterator[Difference]:
    """Two currencies never add: a difference in each, told once."""
    told = f"is in {shop.currency}, invoice {account.number} in {account.currency}"
    cause, message = Cause.DIFFERENT, f"{title_of(shop)} {told}."
    # Of one that was adopted nobody remembers anything.
    if agreed is not None and agreed.bands is not None:
        was = agreed.currency or "the account's own currency"
        if agreed.currency != (account.currency if account.is_foreign else ""):
            cause, message = Cause.CHANGED_IN_KASHFLOW, f"{title_of(shop)} {told}: posted in {was}."
    one = about(cause, message, shop, account)
    yield evolve(
        one,
        delta=-shop.headline if shop.is_owed and shop.dated_on in period else NOTHING,
        paid=-money.paid_in_shop(shop) if shop.is_owed else ZERO,
    )
    yield evolve(
        one,
        is_other_side=True,
        currency=account.currency,
        delta=account.figures if account.issued_on in period else NOTHING,
        paid=money.left_over(account),
    )
