"""Invoices that somebody typed by hand for a document of the shop: found, never assumed.

By which evidence is `planner.likeness`. And credit notes for a sale that are no refund of the
shop's: found by what they name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.planner.likeness import Evidence, Typed, Wanted, likeness, mentions
from kashmag.plans.references import is_ours
from kashmag.reconciliation.documents import AccountDocument, DocumentKind, ShopDocument

_WORDS: Final = re.compile(r"[\w-]+")


@frozen
class Candidate:
    """An account document that may be a shop document's counterpart."""

    shop: ShopDocument
    account: AccountDocument
    evidence: Evidence = field(kw_only=True)

    @property
    def same_gross(self) -> bool:
        """Tell whether the two come to the same."""
        return self.shop.headline.gross == self.account.figures.gross


@frozen
class Posted:
    """A sale of the shop with the invoices that stand for it, or stood."""

    shop: ShopDocument
    invoices: tuple[AccountDocument, ...]


@frozen
class Credit:
    """A credit note that was typed by hand for a sale, and what of it is named there."""

    account: AccountDocument
    names: str


def credits_by_hand(
    sales: Iterable[Posted], free: Iterable[AccountDocument]
) -> dict[str, tuple[Credit, ...]]:
    """The credit notes among free documents that name a sale, by its key; each only once."""
    notes = [one for one in free if one.figures.gross < 0 and not _is_explained(one)]
    by_word: dict[str, list[_Name]] = {}
    for posted in sales if notes else ():
        for name in _names_of(posted):
            by_word.setdefault(_bare(name.written), []).append(name)
    found: dict[str, tuple[Credit, ...]] = {}
    for note in notes:
        words = {_bare(word) for text in note.texts for word in _WORDS.findall(text)}
        near = [one for word in sorted(words) for one in by_word.get(word, ()) if one.is_in(note)]
        if near:
            best = min(near, key=lambda one: one.rank_in(note))
            key = best.posted.shop.key
            found[key] = (*found.get(key, ()), Credit(note, best.said))
    return found


@frozen
class _Name:
    """By what a credit note may name a sale: its order, or one of its invoices."""

    posted: Posted
    written: str
    said: str = field(kw_only=True)
    is_invoice: bool = field(default=False, kw_only=True)

    def is_in(self, note: AccountDocument) -> bool:
        """Tell whether a credit note names it; an invoice only to the customer who has it.

        The number of an invoice is short, and may be that of anything else.
        """
        is_named = any(mentions(text, self.written) for text in note.texts)
        return is_named and (self._is_customers(note) or not self.is_invoice)

    def rank_in(self, note: AccountDocument) -> tuple[bool, bool, str]:
        """Where it stands among all that a credit note names, the likeliest first."""
        return not self._is_customers(note), self.is_invoice, self.posted.shop.key

    def _is_customers(self, note: AccountDocument) -> bool:
        names = {name for one in self.posted.invoices for name in one.customer_names}
        return not names.isdisjoint(note.customer_names)


def _names_of(posted: Posted) -> Iterator[_Name]:
    order = f"order {posted.shop.order}"
    yield _Name(posted, posted.shop.order, said=order)
    yield _Name(posted, posted.shop.reference, said=order)
    for one in posted.invoices:
        said = f"invoice {one.number} of {order}"
        yield _Name(posted, str(one.number), said=said, is_invoice=True)


def _is_explained(one: AccountDocument) -> bool:
    """Tell that a document is ours, not there any more, or by a rule not of the shop."""
    return is_ours(one.reference) or one.is_deleted or bool(one.left)


def candidates(
    shop: Iterable[ShopDocument], account: Iterable[AccountDocument]
) -> tuple[Candidate, ...]:
    """Every pair with evidence, the strongest first; a document may appear in several."""
    typed = [one for one in account if not _is_explained(one)]
    near = _Near(tuple(shop)) if typed else _Near(())
    found = [
        Candidate(document, one, evidence=evidence)
        for one in typed
        for document in near.to(one)
        if (evidence := evidence_of(document, one)) is not None
    ]
    return tuple(sorted(found, key=_rank))


class _Near:
    """Which shop documents are worth a look: those that share a word or the gross."""

    def __init__(self, shop: Sequence[ShopDocument]) -> None:
        self._by_word: dict[str, list[ShopDocument]] = {}
        self._by_gross: dict[Decimal, list[ShopDocument]] = {}
        for document in shop:
            self._by_gross.setdefault(document.headline.gross, []).append(document)
            for word in {_bare(number) for number in _numbers(document)}:
                self._by_word.setdefault(word, []).append(document)

    def to(self, account: AccountDocument) -> Iterable[ShopDocument]:
        """Those near to an account document, each once."""
        words = {_bare(word) for text in account.texts for word in _WORDS.findall(text)}
        some = [one for word in sorted(words) for one in self._by_word.get(word, ())]
        some += self._by_gross.get(account.figures.gross, ())
        return {one.key: one for one in some}.values()


def _bare(word: str) -> str:
    return word.lstrip("0")


def evidence_of(shop: ShopDocument, account: AccountDocument) -> Evidence | None:
    """What speaks for the two being one; None when nothing does."""
    wanted = Wanted(
        _numbers(shop),
        gross=shop.headline.gross,
        currency=shop.currency,
        dated_on=shop.dated_on,
        names=shop.buyer_names,
    )
    typed = Typed(
        account.texts,
        gross=account.figures.gross,
        currency=account.currency,
        issued_on=account.issued_on,
        names=account.customer_names,
    )
    return likeness(wanted, typed)


def _numbers(shop: ShopDocument) -> tuple[str, ...]:
    numbers = (shop.order,) if shop.kind is DocumentKind.INVOICE else (shop.number, shop.order)
    return (*numbers, shop.reference)


def _days(shop: ShopDocument, account: AccountDocument) -> int:
    issued = account.issued_on or shop.dated_on
    return abs((issued - shop.dated_on).days)


def _rank(one: Candidate) -> tuple[bool, bool, int, str, int]:
    return (
        one.evidence is not Evidence.NUMBER,
        not one.same_gross,
        _days(one.shop, one.account),
        one.shop.key,
        one.account.number,
    )
