"""A priced basket as the order that the REST API serves.

Fields without a value are absent, `row_total` is served after discount with zero as its floor, and
the items stand in the order twice: observed on 2.4.7. Sums are `pricing`'s.
"""

from datetime import datetime
from decimal import Decimal

from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.sandbox.magento.documents import ZERO, Document, pence, present, stored
from kashmag.sandbox.magento.order_taxes import order_taxes
from kashmag.sandbox.magento.pricing import Row, Sums, price
from kashmag.sandbox.magento.shop import Shop, link_copies
from kashmag.sandbox.magento.taxing import Taxed

CURRENCIES = ("base_", "")


def place_order(shop: Shop, basket: Basket, moment: datetime) -> Document:
    """Make the order for a basket and take it in; stock is reserved by the caller."""
    view = shop.view(basket.store_id)
    sums = price(basket, shop.settings.tax, view.rate)
    entity_id = shop.count("order", shop.orders.next_id() - 1)
    stamp = shop.stamp(moment)
    order = _head(shop, basket, entity_id, stamp)
    order |= _totals(sums)
    order["items"] = _items(shop, sums, order, stamp)
    order |= _people(shop, basket, order)
    order["payment"] = _payment(basket, order)
    order["status_histories"] = []
    order["extension_attributes"] |= order_taxes(shop, sums, order)
    link_copies(order)
    shop.add("order", [order])
    return order


def _head(shop: Shop, basket: Basket, entity_id: int, stamp: str) -> Document:
    view = shop.view(basket.store_id)
    coupon = basket.coupon
    number = shop.number("order", basket.store_id)
    is_guest = basket.customer_id is None
    return present(
        {
            "applied_rule_ids": ",".join(str(rule.rule_id) for rule in basket.rules) or None,
            "base_currency_code": shop.settings.base_currency,
            "base_to_global_rate": 1,
            "base_to_order_rate": view.rate,
            "coupon_code": coupon.coupon if coupon else None,
            "created_at": stamp,
            "customer_email": basket.email,
            "customer_firstname": basket.billing.firstname,
            "customer_group_id": basket.customer_group,
            "customer_id": basket.customer_id,
            "customer_is_guest": int(is_guest),
            "customer_lastname": basket.billing.lastname,
            "customer_note_notify": 1,
            "customer_taxvat": basket.customer_taxvat,
            "discount_description": _labels(basket),
            "entity_id": entity_id,
            "global_currency_code": shop.settings.base_currency,
            "increment_id": number,
            "is_virtual": int(basket.is_virtual),
            "order_currency_code": view.currency,
            "protect_code": shop.digest("order", entity_id),
            "quote_id": entity_id,
            "remote_ip": "127.0.0.1",
            "shipping_description": None if basket.is_virtual else basket.shipping_description,
            "state": "new",
            "status": "pending",
            "store_currency_code": shop.settings.base_currency,
            "store_id": basket.store_id,
            "store_name": view.store_name,
            "store_to_base_rate": 0,
            "store_to_order_rate": 0,
            "updated_at": stamp,
        }
    )


def _labels(basket: Basket) -> str | None:
    labels = [rule.label or rule.coupon for rule in basket.rules]
    return ", ".join(label for label in labels if label) or None


