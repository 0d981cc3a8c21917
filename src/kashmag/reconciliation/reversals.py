"""What an order's earlier generations differ by: nothing within a period, where all is well.

An invoice and its reversal on either side of a cut-off are explained; what was edited or deleted
of them, or stands there twice, is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from attrs import evolve, frozen

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.differing import is_other_rate
from kashmag.reconciliation.documents import AccountDocument, Agreed, Memory, ShopDocument
from kashmag.reconciliation.figures import NOTHING, ZERO, Period, sum_of
from kashmag.reconciliation.generations import (
    Fault,
    Settled,
    Stray,
    agreed_on,
    invoice_key,
    negative,
    reversal_key,
)
from kashmag.reconciliation.money import Money
from kashmag.reconciliation.pairing import Pair
from kashmag.reconciliation.sentences import about, said, sentence, title_of


def of_former(pair: Pair, memory: Memory, period: Period, money: Money) -> Iterator[Difference]:
    """What the earlier generations of a pair differ by.

    Payments on settled invoices are matched with the shop's where the pair is compared; else they
    stay with their documents.
    """
    shop = pair.shop
    if shop is None:
        return
    for one in pair.settled:
        yield from _settled(shop, one, memory, period)
        if not pair.is_compared:
            yield from _money_left(shop, one, money)
    for stray in pair.strays:
        yield from _stray(shop, pair, stray, memory, period, money)


def reversed_on(shop: ShopDocument, one: Settled) -> str:
    """Say which invoice was reversed when, and by what."""
    invoice, reversal = one.invoice, one.reversal
    return (
        f"{title_of(shop)}: invoice {invoice.number} of {invoice.issued_on} was reversed by "
        f"{reversal.number} on {reversal.issued_on}."
    )


@frozen
class _Settling:
    """An invoice and its reversal, with what the logbook knows of either."""

    shop: ShopDocument
    one: Settled
    memory: Memory
    period: Period

    @property
    def counts(self) -> tuple[bool, bool]:
        """Whether the invoice falls into the period, and whether its reversal does."""
        return (
            self.one.invoice.issued_on in self.period,
            self.one.reversal.issued_on in self.period,
        )

    @property
    def agreed(self) -> tuple[Agreed | None, Agreed | None]:
        """What was posted as the invoice, and as its reversal."""
        source, number = self.shop.key, self.one.generation
        keys = invoice_key(source, number), reversal_key(source, number)
        return agreed_on(self.memory, keys[0]), agreed_on(self.memory, keys[1])

    @property
    def dispute(self) -> str:
        """In what the reversal was found to differ when it was read back."""
        remembered = self.memory.get(reversal_key(self.shop.key, self.one.generation))
        return remembered.dispute if remembered else ""

    @property
    def name(self) -> str:
        """What the reversal is called."""
        return (
            f"{title_of(self.shop)}: credit note {self.one.reversal.number}, which reverses "
            f"invoice {self.one.invoice.number},"
        )


def _settled(
    shop: ShopDocument, one: Settled, memory: Memory, period: Period
) -> Iterator[Difference]:
    settling = _Settling(shop, one, memory, period)
    if not any(settling.counts):
        return
    if one.invoice.currency != one.reversal.currency:
        yield from _two_currencies(settling)
        return
    yield from _days(settling)
    edits = tuple(_edits(settling))
    for edit in edits:
        yield edit if settling.counts[1] else evolve(edit, delta=NOTHING)
    if settling.dispute and not edits and settling.counts[1]:
        message = f"{settling.name} is disputed: {sentence(settling.dispute)}"
        yield _of(Cause.CHANGED_IN_KASHFLOW, message, shop, one.reversal)


def _days(settling: _Settling) -> Iterator[Difference]:
    """The days of the two, where a cut-off lies between or they are not those of the posting."""
    one, (counts, countered) = settling.one, settling.counts
    both = zip((one.invoice, one.reversal), settling.agreed, strict=True)
    moved = [
        f" {document.number} was posted with the date {agreed.issued_on}."
        for document, agreed in both
        if agreed is not None and agreed.issued_on not in (None, document.issued_on)
    ]
    if counts == countered and not moved:
        return
    delta = NOTHING
    if counts != countered:
        delta = one.invoice.figures if counts else -one.invoice.figures
    yield evolve(
        _of(
            Cause.WRONG_DATE if moved else Cause.REVERSED,
            reversed_on(settling.shop, one) + "".join(moved),
            settling.shop,
            one.reversal if countered else one.invoice,
        ),
        delta=delta,
    )


def _edits(settling: _Settling) -> Iterator[Difference]:
    """What is left of an invoice and its reversal, because somebody edited one of them."""
    one, (_, agreed) = settling.one, settling.agreed
    invoice, reversal = one.invoice, one.reversal
    posted = agreed.bands if agreed else None
    known = posted is not None
    which = ""
    if posted is not None:
        which = f"; {reversal.number if posted != reversal.bands else invoice.number} was edited"
    cause = Cause.CHANGED_IN_KASHFLOW if known else Cause.DIFFERENT
    if one.left:
        wrong = is_other_rate(negative(reversal.bands), invoice.bands)
        text = f"{settling.name} does not bring it to nothing: {said(one.left)} is left{which}."
        yield evolve(
            _of(Cause.WRONG_RATE if wrong else cause, text, settling.shop, reversal),
            delta=sum_of(one.left.values()),
        )
    elif invoice.exchange_rate != reversal.exchange_rate:
        text = (
            f"{settling.name} is at the exchange rate {reversal.exchange_rate}, "
            f"not at {invoice.exchange_rate}."
        )
        yield _of(cause, text, settling.shop, reversal)


def _two_currencies(settling: _Settling) -> Iterator[Difference]:
    """Two currencies never add: one difference in each."""
    one = settling.one
    message = (
        f"{settling.name} is in {one.reversal.currency}, the invoice in {one.invoice.currency}."
    )
    for document, counts in zip((one.invoice, one.reversal), settling.counts, strict=True):
        found = _of(Cause.DIFFERENT, message, settling.shop, document)
        yield evolve(found, delta=document.figures if counts else NOTHING)


def _money_left(shop: ShopDocument, one: Settled, money: Money) -> Iterator[Difference]:
    """Money on an invoice and its reversal, where nothing of the shop's is set beside it."""
    for currency in dict.fromkeys((one.invoice.currency, one.reversal.currency)):
        held = [each for each in (one.invoice, one.reversal) if each.currency == currency]
        paid = sum((money.left_over(each) for each in held), ZERO)
        if not paid:
            continue
        left = sum((line.amount for each in held for line in money.left[each.number]), ZERO)
        cause, text = Cause.REVERSED, reversed_on(shop, one)
        if left:
            cause = Cause.PAYMENT_ELSEWHERE
            text = f"{text} Money of {left} stands on them still."
        found = _of(cause, text, shop, held[-1])
        yield evolve(found, paid=paid, is_payment=True)


