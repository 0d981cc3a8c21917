"""Which document of the account belongs to which document of the shop.

By our reference first, then by the logbook's binding, then by evidence that it was typed by hand.
An order's reversed invoices and their reversals belong to it like the one that counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, field, frozen

from kashmag.planner.likeness import Evidence
from kashmag.reconciliation.documents import (
    AccountDocument,
    DocumentKind,
    Memory,
    ShopDocument,
    Standing,
)
from kashmag.reconciliation.generations import (
    Fault,
    Generations,
    Place,
    Settled,
    Stray,
    generations_of,
    place_of,
)
from kashmag.reconciliation.references import traces
from kashmag.reconciliation.typed_by_hand import (
    Candidate,
    Credit,
    Posted,
    candidates,
    credits_by_hand,
)


@frozen
class Pair:
    """A shop document beside its account document; one of them may be missing.

    `doubles` are further documents of the account for the same thing. `by_hand` says what spoke
    for a counterpart that does not carry our reference. `generation` counts the order's invoices;
    those before it are `settled`, or `strays`. `credits` were typed by hand for it.
    """

    shop: ShopDocument | None
    account: AccountDocument | None
    doubles: tuple[AccountDocument, ...] = field(default=(), kw_only=True)
    by_hand: Evidence | None = field(default=None, kw_only=True)
    generation: int = field(default=1, kw_only=True)
    settled: tuple[Settled, ...] = field(default=(), kw_only=True)
    strays: tuple[Stray, ...] = field(default=(), kw_only=True)
    credits: tuple[Credit, ...] = field(default=(), kw_only=True)

    @property
    def is_compared(self) -> bool:
        """Tell whether the two are compared one by one, their payments too."""
        return (
            self.shop is not None
            and self.account is not None
            and self.by_hand is None
            and self.shop.is_owed
            and self.shop.currency == self.account.currency
        )


def pair_up(
    shop: Sequence[ShopDocument], account: Iterable[AccountDocument], memory: Memory
) -> tuple[Pair, ...]:
    """Every document of both sides in exactly one pair, the shop's in their order."""
    present = [one for one in account if not one.is_deleted]
    placed = _placed(shop, present, memory)
    tied = {
        one.key: generations_of(one.key, one.bands, placed.get(one.key, {}), memory) for one in shop
    }
    taken = {one.number for held in placed.values() for some in held.values() for one in some}
    free = [one for one in present if one.number not in taken]
    typed = _typed(shop, free, tied)
    pairs = [_pair(document, tied[document.key], typed.get(document.key, ())) for document in shop]
    used = taken | {one.account.number for found in typed.values() for one in found}
    rest = [one for one in present if one.number not in used]
    return tuple(_with_credits(pairs, rest))


def _with_credits(pairs: Sequence[Pair], rest: Sequence[AccountDocument]) -> Iterator[Pair]:
    """The pairs with the credit notes that name them, and what is left, each by itself."""
    found = credits_by_hand(
        (
            Posted(pair.shop, tuple(documents_of(pair)))
            for pair in pairs
            if pair.shop is not None and pair.shop.kind is DocumentKind.INVOICE
        ),
        rest,
    )
    for pair in pairs:
        key = pair.shop.key if pair.shop is not None else ""
        yield evolve(pair, credits=found.get(key, ()))
    named = {one.account.number for some in found.values() for one in some}
    yield from (Pair(None, one) for one in rest if one.number not in named)


def _placed(
    shop: Sequence[ShopDocument], present: Sequence[AccountDocument], memory: Memory
) -> Mapping[str, Mapping[Place, list[AccountDocument]]]:
    """What carries our reference or has the logbook's number, by the key of the shop document."""
    firsts = {one.reference: one for one in reversed(shop) if one.reference}
    bound = dict(_bound(shop, memory))
    numbers = {one.number for one in present}
    owners = {place: number for number, place in bound.items() if number in numbers}
    placed: dict[str, dict[Place, list[AccountDocument]]] = {}
    for one in present:
        place, own = _by_reference(one.reference, firsts), bound.get(one.number)
        # Posted by us as something else, with the reference of another that is there as well: the
        # reference was edited. A number that KashFlow gave a second time has no other owner.
        if place is None or (own is not None and owners.get(place, one.number) != one.number):
            place = own
        if place is not None:
            placed.setdefault(place.source, {}).setdefault(place, []).append(one)
    return placed


