"""Invoices that somebody typed by hand for a document of the shop: found, never assumed.

Two kinds of evidence: the shop's number stands in the reference or in a line, or the same
customer owes the same gross on a near day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum
from typing import Final

from attrs import field, frozen

from kashmag.reconciliation.documents import AccountDocument, DocumentKind, ShopDocument
from kashmag.reconciliation.references import is_ours

# A hand-typed invoice is seldom dated more than two weeks from its order.
NEAR_DAYS: Final = 14
_WORDS: Final = re.compile(r"[\w-]+")
_SHORT: Final = 3  # digits that a number without its zeros must have to be told from a quantity


class Evidence(Enum):
    """Why an invoice is taken for the shop's document, the stronger first."""

    NUMBER = "names the order's number"
    LIKENESS = "same customer, same gross, near date"


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
    if shop.currency != account.currency or not _same_sign(shop, account):
        return None
    if any(mentions(text, number) for text in account.texts for number in _numbers(shop)):
        return Evidence.NUMBER
    return Evidence.LIKENESS if _alike(shop, account) else None


def mentions(text: str, number: str) -> bool:
    """Tell whether a text names a document's number, with or without its leading zeros."""
    bare = number.lstrip("0")
    if not bare:
        return False
    zeros = "0*" if number.isdecimal() and len(bare) >= _SHORT else "0" * (len(number) - len(bare))
    # Digits around a point or comma are an amount, not a number.
    before, after = r"(?<![\w-])(?<!\d[.,])", r"(?![\w-])(?![.,]\d)"
    return bool(re.search(f"{before}{zeros}{re.escape(bare)}{after}", text))


def _numbers(shop: ShopDocument) -> tuple[str, ...]:
    return (shop.order,) if shop.kind is DocumentKind.INVOICE else (shop.number, shop.order)


def _same_sign(shop: ShopDocument, account: AccountDocument) -> bool:
    return shop.headline.gross * account.figures.gross > 0


def _alike(shop: ShopDocument, account: AccountDocument) -> bool:
    if account.issued_on is None or shop.headline.gross != account.figures.gross:
        return False
    ours = {_squeezed(name) for name in shop.buyer_names}
    theirs = {_squeezed(name) for name in account.customer_names}
    return bool(ours & theirs) and _days(shop, account) <= NEAR_DAYS


def _squeezed(name: str) -> str:
    return "".join(name.split()).casefold()


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
