"""Tax on a basket by Magento's three algorithms and both price bases.

Unit rounds each unit's tax, row each row's, total carries the rounding remainder from row to row
of one rate, shipping last. Proved against real orders of thirty configurations in the tests.
Discounts come from `discounting`; which rate applies is `rating`'s.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from attrs import field, frozen

from kashmag.sandbox.magento.documents import PENNY, ZERO
from kashmag.sandbox.magento.settings import Algorithm, TaxSettings

# The first remainder of a carry is not zero, so that exact halves always round the same way.
_FIRST_CARRY: Final = Decimal("0.000001")
_NOISE: Final = Decimal("0.0000000001")
_BEFORE: Final = "before discount"
_AFTER: Final = "after discount"


@frozen
class Taxable:
    """Something with a price that tax falls on: a row of goods, or the shipping."""

    unit_price: Decimal
    """As entered: with tax or without, whatever `includes_tax` says."""
    quantity: Decimal
    rate: Decimal = field(kw_only=True)
    """The buyer's rate, in per cent."""
    store_rate: Decimal = field(kw_only=True)
    """The rate that is contained in a price with tax, in per cent."""
    tax_key: str = field(kw_only=True)
    """What the carry of a price without tax goes by: the code of the tax rate."""
    includes_tax: bool = field(kw_only=True)
    discount: Decimal = field(default=ZERO, kw_only=True)


@frozen
class Taxed:
    """A row with its tax: `tax` is after discount, all else before it."""

    price: Decimal
    price_incl_tax: Decimal
    row_total: Decimal = field(kw_only=True)
    row_total_incl_tax: Decimal = field(kw_only=True)
    tax: Decimal = field(kw_only=True)
    compensation: Decimal = field(kw_only=True)
    """Tax that is hidden in the discount of a price with tax."""


def tax_rows(rows: Iterable[Taxable], settings: TaxSettings) -> list[Taxed]:
    """Work out the tax of rows in their order; the order matters to the total algorithm."""
    carry = _Carry(settings.algorithm)
    return [_tax_row(row, place, settings, carry) for place, row in enumerate(rows)]


def sum_of_children(children: Sequence[Taxed], quantity: Decimal) -> Taxed:
    """What the parent of a bundle with a dynamic price carries."""
    row_total = sum((child.row_total for child in children), ZERO)
    incl_tax = sum((child.row_total_incl_tax for child in children), ZERO)
    return Taxed(
        rounded(row_total / quantity),
        rounded(incl_tax / quantity),
        row_total=row_total,
        row_total_incl_tax=incl_tax,
        tax=sum((child.tax for child in children), ZERO),
        compensation=ZERO,
    )


def rounded(value: Decimal) -> Decimal:
    """Round half up to two places, after the noise of division has been taken off."""
    return value.quantize(_NOISE, ROUND_HALF_UP).quantize(PENNY, ROUND_HALF_UP)


class _Carry:
    """Rounds amounts, keeping the remainder for the next one where the algorithm says so."""

    def __init__(self, algorithm: Algorithm) -> None:
        self._algorithm = algorithm
        self._remainders: dict[tuple[object, ...], Decimal] = {}

    def round(self, amount: Decimal, row: Taxable, stage: str, place: int) -> Decimal:
        if self._algorithm == "row" or not amount:
            return rounded(amount)
        key: tuple[object, ...] = (
            stage,
            row.includes_tax,
            row.rate if row.includes_tax else row.tax_key,
        )
        if self._algorithm == "unit":
            key = (*key, place)
        exact = amount + self._remainders.get(key, _FIRST_CARRY)
        result = rounded(exact)
        self._remainders[key] = exact - result
        return result


def _tax_row(row: Taxable, place: int, settings: TaxSettings, carry: _Carry) -> Taxed:
    if row.includes_tax:
        price = _price_for_buyer(row, settings)
        if settings.algorithm == "unit":
            return _unit_with_tax(row, price, place, settings, carry)
        return _row_with_tax(row, price, place, settings, carry)
    if settings.algorithm == "unit":
        return _unit_without_tax(row, place, settings, carry)
    return _row_without_tax(row, place, settings, carry)