def _by_reference(reference: str, firsts: Mapping[str, ShopDocument]) -> Place | None:
    if reference in firsts:
        return Place(firsts[reference].key)
    for trace in traces(reference):
        first = firsts.get(trace.first)
        if first is not None and first.kind is trace.kind is DocumentKind.INVOICE:
            return Place(first.key, generation=trace.generation, is_reversal=trace.is_reversal)
    return None


def _bound(shop: Sequence[ShopDocument], memory: Memory) -> Iterator[tuple[int, Place]]:
    known = {one.key for one in shop}
    for key, remembered in memory.items():
        place, agreed = place_of(key), remembered.agreed
        if place.source in known and agreed is not None and agreed.number is not None:
            yield agreed.number, place


def _typed(
    shop: Sequence[ShopDocument],
    free: Sequence[AccountDocument],
    tied: Mapping[str, Generations],
) -> dict[str, tuple[Candidate, ...]]:
    """Each free document given to at most one shop document, the strongest evidence first.

    To a document that has one already only what comes to the same: at once where it names the
    number; where it is only alike, not before every document without one has had its choice.
    """
    given: dict[str, tuple[Candidate, ...]] = {}
    used: set[int] = set()
    owed = [document for document in shop if document.is_owed]
    found = candidates(owed, free)
    alike: list[Candidate] = []

    def give(one: Candidate) -> None:
        used.add(one.account.number)
        given[one.shop.key] = (*given.get(one.shop.key, ()), one)

    for one in found:
        has_one = bool(tied[one.shop.key].live) or one.shop.key in given
        if one.account.number in used:
            continue
        if not has_one or (one.evidence is Evidence.NUMBER and one.same_gross):
            give(one)
        elif one.evidence is Evidence.LIKENESS:
            alike.append(one)
    for one in alike:
        if one.account.number not in used:
            give(one)
    return given


def _pair(document: ShopDocument, tied: Generations, typed: tuple[Candidate, ...]) -> Pair:
    by_hand = tuple(one.account for one in typed)
    pair = Pair(document, None, generation=tied.number, settled=tied.settled, strays=tied.strays)
    if tied.live:
        # What was posted stays a sale while the shop has put it on hold, or a setting lets it wait.
        if document.standing is Standing.WAITING:
            pair = evolve(pair, shop=evolve(document, standing=Standing.DUE))
        return evolve(pair, account=tied.live[0], doubles=(*tied.live[1:], *by_hand))
    if typed:
        return evolve(pair, account=by_hand[0], doubles=by_hand[1:], by_hand=typed[0].evidence)
    return pair


def documents_of(pair: Pair) -> Iterator[AccountDocument]:
    """Every account document of a pair."""
    if pair.account is not None:
        yield pair.account
    yield from pair.doubles
    yield from former_of(pair)
    for credit in pair.credits:
        yield credit.account


def former_of(pair: Pair) -> Iterator[AccountDocument]:
    """Those of its earlier generations."""
    yield from settled_of(pair)
    for stray in pair.strays:
        yield stray.document


def settled_of(pair: Pair) -> Iterator[AccountDocument]:
    """Its reversed invoices, each followed by its reversal."""
    for one in pair.settled:
        yield one.invoice
        yield one.reversal


def last_reversed_on(pair: Pair) -> date | None:
    """The day on which the invoice before the live one was reversed, if anything tells."""
    found = [(one.generation, one.reversal.issued_on) for one in pair.settled]
    found += [
        (one.generation, one.document.issued_on)
        for one in pair.strays
        if one.fault is Fault.ORPHANED
    ]
    return max(found, key=lambda one: one[0], default=(0, None))[1]


def generation_in(pair: Pair, document: AccountDocument) -> int:
    """The how-manieth of an order's invoices a document is, or belongs to."""
    for one in pair.settled:
        if document.number in (one.invoice.number, one.reversal.number):
            return one.generation
    former = (one.generation for one in pair.strays if one.document.number == document.number)
    return next(former, pair.generation)
