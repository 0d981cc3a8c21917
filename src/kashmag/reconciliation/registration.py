"""An account that says it is not registered for VAT, beside what stands in it: one sentence."""

from __future__ import annotations

from collections.abc import Iterable

from kashmag.reconciliation.counting import STANDARD, Scheme, VatScheme, of_account
from kashmag.reconciliation.documents import AccountDocument
from kashmag.reconciliation.figures import Period, pence, sum_of


def about_registration(
    scheme: Scheme, account: Iterable[AccountDocument], period: Period
) -> tuple[str, ...]:
    """What is wrong where documents of the period carry VAT, and the account is not registered.

    What was posted stays posted, and no run holds it: of so many documents it is one thing to say.
    """
    if scheme.kind is not VatScheme.NOT_REGISTERED:
        return ()
    there = (of_account(one, period, STANDARD) for one in account if not one.is_deleted)
    found = [figures for one in there if (figures := sum_of(one.values())).vat]
    if not found:
        return ()
    many = f"{len(found)} of its documents carry" if len(found) > 1 else "one of its documents has"
    return (
        f"The account says that it is not registered for VAT, and {many} "
        f"{pence(sum_of(found).vat)} of VAT in this period: put the registration right in "
        "KashFlow; or, where it has ended, see that this VAT was declared while it lasted.",
    )
