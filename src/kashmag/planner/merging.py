"""The three-way merge of a customer's fields: shop, KashFlow, and what each said last time. Pure.

The theory. Neither side tells when one field changed, so both are compared with what they said
when they were last compared. What only the shop changed goes to KashFlow. What only the bookkeeper
changed stays there, or goes to the shop where the policy says so. What both changed, differently,
is a conflict: it is held for a person, and the other fields go on. Where nothing was ever agreed,
what KashFlow has stays, and only what it lacks is filled in; if the shop's word changes later,
that is a conflict too, because nobody knows whose word counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum
from typing import assert_never

from attrs import field, frozen

from kashmag.plans.actions import FieldChange
from kashmag.rest.codec import Json

Fields = Mapping[str, str]


@frozen
class Base:
    """What each side said of a field when they were last compared; the same where they agreed."""

    shop: str
    books: str

    @property
    def is_agreed(self) -> bool:
        """Tell whether both said the same."""
        return self.shop == self.books


Bases = Mapping[str, Base]


class Verdict(Enum):
    """What follows for one field."""

    AGREED = "agreed"
    TO_BOOKS = "to_books"
    TO_SHOP = "to_shop"
    KEPT = "kept"
    CONFLICT = "conflict"


@frozen
class Merge:
    """What follows from comparing a customer's fields, and what is to be remembered once done.

    `kept` are the fields in which KashFlow goes on saying something else than the shop.
    """

    to_books: tuple[FieldChange, ...] = field(default=(), kw_only=True)
    to_shop: tuple[FieldChange, ...] = field(default=(), kw_only=True)
    kept: tuple[str, ...] = field(default=(), kw_only=True)
    conflicts: tuple[str, ...] = field(default=(), kw_only=True)
    bases: Bases = field(kw_only=True)


def agreed(fields: Fields) -> dict[str, Base]:
    """Bases on which both sides say this."""
    return {name: Base(value, value) for name, value in fields.items()}


def merge(bases: Bases | None, shop: Fields, books: Fields, *, back: Collection[str] = ()) -> Merge:
    """Merge two sides by what each said last; the fields in `back` may go to the shop.

    A field of which the shop says nothing is left alone, and what was known of it is kept.
    """
    before = bases or {}
    after = dict(before)
    found: dict[Verdict, list[FieldChange]] = {verdict: [] for verdict in Verdict}
    for name, said in shop.items():
        here, base = books.get(name, ""), before.get(name)
        verdict = judge(base, said, here, goes_back=name in back)
        change = FieldChange(name, here, said)
        if verdict is Verdict.TO_SHOP:
            change = FieldChange(name, said, here)
        found[verdict].append(change)
        if (now := _remembered(verdict, base, said, here)) is not None:
            after[name] = now
    return Merge(
        to_books=tuple(found[Verdict.TO_BOOKS]),
        to_shop=tuple(found[Verdict.TO_SHOP]),
        kept=tuple(change.field for change in found[Verdict.KEPT]),
        conflicts=tuple(change.field for change in found[Verdict.CONFLICT]),
        bases=after,
    )


def judge(base: Base | None, shop: str, books: str, *, goes_back: bool) -> Verdict:
    """What follows for one field, by what each side says now and said last."""
    if shop == books:
        return Verdict.AGREED
    if base is None:
        return Verdict.KEPT if books else Verdict.TO_BOOKS
    if shop == base.shop:
        is_theirs = books != base.books and base.is_agreed
        return Verdict.TO_SHOP if is_theirs and goes_back else Verdict.KEPT
    # What the shop has changed is never lost in silence, and never written over another's word.
    return Verdict.TO_BOOKS if books == base.books and base.is_agreed else Verdict.CONFLICT


def _remembered(verdict: Verdict, base: Base | None, shop: str, books: str) -> Base | None:
    match verdict:
        case Verdict.AGREED | Verdict.TO_BOOKS:
            return Base(shop, shop)
        case Verdict.TO_SHOP:
            return Base(books, books)
        case Verdict.KEPT:
            return base or Base(shop, books)
        case Verdict.CONFLICT:
            return base
        case _:
            assert_never(verdict)


def told_bases(bases: Bases) -> dict[str, Json]:
    """Bases as they are remembered: a text where both agreed, else a pair."""
    return {
        name: one.shop if one.is_agreed else [one.shop, one.books] for name, one in bases.items()
    }


def read_bases(told: Mapping[str, Json]) -> dict[str, Base]:
    """What `told_bases` wrote."""
    return {
        name: Base(str(one[0]), str(one[1]))
        if isinstance(one, list | tuple)
        else Base(str(one), str(one))
        for name, one in told.items()
    }
