"""The routes of products, their prices and what stands around them."""

from kashmag.sandbox.magento.answers import bad_request, not_found
from kashmag.sandbox.magento.bodies import number, typed
from kashmag.sandbox.magento.calls import Answer, Call, answer
from kashmag.sandbox.magento.documents import ZERO, Document, Value, duplicate
from kashmag.sandbox.magento.reading import shaped
from kashmag.sandbox.magento.shop import Shop
from kashmag.sandbox.magento.stock import put_source_item

_NO_SKU = "The product that was requested doesn't exist. Verify the product and try again."
_STOCK_ITEM: Document = {
    "stock_id": 1,
    "qty": None,
    "is_in_stock": False,
    "is_qty_decimal": False,
    "show_default_notification_message": False,
    "use_config_min_qty": True,
    "min_qty": 0,
    "use_config_min_sale_qty": 1,
    "min_sale_qty": 1,
    "use_config_max_sale_qty": True,
    "max_sale_qty": 10000,
    "use_config_backorders": True,
    "backorders": 0,
    "use_config_notify_stock_qty": True,
    "notify_stock_qty": 1,
    "use_config_qty_increments": True,
    "qty_increments": 0,
    "use_config_enable_qty_inc": True,
    "enable_qty_increments": False,
    "use_config_manage_stock": True,
    "manage_stock": True,
    "low_stock_date": None,
    "is_decimal_divided": False,
    "stock_status_changed_auto": 0,
}
_ATTRIBUTES = (
    ("options_container", "container2"),
    ("msrp_display_actual_price_type", "0"),
    ("required_options", "0"),
    ("has_options", "0"),
)


def product_of(shop: Shop, sku: str) -> Document:
    """A product by its SKU, whatever its case."""
    found = shop.products.get(sku.strip().lower())
    if found is None:
        raise not_found(_NO_SKU)
    return found


def full(shop: Shop, product: Document) -> Document:
    """A product as it is served alone: with its stock item, which lists leave out."""
    attributes = dict(product["extension_attributes"])
    stock_item = shop.stock_items.get(product["id"])
    whole = {"website_ids": attributes.pop("website_ids", [1])}
    if stock_item is not None:
        whole["stock_item"] = stock_item
    return product | {"extension_attributes": whole | attributes}


def get(call: Call) -> Answer:
    """GET products/{sku}."""
    return shaped(call, full(call.shop, product_of(call.shop, call.path[0])))


def create(call: Call) -> Answer:
    """POST products: makes or changes the product with the SKU in the body."""
    return save(call, typed(call.member("product"), "product"))


def update(call: Call) -> Answer:
    """PUT products/{sku}: the SKU of the address wins over that of the body."""
    given = typed(call.member("product"), "product")
    return save(call, given | {"sku": call.path[0]})


def save(call: Call, given: Document) -> Answer:
    """Make or change a product, as far as what was given goes."""
    shop = call.shop
    sku = str(given.get("sku", ""))
    held = shop.products.get(sku.lower())
    if held is None:
        _check_new(shop, given)
        product = new_product(shop, sku)
    else:
        product = duplicate(held)
        given = given | {"sku": held["sku"]}
    attributes = given.pop("custom_attributes", None) or []
    extension = given.pop("extension_attributes", None) or {}
    given.pop("id", None)
    stock = extension.pop("stock_item", None)
    product |= {name: value for name, value in given.items() if value is not None}
    product["extension_attributes"] |= extension
    for attribute in attributes:
        set_attribute(product, attribute["attribute_code"], attribute["value"])
    product["updated_at"] = shop.stamp()
    shop.add("product", [product])
    if stock:
        set_stock(shop, product, stock)
    return answer(full(shop, product))


