"""The routes of base, special and tier prices, which leave `updated_at` of a product alone."""

from collections.abc import Callable
from decimal import Decimal

from kashmag.sandbox.magento.bodies import number
from kashmag.sandbox.magento.calls import Answer, Call, answer
from kashmag.sandbox.magento.catalogue import set_attribute
from kashmag.sandbox.magento.documents import Document, duplicate


def set_base_prices(call: Call) -> Answer:
    """POST products/base-prices: what could not be set is listed; `updated_at` stays."""
    return answer(_set_prices(call, lambda product, price: product | {"price": price}))


def base_prices(call: Call) -> Answer:
    """POST products/base-prices-information: unknown SKUs are left out."""
    found = _known(call)
    return answer([{"price": p["price"], "store_id": 0, "sku": p["sku"]} for p in found])


def set_special_prices(call: Call) -> Answer:
    """POST products/special-price."""

    def change(product: Document, price: Decimal) -> Document:
        changed = duplicate(product)
        set_attribute(changed, "special_price", f"{price:.6f}")
        return changed

    return answer(_set_prices(call, change))


def special_prices(call: Call) -> Answer:
    """POST products/special-price-information."""
    found = []
    for product in _known(call):
        for each in product["custom_attributes"]:
            if each["attribute_code"] == "special_price":
                price = number(each["value"], "price")
                found.append({"price": price, "store_id": 0, "sku": product["sku"]})
    return answer(found)


def set_tier_prices(call: Call) -> Answer:
    """POST products/tier-prices."""
    faults: list[Document] = []
    for given in call.given("prices") or []:
        product = call.shop.products.get(str(given.get("sku", "")).lower())
        if product is None:
            faults.append(_fault(str(given.get("sku"))))
            continue
        tier = {
            "customer_group_id": 32000,
            "qty": number(given.get("quantity", 1), "quantity"),
            "value": number(given.get("price", 0), "price"),
        }
        product["tier_prices"].append(tier)
        call.shop.add("product", [product])
    return answer(faults)


def tier_prices(call: Call) -> Answer:
    """POST products/tier-prices-information."""
    return answer(
        [
            {
                "price": tier["value"],
                "price_type": "fixed",
                "website_id": 0,
                "sku": product["sku"],
                "customer_group": "all groups",
                "quantity": tier["qty"],
            }
            for product in _known(call)
            for tier in product["tier_prices"]
        ]
    )


def _known(call: Call) -> list[Document]:
    skus = [str(sku).lower() for sku in call.given("skus") or []]
    return [held for sku in skus if (held := call.shop.products.get(sku)) is not None]


def _set_prices(call: Call, change: Callable[[Document, Decimal], Document]) -> list[Document]:
    faults: list[Document] = []
    for given in call.given("prices") or []:
        product = call.shop.products.get(str(given.get("sku", "")).lower())
        if product is None:
            faults.append(_fault(str(given.get("sku"))))
            continue
        call.shop.add("product", [change(product, number(given.get("price", 0), "price"))])
    return faults


def _fault(sku: str) -> Document:
    return {"message": "Invalid attribute %fieldName = %fieldValue.", "parameters": ["SKU", sku]}
