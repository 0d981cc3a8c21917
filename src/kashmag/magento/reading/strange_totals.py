"""Totals of extensions: named by the document and proved by the sums, or not read at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final, Generic

from attrs import evolve, field, frozen

from kashmag.accounting.payment import CreditKind
from kashmag.magento.reading.basis import TotalKind
from kashmag.magento.reading.figures import (
    C,
    CreditFigures,
    FeeFigures,
    Figure,
    OrderFigures,
    StrangeTotal,
    allowance,
    figure,
    summed,
)

_CREDITS: Final = {
    TotalKind.GIFT_CARD: CreditKind.GIFT_CARD,
    TotalKind.STORE_CREDIT: CreditKind.STORE_CREDIT,
    TotalKind.REWARD_POINTS: CreditKind.REWARD_POINTS,
}
# A name must say that the buyer pays for something; "points" or "weight" of 2.50 do not.
_PAID_FOR: Final = frozenset(
    {
        "fee", "fees", "surcharge", "charge", "charges", "cost", "cod", "handling", "insurance",
        "donation", "tip", "deposit", "wrap", "wrapping", "giftwrap", "protection", "packaging",
        "assembly", "installation", "recycling", "extrafee",
    }
)  # fmt: skip
_TAX: Final = ("tax", "vat")
_ENDINGS: Final = frozenset({"amount", "excl", "incl", "total", "value", "price", "net", "gross"})
_HISTORY: Final = frozenset({"invoiced", "refunded", "canceled", "cancelled", "paid", "due"})
_MOST: Final = 6


@frozen
class Named(Generic[C]):
    """An extension's total: its own figure, and those of its tax where the document has them."""

    name: str
    title: str
    amount: Figure[C]
    tax: Figure[C] | None = field(default=None, kw_only=True)
    with_tax: Figure[C] | None = field(default=None, kw_only=True)


def named(strangers: Sequence[StrangeTotal[C]]) -> tuple[Named[C], ...]:
    """Join the amounts that belong to one total: `cod_fee`, `cod_fee_tax`, `cod_fee_incl_tax`."""
    groups: dict[str, dict[str, StrangeTotal[C]]] = {}
    for one in strangers:
        words = one.name.split("_")
        if not _HISTORY.intersection(words):
            stem = "_".join(w for w in words if w not in _ENDINGS and w not in _TAX)
            groups.setdefault(stem, {}).setdefault(_role(words), one)
    return tuple(
        Named(
            stem,
            (group.get("net") or group["gross"]).title,
            amount=(group.get("net") or group["gross"]).amount,
            tax=group["tax"].amount if "tax" in group else None,
            with_tax=group["gross"].amount if "gross" in group else None,
        )
        for stem, group in groups.items()
        if "net" in group or "gross" in group
    )


def _role(words: Sequence[str]) -> str:
    if not any(word in _TAX for word in words):
        return "gross" if "gross" in words else "net"
    if "incl" in words:
        return "gross"
    return "net" if "excl" in words else "tax"


def settle(order: OrderFigures[C], totals: Mapping[str, TotalKind]) -> OrderFigures[C]:
    """Take the totals whose meaning the settings tell into the order's fees and credits."""
    if not totals or not order.strangers:
        return order
    stems = {_stem(name): kind for name, kind in totals.items()}
    fees, settled = list(order.fees), list(order.credits)
    for one in named(order.strangers):
        kind = stems.get(one.name)
        if kind is TotalKind.FEE:
            fees.append(_as_fee(one))
        elif kind in _CREDITS:
            settled.append(CreditFigures(kind=_CREDITS[kind], amount=abs(one.amount)))
    left = tuple(s for s in order.strangers if _stem(s.name) not in stems)
    return evolve(order, fees=tuple(fees), credits=tuple(settled), strangers=left)


def _stem(name: str) -> str:
    return "_".join(w for w in name.split("_") if w not in _ENDINGS and w not in _TAX)


def _as_fee(one: Named[C]) -> FeeFigures[C]:
    if one.tax is None and one.with_tax is not None:
        return FeeFigures(
            key=one.name, title=one.title, net=one.amount, tax=one.with_tax - one.amount
        )
    return FeeFigures(key=one.name, title=one.title, net=one.amount, tax=one.tax or figure(None))


def explain(
    strangers: Sequence[StrangeTotal[C]], gap: Figure[C], vat: Figure[C]
) -> tuple[FeeFigures[C], ...]:
    """The fees of the document that are exactly this gap, of which `vat` is VAT; else nothing.

    Only totals whose names say that something is paid for are taken, only when together they are
    the gap to the last digit, and only when no other choice of them is. Two names of one amount
    are one total said twice.
    """
    told = [one for one in named(strangers) if _is_paid_for(one) and one.amount.value > 0]
    found: list[tuple[FeeFigures[C], ...]] = []
    for many in range(1, min(len(told), _MOST) + 1):
        for chosen in combinations(told, many):
            fees = _fees_of(chosen, gap, vat)
            if fees and not any(_amounts(fees) == _amounts(other) for other in found):
                found.append(fees)
    return found[0] if len(found) == 1 else ()


def _is_paid_for(one: Named[C]) -> bool:
    return any(word in _PAID_FOR for word in one.name.lower().split("_"))


def _amounts(fees: Sequence[FeeFigures[C]]) -> list[tuple[Figure[C], Figure[C]]]:
    return sorted((fee.net, fee.tax) for fee in fees)


def _fees_of(
    chosen: Sequence[Named[C]], gap: Figure[C], vat: Figure[C]
) -> tuple[FeeFigures[C], ...]:
    net = gap - vat
    amounts = summed(one.amount for one in chosen)
    near = allowance(len(chosen))
    if len(chosen) == 1 and vat:
        only = chosen[0]
        if any(abs((amounts - whole).value) <= near for whole in (net, gap)):
            return (FeeFigures(key=only.name, title=only.title, net=net, tax=vat),)
        return ()
    fees = tuple(_as_fee(one) for one in chosen)
    taxes = summed(fee.tax for fee in fees)
    if abs((amounts - net).value) <= near and abs((taxes - vat).value) <= near:
        return fees
    return ()


def called(strangers: Sequence[StrangeTotal[C]], gap: Figure[C]) -> tuple[str, ...]:
    """The names of amounts in the document that are as large as the gap, either sign."""
    return tuple(one.name for one in strangers if abs(one.amount) == abs(gap) and gap)
