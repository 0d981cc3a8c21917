"""What a basket comes to in one currency: rows, shipping, discounts, tax.

Unit prices are converted and rounded before they are multiplied, so base and order currency are
worked out apart. How an order shows it is `ordering`'s.
"""

from collections.abc import Sequence
from decimal import Decimal

from attrs import evolve, field, frozen

from kashmag.sandbox.magento.baskets import Basket, Line
from kashmag.sandbox.magento.discounting import (
    Discountable,
    Discounts,
    Weights,
    discount,
)
from kashmag.sandbox.magento.documents import ZERO
from kashmag.sandbox.magento.settings import TaxSettings
from kashmag.sandbox.magento.taxing import Taxable, Taxed, rounded, sum_of_children, tax_rows


@frozen
class Row:
    """One row of the basket, parents and children alike, as the order will list them."""

    line: Line
    quantity: Decimal
    parent: int | None = field(kw_only=True)
    """The place of the parent among the rows."""
    carries_money: bool = field(kw_only=True)
    rate: Decimal = field(default=ZERO, kw_only=True)
    tax_code: str = field(default="", kw_only=True)


@frozen
class Priced:
    """The sums of a basket in one currency; the tuples run along the rows."""

    taxed: tuple[Taxed | None, ...]
    discounts: tuple[Decimal, ...]
    percents: tuple[Decimal, ...]
    shipping: Taxed | None
    shipping_discount: Decimal


@frozen
class Sums:
    """The rows of a basket and what they come to in base and in order currency."""

    rows: tuple[Row, ...]
    base: Priced
    order: Priced
    shipping_rate: Decimal
    shipping_code: str


def price(basket: Basket, settings: TaxSettings, rate: Decimal) -> Sums:
    """Work a basket out in both currencies; `rate` is what one unit of base currency buys."""
    rows = tuple(_rows(basket, settings))
    country = basket.destination.country
    shipping = _rate(basket, settings, settings.shipping_tax_class)
    in_base = _Currency(basket, settings, rows, rate=Decimal(1), shipping_rate=shipping)
    in_order = _Currency(basket, settings, rows, rate=rate, shipping_rate=shipping)
    base_rows = in_base.discountables(None)
    order_rows = in_order.discountables(base_rows)
    subtotal = sum((row.row_total for row in in_base.plain), ZERO)
    weights = Weights(
        subtotal,
        in_order.plain_shipping.row_total if in_order.plain_shipping else ZERO,
        in_order.shipping_price,
    )
    return Sums(
        rows,
        in_base.priced(base_rows, weights),
        in_order.priced(order_rows, weights),
        shipping_rate=shipping,
        shipping_code=tax_code(country, shipping),
    )


def tax_code(country: str, rate: Decimal) -> str:
    """The code of a tax rate, as the shop's tax rates are named."""
    return f"{country}-VAT-{rate.normalize():f}"


