"""Tying a deed to a document that exists already: found there, or a person's choice."""

from __future__ import annotations

from kashmag.engine.gathering import ADOPTED
from kashmag.logbook import Binding, Logbook
from kashmag.plans.plan import Adoption


async def tie(logbook: Logbook, adoption: Adoption, *, document: str, because: str) -> None:
    """Tie a deed to the document that stands for it, which is known by its number from then on.

    What stood for it before is given up, with the reason.
    """
    target = str(adoption.number)
    await logbook.adopt(
        Binding(adoption.key, "invoice", target=target, document=document, is_adopted=True),
        reason=because,
        beside={ADOPTED + adoption.reference: target},
    )
