"""Sources: where customers come from."""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.customer_views import invoices_of, total_paid
from kashmag.sandbox.kashflow.routing import Request, Route, words
from kashmag.sandbox.kashflow.wire import NO_CONTENT, ZERO, Answer, created, money, ok


def _view(account: Account, source: Record) -> Record:
    mine = [c for c in account.store.all("customers") if c["Source"] == source["Id"]]
    invoiced = (i["NetAmount"] for c in mine for i in invoices_of(account, c))
    return {
        "CustomerList": [{"CustomerId": c["Id"], "CustomerName": c["Name"]} for c in mine],
        "Id": source["Id"],
        "NumberOfCustomer": len(mine),
        "PaymentReceivedIncVAT": sum((total_paid(account, c) for c in mine), ZERO),
        "TotalInvoicesIssuedExcVAT": sum(invoiced, ZERO),
        "Name": source["Name"],
        "CostOfSource": source["CostOfSource"],
    }


def _named(account: Account, name: str) -> Record | None:
    found = (s for s in account.all_seen("sources") if s["Name"].lower() == name.lower())
    return next(found, None)


def _list(account: Account, _: Request) -> Answer:
    return ok([_view(account, source) for source in account.all_seen("sources")])


def _get(account: Account, request: Request) -> Answer:
    source = _named(account, request.query["sourcename"])
    if source is None:
        raise account.missing("sources", request.query["sourcename"])
    return ok(_view(account, source))


def _post(account: Account, request: Request) -> Answer:
    if _named(account, request.body["Name"]) is not None:
        raise account.invalid(f"there is a source {request.body['Name']!r} already")
    cost = money(request.body.get("CostOfSource"))
    identity = account.store.next_id()
    source = {"Id": identity, "Name": request.body["Name"], "CostOfSource": cost}
    account.store.put("sources", source["Id"], source)
    return created(_view(account, source))


def _put(account: Account, request: Request) -> Answer:
    old = account.seen("sources", request.path["id"])
    cost = money(request.body.get("CostOfSource"))
    source = {**old, "Name": request.body["Name"], "CostOfSource": cost}
    account.store.put("sources", old["Id"], source)
    return ok(_view(account, source))


def _delete(account: Account, request: Request) -> Answer:
    source = _named(account, request.query["name"])
    if source is None:
        raise account.missing("sources", request.query["name"])
    account.store.drop("sources", source["Id"])
    return NO_CONTENT


ROUTES: Final = (
    Route("GET", "/sources", _list, query=words("onlysources:flag")),
    Route("POST", "/sources/createSource", _post, body=bodies.SOURCE),
    Route("GET", "/sources/getSource", _get, query=words("sourcename:text!")),
    Route("PUT", "/sources/{id:integer}", _put, body=bodies.SOURCE),
    Route("DELETE", "/sources/deleteSource", _delete, query=words("name:text!")),
)