def _totals(sums: Sums) -> Document:
    found: Document = {}
    for prefix, priced in zip(CURRENCIES, (sums.base, sums.order), strict=True):
        money = [
            taxed
            for row, taxed in zip(sums.rows, priced.taxed, strict=True)
            if row.carries_money and taxed
        ]
        shipping = priced.shipping
        subtotal = stored(sum((each.row_total for each in money), ZERO))
        compensation = stored(sum((each.compensation for each in money), ZERO))
        off = sum(priced.discounts, ZERO) + priced.shipping_discount
        shipping_compensation = shipping.compensation if shipping else ZERO
        tax = stored(sum((each.tax for each in money), shipping.tax if shipping else ZERO))
        amount = shipping.row_total if shipping else ZERO
        grand = stored(subtotal + compensation + shipping_compensation + tax + amount - off)
        short = "amnt" if prefix else "amount"
        found |= {
            f"{prefix}discount_amount": -off,
            f"{prefix}grand_total": grand,
            f"{prefix}discount_tax_compensation_amount": compensation,
            f"{prefix}shipping_amount": amount,
            f"{prefix}shipping_discount_amount": priced.shipping_discount,
            f"{prefix}shipping_discount_tax_compensation_{short}": shipping_compensation,
            f"{prefix}shipping_incl_tax": shipping.row_total_incl_tax if shipping else ZERO,
            f"{prefix}shipping_tax_amount": shipping.tax if shipping else ZERO,
            f"{prefix}subtotal": subtotal,
            f"{prefix}subtotal_incl_tax": stored(
                sum((each.row_total_incl_tax for each in money), ZERO)
            ),
            f"{prefix}tax_amount": tax,
            f"{prefix}total_due": grand,
        }
    top = [row for row in sums.rows if row.parent is None]
    found["total_item_count"] = sum(_count(row.line) for row in top)
    found["total_qty_ordered"] = sum((row.quantity for row in top), ZERO)
    found["weight"] = sum((row.quantity * _weight(row.line) for row in top), ZERO)
    return found


def _count(line: Line) -> int:
    # Observed: a bundle counts once for each of its children.
    return len(line.children) if line.product_type == "bundle" else 1


def _weight(line: Line) -> Decimal:
    if line.product_type == "bundle":
        return sum((child.weight * child.quantity for child in line.children), ZERO)
    return ZERO if line.is_virtual else line.weight


def _items(shop: Shop, sums: Sums, order: Document, stamp: str) -> list[Document]:
    ids = [shop.count("order_item", _highest_item(shop)) for _ in sums.rows]
    return [
        _item(sums, place, row, ids=ids, order=order, stamp=stamp)
        for place, row in enumerate(sums.rows)
    ]


def _highest_item(shop: Shop) -> int:
    if "order_item" in shop.shelf("counter"):
        return 0
    return max((item["item_id"] for order in shop.orders for item in order["items"]), default=0)


def _item(
    sums: Sums,
    place: int,
    row: Row,
    *,
    ids: list[int],
    order: Document,
    stamp: str,
) -> Document:
    line = row.line
    rules = order.get("applied_rule_ids") if row.parent is None else None
    found: Document = {
        "amount_refunded": 0,
        "applied_rule_ids": rules,
        "base_amount_refunded": 0,
        "base_cost": None if line.children else line.cost,
        "created_at": stamp,
        "discount_percent": sums.order.percents[place],
        "free_shipping": 0,
        "is_qty_decimal": int(row.quantity != row.quantity.to_integral_value()),
        "is_virtual": int(line.is_virtual),
        "item_id": ids[place],
        "name": line.name,
        "no_discount": 0,
        "order_id": order["entity_id"],
        "parent_item_id": None if row.parent is None else ids[row.parent],
        "product_id": line.product_id,
        "product_type": line.product_type,
        "qty_canceled": 0,
        "qty_invoiced": 0,
        "qty_ordered": row.quantity,
        "qty_refunded": 0,
        "qty_shipped": 0,
        "quote_item_id": ids[place],
        "row_weight": ZERO if row.parent is not None else row.quantity * _weight(line),
        "sku": line.sku,
        "store_id": order["store_id"],
        "tax_percent": None if line.has_dynamic_price else row.rate,
        "updated_at": stamp,
        "weight": _weight(line) if line.product_type == "bundle" else line.weight,
    }
    rate = order["base_to_order_rate"]
    for prefix, priced in zip(CURRENCIES, (sums.base, sums.order), strict=True):
        found |= _item_money(prefix, row, priced.taxed[place], priced.discounts[place])
        original = line.price if line.original_price is None else line.original_price
        if row.parent is None or row.carries_money:
            converted = original if prefix else pence(original * rate)
            if line.has_dynamic_price:
                taxed = priced.taxed[place]
                converted = taxed.price_incl_tax if taxed else ZERO
            found[f"{prefix}original_price"] = converted
    if row.parent is not None and not row.carries_money:
        found["original_price"] = 0
    found = present(found)
    found["extension_attributes"] = {"itemized_taxes": []}
    return found


