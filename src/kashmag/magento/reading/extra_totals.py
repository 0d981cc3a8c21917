"""Totals beside goods and shipping: gift wrapping, fees, credits, and strangers by name.

A stranger is an amount that an extension has put into the document. It is read as what it is
called, never spread over lines; what proves that it is part of the total is `proving`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from attrs import frozen

from kashmag.accounting.payment import CreditKind
from kashmag.magento.credit_memos import CreditMemoExtension
from kashmag.magento.invoices import InvoiceExtension
from kashmag.magento.order_record import CustomFee, OrderExtension
from kashmag.magento.reading.figures import (
    Base,
    C,
    CreditFigures,
    FeeFigures,
    Ordered,
    StrangeTotal,
    figure,
)
from kashmag.rest.codec import Json, read_decimal

# Adobe Commerce's gift wrapping: of the whole order, of its items, and a printed card. Their
# amounts are texts, possibly empty (order_giftcard_storecredit_ee.json).
Wrapped = OrderExtension | InvoiceExtension | CreditMemoExtension
_WRAPPING: Final = (
    ("gift_wrapping", "Gift wrapping", "quote_gw"),
    ("gift_wrapping_items", "Gift wrapping of items", "item_gw"),
    ("printed_card", "Printed card", "printed_card_gw"),
)
_DEEPEST: Final = 4


def number_of(value: Json) -> Decimal | None:
    """A number, or a number in a text; None for anything else."""
    try:
        return read_decimal(value)
    except ValueError:
        return None


def wrapping_in_base(told: Wrapped | None) -> tuple[FeeFigures[Base], ...]:
    """Gift wrapping in base currency."""
    if told is None:
        return ()
    return _wrapping(
        (told.gw_base_price, told.gw_items_base_price, told.gw_card_base_price),
        (told.gw_base_tax_amount, told.gw_items_base_tax_amount, told.gw_card_base_tax_amount),
    )


def wrapping_in_order_currency(told: Wrapped | None) -> tuple[FeeFigures[Ordered], ...]:
    """Gift wrapping in order currency."""
    if told is None:
        return ()
    return _wrapping(
        (told.gw_price, told.gw_items_price, told.gw_card_price),
        (told.gw_tax_amount, told.gw_items_tax_amount, told.gw_card_tax_amount),
    )


def _wrapping(
    prices: Sequence[str | None], taxes: Sequence[str | None]
) -> tuple[FeeFigures[C], ...]:
    told = zip(_WRAPPING, map(number_of, prices), map(number_of, taxes), strict=True)
    return tuple(
        FeeFigures(key=key, title=title, net=figure(price), tax=figure(tax), tax_kind=kind)
        for (key, title, kind), price, tax in told
        if price or tax
    )


def fees_in_base(fees: Sequence[CustomFee]) -> tuple[FeeFigures[Base], ...]:
    """Adobe Commerce's custom fees in base currency; they carry no tax."""
    return tuple(_custom_fee(one, one.base_custom_fee_amount) for one in fees)


def fees_in_order_currency(fees: Sequence[CustomFee]) -> tuple[FeeFigures[Ordered], ...]:
    """Adobe Commerce's custom fees in order currency; they carry no tax."""
    return tuple(_custom_fee(one, one.custom_fee_amount) for one in fees)


def _custom_fee(fee: CustomFee, amount: Decimal | None) -> FeeFigures[C]:
    code = fee.custom_fee_code or fee.id or "custom_fee"
    return FeeFigures(
        key=code, title=fee.custom_fee_label or code, net=figure(amount), tax=figure(None)
    )


def credits_of(
    gift_cards: Decimal | None, store_credit: Decimal | None, reward: Decimal | None
) -> tuple[CreditFigures[C], ...]:
    """What was paid with something that the shop owed the buyer already."""
    told = (
        (CreditKind.GIFT_CARD, gift_cards),
        (CreditKind.STORE_CREDIT, store_credit),
        (CreditKind.REWARD_POINTS, reward),
    )
    # An extension may print them negative, as totals of the cart are.
    return tuple(CreditFigures(kind=kind, amount=figure(abs(one))) for kind, one in told if one)


@frozen
class _Amount:
    name: str
    title: str
    value: Decimal

    @property
    def is_base(self) -> bool:
        return "base" in self.name.split("_")


def strangers_in_base(
    extras: Sequence[Mapping[str, Json]], *, is_same: bool
) -> tuple[StrangeTotal[Base], ...]:
    """Amounts that no field of ours carries, in base currency, named as in order currency.

    `is_same` tells that both currencies are one: extensions often leave out the base twin then.
    """
    amounts = list(_amounts(extras))
    own = [one for one in amounts if one.is_base]
    told = {_without_base(one.name) for one in own}
    if is_same:
        own += [one for one in amounts if not one.is_base and one.name not in told]
    return _strangers(own)


def strangers_in_order_currency(
    extras: Sequence[Mapping[str, Json]],
) -> tuple[StrangeTotal[Ordered], ...]:
    """Amounts that no field of ours carries, in order currency."""
    return _strangers([one for one in _amounts(extras) if not one.is_base])


def _strangers(amounts: Sequence[_Amount]) -> tuple[StrangeTotal[C], ...]:
    return tuple(
        StrangeTotal(
            name=_without_base(one.name),
            title=one.title or _without_base(one.name).replace("_", " ").capitalize(),
            amount=figure(one.value),
        )
        for one in amounts
        if one.value
    )


def _without_base(name: str) -> str:
    return "_".join(word for word in name.split("_") if word != "base")


def _amounts(extras: Sequence[Mapping[str, Json]]) -> Iterator[_Amount]:
    for extra in extras:
        yield from _within(extra, "", 0)


def _within(told: Mapping[str, Json], path: str, depth: int) -> Iterator[_Amount]:
    title = next((t for k in ("label", "title", "name") if isinstance(t := told.get(k), str)), "")
    code = told.get("code")
    path = code if isinstance(code, str) and code else path
    for key, value in told.items():
        name = f"{path}_{key}" if path else key
        if isinstance(value, Mapping):
            if depth < _DEEPEST:
                yield from _within(value, name, depth + 1)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for one in value if depth < _DEEPEST else ():
                if isinstance(one, Mapping):
                    yield from _within(one, name, depth + 1)
        elif not isinstance(value, bool) and (number := number_of(value)) is not None:
            yield _Amount(name, title, number)
