"""Which invoice of an order counts, and what became of those before it.

The theory. A posted invoice is frozen. Where its order has changed since, a reversal (a credit
note) brings it to nothing and the order is posted once more: its next generation. The live one is
the newest that is not reversed; only it is compared with the shop. An invoice and its reversal
are settled: together they are nothing. What lacks its other half, or is one too many, is a stray.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Final

from attrs import field, frozen

from kashmag.reconciliation.documents import AccountDocument, Agreed, Memory, Remembered
from kashmag.reconciliation.figures import NOTHING, Bands, in_order

_NOBODY: Final = Remembered()
_DEED: Final = re.compile(r"(.+):(invoice|reversal)(?::(\d+))?")


@frozen
class Place:
    """What a document of the account is to a document of the shop, named by the shop's key."""

    source: str
    generation: int = field(default=1, kw_only=True)
    is_reversal: bool = field(default=False, kw_only=True)


def invoice_key(source: str, generation: int) -> str:
    """The key of the deed that posted the n-th invoice: `M:order:12:invoice:2`."""
    return source if generation == 1 else f"{source}:{generation}"


def reversal_key(source: str, generation: int) -> str:
    """The key of the deed that brought the n-th invoice to nothing: `M:order:12:reversal:2`."""
    return f"{source.removesuffix('invoice')}reversal:{generation}"


def place_of(key: str) -> Place:
    """What a deed makes: the document of its own key, or a further one of an order's invoice."""
    found = _DEED.fullmatch(key)
    if found is None:
        return Place(key)
    source, is_reversal = f"{found[1]}:invoice", found[2] == "reversal"
    return Place(source, generation=int(found[3] or 1), is_reversal=is_reversal)


def agreed_on(memory: Memory, key: str) -> Agreed | None:
    """What was posted by a deed, as far as the logbook remembers it."""
    return memory.get(key, _NOBODY).agreed


class Fault(Enum):
    """What is wrong about a stray document."""

    UNREVERSED = "a newer one is posted, and nothing brings this one to nothing"
    ORPHANED = "it brings an invoice to nothing that is not there"
    INVOICE_TWICE = "this generation has an invoice already"
    REVERSAL_TWICE = "this generation has a reversal already"


@frozen
class Settled:
    """An invoice, and the credit note that brings it to nothing."""

    generation: int
    invoice: AccountDocument = field(kw_only=True)
    reversal: AccountDocument = field(kw_only=True)

    @property
    def left(self) -> Bands:
        """What the two come to; nothing, unless one of them was edited."""
        return both(self.invoice.bands, self.reversal.bands)


@frozen
class Stray:
    """A document of an earlier generation that does not fit; `beside` is the first of its like."""

    generation: int
    document: AccountDocument = field(kw_only=True)
    fault: Fault = field(kw_only=True)
    beside: AccountDocument = field(kw_only=True)


@frozen
class Generations:
    """All that the account holds for one shop document; `live` is empty where none counts."""

    number: int = 1
    live: tuple[AccountDocument, ...] = field(default=(), kw_only=True)
    settled: tuple[Settled, ...] = field(default=(), kw_only=True)
    strays: tuple[Stray, ...] = field(default=(), kw_only=True)


def both(bands: Bands, other: Bands) -> Bands:
    """Two documents together, by band; what comes to nothing does not appear."""
    total = {
        band: bands.get(band, NOTHING) + other.get(band, NOTHING)
        for band in in_order({*bands, *other})
    }
    return {band: figures for band, figures in total.items() if figures}


Held = Mapping[Place, Sequence[AccountDocument]]


def generations_of(source: str, owed: Bands, held: Held, memory: Memory) -> Generations:
    """Put what is held for a shop document (by its key) into its generations."""
    numbers = sorted({place.generation for place in held})
    one = [_One.of(source, number, held, memory) for number in numbers]
    live = next((each for each in reversed(one) if each.is_open), None)
    settled = [each.settled for each in one]
    after = max(numbers, default=0) + 1
    return Generations(
        live.number if live else max(after, _last_remembered(source, memory)),
        live=live.like(live.invoices, owed) if live else (),
        settled=tuple(each for each in settled if each is not None),
        strays=tuple(stray for each in one if each is not live for stray in each.strays),
    )


def _last_remembered(source: str, memory: Memory) -> int:
    """The newest generation that the logbook has posted, also if it is not there any more."""
    number = 1
    while agreed_on(memory, invoice_key(source, number + 1)) is not None:
        number += 1
    return number


@frozen
class _One:
    """What is held for one generation; `bound` are the numbers that the logbook ties to it."""

    number: int
    invoices: Sequence[AccountDocument] = field(kw_only=True)
    reversals: Sequence[AccountDocument] = field(kw_only=True)
    bound: frozenset[int] = field(kw_only=True)

    @classmethod
    def of(cls, source: str, number: int, held: Held, memory: Memory) -> _One:
        keys = invoice_key(source, number), reversal_key(source, number)
        agreed = (agreed_on(memory, key) for key in keys)
        return cls(
            number,
            invoices=held.get(Place(source, generation=number), ()),
            reversals=held.get(Place(source, generation=number, is_reversal=True), ()),
            bound=frozenset(one.number for one in agreed if one and one.number is not None),
        )

    @property
    def is_open(self) -> bool:
        return bool(self.invoices) and not self.reversals

    def like(self, some: Sequence[AccountDocument], wanted: Bands) -> tuple[AccountDocument, ...]:
        """Some documents, the one that is meant first."""
        return tuple(
            sorted(
                some,
                key=lambda one: (one.number not in self.bound, one.bands != wanted, one.number),
            )
        )

    @property
    def sorted(self) -> tuple[tuple[AccountDocument, ...], tuple[AccountDocument, ...]]:
        """Invoices and reversals, those that belong together first."""
        invoices = self.like(self.invoices, {})
        reversals = self.like(self.reversals, negative(invoices[0].bands) if invoices else {})
        return self.like(invoices, negative(reversals[0].bands) if reversals else {}), reversals

    @property
    def settled(self) -> Settled | None:
        invoices, reversals = self.sorted
        if not (invoices and reversals):
            return None
        return Settled(self.number, invoice=invoices[0], reversal=reversals[0])

    @property
    def strays(self) -> Iterator[Stray]:
        invoices, reversals = self.sorted
        lacks = not (invoices and reversals)
        yield from self._strays(invoices, Fault.UNREVERSED if lacks else None, Fault.INVOICE_TWICE)
        yield from self._strays(reversals, Fault.ORPHANED if lacks else None, Fault.REVERSAL_TWICE)

    def _strays(
        self, some: Sequence[AccountDocument], alone: Fault | None, again: Fault
    ) -> Iterator[Stray]:
        for at, one in enumerate(some):
            fault = again if at else alone
            if fault is not None:
                yield Stray(self.number, document=one, fault=fault, beside=some[0])


def negative(bands: Bands) -> Bands:
    """What brings these figures to nothing."""
    return {band: -figures for band, figures in bands.items()}