class _Currency:
    """One currency's way through the sums."""

    def __init__(
        self,
        basket: Basket,
        settings: TaxSettings,
        rows: Sequence[Row],
        *,
        rate: Decimal,
        shipping_rate: Decimal,
    ) -> None:
        self._basket = basket
        self._settings = settings
        self._rows = rows
        self._rate = rate
        self._shipping_rate = shipping_rate
        self._taxables = [self._taxable(row) for row in rows if row.carries_money]
        self.plain = tax_rows(self._taxables, settings)
        shipping = self._shipping_taxable(ZERO)
        self.plain_shipping = tax_rows([shipping], settings)[0] if shipping else None

    @property
    def shipping_price(self) -> Decimal:
        """The shipping as discounts see it."""
        if self.plain_shipping is None:
            return ZERO
        if self._settings.discount_tax:
            return self.plain_shipping.row_total_incl_tax
        return self.plain_shipping.row_total

    def discountables(self, base: Sequence[Discountable] | None) -> list[Discountable]:
        """The rows as the cart rules see them."""
        found: list[Discountable] = []
        for place, (row, taxed) in enumerate(zip(self._money(), self.plain, strict=True)):
            each = taxed.price_incl_tax if self._settings.discount_tax else taxed.price
            parent = None if row.parent is None else self._rows[row.parent].line
            found.append(
                Discountable(
                    each,
                    row.quantity,
                    base_price=each if base is None else base[place].base_price,
                    rules=(parent or row.line).rules,
                )
            )
        return found

    def priced(self, rows: Sequence[Discountable], weights: Weights) -> Priced:
        """Everything, after discount."""
        off = (
            discount(
                rows,
                self._basket.rules,
                shipping=self.shipping_price,
                weights=weights,
                rate=self._rate,
            )
            if self._basket.rules
            else Discounts((ZERO,) * len(rows), ZERO, percents=(ZERO,) * len(rows))
        )
        taxables = [
            evolve(taxable, discount=taken)
            for taxable, taken in zip(self._taxables, off.rows, strict=True)
        ]
        shipping = self._shipping_taxable(off.shipping)
        taxed = tax_rows(taxables if shipping is None else [*taxables, shipping], self._settings)
        return self._spread(taxed, off, has_shipping=shipping is not None)

    def _spread(self, taxed: Sequence[Taxed], off: Discounts, *, has_shipping: bool) -> Priced:
        """Lay the money out over all rows, with sums for the parents of dynamic bundles."""
        results: list[Taxed | None] = []
        discounts: list[Decimal] = []
        percents: list[Decimal] = []
        place = 0
        for row in self._rows:
            if row.carries_money:
                results.append(taxed[place])
                discounts.append(off.rows[place])
                percents.append(off.percents[place])
                place += 1
            else:
                results.append(None)
                discounts.append(ZERO)
                percents.append(ZERO)
        for here, row in enumerate(self._rows):
            if row.line.has_dynamic_price:
                children = [
                    each
                    for child, each in zip(self._rows, results, strict=True)
                    if child.parent == here and each is not None
                ]
                results[here] = sum_of_children(children, row.quantity)
        return Priced(
            tuple(results),
            tuple(discounts),
            tuple(percents),
            taxed[-1] if has_shipping else None,
            off.shipping,
        )

    def _money(self) -> list[Row]:
        return [row for row in self._rows if row.carries_money]

    def _taxable(self, row: Row) -> Taxable:
        return Taxable(
            rounded(row.line.price * self._rate),
            row.quantity,
            rate=row.rate,
            store_rate=_store_rate(self._settings, row.line.tax_class),
            tax_key=row.tax_code,
            includes_tax=self._settings.price_includes_tax,
        )

    def _shipping_taxable(self, taken: Decimal) -> Taxable | None:
        if self._basket.is_virtual:
            return None
        free = any(rule.free_shipping for rule in self._basket.rules)
        return Taxable(
            ZERO if free else rounded(self._basket.shipping_price * self._rate),
            Decimal(1),
            rate=self._shipping_rate,
            store_rate=_store_rate(self._settings, self._settings.shipping_tax_class),
            tax_key=tax_code(self._basket.destination.country, self._shipping_rate),
            includes_tax=self._settings.shipping_includes_tax,
            discount=taken,
        )


def _rows(basket: Basket, settings: TaxSettings) -> list[Row]:
    found: list[Row] = []
    for line in basket.lines:
        here = len(found)
        dynamic = line.has_dynamic_price
        found.append(
            _row(basket, settings, line, line.quantity, parent=None, carries_money=not dynamic)
        )
        found.extend(
            _row(
                basket,
                settings,
                child,
                child.quantity * line.quantity,
                parent=here,
                carries_money=dynamic,
            )
            for child in line.children
        )
    return found


def _row(
    basket: Basket,
    settings: TaxSettings,
    line: Line,
    quantity: Decimal,
    *,
    parent: int | None,
    carries_money: bool,
) -> Row:
    rate = _rate(basket, settings, line.tax_class) if carries_money else ZERO
    code = tax_code(basket.destination.country, rate)
    return Row(line, quantity, parent=parent, carries_money=carries_money, rate=rate, tax_code=code)


def _rate(basket: Basket, settings: TaxSettings, tax_class: int) -> Decimal:
    if basket.tax_exempt:
        return ZERO
    return settings.rates.get(basket.destination.country, {}).get(tax_class, ZERO)


def _store_rate(settings: TaxSettings, tax_class: int) -> Decimal:
    return settings.rates.get(settings.default_country, {}).get(tax_class, ZERO)
