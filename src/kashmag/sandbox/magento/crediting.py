"""Credit memos: what a refund comes to, by Magento's rules, oddities included.

The last one takes what is left of each row. Adjustments carry no tax. Discounted shipping: a refund
that names its amount takes off the proportional share of the discount, one that does not takes off
too much, as the real shop does.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from kashmag.sandbox.magento.amounts import (
    CURRENCIES,
    Part,
    Share,
    carries_money,
    children_of,
    is_dynamic,
    spread,
    spread_incl_tax,
    total,
)
from kashmag.sandbox.magento.answers import bad_request
from kashmag.sandbox.magento.documents import ZERO, Document, amount, pence, present, stored
from kashmag.sandbox.magento.histories import add_history
from kashmag.sandbox.magento.invoicing import shipping_address_id
from kashmag.sandbox.magento.refunding import Refund, refunded_shipping
from kashmag.sandbox.magento.shop import Shop
from kashmag.sandbox.magento.states import can_refund, touch, wrap_up

_HEADING = "Creditmemo Document Validation Error(s):\n"
_PARTS: Final = (
    Part("row_total", "row_invoiced", "amount_refunded"),
    Part("discount_amount", "discount_invoiced", "discount_refunded", True, True),
    Part("tax_amount", "tax_invoiced", "tax_refunded"),
    Part(
        "discount_tax_compensation_amount",
        "discount_tax_compensation_invoiced",
        "discount_tax_compensation_refunded",
    ),
)
_SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$"}


def refund_order(shop: Shop, order: Document, refund: Refund) -> Document:
    """Make the credit memo, or refuse as the real shop does."""
    quantities = _quantities(order, refund)
    memo = _make(shop, order, quantities, refund)
    _check_money(order, memo)
    shop.add("credit_memo", [memo])
    _book(order, memo)
    _note(shop, order, memo)
    touch(shop, order, [entry["order_item_id"] for entry in memo["items"]])
    wrap_up(order)
    for history in order["status_histories"][:1]:
        history["status"] = order["status"]
    shop.add("order", [order])
    return memo


def _quantities(order: Document, refund: Refund) -> dict[int, Decimal]:
    items = {item["item_id"]: item for item in order["items"]}
    wanted = refund.quantities
    if wanted is None:
        return {
            item_id: _refundable(item) for item_id, item in items.items() if _refundable(item) > 0
        }
    if set(wanted) - set(items):
        raise bad_request(
            _HEADING
            + "The creditmemo contains product item that is not part of the original order."
        )
    found: dict[int, Decimal] = {}
    for item_id, quantity in wanted.items():
        item = items[item_id]
        if is_dynamic(order, item):
            raise bad_request(_HEADING + "The creditmemo contains incorrect product items.")
        if quantity > _refundable(item):
            raise bad_request(
                'We found an invalid quantity to refund item "%1".', [str(item["name"])]
            )
        if quantity != quantity.to_integral_value() and not item["is_qty_decimal"]:
            raise bad_request(
                _HEADING + f'We found an invalid quantity to refund item "{item["sku"]}".'
            )
        found[item_id] = quantity
    for item_id, quantity in list(found.items()):
        item = items[item_id]
        for child in children_of(order, item):
            share = amount(child["qty_ordered"]) / amount(item["qty_ordered"])
            found.setdefault(child["item_id"], quantity * share)
        parent = item.get("parent_item_id")
        if parent is not None:
            # The parent of a refunded child comes along with all its quantity.
            found.setdefault(parent, _refundable(items[parent]))
    return {item_id: found[item_id] for item_id in items if item_id in found}


def _refundable(item: Document) -> Decimal:
    return max(amount(item["qty_invoiced"]) - amount(item["qty_refunded"]), ZERO)


def _make(
    shop: Shop, order: Document, quantities: Mapping[int, Decimal], refund: Refund
) -> Document:
    if not can_refund(order):
        raise bad_request(
            _HEADING + "A creditmemo can not be created when an order has a status of "
            f"{order['status']}"
        )
    entity_id = shop.count("credit_memo", shop.credit_memos.next_id() - 1)
    items = _items(shop, order, quantities, entity_id)
    stamp = shop.stamp()
    memo: Document = {
        "base_currency_code": order["base_currency_code"],
        "base_to_global_rate": order["base_to_global_rate"],
        "base_to_order_rate": order["base_to_order_rate"],
        "billing_address_id": order["billing_address_id"],
        "created_at": stamp,
        "discount_description": order.get("discount_description"),
        "entity_id": entity_id,
        "global_currency_code": order["global_currency_code"],
        "order_currency_code": order["order_currency_code"],
        "order_id": order["entity_id"],
        "shipping_address_id": shipping_address_id(order),
        "state": 2,
        "store_currency_code": order["store_currency_code"],
        "store_id": order["store_id"],
        "store_to_base_rate": order["store_to_base_rate"],
        "store_to_order_rate": order["store_to_order_rate"],
        "updated_at": stamp,
    }
    is_last = all(
        quantities.get(item["item_id"], ZERO) == _refundable(item)
        for item in order["items"]
        if carries_money(order, item)
    )
    for prefix in CURRENCIES:
        memo |= _sums(order, items, refund, prefix, is_last=is_last)
    memo["increment_id"] = shop.number("credit_memo", order["store_id"])
    return present(memo) | {"items": items, "comments": []}


def _items(
    shop: Shop, order: Document, quantities: Mapping[int, Decimal], memo_id: int
) -> list[Document]:
    found: list[Document] = []
    shares: list[Share] = []
    for item in order["items"]:
        if item["item_id"] not in quantities:
            continue
        quantity = quantities[item["item_id"]]
        entry = present(
            {
                "base_price": item["base_price"],
                "base_price_incl_tax": item.get("base_price_incl_tax"),
                "entity_id": shop.count("credit_memo_item", _highest_item(shop)),
                "name": item["name"],
                "order_item_id": item["item_id"],
                "parent_id": memo_id,
                "price": item["price"],
                "price_incl_tax": item.get("price_incl_tax"),
                "product_id": item.get("product_id"),
                "qty": quantity,
                "sku": item["sku"],
            }
        )
        entry["base_cost"] = item.get("base_cost")
        found.append(entry)
        if carries_money(order, item):
            shares.append(Share(item, entry, _refundable(item)))
            entry |= {
                "base_weee_tax_row_disposition": 0,
                "weee_tax_applied": "[]",
                "weee_tax_applied_row_amount": 0,
                "weee_tax_row_disposition": 0,
            }
    for prefix in CURRENCIES:
        spread(shares, _PARTS, prefix, whole_of=_whole_of)
        spread_incl_tax(shares, prefix, shop.settings.tax)
    return found


def _whole_of(item: Document, prefix: str, name: str) -> Decimal:
    return amount(item.get(f"{prefix}{name}"))


def _highest_item(shop: Shop) -> int:
    if "credit_memo_item" in shop.shelf("counter"):
        return 0
    memos = shop.credit_memos
    return max((item["entity_id"] for memo in memos for item in memo["items"]), default=0)


def _sums(
    order: Document, items: list[Document], refund: Refund, prefix: str, *, is_last: bool
) -> Document:
    shipping = refunded_shipping(order, refund, prefix)
    rate = Decimal(1) if prefix else amount(order["base_to_order_rate"])
    plus = pence(refund.adjustment_positive * rate)
    minus = pence(refund.adjustment_negative * rate)
    subtotal = total(items, f"{prefix}row_total")
    off = total(items, f"{prefix}discount_amount") + shipping.off
    tax = total(items, f"{prefix}tax_amount") + shipping.tax
    hidden = total(items, f"{prefix}discount_tax_compensation_amount") + shipping.hidden
    invoiced = amount(order.get(f"{prefix}tax_invoiced"))
    allowed = invoiced - amount(order.get(f"{prefix}tax_refunded"))
    shipping_done = amount(order.get(f"{prefix}shipping_refunded")) + shipping.net
    takes_all = is_last and shipping_done == amount(order[f"{prefix}shipping_amount"])
    tax = allowed if takes_all else min(tax, allowed)
    grand = stored(subtotal + tax + shipping.net + hidden - off + plus - minus)
    found: Document = {
        f"{prefix}adjustment": plus - minus,
        f"{prefix}discount_amount": -stored(off),
        f"{prefix}grand_total": grand,
        f"{prefix}discount_tax_compensation_amount": hidden,
        f"{prefix}shipping_amount": shipping.net,
        f"{prefix}shipping_incl_tax": shipping.incl_tax,
        f"{prefix}shipping_tax_amount": shipping.tax,
        f"{prefix}subtotal": subtotal,
        f"{prefix}subtotal_incl_tax": total(items, f"{prefix}row_total_incl_tax"),
        f"{prefix}tax_amount": tax,
    }
    if refund.names_adjustments:
        found[f"{prefix}adjustment_positive"] = plus
        found[f"{prefix}adjustment_negative"] = minus
    return found


def _check_money(order: Document, memo: Document) -> None:
    left = amount(order.get("base_total_paid")) - amount(order.get("base_total_refunded"))
    if pence(amount(memo["base_grand_total"])) > pence(left):
        raise bad_request(_HEADING + f"The most money available to refund is {pence(left)}.")


def _book(order: Document, memo: Document) -> None:
    """Carry the memo into the order, its rows and its payment."""
    items = {item["item_id"]: item for item in order["items"]}
    for entry in memo["items"]:
        item = items[entry["order_item_id"]]
        if not is_dynamic(order, item) or entry["qty"] == _refundable(item):
            item["qty_refunded"] = amount(item["qty_refunded"]) + entry["qty"]
        for prefix in CURRENCIES:
            for done, part in (
                ("amount_refunded", "row_total"),
                ("discount_refunded", "discount_amount"),
                ("discount_tax_compensation_refunded", "discount_tax_compensation_amount"),
                ("tax_refunded", "tax_amount"),
            ):
                _add(item, f"{prefix}{done}", entry.get(f"{prefix}{part}"))
    cost = sum((amount(e.get("base_cost")) * e["qty"] for e in memo["items"]), ZERO)
    _add(order, "base_total_invoiced_cost", -cost)
    for prefix in CURRENCIES:
        paid_back = pence(amount(memo[f"{prefix}grand_total"]))
        for done, part in (
            ("discount_refunded", "discount_amount"),
            ("discount_tax_compensation_refunded", "discount_tax_compensation_amount"),
            ("shipping_refunded", "shipping_amount"),
            ("shipping_tax_refunded", "shipping_tax_amount"),
            ("subtotal_refunded", "subtotal"),
            ("tax_refunded", "tax_amount"),
        ):
            _add(order, f"{prefix}{done}", memo[f"{prefix}{part}"])
        _add(order, f"{prefix}total_refunded", paid_back)
        _add(order, f"{prefix}total_offline_refunded", memo[f"{prefix}grand_total"])
        for name in ("adjustment_positive", "adjustment_negative"):
            _add(order, f"{prefix}{name}", memo.get(f"{prefix}{name}"))
        given = paid_back if prefix else memo["grand_total"]
        _add(order["payment"], f"{prefix}amount_refunded", given)
        _add(order["payment"], f"{prefix}shipping_refunded", memo[f"{prefix}shipping_amount"])


def _note(shop: Shop, order: Document, memo: Document) -> None:
    symbol = _SYMBOLS.get(order["base_currency_code"], order["base_currency_code"])
    add_history(
        shop,
        order,
        f"We refunded {symbol}{pence(amount(memo['base_grand_total']))} offline.",
        entity_name="creditmemo",
    )


def _add(document: Document, name: str, value: object) -> None:
    document[name] = amount(document.get(name)) + amount(value)
