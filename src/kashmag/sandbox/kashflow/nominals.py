"""Nominals: the accounts that lines are posted to."""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.routing import Request, Route, words
from kashmag.sandbox.kashflow.wire import NO_CONTENT, Answer, created, money, ok

_DETAIL_ONLY: Final = frozenset(
    {
        "CISRate",
        "PrePayments",
        "IncludeInECSalesList",
        "IncrementStockLevelsOnPurchase",
        "PurchaseNominalCode",
        "PurchaseSubNominalCode",
        "PurchaseNominalId",
        "PurchaseSubNominalId",
    }
)


def kept_nominal(account: Account, body: Record, old: Record) -> Record:
    """A nominal as it is kept."""
    codes = [int(code) for code in account.store.keys("nominals")]
    return {
        "Id": old.get("Id") or account.store.next_id(),
        "Code": body.get("Code") or old.get("Code") or max(codes, default=3999) + 1,
        "Name": body["Name"],
        "Type": body.get("Type", "Turnover"),
        "NomType": body.get("NomType", 0),
        "Sa103Code": body.get("Sa103Code", 0),
        "CISRate": money(body.get("CISRate")),
        "ComplianceCode": body.get("ComplianceCode", ""),
        "Disallowed": body.get("Disallowed", False),
        "Archived": body.get("Archived", False),
        "DigitalService": body.get("DigitalService", False),
        "PrePayments": body.get("PrePayments", False),
        "IsProduct": body.get("IsProduct", 0),
        "IncludeInECSalesList": body.get("IncludeInECSalesList", False),
        "AutoFillLineItem": body.get("AutoFillLineItem", False),
        "Price": money(body.get("Price")),
        "WholeSalePrice": money(body.get("WholeSalePrice")),
        "VATRate": money(body.get("VATRate", 20)),
        "VATExempt": body.get("VATExempt", False),
        "Description": body.get("Description", ""),
        "ManageStockLevel": body.get("ManageStockLevel", False),
        "QuantityInStock": body.get("QuantityInStock", 0),
        "StockWarningQuantity": body.get("StockWarningQuantity", 0),
        "Special": 0,
        "Classification": "",
        "ControlAccountClassification": "",
        "AllowDelete": True,
        "PlOption": 0,
        "BsOption": 0,
        "IRISCoAName": "",
        "IncrementStockLevelsOnPurchase": body.get("IncrementStockLevelsOnPurchase", False),
        "IsIRISCoA": False,
        "PurchaseNominalCode": body.get("PurchaseNominalCode", 0),
        "PurchaseSubNominalCode": body.get("PurchaseSubNominalCode", ""),
        "PurchaseNominalId": 0,
        "PurchaseSubNominalId": 0,
    }


def _row(account: Account, nominal: Record) -> Record:
    default = next(
        (
            product
            for product in account.store.all("products")
            if product["NominalCode"] == nominal["Code"] and product["IsDefault"]
        ),
        None,
    )
    shown = {name: value for name, value in nominal.items() if name not in _DETAIL_ONLY}
    names = (
        "Code",
        "Name",
        "AutoFillLineItem",
        "Price",
        "WholeSalePrice",
        "VATRate",
        "VATExempt",
        "Description",
        "InUse",
    )
    return {**shown, "DefaultProduct": {n: default[n] for n in names} if default else None}


def _list(account: Account, request: Request) -> Answer:
    text, kind = request.query.get("searchtext", ""), request.query.get("type", "All").lower()
    return ok(
        [
            _row(account, nominal)
            for nominal in sorted(account.all_seen("nominals"), key=lambda n: int(n["Code"]))
            if account.matches_text(text, f"{nominal['Code']}\n{nominal['Name']}".lower())
            and kind in ("all", (nominal["Type"] or "").lower())
        ]
    )


def _get(account: Account, request: Request) -> Answer:
    return ok(account.seen("nominals", request.path["code"]))


def _by_id(account: Account, request: Request) -> Answer:
    identity = request.path["id"]
    found = next((n for n in account.all_seen("nominals") if n["Id"] == identity), None)
    if found is None:
        raise account.missing("nominals", identity)
    return ok(found)


def _post(account: Account, request: Request) -> Answer:
    code = request.body.get("Code", 0)
    taken = account.store.get("nominals", code)
    if taken is not None and request.body.get("CreateWhenNotPresent", False):
        return created(taken)
    if taken is not None:
        raise account.invalid(f"nominal code {code} is already in use")
    nominal = kept_nominal(account, request.body, {})
    account.store.put("nominals", nominal["Code"], nominal)
    return created(nominal)


def _put(account: Account, request: Request) -> Answer:
    old = account.seen("nominals", request.path["code"])
    nominal = kept_nominal(account, request.body, old)
    if nominal["Code"] != old["Code"]:
        raise account.invalid("the code of a nominal cannot be changed here")
    account.store.put("nominals", nominal["Code"], nominal)
    return ok(nominal)


def _delete(account: Account, request: Request) -> Answer:
    code, heir = request.path["code"], request.query["assignedcode"]
    account.seen("nominals", code)
    if heir == code or account.store.get("nominals", heir) is None:
        raise account.invalid(f"nominal {heir} cannot take over the transactions of {code}")
    for invoice in account.store.all("invoices"):
        lines = [
            {**line, "NominalCode": heir} if line["NominalCode"] == code else line
            for line in invoice["LineItems"]
        ]
        if lines != invoice["LineItems"]:
            account.store.put("invoices", invoice["Number"], {**invoice, "LineItems": lines})
    account.store.drop("nominals", code)
    return NO_CONTENT


def _discount(account: Account, request: Request) -> Answer:
    name = request.body.get("Name", "Discounts")
    nominal = kept_nominal(account, {"Name": name}, {})
    account.store.put("nominals", nominal["Code"], nominal)
    return created(nominal)


ROUTES: Final = (
    Route("GET", "/nominals", _list, query=words("type:text area:text searchtext:text")),
    Route("POST", "/nominals", _post, body=bodies.NOMINAL),
    Route("GET", "/nominals/Id/{id:integer}", _by_id),
    Route("GET", "/nominals/{code:integer}", _get),
    Route("PUT", "/nominals/{code:integer}", _put, body=bodies.NOMINAL),
    Route("DELETE", "/nominals/{code:integer}", _delete, query=words("assignedcode:integer!")),
    Route("POST", "/internal/discountnominal", _discount, body=bodies.DISCOUNT_NOMINAL),
)