def _check_new(shop: Shop, given: Document) -> None:
    if int(given.get("attribute_set_id") or 0) not in shop.shelf("attribute_set"):
        raise bad_request("Invalid product data: %1", ["Invalid attribute set entity type"])
    if not given.get("name"):
        raise bad_request(
            'The "%1" attribute value is empty. Set the attribute and try again.', ["Product Name"]
        )
    if not given.get("sku"):
        raise bad_request(
            'The "%1" attribute value is empty. Set the attribute and try again.', ["SKU"]
        )


def new_product(shop: Shop, sku: str) -> Document:
    """A product with the defaults of a fresh one, and a stock item beside it; not taken in yet."""
    known = (product["id"] for product in shop.products)
    start = 0 if "product" in shop.shelf("counter") else max(known, default=0)
    product_id = shop.count("product", start)
    items = (item["item_id"] for item in shop.stock_items)
    item_id = shop.count("stock_item", max(items, default=0))
    shop.add("stock_item", [{"item_id": item_id, "product_id": product_id, **_STOCK_ITEM}])
    key = "-".join(part for part in sku.lower().replace("_", "-").split())
    return {
        "id": product_id,
        "sku": sku,
        "name": sku,
        "attribute_set_id": 4,
        "price": ZERO,
        "status": 1,
        "visibility": 4,
        "type_id": "simple",
        "created_at": shop.stamp(),
        "updated_at": shop.stamp(),
        "extension_attributes": {"website_ids": [1]},
        "product_links": [],
        "options": [],
        "media_gallery_entries": [],
        "tier_prices": [],
        "custom_attributes": [
            *({"attribute_code": code, "value": value} for code, value in _ATTRIBUTES),
            {"attribute_code": "url_key", "value": key},
            {"attribute_code": "tax_class_id", "value": "2"},
            {"attribute_code": "category_ids", "value": []},
        ],
    }


def set_attribute(product: Document, code: str, value: Value) -> None:
    """Give a product a custom attribute."""
    for attribute in product["custom_attributes"]:
        if attribute["attribute_code"] == code:
            attribute["value"] = value
            return
    product["custom_attributes"].append({"attribute_code": code, "value": value})


def set_stock(shop: Shop, product: Document, given: Document) -> Document:
    """Set the legacy stock item, which is the default source and nothing else."""
    held = shop.stock_items.get(product["id"]) or {"product_id": product["id"], **_STOCK_ITEM}
    if given.get("qty") is not None:
        quantity = number(given["qty"], "qty")
        held["qty"] = quantity
        held["is_in_stock"] = bool(given.get("is_in_stock", quantity > 0))
        put_source_item(shop, product["sku"], "default", quantity, int(held["is_in_stock"]))
    shop.add("stock_item", [held])
    return held


def delete(call: Call) -> Answer:
    """DELETE products/{sku}: orders and source items stay as they are."""
    product = product_of(call.shop, call.path[0])
    call.shop.products.remove(str(product["sku"]).lower())
    call.shop.stock_items.remove(product["id"])
    return answer(True)


def children(call: Call) -> Answer:
    """GET configurable-products/{sku}/children, without extension attributes."""
    parent = product_of(call.shop, call.path[0])
    links = parent["extension_attributes"].get("configurable_product_links", [])
    found = [product for product in call.shop.products if product["id"] in links]
    hidden = ("extension_attributes", "options")
    return shaped(call, [{k: v for k, v in each.items() if k not in hidden} for each in found])


def options(call: Call) -> Answer:
    """GET configurable-products/{sku}/options/all."""
    parent = product_of(call.shop, call.path[0])
    return shaped(call, parent["extension_attributes"].get("configurable_product_options", []))


def attribute(call: Call) -> Answer:
    """GET products/attributes/{code}."""
    found = call.shop.shelf("attribute").get(call.path[0])
    if found is None:
        raise not_found(
            'The attribute with a "%1" attributeCode doesn\'t exist. Verify the attribute and '
            "try again.",
            [call.path[0]],
        )
    return shaped(call, found)


def categories(call: Call) -> Answer:
    """GET categories: the tree from its root."""
    return shaped(call, next(iter(call.shop.shelf("category"))))
