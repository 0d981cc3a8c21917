"""Which address does what, and the permission that it takes.

Permissions are those of Magento's own route table; what a handler does is said where it lives.
"""

from typing import Final

from kashmag.sandbox.magento import (
    catalogue,
    furnishing,
    people,
    prices,
    reading,
    stocking,
    trading,
)
from kashmag.sandbox.magento.addressing import Route
from kashmag.sandbox.magento.answers import no_such_entity
from kashmag.sandbox.magento.calls import Answer, Call, Handler, answer
from kashmag.sandbox.magento.documents import Document
from kashmag.sandbox.magento.reading import shaped

_ORDERS: Final = "Magento_Sales::actions_view"
_INVOICES: Final = "Magento_Sales::sales_invoice"
_MEMOS: Final = "Magento_Sales::sales_creditmemo"
_SHIPMENTS: Final = "Magento_Sales::shipment"
_TRANSACTIONS: Final = "Magento_Sales::transactions_fetch"
_CATALOGUE: Final = "Magento_Catalog::products"
_LEGACY_STOCK: Final = "Magento_CatalogInventory::cataloginventory"
_SOURCE: Final = "Magento_InventoryApi::source"
_STOCK: Final = "Magento_InventoryApi::stock"
_LINKS: Final = "Magento_InventoryApi::stock_source_link"
_SALABLE: Final = "Magento_InventorySalesApi::stock"
_STORE: Final = "Magento_Backend::store"
_TAX: Final = "Magento_Tax::manage_tax"
_CUSTOMERS: Final = "Magento_Customer::customer"
_GROUPS: Final = "Magento_Customer::group"
_MANAGE: Final = "Magento_Customer::manage"
_OPEN: Final = "anonymous"


def _row(method: str, pattern: str, resource: str, handler: Handler) -> Route:
    return Route(method, pattern, resource, handler=handler)


def modules(call: Call) -> Answer:
    """GET modules."""
    held = call.shop.shelf("module").get("all")
    return answer(held["names"] if held else [])


def countries(call: Call) -> Answer:
    """GET directory/countries."""
    return shaped(call, list(call.shop.shelf("country")))


def country(call: Call) -> Answer:
    """GET directory/countries/{code}."""
    found = call.shop.shelf("country").get(call.path[0].upper())
    if found is None:
        raise no_such_entity("countryId", call.path[0])
    return shaped(call, found)


def currency(call: Call) -> Answer:
    """GET directory/currency, as the store view of the address has it."""
    settings = call.shop.settings
    view = call.shop.view_of(call.store)
    symbols = {"GBP": "£", "EUR": "€", "USD": "$"}
    base = settings.base_currency
    found: Document = {
        "base_currency_code": base,
        "base_currency_symbol": symbols.get(base, base),
        "default_display_currency_code": view.currency,
        "default_display_currency_symbol": symbols.get(view.currency, view.currency),
        "available_currency_codes": [view.currency],
        "exchange_rates": [{"currency_to": view.currency, "rate": view.rate}],
    }
    return shaped(call, found)


