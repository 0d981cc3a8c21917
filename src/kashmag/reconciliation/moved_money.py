"""Money that moved from a reversed invoice to the one after it: there and back it is nothing.

The payment stays where it was made, on its day. Its reversal returns it (`moved:1000:TOKEN`) and
the further invoice takes it up, both on one day and one bank account: what is left of the three is
the payment itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from kashmag.reconciliation.causes import Cause
from kashmag.reconciliation.documents import AccountDocument, AccountPayment, ShopDocument
from kashmag.reconciliation.figures import pence
from kashmag.reconciliation.generations import Fault, Settled, Stray
from kashmag.reconciliation.money import Money, of_line
from kashmag.reconciliation.pairing import Pair


def match_moved(pair: Pair, money: Money) -> None:
    """Take what was returned and taken up again off both; name where the two are not the same."""
    if pair.shop is None:
        return
    # The newest first: what it moved is what the one before it had taken up.
    for one in reversed(pair.settled):
        for line in tuple(money.left[one.reversal.number]):
            if line.returns:
                _match(pair, pair.shop, one, line, money)
    for stray in pair.strays:
        if stray.fault is Fault.UNREVERSED:
            _lacking(pair, stray, money)


def is_left_behind(pair: Pair, account: AccountDocument, line: AccountPayment) -> bool:
    """Tell a payment that stands on a reversed invoice and did not move with the order."""
    settled = next((one for one in pair.settled if one.invoice.number == account.number), None)
    if settled is None:
        return False
    returned = any(one.returns == line.mark != "" for one in settled.reversal.payments)
    taken = any(
        _is_taken_up(one, line)
        for later in _later(pair, settled.generation)
        for one in later.payments
    )
    return not (returned or taken)


def invoices_of(pair: Pair) -> Iterator[AccountDocument]:
    """The order's invoices in its own currency, oldest first: a payment stays where it was made."""
    former = [(one.generation, one.invoice) for one in pair.settled]
    former += [
        (one.generation, one.document) for one in pair.strays if one.fault is Fault.UNREVERSED
    ]
    for _, invoice in sorted(former, key=lambda one: one[0]):
        if pair.shop is not None and invoice.currency == pair.shop.currency:
            yield invoice
    if pair.account is not None:
        yield pair.account


def _match(
    pair: Pair, shop: ShopDocument, settled: Settled, line: AccountPayment, money: Money
) -> None:
    for later in _later(pair, settled.generation):
        if later.currency != settled.reversal.currency:
            continue
        found = _opposite(line, money.left[later.number])
        if found is None:
            continue
        money.left[settled.reversal.number].remove(line)
        money.left[later.number].remove(found)
        paid = money.counted(line) + money.counted(found)
        told = _why_apart(settled, line, later, found)
        if told is not None and (paid or line.paid_on in money.period):
            cause, text = told
            money.differences.append(evolve(of_line(cause, text, shop, later, found), paid=paid))
        return


def _opposite(line: AccountPayment, left: Sequence[AccountPayment]) -> AccountPayment | None:
    """What takes up a returned payment: of the same token, and of the same amount if there is."""
    fitting = [
        one
        for one in left
        if one.amount * line.amount < 0 and line.returns in (one.mark, one.returns)
    ]
    return min(fitting, key=lambda one: one.amount != -line.amount, default=None)


def _why_apart(
    settled: Settled, line: AccountPayment, later: AccountDocument, found: AccountPayment
) -> tuple[Cause, str] | None:
    """Why what was returned and what was taken up are not one movement; None where they are."""
    title = (
        f"Payment of {pence(-line.amount)} ({line.note}), returned on {settled.reversal.number}, "
        f"was taken up on {later.number}"
    )
    if line.amount != -found.amount:
        return Cause.CHANGED_IN_KASHFLOW, f"{title} as {pence(found.amount)}."
    if line.paid_on != found.paid_on:
        return Cause.WRONG_DATE, f"{title} on another day: {found.paid_on}, not {line.paid_on}."
    was = [
        one
        for one in settled.invoice.payments
        if one.mark == line.returns and one.amount == -line.amount
    ]
    places = {one.place for one in (line, found, *was[:1])}
    if len(places) > 1:
        return Cause.PAYMENT_ELSEWHERE, f"{title} by another bank account or method."
    return None


def _lacking(pair: Pair, stray: Stray, money: Money) -> None:
    """What was taken up from an invoice whose reversal is gone counts with that invoice."""
    for line in stray.document.payments:
        for later in _later(pair, stray.generation):
            left = money.left[later.number]
            if later.currency != stray.document.currency:
                continue
            taken = next((one for one in left if _is_taken_up(one, line)), None)
            if taken is not None:
                left.remove(taken)
                money.left[stray.document.number].append(taken)
                break


def _is_taken_up(one: AccountPayment, line: AccountPayment) -> bool:
    return bool(line.mark) and one.amount == line.amount and line.mark in (one.mark, one.returns)


def _later(pair: Pair, generation: int) -> Iterator[AccountDocument]:
    """The invoices after one generation, the next first."""
    for one in pair.settled:
        if one.generation > generation:
            yield one.invoice
    if pair.account is not None and pair.by_hand is None:
        yield pair.account
