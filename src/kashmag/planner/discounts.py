"""Discounts on a nominal of their own: a line as what it would have cost, and what came off it.

Pure shape: the two come to exactly the line, in net and in VAT, at its one percentage, so that no
certificate knows of it. What a discount is, and whether it is proved, is reading's
(`SaleLine.discount`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from attrs import evolve

from kashmag.accounting import Discount, LineKind, SaleLine
from kashmag.planner.findings import Findings, stated, together
from kashmag.planner.lines import Placement

Placed: TypeAlias = tuple[SaleLine, Placement]
_SETTING = "policy.nominals.discount"


def with_discounts_in(placed: Sequence[Placed]) -> tuple[Placed, ...]:
    """The lines after discount; carriage that a discount took whole is no line then."""
    return tuple((line, at) for line, at in placed if not is_waived_carriage(line))


def with_discounts_apart(placed: Sequence[Placed], nominal: int | None) -> tuple[Placed, ...]:
    """The lines with every proved discount as a negative line of its own behind its line."""
    if nominal is None:
        return with_discounts_in(placed)
    return tuple(part for line, at in placed for part in _parted(line, at, nominal))


def is_waived_carriage(line: SaleLine) -> bool:
    """Tell carriage of which a discount left nothing."""
    return line.kind is LineKind.CARRIAGE and not line.net and not line.vat


def about_discounts(placed: Sequence[Placed], nominal: int | None, *, where: str) -> Findings:
    """What is decided of every discount of a document, where the policy has a nominal for them."""
    if nominal is None:
        return Findings()
    return together(_about(line, at, nominal, where) for line, at in placed)


def all_left_in(placed: Sequence[Placed], *, where: str, because: str) -> Findings:
    """The decision that every discount of a document stays in its line after all."""
    return together(_left_in(line, where, because) for line, _ in placed if line.discount)


def _parted(line: SaleLine, at: Placement, nominal: int) -> tuple[Placed, ...]:
    discount = line.discount
    if discount is None or at.is_moved:
        return () if is_waived_carriage(line) else ((line, at),)
    whole = evolve(line, net=line.net + discount.net, vat=line.vat + discount.vat, discount=None)
    off = SaleLine(
        f"{line.key}:discount",
        _description(line, discount),
        net=-discount.net,
        vat=-discount.vat,
        vat_rate=line.vat_rate,
        kind=line.kind,
    )
    return (whole, at), (off, Placement(nominal, vat_exempt=at.vat_exempt))


def _description(line: SaleLine, discount: Discount) -> str:
    label = f" ({discount.label})" if discount.label else ""
    return f"Discount{label}: {line.description}"


def _about(line: SaleLine, at: Placement, nominal: int, where: str) -> Findings:
    if line.discount_doubt:
        return _left_in(line, where, line.discount_doubt)
    if line.discount is None:
        return Findings()
    if at.is_moved:
        return _left_in(line, where, "its VAT has a nominal of its own")
    off = f"{line.discount.net} and {line.discount.vat} VAT"
    return stated(_question(line, where), f"nominal {nominal}: {off}", because=_SETTING)


def _left_in(line: SaleLine, where: str, because: str) -> Findings:
    return stated(_question(line, where), "the line is posted after discount", because=because)


def _question(line: SaleLine, where: str) -> str:
    return f"discount of {line.sku or line.key}{where}"