ROUTES: Final = (
    _row("GET", "orders", _ORDERS, reading.many("order")),
    _row("GET", "orders/{id}", _ORDERS, reading.one("order")),
    _row("GET", "orders/items", _ORDERS, trading.items),
    _row("GET", "orders/items/{id}", _ORDERS, trading.item),
    _row("GET", "orders/{id}/comments", _ORDERS, trading.order_comments),
    _row("POST", "orders/{id}/comments", "Magento_Sales::comment", trading.add_order_comment),
    _row("GET", "orders/{id}/statuses", _ORDERS, trading.status),
    _row("POST", "orders/{id}/cancel", "Magento_Sales::cancel", trading.cancel),
    _row("POST", "orders/{id}/hold", "Magento_Sales::hold", trading.hold),
    _row("POST", "orders/{id}/unhold", "Magento_Sales::unhold", trading.unhold),
    _row("POST", "orders/{id}/emails", "Magento_Sales::emails", trading.email),
    _row("POST", "order/{id}/invoice", "Magento_Sales::invoice", trading.invoice),
    _row("POST", "order/{id}/ship", "Magento_Sales::ship", trading.ship),
    _row("POST", "order/{id}/refund", "Magento_Sales::creditmemo", trading.refund),
    _row("GET", "invoices", _INVOICES, reading.many("invoice")),
    _row("GET", "invoices/{id}", _INVOICES, reading.one("invoice")),
    _row("GET", "invoices/{id}/comments", _INVOICES, trading.comments_of("invoice")),
    _row("POST", "invoices/comments", _INVOICES, trading.add_comment_to("invoice")),
    _row(
        "POST", "invoices/{id}/capture", _INVOICES, trading.invoice_action(trading.refuse_capture)
    ),
    _row("POST", "invoices/{id}/void", _INVOICES, trading.invoice_action(trading.refuse_void)),
    _row("POST", "invoice/{id}/refund", "Magento_Sales::creditmemo", trading.refund_invoice),
    _row("GET", "creditmemos", _MEMOS, reading.many("credit_memo")),
    _row("GET", "creditmemo/{id}", _MEMOS, reading.one("credit_memo")),
    _row("GET", "creditmemo/{id}/comments", _MEMOS, trading.comments_of("credit_memo")),
    _row("POST", "creditmemo/{id}/comments", _MEMOS, trading.add_comment_to("credit_memo")),
    _row("GET", "shipments", _SHIPMENTS, reading.many("shipment")),
    _row("GET", "shipment/{id}", _SHIPMENTS, reading.one("shipment")),
    _row("GET", "shipment/{id}/comments", _SHIPMENTS, trading.comments_of("shipment")),
    _row("POST", "shipment/{id}/comments", _SHIPMENTS, trading.add_comment_to("shipment")),
    _row("POST", "shipment/track", _SHIPMENTS, trading.track),
    _row("GET", "transactions", _TRANSACTIONS, reading.many("transaction")),
    _row("GET", "transactions/{id}", _TRANSACTIONS, reading.one("transaction")),
    _row("GET", "customers/search", _CUSTOMERS, reading.many("customer")),
    _row("GET", "customers/{id}", _CUSTOMERS, reading.by_id("customer", "customerId")),
    _row("POST", "customers", _OPEN, people.create),
    _row("PUT", "customers/{id}", _MANAGE, people.update),
    _row("DELETE", "customers/{id}", "Magento_Customer::delete", people.delete),
    _row("GET", "customers/addresses/{id}", _MANAGE, people.address),
    _row("GET", "customerGroups/search", _GROUPS, reading.many("customer_group")),
    _row(
        "GET",
        "customerGroups/{id}",
        _GROUPS,
        reading.by_id("customer_group", "id"),
    ),
    _row("GET", "products", _CATALOGUE, reading.many("product")),
    _row("GET", "products/{sku}", _CATALOGUE, catalogue.get),
    _row("POST", "products", _CATALOGUE, catalogue.create),
    _row("PUT", "products/{sku}", _CATALOGUE, catalogue.update),
    _row("DELETE", "products/{sku}", _CATALOGUE, catalogue.delete),
    _row("POST", "products/base-prices", _CATALOGUE, prices.set_base_prices),
    _row("POST", "products/base-prices-information", _CATALOGUE, prices.base_prices),
    _row("POST", "products/special-price", _CATALOGUE, prices.set_special_prices),
    _row("POST", "products/special-price-information", _CATALOGUE, prices.special_prices),
    _row("POST", "products/tier-prices", _CATALOGUE, prices.set_tier_prices),
    _row("POST", "products/tier-prices-information", _CATALOGUE, prices.tier_prices),
    _row("GET", "products/attributes/{code}", _CATALOGUE, catalogue.attribute),
    _row(
        "GET",
        "products/attribute-sets/sets/list",
        "Magento_Catalog::sets",
        reading.many("attribute_set"),
    ),
    _row("GET", "configurable-products/{sku}/children", _CATALOGUE, catalogue.children),
    _row("GET", "configurable-products/{sku}/options/all", _CATALOGUE, catalogue.options),
    _row("GET", "categories", "Magento_Catalog::categories", catalogue.categories),
    _row("GET", "stockItems/{sku}", _LEGACY_STOCK, stocking.stock_item),
    _row("GET", "stockItems/lowStock", _LEGACY_STOCK, stocking.low_stock),
    _row("GET", "stockStatuses/{sku}", _LEGACY_STOCK, stocking.stock_status),
    _row("PUT", "products/{sku}/stockItems/{id}", _CATALOGUE, stocking.put_stock_item),
    _row("GET", "inventory/sources", _SOURCE, reading.many("source")),
    _row("GET", "inventory/sources/{code}", _SOURCE, stocking.source),
    _row("GET", "inventory/stocks", _STOCK, reading.many("stock")),
    _row("GET", "inventory/stocks/{id}", _STOCK, reading.by_id("stock", "stock_id")),
    _row("GET", "inventory/stock-source-links", _LINKS, reading.many("stock_source_link")),
    _row("POST", "inventory/stock-source-links", _LINKS, stocking.save_links),
    _row("GET", "inventory/source-items", _SOURCE, reading.many("source_item")),
    _row("POST", "inventory/source-items", _SOURCE, stocking.save_source_items),
    _row("POST", "inventory/source-items-delete", _SOURCE, stocking.delete_source_items),
    _row(
        "GET",
        "inventory/get-product-salable-quantity/{sku}/{id}",
        _SALABLE,
        stocking.salable_quantity,
    ),
    _row("GET", "inventory/is-product-salable/{sku}/{id}", _SALABLE, stocking.is_salable),
    _row("GET", "inventory/are-products-salable", _SALABLE, stocking.are_salable),
    _row("GET", "inventory/stock-resolver/{type}/{code}", _SALABLE, stocking.resolve_stock),
    _row("GET", "store/storeViews", _STORE, reading.every("store_view")),
    _row("GET", "store/storeGroups", _STORE, reading.every("store_group")),
    _row("GET", "store/websites", _STORE, reading.every("website")),
    _row("GET", "store/storeConfigs", _STORE, reading.every("store_config")),
    _row("GET", "directory/currency", _OPEN, currency),
    _row("GET", "directory/countries", _OPEN, countries),
    _row("GET", "directory/countries/{code}", _OPEN, country),
    _row("GET", "modules", _OPEN, modules),
    _row("GET", "taxRates/search", _TAX, reading.many("tax_rate")),
    _row("GET", "taxRates/{id}", _TAX, reading.by_id("tax_rate", "taxRateId")),
    _row("GET", "taxRules/search", _TAX, reading.many("tax_rule")),
    _row("GET", "taxRules/{id}", _TAX, reading.by_id("tax_rule", "taxRuleId")),
    _row("GET", "taxClasses/search", _TAX, reading.many("tax_class")),
    _row("GET", "taxClasses/{id}", _TAX, reading.by_id("tax_class", "class_id")),
    _row("POST", "taxRates", _TAX, furnishing.create(furnishing.TAX_RATE)),
    _row("PUT", "taxRates", _TAX, furnishing.update(furnishing.TAX_RATE)),
    _row("DELETE", "taxRates/{id}", _TAX, furnishing.delete(furnishing.TAX_RATE)),
    _row("POST", "taxRules", _TAX, furnishing.create(furnishing.TAX_RULE)),
    _row("PUT", "taxRules", _TAX, furnishing.update(furnishing.TAX_RULE)),
    _row("DELETE", "taxRules/{id}", _TAX, furnishing.delete(furnishing.TAX_RULE)),
    _row("POST", "customerGroups", _GROUPS, furnishing.create(furnishing.GROUP)),
    _row("PUT", "customerGroups/{id}", _GROUPS, furnishing.update(furnishing.GROUP)),
    _row("DELETE", "customerGroups/{id}", _GROUPS, furnishing.delete(furnishing.GROUP)),
    _row("GET", "customerGroups/default", _GROUPS, furnishing.default_group),
    _row("GET", "customerGroups/default/{store}", _GROUPS, furnishing.default_group),
    _row("POST", "inventory/sources", _SOURCE, furnishing.save_source),
    _row("PUT", "inventory/sources/{code}", _SOURCE, furnishing.save_source),
    _row("POST", "inventory/stocks", _STOCK, furnishing.save_stock),
    _row("PUT", "inventory/stocks/{id}", _STOCK, furnishing.save_stock),
    _row("POST", "inventory/stock-source-links-delete", _LINKS, furnishing.delete_links),
    _row("DELETE", "shipment/track/{id}", _SHIPMENTS, furnishing.delete_track),
    _row("POST", "shipment/{id}/emails", _SHIPMENTS, furnishing.send_email("shipment")),
    _row("POST", "invoices/{id}/emails", _INVOICES, furnishing.send_email("invoice")),
    _row("POST", "creditmemo/{id}/emails", _MEMOS, furnishing.send_email("credit_memo")),
    _row("GET", "categories/list", "Magento_Catalog::categories", reading.many("category")),
    _row("GET", "categories/{id}", "Magento_Catalog::categories", furnishing.category),
    _row("GET", "products/attributes", _CATALOGUE, reading.many("attribute")),
    _row("GET", "products/attributes/{code}/options", _CATALOGUE, furnishing.attribute_options),
    _row(
        "GET",
        "products/attribute-sets/{id}",
        "Magento_Catalog::sets",
        reading.by_id("attribute_set", "attributeSetId"),
    ),
    _row(
        "GET",
        "products/attribute-sets/{id}/attributes",
        "Magento_Catalog::sets",
        furnishing.set_attributes,
    ),
    _row("GET", "customers/{id}/billingAddress", _MANAGE, furnishing.default_address("billing")),
    _row("GET", "customers/{id}/shippingAddress", _MANAGE, furnishing.default_address("shipping")),
    _row("DELETE", "addresses/{id}", _MANAGE, furnishing.delete_address),
    _row("GET", "coupons/search", "Magento_SalesRule::quote", reading.many("coupon")),
    _row("GET", "salesRules/search", "Magento_SalesRule::quote", reading.many("sales_rule")),
)
