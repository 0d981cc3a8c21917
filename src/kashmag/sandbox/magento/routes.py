"""Which address does what, and the permission that it takes.

Permissions are those of Magento's own route table; what a handler does is said where it lives.
"""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from kashmag.sandbox.magento import reading
from kashmag.sandbox.magento.calls import Handler

_SALES: Final = "Magento_Sales::actions_view"
_CATALOGUE: Final = "Magento_Catalog::products"
_STORE: Final = "Magento_Backend::store"
_TAX: Final = "Magento_Tax::manage_tax"
_CUSTOMER: Final = "Magento_Customer::customer"


@frozen
class Route:
    """One row of the table; a part of the pattern in braces is variable."""

    method: str
    pattern: str
    resource: str
    handler: Handler = field(kw_only=True)


@frozen
class Found:
    """A route with the variable parts of the address that led to it."""

    route: Route
    path: tuple[str, ...]


def _route(method: str, pattern: str, resource: str, handler: Handler) -> Route:
    return Route(method, pattern, resource, handler=handler)


ROUTES: Final = (
    _route("GET", "orders", _SALES, reading.many("order")),
    _route("GET", "orders/{id}", _SALES, reading.one("order")),
    _route("GET", "invoices", "Magento_Sales::sales_invoice", reading.many("invoice")),
    _route("GET", "invoices/{id}", "Magento_Sales::sales_invoice", reading.one("invoice")),
    _route("GET", "creditmemos", "Magento_Sales::sales_creditmemo", reading.many("credit_memo")),
    _route("GET", "creditmemo/{id}", "Magento_Sales::sales_creditmemo", reading.one("credit_memo")),
    _route("GET", "shipments", "Magento_Sales::shipment", reading.many("shipment")),
    _route("GET", "shipment/{id}", "Magento_Sales::shipment", reading.one("shipment")),
    _route("GET", "transactions", "Magento_Sales::transactions_fetch", reading.many("transaction")),
    _route(
        "GET", "transactions/{id}", "Magento_Sales::transactions_fetch", reading.one("transaction")
    ),
    _route("GET", "customers/search", _CUSTOMER, reading.many("customer")),
    _route("GET", "customers/{id}", _CUSTOMER, reading.by_id("customer", "customerId")),
    _route("GET", "products", _CATALOGUE, reading.many("product")),
    _route("GET", "store/storeViews", _STORE, reading.every("store_view")),
    _route("GET", "store/storeGroups", _STORE, reading.every("store_group")),
    _route("GET", "store/websites", _STORE, reading.every("website")),
    _route("GET", "store/storeConfigs", _STORE, reading.every("store_config")),
    _route("GET", "taxRates/search", _TAX, reading.many("tax_rate")),
    _route("GET", "taxRates/{id}", _TAX, reading.by_id("tax_rate", "taxRateId")),
    _route("GET", "taxRules/search", _TAX, reading.many("tax_rule")),
    _route("GET", "taxRules/{id}", _TAX, reading.by_id("tax_rule", "taxRuleId")),
    _route("GET", "taxClasses/search", _TAX, reading.many("tax_class")),
    _route("GET", "taxClasses/{id}", _TAX, reading.by_id("tax_class", "class_id")),
)

Index = Mapping[tuple[str, int], tuple[Route, ...]]


def _indexed(routes: tuple[Route, ...]) -> Index:
    found: dict[tuple[str, int], tuple[Route, ...]] = {}
    for route in routes:
        place = (route.method, route.pattern.count("/") + 1)
        found[place] = (*found.get(place, ()), route)
    return found


_INDEX: Final = _indexed(ROUTES)


def resolve(method: str, parts: tuple[str, ...]) -> Found | None:
    """Find the route for an address below `/V1/`; one that names more parts literally wins."""
    best: Found | None = None
    best_score = -1
    for route in _INDEX.get((method, len(parts)), ()):
        pattern = route.pattern.split("/")
        if all(w == part or w.startswith("{") for w, part in zip(pattern, parts, strict=True)):
            score = sum(not each.startswith("{") for each in pattern)
            if score > best_score:
                variable = tuple(
                    part for each, part in zip(pattern, parts, strict=True) if each.startswith("{")
                )
                best, best_score = Found(route, variable), score
    return best
