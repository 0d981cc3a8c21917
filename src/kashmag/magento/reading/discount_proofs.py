"""The proof of a discount: its net and VAT from Magento's own figures, or why they do not tell.

Magento takes a discount off in three ways (money.md, sections 1 and 2), and each leaves its own
trace:

* prices with VAT, VAT after discount: the VAT in the discount is the discount tax compensation;
* VAT before discount: the VAT stays that of the undiscounted price, the discount carries none;
* prices without VAT, VAT after discount: the discount carries the VAT that the row had before and
  has no more. What it had before is not in the order's rows; their Magento invoices tell it.

A figure counts where a second one, stored apart from it, bears it out. Which fields of which
document are asked is `discounts`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Generic

from attrs import evolve, frozen

from kashmag.magento.reading.figures import (
    C,
    DiscountFigures,
    ExactLine,
    Figure,
    allowance,
    summed,
)

# Two stored figures apart: each is rounded to pence for itself.
_TWO_ROUNDINGS: Final = Decimal("0.0101")
# VAT of a row against its percentage: half a penny, and what the total algorithm carries over.
_ROW_ROUNDING: Final = Decimal("0.0151")
_HUNDRED: Final = Decimal(100)


@frozen(kw_only=True)
class Discounted(Generic[C]):
    """A line with what its documents say of it before discount, as far as they do.

    `net_before` and `gross_before` are stored figures; `about_net` and `about_gross` come from
    the rounded prices of one, and may miss them by `rounding`.
    """

    line: ExactLine[C]
    discount: Figure[C]
    compensation: Figure[C]
    net_before: Figure[C] | None = None
    gross_before: Figure[C] | None = None
    about_net: Figure[C] | None = None
    about_gross: Figure[C] | None = None

    @property
    def net(self) -> Figure[C]:
        """What it would have cost without VAT."""
        return self.line.net + self.discount - self.compensation

    @property
    def rounding(self) -> Decimal:
        """How far a price rounded to pence leads a row astray: half a penny for each unit."""
        return Decimal("0.005") * abs(self.line.quantity) + _TWO_ROUNDINGS

    @property
    def told_gross(self) -> Figure[C] | None:
        """What is told of its price with VAT before discount: as stored, else nearly."""
        return self.about_gross if self.gross_before is None else self.gross_before


def taken_off(one: Discounted[C], label: str) -> DiscountFigures[C] | None:
    """What was taken off a line, or the doubt; None where it has no discount."""
    nothing: Figure[C] = summed(())
    if not one.discount:
        return None
    told = _doubt_of_net(one) or _vat(one)
    if isinstance(told, str):
        return DiscountFigures(net=nothing, vat=nothing, label=label, doubt=told)
    return DiscountFigures(net=one.discount - one.compensation, vat=told, label=label)


def joined(
    one: DiscountFigures[C] | None, other: DiscountFigures[C] | None
) -> DiscountFigures[C] | None:
    """The discounts of two parts of one line; one doubt is enough."""
    if one is None or other is None:
        return one or other
    if one.doubt or other.doubt:
        return one if one.doubt else other
    return evolve(one, net=one.net + other.net, vat=one.vat + other.vat)


def _doubt_of_net(one: Discounted[C]) -> str:
    if one.discount.value < 0:
        return f"{_shown(-one.discount)} was put on, not taken off"
    if not 0 <= one.compensation.value <= one.discount.value:
        return "its discount is less than the VAT in it"
    if one.net_before is not None and one.net != one.net_before:
        return "its document's row total is not the one before discount"
    if one.about_net is not None and apart(one.net, one.about_net) > one.rounding:
        return "its price is not what it comes to with its discount"
    return ""


def _vat(one: Discounted[C]) -> Figure[C] | str:
    """The VAT in a discount, or why it is not proved."""
    if one.compensation:
        return _inside(one)
    if not one.line.rate:
        return _none(one)
    if _is_taxed_before(one):
        return summed(())
    if one.gross_before is not None:
        return _stored(one, one.gross_before)
    return "no Magento invoice of all of it says what VAT it had before"


def _inside(one: Discounted[C]) -> Figure[C] | str:
    """Prices with VAT: the compensation, borne out by the price with VAT."""
    if not one.line.rate:
        return "its discount has VAT in it, and the line has no percentage"
    before = one.net + one.line.vat + one.compensation
    if one.told_gross is None or apart(one.told_gross, before) > _TWO_ROUNDINGS:
        return "its price with VAT is not what it comes to with its discount"
    return one.compensation


def _none(one: Discounted[C]) -> Figure[C] | str:
    """No percentage, no VAT before or after."""
    told = one.told_gross
    if one.line.vat or told is None or apart(told, one.net) > one.rounding:
        return "it has no VAT now, and its price had some"
    return summed(())


def _stored(one: Discounted[C], gross_before: Figure[C]) -> Figure[C] | str:
    """The VAT that it had before and has no more, where the percentage bears it out."""
    gone = gross_before - one.net - one.line.vat
    if abs(gone.value) <= allowance(1):
        gone = summed(())
    whole, of_discount = _share(one, one.net), _share(one, one.discount)
    if not gone and _near(one, one.line.vat, whole):
        return gone  # a discount too small to tell VAT before it from VAT after it
    # A discount above the row takes all of its VAT and no more.
    expected = (of_discount,) if one.line.vat else (of_discount, whole)
    if gone.value >= 0 and any(_near(one, gone, vat) for vat in expected):
        return gone
    return "its VAT before and after are not those of its percentage"


def _is_taxed_before(one: Discounted[C]) -> bool:
    """Tell that the VAT is that of the price before discount, and surely not of that after."""
    told = one.told_gross
    if told is None or apart(told, one.net + one.line.vat) > one.rounding:
        return False
    before, after = _share(one, one.net), _share(one, one.net - one.discount)
    close, far = _ROW_ROUNDING, one.rounding
    return abs(one.line.vat.value - before) <= close and abs(one.line.vat.value - after) > far


def _near(one: Discounted[C], figure: Figure[C], exact: Decimal) -> bool:
    """Tell VAT of a percentage from other figures: each unit may be rounded twice."""
    return abs(figure.value - exact) <= 2 * one.rounding


def _share(one: Discounted[C], amount: Figure[C]) -> Decimal:
    return amount.value * one.line.rate / _HUNDRED


def apart(one: Figure[C], other: Figure[C]) -> Decimal:
    """How far two figures are apart."""
    return abs((one - other).value)


def _shown(amount: Figure[C]) -> str:
    return format(amount.value.normalize(), "f")