def _price_for_buyer(row: Taxable, settings: TaxSettings) -> Decimal:
    """The price with tax, at the buyer's rate; with cross-border trade it is the same for all."""
    price = rounded(row.unit_price)
    if settings.cross_border_trade or row.rate == row.store_rate:
        return price
    net = price / (1 + row.store_rate / 100)
    return rounded(net * (1 + row.rate / 100))


def _contained(amount: Decimal, rate: Decimal) -> Decimal:
    return amount - amount / (1 + rate / 100)


def _stage(settings: TaxSettings) -> str:
    return _BEFORE if settings.apply_after_discount else _AFTER


def _row_with_tax(
    row: Taxable, price_incl_tax: Decimal, place: int, settings: TaxSettings, carry: _Carry
) -> Taxed:
    incl_tax = price_incl_tax * row.quantity
    tax = carry.round(_contained(incl_tax, row.rate), row, _stage(settings), place)
    row_total = incl_tax - tax
    compensation = ZERO
    if settings.apply_after_discount:
        # Rows without a discount too: the carry of discounted rows before them moves their tax.
        taxable = max(incl_tax - row.discount, ZERO)
        tax_after = carry.round(_contained(taxable, row.rate), row, _AFTER, place)
        compensation, tax = tax - tax_after, tax_after
    return Taxed(
        rounded(row_total / row.quantity),
        price_incl_tax,
        row_total=row_total,
        row_total_incl_tax=incl_tax,
        tax=tax,
        compensation=compensation,
    )


def _row_without_tax(row: Taxable, place: int, settings: TaxSettings, carry: _Carry) -> Taxed:
    price = rounded(row.unit_price)
    row_total = price * row.quantity
    before = carry.round(row_total * row.rate / 100, row, _stage(settings), place)
    tax = before
    if settings.apply_after_discount:
        taxable = max(row_total - row.discount, ZERO)
        tax = carry.round(taxable * row.rate / 100, row, _AFTER, place)
    return Taxed(
        price,
        rounded((row_total + before) / row.quantity),
        row_total=row_total,
        row_total_incl_tax=row_total + before,
        tax=tax,
        compensation=ZERO,
    )


def _unit_with_tax(
    row: Taxable, price_incl_tax: Decimal, place: int, settings: TaxSettings, carry: _Carry
) -> Taxed:
    unit_tax = carry.round(_contained(price_incl_tax, row.rate), row, _stage(settings), place)
    price = price_incl_tax - unit_tax
    compensation = ZERO
    if row.discount and settings.apply_after_discount:
        taxable = max(price_incl_tax - row.discount / row.quantity, ZERO)
        after = carry.round(_contained(taxable, row.rate), row, _AFTER, place)
        compensation, unit_tax = (unit_tax - after) * row.quantity, after
    return Taxed(
        price,
        price_incl_tax,
        row_total=price * row.quantity,
        row_total_incl_tax=price_incl_tax * row.quantity,
        tax=unit_tax * row.quantity,
        compensation=compensation,
    )


def _unit_without_tax(row: Taxable, place: int, settings: TaxSettings, carry: _Carry) -> Taxed:
    price = rounded(row.unit_price)
    before = carry.round(price * row.rate / 100, row, _stage(settings), place)
    unit_tax = before
    if row.discount and settings.apply_after_discount:
        taxable = max(price - row.discount / row.quantity, ZERO)
        unit_tax = carry.round(taxable * row.rate / 100, row, _AFTER, place)
    return Taxed(
        price,
        price + before,
        row_total=price * row.quantity,
        row_total_incl_tax=(price + before) * row.quantity,
        tax=unit_tax * row.quantity,
        compensation=ZERO,
    )
