"""A checkout as Magento computes it: carts to orders, invoices and credit memos as REST has them.

Written from Magento's published arithmetic (unit, row and total algorithms; prices with or without
tax; tax after or before discount), and by no means from `magento.reading`, so that the two can
disagree. What it makes is JSON; `magento.codec` turns it into records.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Final

from attrs import field, frozen

from kashmag.rest.codec import Json

_CENT: Final = Decimal("0.01")
_STORED: Final = Decimal("0.0001")
_NONE: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)


class Algorithm(Enum):
    """On what tax is computed and rounded: one unit, a row, or all rows of a percentage."""

    UNIT = "unit"
    ROW = "row"
    TOTAL = "total"


class Release(Enum):
    """Whose REST answers are imitated: what `row_total` means has changed (money.md, section 3)."""

    V2_3_0 = "2.3.0"
    V2_3_1 = "2.3.1"
    V2_4_7 = "2.4.7"
    V2_4_8 = "2.4.8"


@frozen(kw_only=True)
class TaxSettings:
    """The shop's tax configuration, as far as it changes figures."""

    algorithm: Algorithm = Algorithm.TOTAL
    prices_include_tax: bool = True
    shipping_includes_tax: bool = True
    tax_after_discount: bool = True
    shipping_rate: Decimal = Decimal(20)


@frozen(kw_only=True)
class CartLine:
    """So many of a product at a price as entered; `discount` is off the whole row."""

    price: Decimal
    quantity: Decimal = Decimal(1)
    rate: Decimal = Decimal(20)
    discount: Decimal = _NONE
    fixed_tax: Decimal = _NONE
    product_type: str = "simple"


@frozen(kw_only=True)
class Cart:
    """What is bought, and what carriage costs; `conversion` is order currency per base unit."""

    lines: tuple[CartLine, ...]
    shipping: Decimal = _NONE
    shipping_discount: Decimal = _NONE
    conversion: Decimal = Decimal(1)


@frozen(kw_only=True)
class Taxed:
    """One row, or shipping, as the tax totals leave it."""

    price: Decimal
    price_incl_tax: Decimal
    row: Decimal
    row_incl_tax: Decimal
    tax: Decimal
    compensation: Decimal
    discount: Decimal

    @property
    def gross(self) -> Decimal:
        """What is owed for it."""
        return self.row - self.discount + self.compensation + self.tax


@frozen
class _Carry:
    """What the total algorithm carries from row to row, per percentage and kind."""

    left: dict[tuple[Decimal, str], Decimal] = field(factory=dict)

    def round(self, amount: Decimal, rate: Decimal, kind: str) -> Decimal:
        key = (rate, kind)
        exact = amount + self.left.get(key, _NONE)
        rounded = _pence(exact)
        self.left[key] = exact - rounded
        return rounded


def compute(settings: TaxSettings, line: CartLine, carry: _Carry) -> Taxed:
    """Tax one row."""
    if settings.prices_include_tax:
        return _with_tax(settings, line, carry)
    return _without_tax(settings, line, carry)


def _with_tax(settings: TaxSettings, line: CartLine, carry: _Carry) -> Taxed:
    rate, quantity, incl = line.rate, line.quantity, _pence(line.price)
    discount = line.discount
    if settings.algorithm is Algorithm.UNIT:
        unit_tax = _pence(_inside(incl, rate))
        price, row, row_incl = incl - unit_tax, (incl - unit_tax) * quantity, incl * quantity
        tax = unit_tax * quantity
        left = max(incl - discount / quantity, _NONE)
        after = _pence(_inside(left, rate)) * quantity
    else:
        row_incl = incl * quantity
        if settings.algorithm is Algorithm.ROW:
            row_incl = _pence(row_incl)
            tax = _pence(_inside(row_incl, rate))
            after = _pence(_inside(max(row_incl - discount, _NONE), rate))
        else:
            first = "before" if settings.tax_after_discount else "after"
            tax = after = carry.round(_inside(row_incl, rate), rate, first)
            if settings.tax_after_discount:
                after = carry.round(_inside(max(row_incl - discount, _NONE), rate), rate, "after")
        row = row_incl - tax
        price = _pence(row / quantity)
    compensation = _NONE
    if settings.tax_after_discount:
        compensation, tax = tax - after, after
    return _stored(
        Taxed(
            price=price,
            price_incl_tax=incl,
            row=row,
            row_incl_tax=row_incl,
            tax=tax,
            compensation=compensation,
            discount=discount,
        )
    )


