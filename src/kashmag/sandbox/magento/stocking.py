"""The routes of stock: source items, salable quantities, and the legacy stock item."""

from decimal import Decimal

from kashmag.sandbox.magento.answers import RefusedError, bad_request, not_found
from kashmag.sandbox.magento.bodies import check_length, number, snake
from kashmag.sandbox.magento.calls import Answer, Call, answer, whole
from kashmag.sandbox.magento.catalogue import product_of, set_stock
from kashmag.sandbox.magento.documents import Document, Value, amount
from kashmag.sandbox.magento.reading import shaped
from kashmag.sandbox.magento.shop import source_item_key
from kashmag.sandbox.magento.stock import put_source_item, salable, stock_of_website

_BROKEN = "An error has happened during application run. See exception log for details."
_ITEM_TYPE = "\\Magento\\InventoryApi\\Api\\Data\\SourceItemInterface"


def save_source_items(call: Call) -> Answer:
    """POST inventory/source-items: unknown SKUs and negative quantities are taken, too."""
    for item in checked_source_items(call):
        put_source_item(
            call.shop, item["sku"], item["source_code"], item["quantity"], item["status"]
        )
    return answer([])


def checked_source_items(call: Call) -> list[Document]:
    """Read source items from a body, or refuse them all."""
    given: Value = call.given("source_items")
    if not given:
        raise bad_request("Input data is empty")
    check_length(given, call.shop.settings, _ITEM_TYPE)
    found = []
    for raw in given:
        item = {snake(name): value for name, value in raw.items()}
        if str(item.get("source_code")) not in call.shop.shelf("source"):
            raise bad_request("Could not save Source Item")
        found.append(
            {
                "sku": str(item.get("sku", "")),
                "source_code": item["source_code"],
                "quantity": number(item.get("quantity", 0), "quantity"),
                "status": int(item.get("status", 1)),
            }
        )
    return found


def delete_source_items(call: Call) -> Answer:
    """POST inventory/source-items-delete."""
    given: Value = call.given("source_items")
    if not given:
        raise bad_request("Input data is empty")
    for raw in given:
        item = {snake(name): value for name, value in raw.items()}
        key = source_item_key(str(item.get("sku", "")), str(item.get("source_code", "")))
        call.shop.source_items.remove(key)
    return answer([])


def save_links(call: Call) -> Answer:
    """POST inventory/stock-source-links."""
    links = [{snake(k): v for k, v in raw.items()} for raw in call.given("links") or []]
    call.shop.add("stock_source_link", links)
    return answer([])


def salable_quantity(call: Call) -> Answer:
    """GET inventory/get-product-salable-quantity/{sku}/{stock}; an unknown SKU breaks it."""
    sku, stock = call.path[0], whole(call.path[1])
    if sku.lower() not in call.shop.products:
        raise RefusedError(500, _BROKEN, content_type="text/plain;charset=UTF-8")
    return answer(salable(call.shop, sku, stock))


def is_salable(call: Call) -> Answer:
    """GET inventory/is-product-salable/{sku}/{stock}."""
    return answer(salable(call.shop, call.path[0], whole(call.path[1])) > 0)


def are_salable(call: Call) -> Answer:
    """GET inventory/are-products-salable?skus[]=...&stockId=..."""
    skus = call.query.get("skus", {})
    stock = call.query.get("stockId", "1")
    names = [str(sku) for sku in skus.values()] if isinstance(skus, dict) else [skus]
    return answer(
        [
            {
                "sku": sku,
                "stock_id": whole(str(stock)),
                "salable": salable(call.shop, sku, whole(str(stock))) > 0,
            }
            for sku in names
        ]
    )


def resolve_stock(call: Call) -> Answer:
    """GET inventory/stock-resolver/{type}/{code}."""
    stock_id = stock_of_website(call.shop, call.path[1])
    if stock_id is None:
        raise not_found("No linked stock found")
    return shaped(call, call.shop.shelf("stock").get(stock_id))


def source(call: Call) -> Answer:
    """GET inventory/sources/{code}."""
    found = call.shop.shelf("source").get(call.path[0])
    if found is None:
        raise not_found('Source with code "%value" does not exist.', {"value": call.path[0]})
    return shaped(call, found)


def stock_item(call: Call) -> Answer:
    """GET stockItems/{sku}: the default source, whatever stock the website uses."""
    product = call.shop.products.get(call.path[0].lower())
    if product is None:
        raise not_found('The Product with the "%1" SKU doesn\'t exist.', [call.path[0]])
    return shaped(call, call.shop.stock_items.get(product["id"]))


def stock_status(call: Call) -> Answer:
    """GET stockStatuses/{sku}: the salable quantity of the website's stock."""
    product = product_of(call.shop, call.path[0])
    stock = stock_of_website(call.shop) or 1
    quantity = salable(call.shop, product["sku"], stock)
    return shaped(
        call,
        {
            "product_id": product["id"],
            "stock_id": 1,
            "qty": quantity,
            "stock_status": int(quantity > 0),
            "stock_item": call.shop.stock_items.get(product["id"]),
        },
    )


def put_stock_item(call: Call) -> Answer:
    """PUT products/{sku}/stockItems/{id}: the number of the stock item."""
    product = product_of(call.shop, call.path[0])
    given = {snake(name): value for name, value in call.member("stock_item").items()}
    return answer(set_stock(call.shop, product, given)["item_id"])


def low_stock(call: Call) -> Answer:
    """GET stockItems/lowStock: stock items with no more than a quantity."""
    limit = number(call.query.get("qty", "0"), "qty")
    found = [item for item in call.shop.stock_items if _quantity(item) <= limit]
    size = whole(str(call.query.get("pageSize", "0")))
    page = max(whole(str(call.query.get("currentPage", "1"))), 1)
    shown = found[(page - 1) * size : page * size] if size else found
    criteria = {
        "mapper_interface_name": "Magento\\CatalogInventory\\Model\\ResourceModel\\Stock\\Item"
        "\\StockItemCriteriaMapper",
        "criteria_list": [],
        "filters": [],
        "orders": [],
        "limit": [str(page), str(size)],
    }
    return shaped(call, {"items": shown, "search_criteria": criteria, "total_count": len(found)})


def _quantity(item: Document) -> Decimal:
    return amount(item.get("qty"))
