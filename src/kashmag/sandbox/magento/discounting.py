"""Cart rules: what is taken off each row, and off the shipping.

Percentages carry their rounding from row to row; an amount off the whole cart is shared out by row
value, the last row taking what is left. Tax on what remains is `taxing`'s.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from attrs import field, frozen

from kashmag.sandbox.magento.documents import ZERO
from kashmag.sandbox.magento.taxing import rounded

Action = Literal["by_percent", "by_fixed", "cart_fixed", "buy_x_get_y"]


@frozen
class CartRule:
    """A promotion: what it takes off, and whether off the shipping too."""

    rule_id: int
    action: Action
    amount: Decimal = field(kw_only=True)
    """Per cent, base currency a piece, base currency a cart, or pieces that are free."""
    step: Decimal = field(default=ZERO, kw_only=True)
    """How many pieces must be bought for the free ones."""
    apply_to_shipping: bool = field(default=False, kw_only=True)
    free_shipping: bool = field(default=False, kw_only=True)
    coupon: str | None = field(default=None, kw_only=True)
    label: str | None = field(default=None, kw_only=True)


@frozen
class Discountable:
    """A row as the rules see it, in one currency."""

    price: Decimal
    """What the discount is taken on: with tax or without, as the shop is configured."""
    quantity: Decimal
    base_price: Decimal = field(kw_only=True)
    rules: frozenset[int] | None = field(default=None, kw_only=True)
    """The rules whose conditions the row meets; None for all."""

    def meets(self, rule: CartRule) -> bool:
        """Whether the rule applies to the row."""
        return self.rules is None or rule.rule_id in self.rules


@frozen
class Weights:
    """How an amount off the cart is shared between the goods and the shipping.

    Observed: the shipping is weighed in the order's currency against base amounts, and its share is
    worked out apart from those of the rows, so that the shares need not come to the rule's amount.
    """

    subtotal: Decimal
    """The goods in base currency, without tax."""
    shipping: Decimal
    """The shipping in the order's currency, without tax."""
    shipping_price: Decimal
    """The same as discounts see it: with tax where discounts are taken on prices with tax."""


@frozen
class Discounts:
    """What the rules take off."""

    rows: tuple[Decimal, ...]
    shipping: Decimal
    percents: tuple[Decimal, ...] = field(kw_only=True)


def discount(
    rows: Sequence[Discountable],
    rules: Sequence[CartRule],
    *,
    shipping: Decimal,
    weights: Weights,
    rate: Decimal,
) -> Discounts:
    """Apply rules one after another; `rate` turns base amounts into the currency of the rows."""
    taken = [ZERO] * len(rows)
    percents = [ZERO] * len(rows)
    off_shipping = ZERO
    carry: dict[Decimal, Decimal] = {}
    for rule in rules:
        matching = [place for place, row in enumerate(rows) if row.meets(rule)]
        worth = {p: rows[p].base_price * rows[p].quantity - taken[p] / rate for p in matching}
        shares = _shares(rule, len(rows), worth, weights)
        for place in matching:
            row = rows[place]
            if rule.action == "by_percent":
                percents[place] = min(Decimal(100), percents[place] + rule.amount)
            exact = _exact(rule, row, taken[place], rate * shares[place])
            key = percents[place]
            if key:
                exact += carry.get(key, ZERO)
                carry[key] = exact - rounded(exact)
            whole = row.price * row.quantity
            taken[place] = min(taken[place] + rounded(exact), rounded(whole))
        if rule.apply_to_shipping:
            share = _shipping_share(rule, shipping - off_shipping, rate, shares[-1])
            off_shipping = min(off_shipping + share, shipping)
    return Discounts(tuple(taken), off_shipping, percents=tuple(percents))


def _exact(rule: CartRule, row: Discountable, taken: Decimal, share: Decimal) -> Decimal:
    if rule.action == "by_percent":
        return (row.price * row.quantity - taken) * rule.amount / 100
    if rule.action == "by_fixed":
        return share * row.quantity
    if rule.action == "cart_fixed":
        return share
    return row.price * _free_pieces(rule, row.quantity)


def _free_pieces(rule: CartRule, quantity: Decimal) -> Decimal:
    whole, rest = divmod(quantity, rule.step + rule.amount)
    return whole * rule.amount + max(rest - rule.step, ZERO)


def _shares(
    rule: CartRule, count: int, values: Mapping[int, Decimal], weights: Weights
) -> list[Decimal]:
    """What a rule gives each row in base currency, the shipping's share being the last.

    `values` are what the matching rows still cost, in base currency.
    """
    if rule.action == "by_fixed":
        return [rule.amount] * (count + 1)
    shares = [ZERO] * (count + 1)
    if rule.action != "cart_fixed":
        return shares
    whole = sum(values.values(), ZERO)
    if rule.apply_to_shipping:
        whole += weights.shipping_price
    left, carried = rule.amount, ZERO
    for place in values:
        is_last = place == max(values) and not rule.apply_to_shipping
        exact = rule.amount * values[place] / whole + carried if whole else ZERO
        share = left if is_last else rounded(exact)
        carried = exact - share
        shares[place] = min(share, values[place])
        left -= shares[place]
    if rule.apply_to_shipping and weights.shipping:
        share = weights.shipping / (weights.subtotal + weights.shipping)
        shares[-1] = rounded(rule.amount * share)
    return shares


def _shipping_share(rule: CartRule, shipping: Decimal, rate: Decimal, share: Decimal) -> Decimal:
    if rule.action == "by_percent":
        return rounded(shipping * rule.amount / 100)
    if rule.action == "buy_x_get_y":
        return ZERO
    return rounded(rate * share) if rule.action == "by_fixed" else share