def _without_tax(settings: TaxSettings, line: CartLine, carry: _Carry) -> Taxed:
    rate, quantity, price = line.rate, line.quantity, _pence(line.price)
    row, discount = price * quantity, line.discount
    base = discount if settings.tax_after_discount else _NONE
    if settings.algorithm is Algorithm.UNIT:
        before = _pence(price * rate / _HUNDRED) * quantity
        tax = _pence(max(price - base / quantity, _NONE) * rate / _HUNDRED) * quantity
    elif settings.algorithm is Algorithm.ROW:
        row = _pence(row)
        before = _pence(row * rate / _HUNDRED)
        tax = _pence(max(row - base, _NONE) * rate / _HUNDRED)
    else:
        first = "before" if settings.tax_after_discount else "after"
        before = tax = carry.round(row * rate / _HUNDRED, rate, first)
        if settings.tax_after_discount:
            tax = carry.round(max(row - base, _NONE) * rate / _HUNDRED, rate, "after")
    return _stored(
        Taxed(
            price=price,
            price_incl_tax=_pence((row + before) / quantity),
            row=row,
            row_incl_tax=row + before,
            tax=tax,
            compensation=_NONE,
            discount=discount,
        )
    )


def _inside(amount: Decimal, rate: Decimal) -> Decimal:
    """The tax that is inside an amount."""
    return amount * rate / (_HUNDRED + rate)


