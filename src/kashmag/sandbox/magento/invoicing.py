"""Invoices: from an order, for all of it or for some.

Shipping goes on the first invoice whole; the last invoice takes what is left, so that all of them
come to the order. Refunds are `crediting`'s.
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
    compensation_name,
    is_dynamic,
    row_before_discount,
    spread,
    spread_incl_tax,
    total,
)
from kashmag.sandbox.magento.answers import bad_request
from kashmag.sandbox.magento.documents import ZERO, Document, amount, present, stored
from kashmag.sandbox.magento.shop import Shop
from kashmag.sandbox.magento.states import can_invoice, touch, wrap_up

Quantities = Mapping[int, Decimal]
_PARTS: Final = (
    Part("row_total", "row_total", "row_invoiced"),
    Part("discount_amount", "discount_amount", "discount_invoiced", True, True),
    Part("tax_amount", "tax_amount", "tax_invoiced"),
    Part(
        "discount_tax_compensation_amount",
        "discount_tax_compensation_amount",
        "discount_tax_compensation_invoiced",
        True,
    ),
)
_HEADING = "Invoice Document Validation Error(s):\n"
_EMPTY = "The invoice can't be created without products. Add products and try again."
_NOT_NOW = "The order does not allow an invoice to be created."


def invoice_order(shop: Shop, order: Document, wanted: Quantities | None = None) -> Document:
    """Invoice rows of an order, by item number and quantity, or all that is not invoiced yet."""
    quantities = _quantities(order, wanted)
    faults = []
    if not any(quantities.values()):
        faults.append(_EMPTY)
    if not can_invoice(order):
        faults.append(_NOT_NOW)
    if faults:
        raise bad_request(_HEADING + "\n".join(faults))
    invoice = _make(shop, order, quantities)
    shop.add("invoice", [invoice])
    _book(order, invoice)
    touch(shop, order, [each["order_item_id"] for each in invoice["items"]])
    wrap_up(order, "processing")
    shop.add("order", [order])
    return invoice


def _quantities(order: Document, wanted: Quantities | None) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for item in order["items"]:
        left = amount(item["qty_ordered"]) - amount(item["qty_invoiced"])
        left -= amount(item["qty_canceled"])
        parent = item.get("parent_item_id")
        if wanted is None:
            found[item["item_id"]] = left
        elif item["item_id"] in wanted:
            found[item["item_id"]] = _checked(wanted[item["item_id"]], left)
        elif parent in wanted and not is_dynamic(order, item["parent_item"]):
            share = amount(item["qty_ordered"]) / amount(item["parent_item"]["qty_ordered"])
            found[item["item_id"]] = wanted[parent] * share
    for item in order["items"]:
        children = [each["item_id"] for each in children_of(order, item)]
        if is_dynamic(order, item) and any(child in found for child in children):
            found.setdefault(item["item_id"], ZERO)
    if wanted and set(wanted) - {item["item_id"] for item in order["items"]}:
        raise bad_request(
            _HEADING + "The invoice contains one or more items that are not part of the order."
        )
    return {item_id: quantity for item_id, quantity in found.items() if quantity > 0 or not wanted}


def _checked(quantity: Decimal, left: Decimal) -> Decimal:
    if quantity > left:
        raise bad_request(
            _HEADING + "The quantity to invoice must not be greater than the unprocessed quantity. "
            "Double-check the quantity and try again."
        )
    return quantity


def _make(shop: Shop, order: Document, quantities: Mapping[int, Decimal]) -> Document:
    is_first = order.get("total_invoiced") is None
    is_last = _covers_the_rest(order, quantities)
    entity_id = shop.count("invoice", shop.invoices.next_id() - 1)
    items = _items(shop, order, quantities, entity_id)
    stamp = shop.stamp()
    invoice: Document = {
        "base_currency_code": order["base_currency_code"],
        "base_to_global_rate": order["base_to_global_rate"],
        "base_to_order_rate": order["base_to_order_rate"],
        "billing_address_id": order["billing_address_id"],
        "can_void_flag": 0,
        "created_at": stamp,
        "discount_description": order.get("discount_description"),
        "entity_id": entity_id,
        "global_currency_code": order["global_currency_code"],
        "increment_id": shop.number("invoice", order["store_id"]),
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
    for prefix in CURRENCIES:
        invoice |= _sums(order, items, prefix, is_first=is_first, is_last=is_last)
    if order["payment"].get("last_trans_id"):
        invoice["transaction_id"] = order["payment"]["last_trans_id"]
    invoice["total_qty"] = total(items, "qty")
    return present(invoice) | {"items": items, "comments": []}


def _covers_the_rest(order: Document, quantities: Mapping[int, Decimal]) -> bool:
    return all(
        amount(item["qty_ordered"]) - amount(item["qty_invoiced"])
        == quantities.get(item["item_id"], ZERO)
        for item in order["items"]
        if carries_money(order, item)
    )


def _items(
    shop: Shop, order: Document, quantities: Mapping[int, Decimal], invoice_id: int
) -> list[Document]:
    found: list[Document] = []
    shares: list[Share] = []
    for item in order["items"]:
        if item["item_id"] not in quantities:
            continue
        quantity = quantities[item["item_id"]]
        entry: Document = {
            "base_cost": item.get("base_cost"),
            "base_price": item["base_price"],
            "base_price_incl_tax": item.get("base_price_incl_tax"),
            "entity_id": shop.count("invoice_item", _highest_item(shop)),
            "name": item["name"],
            "parent_id": invoice_id,
            "price": item["price"],
            "price_incl_tax": item.get("price_incl_tax"),
            "product_id": item.get("product_id"),
            "sku": item["sku"],
            "order_item_id": item["item_id"],
            "qty": quantity,
        }
        entry = present(entry)
        found.append(entry)
        if carries_money(order, item):
            left = amount(item["qty_ordered"]) - amount(item["qty_invoiced"])
            shares.append(Share(item, entry, left))

    def whole_of(item: Document, prefix: str, name: str) -> Decimal:
        if name == "row_total":
            return row_before_discount(order, item, prefix)
        return amount(item.get(f"{prefix}{name}"))

    for prefix in CURRENCIES:
        spread(shares, _PARTS, prefix, whole_of=whole_of)
        spread_incl_tax(shares, prefix, shop.settings.tax)
    return found


def _highest_item(shop: Shop) -> int:
    if "invoice_item" in shop.shelf("counter"):
        return 0
    return max((item["entity_id"] for each in shop.invoices for item in each["items"]), default=0)


def shipping_address_id(order: Document) -> int | None:
    """The number of the shipping address, where something is shipped."""
    for assignment in order["extension_attributes"]["shipping_assignments"]:
        address = assignment["shipping"].get("address")
        if address:
            found: int = address["entity_id"]
            return found
    return None


def _sums(
    order: Document, items: list[Document], prefix: str, *, is_first: bool, is_last: bool
) -> Document:
    shipping = _shipping(order, prefix) if is_first else {}
    subtotal = total(items, f"{prefix}row_total")
    incl_tax = total(items, f"{prefix}row_total_incl_tax")
    off = total(items, f"{prefix}discount_amount")
    tax = total(items, f"{prefix}tax_amount")
    hidden = total(items, f"{prefix}discount_tax_compensation_amount")
    if is_first:
        off += amount(order.get(f"{prefix}shipping_discount_amount"))
        tax += shipping[f"{prefix}shipping_tax_amount"]
    if is_last:
        subtotal = _left(order, prefix, "subtotal", "subtotal_invoiced")
        tax = _left(order, prefix, "tax_amount", "tax_invoiced")
    carriage = shipping.get(f"{prefix}shipping_amount", ZERO)
    carriage += shipping.get(compensation_name(prefix), ZERO)
    return {
        f"{prefix}discount_amount": -off,
        f"{prefix}grand_total": stored(subtotal + tax + carriage + hidden - off),
        f"{prefix}discount_tax_compensation_amount": hidden,
        f"{prefix}subtotal": subtotal,
        f"{prefix}subtotal_incl_tax": incl_tax,
        f"{prefix}tax_amount": tax,
        **shipping,
    }


def _shipping(order: Document, prefix: str) -> Document:
    """The shipping of the whole order, which the first invoice carries; later ones have none."""
    names = (
        f"{prefix}shipping_amount",
        f"{prefix}shipping_incl_tax",
        f"{prefix}shipping_tax_amount",
        compensation_name(prefix),
    )
    return {name: amount(order.get(name)) for name in names}


def _left(order: Document, prefix: str, whole: str, done: str) -> Decimal:
    return amount(order[f"{prefix}{whole}"]) - amount(order.get(f"{prefix}{done}"))


def _book(order: Document, invoice: Document) -> None:
    """Carry the invoice into the order, its rows and its payment."""
    items = {item["item_id"]: item for item in order["items"]}
    for entry in invoice["items"]:
        item = items[entry["order_item_id"]]
        item["qty_invoiced"] = amount(item["qty_invoiced"]) + entry["qty"]
        for prefix in CURRENCIES:
            for done, part in (
                ("discount_invoiced", "discount_amount"),
                ("discount_tax_compensation_invoiced", "discount_tax_compensation_amount"),
                ("row_invoiced", "row_total"),
                ("tax_invoiced", "tax_amount"),
            ):
                _add(item, f"{prefix}{done}", entry.get(f"{prefix}{part}"))
        if "row_total" in entry:
            item.setdefault("weee_tax_applied", "[]")
    cost = sum((amount(e.get("base_cost")) * e["qty"] for e in invoice["items"]), ZERO)
    _add(order, "base_total_invoiced_cost", cost)
    for prefix in CURRENCIES:
        grand = amount(invoice[f"{prefix}grand_total"])
        for done, part in (
            ("discount_invoiced", "discount_amount"),
            ("discount_tax_compensation_invoiced", "discount_tax_compensation_amount"),
            ("shipping_invoiced", "shipping_amount"),
            ("subtotal_invoiced", "subtotal"),
            ("tax_invoiced", "tax_amount"),
            ("total_invoiced", "grand_total"),
            ("total_paid", "grand_total"),
        ):
            _add(order, f"{prefix}{done}", invoice.get(f"{prefix}{part}"))
        due = amount(order[f"{prefix}grand_total"]) - order[f"{prefix}total_paid"]
        order[f"{prefix}total_due"] = max(due, ZERO)
        _add(order["payment"], f"{prefix}amount_paid", grand)
        captured = invoice.get(f"{prefix}shipping_amount")
        _add(order["payment"], f"{prefix}shipping_captured", captured)


def _add(document: Document, name: str, value: object) -> None:
    document[name] = amount(document.get(name)) + amount(value)
