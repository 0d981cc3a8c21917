"""What is asked of a refund, and what it gives back of the shipping.

Observed, and kept: a refund that names its shipping amount takes off the proportional share of the
shipping's discount, one that does not takes off too much. The memo itself is `crediting`'s.
"""

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.sandbox.magento.amounts import carries_money, compensation_name, total
from kashmag.sandbox.magento.answers import bad_request
from kashmag.sandbox.magento.documents import ZERO, Document, amount, pence


@frozen
class Refund:
    """What is asked for; amounts in base currency."""

    quantities: Mapping[int, Decimal] | None = None
    """By item number; None for all that is left."""
    shipping: Decimal | None = field(default=None, kw_only=True)
    """Without tax; None for all that is left, by Magento's other route."""
    adjustment_positive: Decimal = field(default=ZERO, kw_only=True)
    adjustment_negative: Decimal = field(default=ZERO, kw_only=True)
    names_adjustments: bool = field(default=False, kw_only=True)


@frozen
class RefundedShipping:
    """The shipping part of a memo in one currency."""

    net: Decimal
    incl_tax: Decimal
    tax: Decimal
    hidden: Decimal
    off: Decimal


def refunded_shipping(order: Document, refund: Refund, prefix: str) -> RefundedShipping:
    """What a refund gives back of the shipping in one currency, or a refusal of too much."""
    whole = amount(order[f"{prefix}shipping_amount"])
    base_whole = amount(order["base_shipping_amount"])
    done = amount(order.get(f"{prefix}shipping_refunded"))
    base_left = base_whole - amount(order.get("base_shipping_refunded"))
    incl_tax = amount(order[f"{prefix}shipping_incl_tax"])
    tax = amount(order[f"{prefix}shipping_tax_amount"])
    hidden = amount(order.get(compensation_name(prefix)))
    off = amount(order.get(f"{prefix}shipping_discount_amount"))
    tax_left = tax - amount(order.get(f"{prefix}shipping_tax_refunded"))
    if refund.shipping is None:
        if not base_left:
            return RefundedShipping(ZERO, ZERO, ZERO, ZERO, ZERO)
        # Seen in the real shop: the total with tax is before, the tax after the discount, and what
        # was refunded before does not count.
        base_share = _base_share(order) * whole / base_whole
        net = whole - done
        hidden_left = hidden - _hidden_refunded(order, prefix)
        shown = incl_tax - done - (tax - tax_left) if prefix else net + tax_left
        return RefundedShipping(net, shown, tax_left, hidden_left, base_share)
    if refund.shipping > base_left:
        raise bad_request(
            "Maximum shipping amount allowed to refund is: %1", [f"{base_left.normalize():f}"]
        )
    if not refund.shipping:
        return RefundedShipping(ZERO, ZERO, ZERO, ZERO, ZERO)
    part = refund.shipping / base_whole
    net = pence(whole * part) if refund.shipping != base_left else whole - done
    is_all = refund.shipping == base_left
    return RefundedShipping(
        net,
        pence(incl_tax * part),
        tax_left if is_all else pence(tax * part),
        hidden if part == 1 else pence(hidden * part),
        off * part,
    )


def _base_share(order: Document) -> Decimal:
    """What an unnamed refund of shipping takes off for its discount, in base currency."""
    whole = amount(order["base_shipping_amount"])
    counted = amount(order["base_shipping_incl_tax"]) - amount(order["base_shipping_tax_amount"])
    return amount(order.get("base_shipping_discount_amount")) * counted / whole


def _hidden_refunded(order: Document, prefix: str) -> Decimal:
    name = f"{prefix}discount_tax_compensation_refunded"
    rows = [item for item in order["items"] if carries_money(order, item)]
    return amount(order.get(name)) - total(rows, name)
