"""What somebody edited of a posted document beside its figures and days: each by its own cause.

Told against what the logbook remembers of the posting, so that a policy that has changed since, or
an invoice that was adopted, is never taken for an edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import (
    UNTOLD,
    AccountDocument,
    Agreed,
    Particulars,
    ShopDocument,
)
from kashmag.reconciliation.figures import ZERO, pence
from kashmag.reconciliation.sentences import about, title_of


def edited(
    shop: ShopDocument, account: AccountDocument, agreed: Agreed | None
) -> Iterator[Difference]:
    """What is no longer as it was posted; none of it makes a difference in figures."""
    posted, now = agreed.particulars if agreed else UNTOLD, account.particulars
    title = f"{title_of(shop)} ({account.number})"
    if posted.nominals and now.nominals is not None and _moved(posted.nominals, now.nominals):
        was, stands = _told(posted.nominals), _told(now.nominals)
        text = f"{title} was posted with {was}; now it has {stands}."
        yield about(Cause.NOMINAL, text, shop, account)
    if agreed and agreed.bands == account.bands and _is_marked_otherwise(posted, now):
        before, after = pence(posted.exempt or ZERO), pence(now.exempt or ZERO)
        text = f"{title} was posted with {before} exempt; now {after} is marked so."
        yield about(Cause.EXEMPTION, text, shop, account)
    is_there = posted.customer not in shop.former_customers
    if posted.customer and now.customer and _is_other(posted.customer, now.customer) and is_there:
        text = f"{title} was posted for customer {posted.customer}, and is now {now.customer}'s."
        yield about(Cause.CUSTOMER, text, shop, account)
    if agreed and agreed.reference and agreed.reference != account.reference:
        stands = f"with {account.reference}" if account.reference else "without one"
        text = f"{title} was posted with the reference {agreed.reference}, and stands {stands}."
        yield about(Cause.REFERENCE, text, shop, account)
    if posted.due_on and now.due_on and posted.due_on != now.due_on:
        text = f"{title} was posted as due on {posted.due_on}, and is now due on {now.due_on}."
        yield about(Cause.DUE_DATE, text, shop, account)
    if account.is_archived:
        text = f"{title} is archived in KashFlow; it still counts."
        yield about(Cause.ARCHIVED, text, shop, account)


def _is_marked_otherwise(posted: Particulars, now: Particulars) -> bool:
    """Tell lines that are marked exempt at a rate where that makes no band of its own."""
    return None not in (posted.exempt, now.exempt) and posted.exempt != now.exempt


def _is_other(code: str, now: str) -> bool:
    return code.casefold() != now.casefold()


def _moved(before: Mapping[int, Decimal], after: Mapping[int, Decimal]) -> bool:
    """Tell that net moved between nominals; where there is more or less of it, it was changed."""
    return before != after and sum(before.values(), ZERO) == sum(after.values(), ZERO)


def _told(nominals: Mapping[int, Decimal]) -> str:
    return ", ".join(f"{pence(net)} on nominal {code}" for code, net in nominals.items())
