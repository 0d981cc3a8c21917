"""Proved lines in whole pence: what is paid is rounded once, and its parts come to it.

The total is what the buyer paid; the VAT of each percentage is rounded half up; nets take the
rest (money.md, section 4). A line that was in whole pence stays as it was, and the order of the
lines decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from kashmag.accounting.money import Money, round_money, spread
from kashmag.accounting.sale import Discount, SaleLine
from kashmag.magento.reading.figures import C, ExactLine, Figure
from kashmag.magento.reading.rates import vat_per_rate


def in_pennies(
    lines: Sequence[ExactLine[C]], total: Money, vat_totals: Mapping[Decimal, Figure[C]]
) -> tuple[SaleLine, ...]:
    """Round lines so that they come to `total`, and at each percentage to its rounded VAT.

    `vat_totals` are the exact VAT per percentage; a percentage that it lacks has its lines' sum.
    """
    grosses = _spread_over(lines, total, lambda line: line.gross.value)
    own = vat_per_rate(lines)
    vats: dict[str, Money] = {}
    for rate, found in own.items():
        taxed = [line for line in lines if line.rate == rate]
        exact = vat_totals.get(rate, found).value
        vat = round_money(exact, total.currency)
        vats |= _spread_over(taxed, vat, lambda line: line.vat.value)
    return tuple(
        _in_pennies(line, grosses[line.key] - vats[line.key], vats[line.key]) for line in lines
    )


def _in_pennies(line: ExactLine[C], net: Money, vat: Money) -> SaleLine:
    return SaleLine(
        line.key,
        line.description,
        net=net,
        vat=vat,
        vat_rate=line.rate,
        quantity=line.quantity,
        kind=line.kind,
        sku=line.sku,
        product_type=line.product_type,
        discount=_discount(line, net, vat),
        discount_doubt=line.discount.doubt if line.discount else "",
    )


def _discount(line: ExactLine[C], net: Money, vat: Money) -> Discount | None:
    """The discount up to the rounded price before it; what rounds to nothing is none."""
    told = line.discount
    if told is None or told.doubt:
        return None
    currency, zero = net.currency, Money.zero(net.currency)
    net_off = round_money((line.net + told.net).value, currency) - net
    vat_off = round_money((line.vat + told.vat).value, currency) - vat
    # A line of fractions may have been rounded up past its price before discount, by a penny.
    net_off, vat_off = max(net_off, zero), max(vat_off, zero)
    return Discount(net_off, vat=vat_off, label=told.label) if net_off or vat_off else None


def _spread_over(
    lines: Sequence[ExactLine[C]], total: Money, share: Callable[[ExactLine[C]], Decimal]
) -> dict[str, Money]:
    # Lines in whole pence come first: neither rounding nor what is left over touches them.
    ordered = sorted(lines, key=lambda line: (not _is_whole(share(line), total), line.key))
    parts = spread(total, [share(line) for line in ordered])
    return {line.key: part for line, part in zip(ordered, parts, strict=True)}


def _is_whole(amount: Decimal, total: Money) -> bool:
    return round_money(amount, total.currency).amount == amount