def _pence(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _stored(taxed: Taxed) -> Taxed:
    def four(amount: Decimal) -> Decimal:
        return amount.quantize(_STORED, ROUND_HALF_UP)

    return Taxed(
        price=four(taxed.price),
        price_incl_tax=four(taxed.price_incl_tax),
        row=four(taxed.row),
        row_incl_tax=four(taxed.row_incl_tax),
        tax=four(taxed.tax),
        compensation=four(taxed.compensation),
        discount=four(taxed.discount),
    )


@frozen(kw_only=True)
class Totals:
    """A cart computed in one currency."""

    rows: tuple[Taxed, ...]
    shipping: Taxed
    fixed_taxes: tuple[Decimal, ...]

    @property
    def grand_total(self) -> Decimal:
        """What everything comes to."""
        goods = sum((row.gross for row in self.rows), _NONE)
        return goods + self.shipping.gross + sum(self.fixed_taxes, _NONE)


def total(settings: TaxSettings, cart: Cart, rate: Decimal = Decimal(1)) -> Totals:
    """Compute a cart, with prices and discounts converted and rounded first, as Magento does."""
    carry = _Carry()
    rows = []
    for line in cart.lines:
        converted = CartLine(
            price=_pence(line.price * rate),
            quantity=line.quantity,
            rate=line.rate,
            discount=_pence(line.discount * rate),
        )
        rows.append(compute(settings, converted, carry))
    shipping = CartLine(
        price=_pence(cart.shipping * rate),
        rate=settings.shipping_rate,
        discount=_pence(cart.shipping_discount * rate),
    )
    own = TaxSettings(
        algorithm=settings.algorithm,
        prices_include_tax=settings.shipping_includes_tax,
        tax_after_discount=settings.tax_after_discount,
    )
    levies = tuple(_pence(line.fixed_tax * rate) * line.quantity for line in cart.lines)
    return Totals(rows=tuple(rows), shipping=compute(own, shipping, carry), fixed_taxes=levies)


def order_json(
    settings: TaxSettings, cart: Cart, *, release: Release = Release.V2_4_7, invoiced: bool = False
) -> dict[str, Json]:
    """The order that a cart becomes, as REST serves it."""
    base, own = total(settings, cart), total(settings, cart, cart.conversion)
    is_foreign = cart.conversion != 1
    told: dict[str, Json] = {
        "entity_id": 12,
        "increment_id": "000000012",
        "state": "processing" if invoiced else "new",
        "store_id": 1,
        "base_currency_code": "GBP",
        "order_currency_code": "EUR" if is_foreign else "GBP",
        "base_to_order_rate": cart.conversion,
        "created_at": "2026-04-14 23:30:00",
        "customer_email": "robin@example.com",
        "customer_is_guest": 1,
        "items": [
            _item_json(at, cart.lines[at], base, own, release=release, invoiced=invoiced)
            for at in range(len(cart.lines))
        ],
        "billing_address": {
            "firstname": "Robin", "lastname": "Example", "country_id": "GB", "postcode": "ZZ99 1AA",
            "street": ["1 Invented Lane"], "city": "Sampleford",
        },
        "payment": {
            "method": "checkmo",
            "amount_ordered": _pence(own.grand_total),
            "base_amount_ordered": _pence(base.grand_total),
        },
        "extension_attributes": _taxes_json(settings, cart, base, own),
    }  # fmt: skip
    return told | _totals_json(base, "base_") | _totals_json(own, "")


def _totals_json(totals: Totals, prefix: str) -> dict[str, Json]:
    rows, shipping = totals.rows, totals.shipping
    spelling = "amnt" if prefix else "amount"
    discount = sum((row.discount for row in rows), _NONE) + shipping.discount
    tax = sum((row.tax for row in rows), _NONE) + shipping.tax
    told: dict[str, Json] = {
        "subtotal": sum((row.row for row in rows), _NONE),
        "discount_amount": -discount,
        "tax_amount": tax,
        "discount_tax_compensation_amount": sum((row.compensation for row in rows), _NONE),
        "shipping_amount": shipping.row,
        "shipping_tax_amount": shipping.tax,
        "shipping_incl_tax": shipping.row_incl_tax,
        "shipping_discount_amount": shipping.discount,
        f"shipping_discount_tax_compensation_{spelling}": shipping.compensation,
        "grand_total": totals.grand_total,
    }
    return {prefix + name: value for name, value in told.items()}


def _item_json(
    at: int, line: CartLine, base: Totals, own: Totals, *, release: Release, invoiced: bool
) -> dict[str, Json]:
    told: dict[str, Json] = {
        "item_id": 100 + at,
        "sku": f"SKU-{at}",
        "name": f"Thing {at}",
        "product_type": line.product_type,
        "qty_ordered": line.quantity,
        "qty_invoiced": line.quantity if invoiced else 0,
        "tax_percent": line.rate,
    }
    if line.fixed_tax:
        unit, base_unit = (t.fixed_taxes[at] / line.quantity for t in (own, base))
        told |= {
            "weee_tax_applied": (
                f'[{{"title": "Levy", "amount": {unit}, "row_amount": {own.fixed_taxes[at]}, '
                f'"amount_incl_tax": {unit}, "row_amount_incl_tax": {own.fixed_taxes[at]}, '
                f'"base_amount": {base_unit}, "base_row_amount": {base.fixed_taxes[at]}, '
                f'"base_amount_incl_tax": {base_unit}, '
                f'"base_row_amount_incl_tax": {base.fixed_taxes[at]}}}]'
            ),
            "weee_tax_applied_row_amount": own.fixed_taxes[at],
            "base_weee_tax_applied_row_amnt": base.fixed_taxes[at],
        }
    for prefix, totals in (("base_", base), ("", own)):
        row, levy = totals.rows[at], totals.fixed_taxes[at]
        if prefix:
            levy /= line.quantity  # in base currency the levy of one unit only (money.md)
        named = {
            "price": row.price,
            "price_incl_tax": row.price_incl_tax,
            "discount_amount": row.discount,
            "tax_amount": row.tax,
            "discount_tax_compensation_amount": row.compensation,
            "row_invoiced": row.row if invoiced else _NONE,
            **_row_totals(row, levy, release),
        }
        told |= {prefix + name: value for name, value in named.items()}
    return told


def _row_totals(row: Taxed, levy: Decimal, release: Release) -> dict[str, Decimal]:
    """The two totals of a row as a release serves them."""
    if release is Release.V2_3_0:
        return {"row_total": row.row, "row_total_incl_tax": row.row_incl_tax}
    after = row.row - row.discount
    with_tax = row.gross + levy
    if release is Release.V2_3_1:
        return {"row_total": after, "row_total_incl_tax": with_tax}
    if release is Release.V2_4_8:
        after = row.price - row.discount
    return {"row_total": max(after, _NONE), "row_total_incl_tax": max(with_tax, _NONE)}


def _taxes_json(settings: TaxSettings, cart: Cart, base: Totals, own: Totals) -> dict[str, Json]:
    """The order's taxes by percentage and by thing; a rate of 0 % leaves no trace."""
    things: list[tuple[str, int | None, Decimal, Decimal, Decimal]] = [
        ("product", 100 + at, line.rate, base.rows[at].tax, own.rows[at].tax)
        for at, line in enumerate(cart.lines)
    ]
    things.append(("shipping", None, settings.shipping_rate, base.shipping.tax, own.shipping.tax))
    applied: dict[Decimal, tuple[Decimal, Decimal]] = {}
    listed: list[Json] = []
    for kind, item_id, rate, in_base, in_own in things:
        if not rate:
            continue
        so_far = applied.get(rate, (_NONE, _NONE))
        applied[rate] = (so_far[0] + in_base, so_far[1] + in_own)
        tax: dict[str, Json] = {"percent": rate, "amount": in_own, "base_amount": in_base}
        thing: dict[str, Json] = {"type": kind, "applied_taxes": [tax]}
        listed.append(thing if item_id is None else {**thing, "item_id": item_id})
    return {
        "applied_taxes": [
            {"percent": rate, "base_amount": in_base, "amount": in_own}
            for rate, (in_base, in_own) in applied.items()
        ],
        "item_applied_taxes": listed,
    }


def document_json(
    settings: TaxSettings, cart: Cart, quantities: Sequence[Decimal], *, kind: str, number: int
) -> dict[str, Json]:
    """An invoice (`kind` "invoice") or credit memo ("memo") of some or all of an order.

    Rows are taken by the share of their quantity, rounded half up to stored decimals, as one
    document alone would be. Shipping is in the document with the `number` 1.
    """
    base, own = total(settings, cart), total(settings, cart, cart.conversion)
    told: dict[str, Json] = {
        "entity_id": number,
        "increment_id": f"{number:09d}",
        "order_id": 12,
        "state": 2,
        "created_at": "2026-04-15 09:00:00",
        "base_currency_code": "GBP",
        "order_currency_code": "EUR" if cart.conversion != 1 else "GBP",
    }
    items: list[dict[str, Json]] = [
        {"order_item_id": 100 + at, "sku": f"SKU-{at}", "name": f"Thing {at}", "qty": quantity}
        for at, quantity in enumerate(quantities)
    ]
    for prefix, totals in (("base_", base), ("", own)):
        parts = [
            _part(row, quantity / line.quantity)
            for row, quantity, line in zip(totals.rows, quantities, cart.lines, strict=True)
        ]
        for item, part in zip(items, parts, strict=True):
            item |= {
                f"{prefix}row_total": part.row,
                f"{prefix}row_total_incl_tax": part.row_incl_tax,
                f"{prefix}discount_amount": part.discount,
                f"{prefix}tax_amount": part.tax,
                f"{prefix}discount_tax_compensation_amount": part.compensation,
            }
        shipping = totals.shipping if number == 1 else _part(totals.shipping, _NONE)
        told |= _document_totals(parts, shipping, prefix, kind)
    return {**told, "items": [*items]}


def _part(row: Taxed, share: Decimal) -> Taxed:
    return _stored(
        Taxed(
            price=row.price,
            price_incl_tax=row.price_incl_tax,
            row=row.row * share,
            row_incl_tax=row.row_incl_tax * share,
            tax=row.tax * share,
            compensation=row.compensation * share,
            discount=row.discount * share,
        )
    )


def _document_totals(
    parts: Sequence[Taxed], shipping: Taxed, prefix: str, kind: str
) -> dict[str, Json]:
    """The totals; a memo's compensation has shipping's in it (money.md, section 5)."""
    compensation = sum((part.compensation for part in parts), _NONE)
    spelling = "amnt" if prefix else "amount"
    own: dict[str, Json] = {f"shipping_discount_tax_compensation_{spelling}": shipping.compensation}
    if kind == "memo":
        own, compensation = {}, compensation + shipping.compensation
    told: dict[str, Json] = {
        "subtotal": sum((part.row for part in parts), _NONE),
        "discount_amount": -sum((part.discount for part in parts), shipping.discount),
        "tax_amount": sum((part.tax for part in parts), shipping.tax),
        "discount_tax_compensation_amount": compensation,
        "shipping_amount": shipping.row,
        "shipping_tax_amount": shipping.tax,
        "shipping_incl_tax": shipping.row_incl_tax,
        "grand_total": sum((part.gross for part in parts), shipping.gross),
        **own,
    }
    return {prefix + name: value for name, value in told.items()}