def _item_money(prefix: str, row: Row, taxed: Taxed | None, taken: Decimal) -> Document:
    if taxed is None:
        return {
            f"{prefix}discount_amount": 0,
            f"{prefix}discount_invoiced": 0,
            f"{prefix}price": 0,
            f"{prefix}row_invoiced": 0,
            f"{prefix}row_total": 0,
            f"{prefix}row_total_incl_tax": 0,
            f"{prefix}tax_amount": 0,
            f"{prefix}tax_invoiced": 0,
        }
    incl_tax = taxed.row_total + taxed.tax + taxed.compensation
    return {
        f"{prefix}discount_amount": taken,
        f"{prefix}discount_invoiced": 0,
        f"{prefix}discount_tax_compensation_amount": (
            stored(taxed.compensation) if row.carries_money else None
        ),
        f"{prefix}price": taxed.price,
        f"{prefix}price_incl_tax": taxed.price_incl_tax,
        f"{prefix}row_invoiced": 0,
        f"{prefix}row_total": max(stored(taxed.row_total - taken), ZERO),
        f"{prefix}row_total_incl_tax": max(stored(incl_tax - taken), ZERO),
        f"{prefix}tax_amount": stored(taxed.tax),
        f"{prefix}tax_invoiced": 0,
    }


def _people(shop: Shop, basket: Basket, order: Document) -> Document:
    order_id = order["entity_id"]
    start = _highest_address(shop)
    assignment: Document = {"shipping": {"total": shipping_total(order)}, "items": order["items"]}
    if not basket.is_virtual:
        assignment["shipping"] = {
            "address": _address(
                basket.shipping or basket.billing,
                "shipping",
                basket.email,
                ids=(shop.count("order_address", start), order_id),
            ),
            "method": basket.shipping_method,
            **assignment["shipping"],
        }
    billing = _address(
        basket.billing,
        "billing",
        basket.email,
        ids=(shop.count("order_address", start), order_id),
    )
    return {
        "billing_address": billing,
        "billing_address_id": billing["entity_id"],
        "extension_attributes": {
            "shipping_assignments": [assignment],
            "payment_additional_info": [{"key": "method_title", "value": basket.payment_title}],
        },
    }


def _highest_address(shop: Shop) -> int:
    if "order_address" in shop.shelf("counter"):
        return 0
    return max((order.get("billing_address_id", 0) for order in shop.orders), default=0)


def shipping_total(order: Document) -> Document:
    """The shipping part of the totals, which an order repeats under its assignments."""
    return {
        name: value
        for name, value in order.items()
        if name.removeprefix("base_").startswith("shipping_")
        and name not in ("shipping_description", "shipping_address_id")
    }


def _address(address: Address, kind: str, email: str, *, ids: tuple[int, int]) -> Document:
    return present(
        {
            "address_type": kind,
            "city": address.city,
            "company": address.company,
            "country_id": address.country,
            "email": email,
            "entity_id": ids[0],
            "firstname": address.firstname,
            "lastname": address.lastname,
            "parent_id": ids[1],
            "postcode": address.postcode,
            "region": address.region,
            "region_code": address.region,
            "street": list(address.street),
            "vat_id": address.vat_id,
        }
    ) | {"telephone": address.telephone}


def _payment(basket: Basket, order: Document) -> Document:
    return {
        "account_status": None,
        "additional_information": [basket.payment_title],
        "amount_ordered": pence(order["grand_total"]),
        "base_amount_ordered": pence(order["base_grand_total"]),
        "base_shipping_amount": order["base_shipping_amount"],
        "cc_last4": None,
        "entity_id": order["entity_id"],
        "method": basket.payment_method,
        "parent_id": order["entity_id"],
        "shipping_amount": order["shipping_amount"],
    }
