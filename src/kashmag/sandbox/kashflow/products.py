"""Products, their stock as an absolute number, and the overview of it."""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.paging import Sorting, page, sort
from kashmag.sandbox.kashflow.routing import PAGING, Request, Route, words
from kashmag.sandbox.kashflow.wire import NO_CONTENT, ZERO, Answer, created, money, ok

STOCK_OPTIONS: Final = {
    "EnableStockManagement": True,
    "EnableWholesalePricing": False,
    "ECSalesProducts": False,
}


def _key(nominal_code: int, code: str) -> str:
    return f"{nominal_code}/{code.lower()}"


def keep(account: Account, body: Record, old: Record) -> Record:
    """Keep a product, instead of an old one or beside it.

    Raises:
        Refusal: 400, its nominal is unknown, or its code is taken within it.
    """
    nominal = account.store.get("nominals", body["NominalCode"])
    if nominal is None:
        raise account.invalid(f"there is no nominal {body['NominalCode']} @ $.NominalCode")
    code = body["Code"].strip()
    key = _key(nominal["Code"], code)
    old_key = _key(old["NominalCode"], old["Code"]) if old else None
    if not code or (key != old_key and account.store.get("products", key) is not None):
        raise account.invalid(f"product code {code!r} is empty or taken @ $.Code")
    product = {
        "Id": old.get("Id") or account.store.next_id(),
        "NominalId": nominal["Id"],
        "Code": code,
        "Name": body["Name"],
        "NominalCode": nominal["Code"],
        "IsDefault": body.get("IsDefault", False),
        "AutoFillLineItem": body.get("AutoFillLineItem", False),
        "Price": money(body.get("Price")),
        "WholeSalePrice": money(body.get("WholeSalePrice")),
        "VATRate": money(body.get("VATRate")),
        "VATExempt": body.get("VATExempt", False),
        "Description": body.get("Description", ""),
        "ManageStockLevel": body.get("ManageStockLevel", False),
        "QuantityInStock": body.get("QuantityInStock", 0),
        "StockWarningQuantity": body.get("StockWarningQuantity", 0),
        "InUse": body.get("InUse", True),
        "PurchaseNominalId": body.get("PurchaseNominalId", 0),
        "PurchaseSubNominalId": body.get("PurchaseSubNominalId", 0),
    }
    if old_key is not None and key != old_key:
        account.store.drop("products", old_key)
    if old:
        account.store.put("products", key, product)
    else:
        account.appear("products", key, product)
    return product


_SORTING: Final = Sorting(
    {0: "productcode", 1: "productname", 2: "nominalcode"},
    {
        "productcode": lambda product: product["Code"].lower(),
        "productname": lambda product: product["Name"].lower(),
        "nominalcode": lambda product: product["NominalCode"],
    },
    lambda product: product["Id"],
    default="productcode",
    parameter="sortcolumn",
)


def _page(account: Account, request: Request, products: list[Record]) -> Answer:
    prefix = request.query.get("filterbycharacter", "").lower()
    only_used = request.query.get("filterbyinuseonly", True)
    found = [
        product
        for product in products
        if product["Name"].lower().startswith(prefix) and (product["InUse"] or not only_used)
    ]
    rows = sort(account, request, found, _SORTING)
    return ok(page(account, request, rows, lambda product: product, default=10))


def _all(account: Account, request: Request) -> Answer:
    if account.switches.unpaged_products:
        return ok(account.all_seen("products"))
    return _page(account, request, account.all_seen("products"))


def _list(account: Account, request: Request) -> Answer:
    return _page(account, request, account.all_seen("products"))


def _of_nominal(account: Account, request: Request) -> Answer:
    code = request.path["nominal"]
    found = [p for p in account.all_seen("products") if p["NominalCode"] == code]
    return _page(account, request, found)


def _found(account: Account, request: Request) -> Record:
    return account.seen("products", _key(request.path["nominal"], request.path["code"]))


def _get(account: Account, request: Request) -> Answer:
    return ok(_found(account, request))


def _post(account: Account, request: Request) -> Answer:
    return created(keep(account, request.body, {}))


def _put(account: Account, request: Request) -> Answer:
    return ok(keep(account, request.body, _found(account, request)))


def _delete(account: Account, request: Request) -> Answer:
    product = _found(account, request)
    account.store.drop("products", _key(product["NominalCode"], product["Code"]))
    return NO_CONTENT


def _stock_options(account: Account, _: Request) -> Answer:
    return ok(account.store.get("settings", "stock_options") or STOCK_OPTIONS)


def _put_stock_options(account: Account, request: Request) -> Answer:
    options = {name: request.body.get(name, False) for name in STOCK_OPTIONS}
    account.store.put("settings", "stock_options", options)
    return ok(options)


def _overview(account: Account, request: Request) -> Answer:
    rows = [_stock_row(account, p) for p in account.all_seen("products") if p["ManageStockLevel"]]
    if request.query["ordersonly"]:
        rows = [row for row in rows if row["PendingDelivery"]]
    if request.query["alertsonly"]:
        rows = [row for row in rows if row["QuantityInStock"] <= row["AlertLevel"]]
    total = sum((row["StockValue"] for row in rows), ZERO)
    return ok({"TotalValue": total, "Stocks": rows})


def _stock_row(account: Account, product: Record) -> Record:
    nominal = account.store.get("nominals", product["NominalCode"]) or {}
    return {
        "NominalCode": product["NominalCode"],
        "NominalName": nominal.get("Name"),
        "ProductCode": product["Code"],
        "ProductName": product["Name"],
        "ProductDescription": product["Description"],
        "ProductPrice": product["Price"],
        "QuantityInStock": product["QuantityInStock"],
        "StockValue": money(product["Price"] * product["QuantityInStock"]),
        "PendingDelivery": 0,
        "AlertLevel": product["StockWarningQuantity"],
    }


_LISTING: Final = words(PAGING + "sortcolumn:integer filterbycharacter:text filterbyinuseonly:flag")
_ONE: Final = "/products/{nominal:integer}/{code}"

ROUTES: Final = (
    Route("GET", "/products", _all, query=_LISTING),
    Route("POST", "/products", _post, body=bodies.PRODUCT),
    Route("GET", "/products/list", _list, query=_LISTING),
    Route("GET", _ONE, _get),
    Route("PUT", _ONE, _put, body=bodies.PRODUCT),
    Route("DELETE", _ONE, _delete),
    Route("GET", "/nominals/{nominal:integer}/products", _of_nominal, query=_LISTING),
    Route("GET", "/stockoptions", _stock_options),
    Route("PUT", "/stockoptions", _put_stock_options, body=bodies.STOCK_OPTIONS),
    Route(
        "GET",
        "/reports/business/stockoverview",
        _overview,
        query=words("ordersonly:flag! alertsonly:flag! excludeordered:flag!"),
    ),
)
