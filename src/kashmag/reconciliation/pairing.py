"""Which document of the account belongs to which document of the shop.

By our reference first, then by the logbook's binding, then by evidence that it was typed by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, field, frozen

from kashmag.reconciliation.documents import AccountDocument, Memory, Remembered, ShopDocument
from kashmag.reconciliation.typed_by_hand import Candidate, Evidence, candidates

_NOTHING = Remembered()


@frozen
class Pair:
    """A shop document beside its account document; one of them may be missing.

    `doubles` are further documents of the account for the same thing. `by_hand` says what spoke
    for a counterpart that does not carry our reference.
    """

    shop: ShopDocument | None
    account: AccountDocument | None
    doubles: tuple[AccountDocument, ...] = field(default=(), kw_only=True)
    by_hand: Evidence | None = field(default=None, kw_only=True)


def pair_up(
    shop: Sequence[ShopDocument], account: Iterable[AccountDocument], memory: Memory
) -> tuple[Pair, ...]:
    """Every document of both sides in exactly one pair, the shop's in their order."""
    present = [one for one in account if not one.is_deleted]
    known = _Known.of(present)
    tied = {document.key: _tied(document, known, memory) for document in shop}
    taken = {one.number for found in tied.values() for one in found}
    free = [one for one in present if one.number not in taken]
    typed = _typed(shop, free, tied)
    pairs = [_pair(document, tied[document.key], typed.get(document.key, ())) for document in shop]
    used = taken | {one.account.number for found in typed.values() for one in found}
    rest = (Pair(None, one) for one in present if one.number not in used)
    return (*pairs, *rest)


@frozen
class _Known:
    """The account's documents by what they are looked for."""

    by_reference: Mapping[str, Sequence[AccountDocument]]
    by_number: Mapping[int, AccountDocument]

    @classmethod
    def of(cls, account: Sequence[AccountDocument]) -> _Known:
        by_reference: dict[str, list[AccountDocument]] = {}
        for one in account:
            by_reference.setdefault(one.reference, []).append(one)
        return cls(by_reference, {one.number: one for one in account})


def _tied(document: ShopDocument, known: _Known, memory: Memory) -> tuple[AccountDocument, ...]:
    """Those with our reference or the logbook's number; the right one first."""
    agreed = memory.get(document.key, _NOTHING).agreed
    number = agreed.number if agreed else None
    found = list(known.by_reference.get(document.reference, ())) if document.reference else []
    bound = known.by_number.get(number) if number is not None else None
    if bound is not None and all(one.number != bound.number for one in found):
        found.append(bound)
    return tuple(
        sorted(
            found,
            key=lambda one: (one.number != number, one.bands != document.bands, one.number),
        )
    )


def _typed(
    shop: Sequence[ShopDocument],
    free: Sequence[AccountDocument],
    tied: dict[str, tuple[AccountDocument, ...]],
) -> dict[str, tuple[Candidate, ...]]:
    """Each free document given to at most one shop document, the strongest evidence first.

    To a document that is posted already only one that names its number and comes to the same.
    """
    given: dict[str, tuple[Candidate, ...]] = {}
    used: set[int] = set()
    owed = [document for document in shop if document.is_owed]
    for one in candidates(owed, free):
        key = one.shop.key
        has_one = bool(tied[key]) or key in given
        surely = one.evidence is Evidence.NUMBER and one.same_gross
        if one.account.number in used or (has_one and not surely):
            continue
        used.add(one.account.number)
        given[key] = (*given.get(key, ()), one)
    return given


def _pair(
    document: ShopDocument, tied: tuple[AccountDocument, ...], typed: tuple[Candidate, ...]
) -> Pair:
    by_hand = tuple(one.account for one in typed)
    if tied:
        return Pair(document, tied[0], doubles=(*tied[1:], *by_hand))
    if typed:
        found = Pair(document, by_hand[0], by_hand=typed[0].evidence)
        return evolve(found, doubles=by_hand[1:])
    return Pair(document, None)


def documents_of(pair: Pair) -> Iterator[AccountDocument]:
    """Every account document of a pair."""
    if pair.account is not None:
        yield pair.account
    yield from pair.doubles
