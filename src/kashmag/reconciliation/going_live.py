"""Before the first real order: what straddles `go_live`, and what was typed by hand already.

Nothing is adopted here: these are candidates, and a person decides each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from attrs import field, frozen

from kashmag.planner.likeness import Evidence
from kashmag.plans.keys import document_of
from kashmag.plans.references import is_ours
from kashmag.reconciliation.accepted import is_another
from kashmag.reconciliation.documents import (
    BEFORE_GO_LIVE,
    AccountDocument,
    DocumentKind,
    Memory,
    Remembered,
    ShopDocument,
    Standing,
)
from kashmag.reconciliation.pairing import pair_up
from kashmag.reconciliation.typed_by_hand import Candidate, candidates, evidence_of

NOTHING_KNOWN: Final[Memory] = MappingProxyType({})


@frozen
class Straddler:
    """An order from before `go_live` to which something happened since.

    `since` says what: a payment or a refund, with its day and amount, or that it was changed;
    `left` is what is to be entered for it, in a few words.
    """

    order: str
    key: str = field(kw_only=True)
    ordered_on: date = field(kw_only=True)
    since: tuple[str, ...] = field(kw_only=True)
    left: str = field(kw_only=True)

    def __str__(self) -> str:
        return f"Order {self.order} of {self.ordered_on}: {'; '.join(self.since)}."


@frozen
class Proposal:
    """An invoice of the account that looks like a shop document: to adopt, or to leave.

    To adopt is to bind it, so that refunds and payments go on from it. `is_sure` tells that it
    names the order's number and comes to the same, and that nothing else does. Where the order is
    `posted_as` another, it is likely a double of that.
    """

    key: str
    order: str
    invoice_number: int = field(kw_only=True)
    evidence: Evidence = field(kw_only=True)
    is_sure: bool = field(kw_only=True)
    differs_by: str = field(default="", kw_only=True)
    posted_as: int | None = field(default=None, kw_only=True)

    def __str__(self) -> str:
        if self.posted_as is not None:
            return (
                f"Order {self.order} is posted as {self.posted_as}, and invoice "
                f"{self.invoice_number} is likely a double of it ({self.evidence.value})."
            )
        also = f", but differs by {self.differs_by}" if self.differs_by else ""
        return f"Order {self.order}: invoice {self.invoice_number} {self.evidence.value}{also}."


def undecided(shop: Iterable[ShopDocument], memory: Memory) -> tuple[ShopDocument, ...]:
    """The documents about which nobody has decided yet: none that is posted, adopted or skipped.

    What a rule skips is decided; that nothing happened to an order since `go_live` decides nothing.
    With an order everything of it is decided: its refunds go on from its invoice.
    """
    documents = tuple(shop)
    known = {document_of(one.key) for one in documents if _is_decided(one, memory)}
    return tuple(one for one in documents if document_of(one.key) not in known)


def _is_decided(document: ShopDocument, memory: Memory) -> bool:
    if document.kind is not DocumentKind.INVOICE:
        return False
    told = memory.get(document.key, Remembered())
    if document.standing is Standing.SKIPPED and document.codes != BEFORE_GO_LIVE:
        return True
    return told.is_decided or (told.agreed is not None and told.agreed.number is not None)


def straddlers(
    shop: Iterable[ShopDocument], go_live: date, memory: Memory = NOTHING_KNOWN
) -> tuple[Straddler, ...]:
    """The orders of before to which something happened since, and wait for a decision, by day."""
    by_order: dict[str, list[ShopDocument]] = {}
    for one in undecided(shop, memory):
        by_order.setdefault(document_of(one.key), []).append(one)
    found = (_straddler(some, go_live) for some in by_order.values())
    crossing = [one for one in found if one is not None]
    return tuple(sorted(crossing, key=lambda one: (one.ordered_on, one.order)))


def _straddler(documents: Sequence[ShopDocument], go_live: date) -> Straddler | None:
    sale = next((one for one in documents if one.kind is DocumentKind.INVOICE), None)
    if sale is None or sale.dated_on >= go_live:
        return None
    paid = tuple(
        f"paid {one.amount} on {one.paid_on}" for one in sale.payments if one.paid_on >= go_live
    )
    refunded = tuple(
        f"credit memo {one.number} of {-one.headline.gross} on {one.dated_on}"
        for one in documents
        if one.kind is DocumentKind.CREDIT_NOTE and one.dated_on >= go_live
    )
    if not paid and not refunded:
        return _changed(sale)
    left = " and ".join(
        noun for noun, found in (("its payment", paid), ("its refund", refunded)) if found
    )
    return Straddler(
        sale.order, key=sale.key, ordered_on=sale.dated_on, since=paid + refunded, left=left
    )


def _changed(sale: ShopDocument) -> Straddler | None:
    """One that was shipped since, say: nothing is dated since, and a run holds it all the same."""
    if sale.standing is not Standing.HELD or sale.codes != BEFORE_GO_LIVE:
        return None
    since = ("changed in the shop since, shipped perhaps",)
    return Straddler(sale.order, key=sale.key, ordered_on=sale.dated_on, since=since, left="it")


def proposals(
    shop: Sequence[ShopDocument],
    account: Iterable[AccountDocument],
    memory: Memory = NOTHING_KNOWN,
) -> tuple[Proposal, ...]:
    """What was typed by hand for documents that nobody has decided on, the surest first.

    An invoice that is adopted already is nobody else's.
    """
    taken = {one.agreed.number for one in memory.values() if one.agreed is not None}
    held = tuple(one for one in account if one.number not in taken)
    posted = {one.reference for one in held}
    open_ones = [
        one for one in undecided(shop, memory) if one.is_owed and one.reference not in posted
    ]
    found = candidates(open_ones, held)
    return tuple(_proposals(found))


def _proposals(found: Sequence[Candidate]) -> Iterator[Proposal]:
    for one in found:
        alone = sum(other.account is one.account or other.shop is one.shop for other in found) == 1
        gap = one.account.figures.gross - one.shop.headline.gross
        yield Proposal(
            one.shop.key,
            one.shop.order,
            invoice_number=one.account.number,
            evidence=one.evidence,
            is_sure=alone and not gap and one.evidence is Evidence.NUMBER,
            differs_by=str(gap) if gap else "",
        )


def doubles(
    shop: Sequence[ShopDocument], account: Iterable[AccountDocument], memory: Memory
) -> Iterator[Proposal]:
    """What was typed by hand for documents that are posted already."""
    for pair in pair_up(shop, account, memory):
        if pair.shop is None or pair.account is None or pair.by_hand is not None:
            continue
        for double in pair.doubles:
            evidence = None if is_ours(double.reference) else evidence_of(pair.shop, double)
            if evidence is not None and not is_another(pair.shop, double, evidence, memory):
                yield Proposal(
                    pair.shop.key,
                    pair.shop.order,
                    invoice_number=double.number,
                    evidence=evidence,
                    is_sure=False,
                    posted_as=pair.account.number,
                )


def unanswered(found: Sequence[Straddler], proposed: Sequence[Proposal]) -> Mapping[str, str]:
    """What is to be decided about each straddler, by its key, as a sentence."""
    by_key: dict[str, list[Proposal]] = {}
    for one in proposed:
        by_key.setdefault(one.key, []).append(one)
    return {one.key: _question(one, by_key.get(one.key, [])) for one in found}


def _question(straddler: Straddler, proposed: Sequence[Proposal]) -> str:
    if not proposed:
        return (
            f"{straddler} No invoice was found for it: enter {straddler.left} by hand and skip the "
            "order, or post it (kashmag errors resolve ORDER --by post)."
        )
    numbers = ", ".join(str(one.invoice_number) for one in proposed)
    sure = len(proposed) == 1 and proposed[0].is_sure
    return f"{straddler} {'Adopt' if sure else 'Look at'} invoice {numbers}, or leave it."
