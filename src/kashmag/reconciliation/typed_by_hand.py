"""Invoices that somebody typed by hand for a document of the shop: found, never assumed.

By which evidence is `planner.likeness`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.planner.likeness import Evidence, Typed, Wanted, likeness
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


def candidates(
    shop: Iterable[ShopDocument], account: Iterable[AccountDocument]
) -> tuple[Candidate, ...]:
    """Every pair with evidence, the strongest first; a document may appear in several."""
    typed = [one for one in account if not (is_ours(one.reference) or one.is_deleted or one.left)]
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
