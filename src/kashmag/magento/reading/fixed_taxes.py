"""Fixed product taxes (FPT, "weee"): levies on a row, which may carry VAT of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kashmag.magento.reading.figures import Base, C, Figure, FixedTax, Ordered, figure
from kashmag.rest import codec
from kashmag.rest.codec import Json, JsonObject


def in_base(
    described: str | None, row_amount: Decimal | None, quantity: Decimal
) -> tuple[FixedTax[Base], ...]:
    """The levies of a row in base currency; `described` is Magento's `weee_tax_applied`."""
    return tuple(
        _levy(
            one,
            net=_sum_of(one, "base_row_amount", "base_amount", quantity),
            gross=_sum_of(one, "base_row_amount_incl_tax", "base_amount_incl_tax", quantity),
            unit=_number(one.get("base_amount_incl_tax")),
        )
        for one in _described(described, "base_row_amount", row_amount)
    )


def in_order_currency(
    described: str | None, row_amount: Decimal | None, quantity: Decimal
) -> tuple[FixedTax[Ordered], ...]:
    """The levies of a row in order currency; `described` is Magento's `weee_tax_applied`."""
    return tuple(
        _levy(
            one,
            net=_sum_of(one, "row_amount", "amount", quantity),
            gross=_sum_of(one, "row_amount_incl_tax", "amount_incl_tax", quantity),
            unit=_number(one.get("amount_incl_tax")),
        )
        for one in _described(described, "row_amount", row_amount)
    )


def _levy(
    told: JsonObject, *, net: Decimal | None, gross: Decimal | None, unit: Decimal | None
) -> FixedTax[C]:
    whole: Figure[C] = figure(net if gross is None else gross)
    title = told.get("title")
    return FixedTax(
        title=title if isinstance(title, str) and title else "Fixed product tax",
        net=figure(net),
        gross=whole,
        unit_gross=whole if unit is None else figure(unit),
    )


def _described(
    described: str | None, row_key: str, row_amount: Decimal | None
) -> Sequence[JsonObject]:
    """The levies as Magento lists them; where it does not, the row's own amount as one."""
    listed: Json = None
    try:
        listed = codec.loads(described) if described else None
    except ValueError:
        listed = None
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        told = [one for one in listed if isinstance(one, Mapping)]
        if told:
            return told
    return [{row_key: row_amount}] if row_amount else []


def _sum_of(told: JsonObject, row: str, unit: str, quantity: Decimal) -> Decimal | None:
    whole = _number(told.get(row))
    if whole is not None:
        return whole
    one = _number(told.get(unit))
    return None if one is None else one * quantity


def _number(value: Json) -> Decimal | None:
    try:
        return codec.read_decimal(value)
    except ValueError:
        return None
