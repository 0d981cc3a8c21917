"""The penny-exact shapes: a line of a sale as KashFlow lines that say its net and VAT exactly.

KashFlow knows a quantity, a rate (net price of one) and a VAT amount per line, and what it makes
of a product with fractions of a penny is unproved: so every shape here has a quantity times rate
that is whole pence as it stands. VAT is carried, never computed. What an account needs that
computes VAT itself is `planner.recomputed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Final, Literal

from attrs import frozen

from kashmag.accounting.money import Money, minor_units, spread
from kashmag.accounting.sale import SaleLine
from kashmag.accounting.vat import plain_rate
from kashmag.kashflow.invoice_records import LineDraft

Sign = Literal[1, -1]
_ONE: Final = Decimal(1)


@frozen
class Placement:
    """Where a line goes in the accounts.

    `keeps_whole_units`: KashFlow manages this product's stock, so the quantities must stay those
    that left the shelf. `is_moved`: its VAT has a nominal of its own, where all of it must land.
    """

    nominal_code: int
    product_code: str | None = None
    vat_exempt: bool = False
    keeps_whole_units: bool = False
    is_moved: bool = False


@frozen
class Part:
    """So many units at a price; `quantity` times `rate` is whole pence."""

    quantity: Decimal
    rate: Decimal

    @property
    def net(self) -> Decimal:
        """What they come to."""
        return self.quantity * self.rate


def shape(
    line: SaleLine, placement: Placement, *, rate_decimals: int, sign: Sign = 1
) -> tuple[LineDraft, ...]:
    """Say a line in KashFlow lines whose nets and VAT come to exactly its own.

    `rate_decimals` is the precision with which the account keeps prices (two or four). `sign` -1
    is for credit notes: rates and VAT are negated, quantities stay positive.
    """
    parts = parts_of(line, rate_decimals=rate_decimals)
    # As one unit, stock would fall by the wrong number: such a line is no product's.
    as_one_unit = parts[0].quantity != line.quantity and len(parts) == 1
    vats = spread(line.vat, [line.vat.amount * share for share in _shares(parts)])
    return tuple(
        LineDraft(
            description(line) if as_one_unit else line.description,
            quantity=part.quantity,
            rate=sign * part.rate + 0,
            vat_level=plain_rate(line.vat_rate),
            vat_amount=sign * vat.amount + 0,
            nominal_code=placement.nominal_code,
            vat_exempt=placement.vat_exempt,
            product_code=None
            if as_one_unit and placement.keeps_whole_units
            else placement.product_code,
        )
        for part, vat in zip(parts, vats, strict=True)
    )


def parts_of(line: SaleLine, *, rate_decimals: int) -> tuple[Part, ...]:
    """Divide a line's net by its quantity: one price, else two a penny apart, else one unit."""
    # The pence of a currency without pence are whole units; a rate is never coarser than that.
    pence = minor_units(line.net.currency)
    quantity = _plain_quantity(line.quantity)
    if quantity > 0:
        rate = _exact_rate(line.net, quantity, max(rate_decimals, pence))
        if rate is not None:
            return (Part(quantity, rate),)
        if quantity == quantity.to_integral_value():
            return _two_prices(line.net, quantity, pence)
    return (Part(_ONE, line.net.amount),)


def description(line: SaleLine) -> str:
    """The description of a line that stands as one unit: its quantity is in the text."""
    return f"{format(_plain_quantity(line.quantity), 'f')} x {line.description}"


def _plain_quantity(quantity: Decimal) -> Decimal:
    whole = quantity.to_integral_value()
    return whole if whole == quantity else quantity.normalize()


def _exact_rate(net: Money, quantity: Decimal, decimals: int) -> Decimal | None:
    """The price of one that makes the net exactly, if it can be written with so many decimals."""
    rate = (net.amount / quantity).quantize(_ONE.scaleb(-decimals))
    if rate * quantity != net.amount:
        return None
    shortest = rate.quantize(_ONE.scaleb(-minor_units(net.currency)))
    return shortest if shortest == rate else rate


def _two_prices(net: Money, units: Decimal, pence: int) -> tuple[Part, ...]:
    """Whole units at two prices a penny apart, the dearer first; always possible, always exact."""
    penny = _ONE.scaleb(-pence)
    size = abs(net.amount)
    low = (size / units).quantize(penny, ROUND_FLOOR)
    dearer = (size - low * units) / penny
    sign = 1 if net.amount > 0 else -1
    return (
        Part(dearer.to_integral_value(), sign * (low + penny)),
        Part((units - dearer).to_integral_value(), sign * low + 0),
    )


def _shares(parts: Sequence[Part]) -> list[Decimal]:
    """Each part's share of the whole net; what comes to nothing is always one part."""
    total = sum((part.net for part in parts), Decimal(0))
    return [part.net / total if total else _ONE for part in parts]
