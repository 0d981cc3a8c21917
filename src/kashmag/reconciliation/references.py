"""What a reference of ours is about: which document of the shop, its how-manieth, or its reversal.

The grammar is written by `plans.actions.DocumentId` and `plans.references`; here it is read.
`M1-ORD-000000012` is an order's first invoice and `M1-REV-000000012` what brings it to nothing;
with `/2`, of its second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attrs import field, frozen

from kashmag.plans.references import OURS
from kashmag.reconciliation.documents import DocumentKind

_FURTHER: Final = re.compile(r"(\S+)/([2-9]|[1-9]\d+)")


@frozen
class Trace:
    """One reading of a reference: the shop's document by its first reference and its number.

    `generation` counts the invoices that were posted for one order, from one.
    """

    first: str
    kind: DocumentKind = field(kw_only=True)
    number: str = field(kw_only=True)
    generation: int = field(default=1, kw_only=True)
    is_reversal: bool = field(default=False, kw_only=True)


def traces(reference: str) -> tuple[Trace, ...]:
    """Every reading of a reference, the likeliest first; none where it is not ours.

    There are two where it ends like `/2`, because a shop may number its orders so.
    """
    found = OURS.fullmatch(reference)
    return tuple(_traces(found[1], found[2], found[3])) if found else ()


def _traces(shop: str, letters: str, number: str) -> Iterator[Trace]:
    kind = DocumentKind.CREDIT_NOTE if letters == "CRN" else DocumentKind.INVOICE
    own = "ORD" if letters == "REV" else letters
    is_reversal = letters == "REV"
    yield Trace(f"{shop}-{own}-{number}", kind=kind, number=number, is_reversal=is_reversal)
    further = _FURTHER.fullmatch(number)
    if further and letters != "CRN":
        yield Trace(
            f"{shop}-{own}-{further[1]}",
            kind=kind,
            number=further[1],
            generation=int(further[2]),
            is_reversal=is_reversal,
        )
