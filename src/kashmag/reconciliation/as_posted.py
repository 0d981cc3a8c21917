"""The account as kashmag left it, from the logbook alone: every generation of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import evolve

from kashmag.plans.references import nth_reference, reversal_reference
from kashmag.reconciliation.documents import (
    AccountDocument,
    AccountPayment,
    Agreed,
    Memory,
    PaymentStanding,
    Remembered,
    ShopDocument,
    ShopPayment,
)
from kashmag.reconciliation.figures import Bands
from kashmag.reconciliation.generations import (
    agreed_on,
    invoice_key,
    negative,
    place_of,
    reversal_key,
)

_UNKNOWN: Final = Remembered()
_BY_THE_ACCOUNT: Final = (PaymentStanding.LEAVE, PaymentStanding.MATCH)


def all_as_posted(shop: ShopDocument, memory: Memory) -> tuple[AccountDocument, ...]:
    """The account's documents of one of the shop's, its reversed invoices and their reversals too.

    A reversal says what its invoice was when it was reversed: that somebody had edited it before
    is known from nothing else.
    """
    found: list[AccountDocument] = []
    left, generations = shop, _generations(shop, memory)
    for generation in generations:
        posted = agreed_on(memory, invoice_key(shop.key, generation))
        reversal = agreed_on(memory, reversal_key(shop.key, generation))
        if reversal is not None and reversal.number is not None:
            invoice, left = _reversed(left, posted, reversal, generation)
            found += [invoice] if invoice is not None else []
            found.append(_reversal(shop, posted, reversal, generation))
        # One that is not known to be reversed, and has a newer one, was reversed all the same.
        elif generation == generations[-1]:
            known = evolve(memory.get(shop.key, _UNKNOWN), agreed=posted)
            live = as_posted(left, known, generation=generation)
            found += [live] if live is not None else []
    return tuple(found)


def _generations(shop: ShopDocument, memory: Memory) -> list[int]:
    places = (place_of(key) for key, known in memory.items() if known.agreed is not None)
    return sorted({place.generation for place in places if place.source == shop.key})


def as_posted(
    shop: ShopDocument, known: Remembered, *, generation: int = 1
) -> AccountDocument | None:
    """The account's document as kashmag left it; None where it posted nothing.

    What the account imports by itself cannot be known here, and counts as the shop tells it;
    unless it was looked for and not found.
    """
    agreed = known.agreed
    if agreed is None or agreed.number is None:
        return None
    bands = shop.bands if agreed.bands is None else agreed.bands
    reference = nth_reference(shop.reference, generation)
    payments = tuple(_payments(shop, agreed, known.not_imported))
    return _document(shop, agreed, reference, bands, payments)


def _reversed(
    shop: ShopDocument, posted: Agreed | None, reversal: Agreed, generation: int
) -> tuple[AccountDocument | None, ShopDocument]:
    """An invoice as it was when it was reversed, and the shop's document with the payments left."""
    known = posted or Agreed(None)
    sources, left = _sources(shop, known, reversal)
    rest = evolve(shop, payments=left)
    if known.number is None:
        return None, rest
    bands = _bands(shop, known) if reversal.bands is None else negative(reversal.bands)
    reference = nth_reference(shop.reference, generation)
    return _document(shop, known, reference, bands, sources), rest


def _reversal(
    shop: ShopDocument, posted: Agreed | None, reversal: Agreed, generation: int
) -> AccountDocument:
    bands = negative(_bands(shop, posted)) if reversal.bands is None else reversal.bands
    reference = reversal_reference(shop.reference, generation)
    return _document(shop, reversal, reference, bands, reversal.payments)


def _bands(shop: ShopDocument, posted: Agreed | None) -> Bands:
    return shop.bands if posted is None or posted.bands is None else posted.bands


def _document(
    shop: ShopDocument,
    agreed: Agreed,
    reference: str,
    bands: Bands,
    payments: tuple[AccountPayment, ...],
) -> AccountDocument:
    return AccountDocument(
        agreed.number or 0,
        agreed.reference or reference,
        issued_on=agreed.issued_on or shop.issue_on,
        currency=shop.currency,
        exchange_rate=shop.exchange_rate,
        bands=bands,
        payments=payments,
        texts=(reference,),
        particulars=agreed.particulars,
    )


def _payments(
    shop: ShopDocument, agreed: Agreed, missing: frozenset[str]
) -> Iterator[AccountPayment]:
    yield from agreed.payments
    posted = {one.mark for one in agreed.payments}
    for payment in shop.payments:
        left = payment.standing in _BY_THE_ACCOUNT and payment.token not in missing
        adopted = agreed.bands is None and payment.standing is PaymentStanding.POST
        if payment.token not in posted and (left or adopted):
            yield AccountPayment(
                payment.amount,
                paid_on=payment.paid_on,
                note=payment.token,
                method=payment.kashflow_method,
                bank_account=payment.bank_account,
            )


def _sources(
    shop: ShopDocument, posted: Agreed, reversal: Agreed
) -> tuple[tuple[AccountPayment, ...], tuple[ShopPayment, ...]]:
    """The payments that a reversal returned, as they stood; and those of the shop that are left."""
    if reversal.bands is None:
        return posted.payments, shop.payments
    lines, left = list(posted.payments), list(shop.payments)
    found: list[AccountPayment] = []
    for line in reversal.payments:
        own = next((one for one in lines if _is_returned(line, one)), None)
        if own is not None:
            lines.remove(own)
            found.append(own)
            continue
        payment = _imported(line, left)
        if payment is not None:
            left.remove(payment)
        note = f"{payment.token} {line.returns}" if payment is not None else line.returns
        found.append(
            evolve(
                line,
                amount=-line.amount,
                paid_on=payment.paid_on if payment is not None else None,
                note=note,
            )
        )
    return tuple(found), tuple(left)


def _is_returned(line: AccountPayment, one: AccountPayment) -> bool:
    return one.amount == -line.amount and line.returns in (one.mark, one.returns)


def _imported(line: AccountPayment, payments: Sequence[ShopPayment]) -> ShopPayment | None:
    """Which payment of the shop a returned line was that kashmag had not posted itself."""
    fitting = [
        one
        for one in payments
        if one.amount == -line.amount
        and (one.standing in _BY_THE_ACCOUNT or one.token == line.returns)
    ]
    return min(fitting, key=lambda one: one.token != line.returns, default=None)
