"""The lines of an order whose rows are understood: goods, levies, shipping, fees; with rates."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kashmag.accounting.sale import LineKind
from kashmag.magento.reading import rates
from kashmag.magento.reading.figures import (
    C,
    ExactLine,
    FeeFigures,
    Figure,
    OrderFigures,
    RowFigures,
)


def lines_of_order(
    order: OrderFigures[C],
    money: Sequence[RowFigures[C]],
    grosses: Sequence[Figure[C]],
    more_fees: Sequence[FeeFigures[C]],
) -> tuple[ExactLine[C], ...]:
    """Make the lines of rows that come to `grosses`, and of everything that is owed beside."""
    lines = [
        *_goods(order, money, grosses),
        *_levies(order, money),
        *_shipping(order),
        *_fees(order, (*order.fees, *more_fees)),
    ]
    return rates.with_rates_proved(order, lines)


def shipping_net(order: OrderFigures[C]) -> Figure[C]:
    """Shipping after its discount, without VAT."""
    return order.shipping - order.shipping_discount + order.shipping_compensation


def _goods(
    order: OrderFigures[C], money: Sequence[RowFigures[C]], grosses: Sequence[Figure[C]]
) -> list[ExactLine[C]]:
    return [
        ExactLine(
            key=row.key,
            description=row.name,
            net=gross - row.tax,
            vat=row.tax,
            rate=rates.rate_of_row(order, row),
            quantity=Decimal(1) if row.quantity is None else row.quantity,
            sku=row.sku,
            product_type=row.product_type,
        )
        for row, gross in zip(money, grosses, strict=True)
    ]


def _levies(order: OrderFigures[C], money: Sequence[RowFigures[C]]) -> list[ExactLine[C]]:
    return [
        ExactLine(
            key=f"{row.key}:fpt:{at}",
            description=f"{levy.title}: {row.name}",
            net=levy.net,
            vat=levy.gross - levy.net,
            rate=levy_rate(order, row, levy.gross - levy.net),
            kind=LineKind.FEE,
        )
        for row in money
        for at, levy in enumerate(row.fixed_taxes)
        if levy.gross
    ]


def levy_rate(order: OrderFigures[C], row: RowFigures[C], vat: Figure[C]) -> Decimal:
    """The percentage at which a row's fixed product tax is taxed: its row's, if it is at all."""
    if not vat:
        return Decimal(0)
    return rates.rate_of_row(order, row) or rates.rate_of_kind(order, "weee", vat)


def _shipping(order: OrderFigures[C]) -> list[ExactLine[C]]:
    net, vat = shipping_net(order), order.shipping_tax
    if not net and not vat and not order.shipping_discount:
        return []
    return [
        ExactLine(
            key="shipping",
            description=order.shipping_title,
            net=net,
            vat=vat,
            rate=rates.rate_of_kind(order, "shipping", vat),
            kind=LineKind.CARRIAGE,
        )
    ]


def _fees(order: OrderFigures[C], fees: Sequence[FeeFigures[C]]) -> list[ExactLine[C]]:
    return [
        ExactLine(
            key=f"fee:{fee.key}",
            description=fee.title,
            net=fee.net,
            vat=fee.tax,
            rate=rates.rate_of_kind(order, fee.tax_kind or fee.key, fee.tax)
            if fee.tax
            else Decimal(0),
            kind=LineKind.FEE,
        )
        for fee in fees
        if fee.net or fee.tax
    ]