def _stray(  # noqa: PLR0917
    shop: ShopDocument, pair: Pair, stray: Stray, memory: Memory, period: Period, money: Money
) -> Iterator[Difference]:
    document = stray.document
    paid, counts = money.left_over(document), document.issued_on in period
    if not (counts or paid):
        return
    cause, message = _why_stray(shop, pair, stray, memory)
    yield evolve(
        _of(cause, message, shop, document),
        delta=document.figures if counts else NOTHING,
        paid=paid,
    )


def _why_stray(shop: ShopDocument, pair: Pair, stray: Stray, memory: Memory) -> tuple[Cause, str]:
    title, number = title_of(shop), stray.document.number
    match stray.fault:
        case Fault.UNREVERSED:
            gone = agreed_on(memory, reversal_key(shop.key, stray.generation))
            live = pair.account.number if pair.account else "another"
            if gone is None:
                return (
                    Cause.DOUBLE,
                    f"{title} stands twice: as {live} and, unreversed, as {number}.",
                )
            what = f"credit note {gone.number}, which reversed invoice {number},"
        case Fault.ORPHANED:
            gone = agreed_on(memory, invoice_key(shop.key, stray.generation))
            invoice = f"invoice {gone.number}" if gone and gone.number else "an invoice"
            what = f"{invoice}, which credit note {number} reverses,"
        case Fault.INVOICE_TWICE:
            return Cause.DOUBLE, f"{title} stands twice: as {stray.beside.number} and as {number}."
        case Fault.REVERSAL_TWICE:
            again = f"by {stray.beside.number} and by {number}"
            return Cause.DOUBLE, f"{title} is reversed twice: {again}."
        case _:
            assert_never(stray.fault)
    return Cause.DELETED, f"{title}: {what} is not there any more."


def _of(cause: Cause, message: str, shop: ShopDocument, document: AccountDocument) -> Difference:
    return evolve(about(cause, message, shop, document), currency=document.currency)
