"""Customers over the wire: listing, searching, reading, writing, archiving."""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.customer_views import detail, outstanding, row, total_paid
from kashmag.sandbox.kashflow.customers import create, replace, suggested
from kashmag.sandbox.kashflow.paging import Sorting, page, sort
from kashmag.sandbox.kashflow.routing import PAGING, Request, Route, words
from kashmag.sandbox.kashflow.wire import NO_CONTENT, Answer, created, ok

_SORTING: Final = Sorting(
    {0: "name", 1: "code", 3: "totalpaidamount", 4: "outstandingbalance"},
    {
        "name": lambda customer: customer["Name"].lower(),
        "code": lambda customer: customer["Code"].lower(),
        "totalpaidamount": lambda customer: customer["_Paid"],
        "outstandingbalance": lambda customer: customer["_Outstanding"],
    },
    lambda customer: customer["Code"].lower(),
    default="code",
)


_BY_MONEY: Final = ("3", "4", "totalpaidamount", "outstandingbalance")


def _matching(account: Account, request: Request) -> list[Record]:
    query = request.query
    prefix, text = query.get("namestartswith", "").lower(), query.get("searchtext", "")
    since, until = query.get("startcreationdate", ""), query.get("endcreationdate", "9999")
    small = text.lower()
    hides, archived = account.switches.lists_hide_archived, query.get("filterarchived", False)
    return [
        customer
        for customer in account.all_seen("customers")
        # Each way of matching contains the text: most rows fall out here, without a call.
        if small in customer["_Search"]
        and (not hides or customer["IsArchived"] == archived)
        and customer["Name"].lower().startswith(prefix)
        and since <= customer["CreatedDate"] <= until
        and (not text or account.matches_text(text, customer["_Search"]))
    ]


def _list(account: Account, request: Request) -> Answer:
    found = _matching(account, request)
    if str(request.query.get("sortby", "")).lower() in _BY_MONEY:
        found = [
            {**c, "_Paid": total_paid(account, c), "_Outstanding": outstanding(account, c)}
            for c in found
        ]
    rows = sort(account, request, found, _SORTING)
    return ok(page(account, request, rows, lambda c: row(account, c), default=50))


def _get(account: Account, request: Request) -> Answer:
    key = account.customer_key(request.path["code"])
    return ok(detail(account, account.seen("customers", key)))


def _post(account: Account, request: Request) -> Answer:
    customer = create(account, request.body)
    location = f"{request.url}/{customer['Code']}"
    return created(detail(account, customer), location=location)


def _put(account: Account, request: Request) -> Answer:
    old = account.seen("customers", account.customer_key(request.path["code"]))
    customer = replace(account, old, request.body)
    if request.query.get("updateinvoicesaddress", False) and customer["Addresses"]:
        _readdress(account, customer)
    shown = detail(account, customer)
    renamed: bool = customer["Code"] != old["Code"]
    return created(shown) if renamed else ok(shown)


def _readdress(account: Account, customer: Record) -> None:
    for invoice in account.store.of_customer("invoices", account.customer_key(customer["Code"])):
        changed = {**invoice, "Address": customer["Addresses"][0]}
        account.store.put("invoices", invoice["Number"], changed)


def _remove(account: Account, code: str) -> None:
    key = account.customer_key(code)
    account.seen("customers", key)
    if account.store.of_customer("invoices", key) or account.store.of_customer("quotes", key):
        raise account.invalid(f"customer {code} has documents and cannot be deleted")
    account.store.drop("customers", key)


def _delete(account: Account, request: Request) -> Answer:
    _remove(account, request.path["code"])
    return NO_CONTENT


def _delete_list(account: Account, request: Request) -> Answer:
    for code in request.items:
        _remove(account, code)
    return ok(None)


def _search(account: Account, request: Request) -> Answer:
    by, text = request.query["searchby"].lower(), request.query["searchtext"]
    if by not in ("code", "email", "name"):
        raise account.invalid(f"searchBy is code, email or name, not {by!r}")

    def hay(customer: Record) -> str:
        if by == "email":
            return "\n".join((c["Email"] or "").lower() for c in customer["Contacts"])
        return str(customer["Code" if by == "code" else "Name"]).lower()

    return ok(
        [
            {"key": customer["Id"], "value": customer["Name"]}
            for customer in account.all_seen("customers")
            if account.matches_text(text, hay(customer))
        ]
    )


def _suggest(account: Account, request: Request) -> Answer:
    return ok(suggested(account, request.body.get("Name", "")))


def _confirm(account: Account, request: Request) -> Answer:
    codes = [code.strip() for code in request.query["customercodes"].split(",") if code.strip()]
    busy = [c for c in codes if account.store.of_customer("invoices", account.customer_key(c))]
    return ok({"CanDelete": not busy, "CustomersWithTransactions": busy})


def _archive(account: Account, request: Request) -> Answer:
    for code in request.items:
        key = account.customer_key(code)
        account.store.put("customers", key, {**account.seen("customers", key), "IsArchived": True})
    return Answer(200)


ROUTES: Final = (
    Route(
        "GET",
        "/customers",
        _list,
        query=words(
            PAGING + "sortby:text namestartswith:text filterarchived:flag searchtext:text "
            "startcreationdate:date endcreationdate:date skipperpagevalidation:flag"
        ),
    ),
    Route("POST", "/customers", _post, body=bodies.CUSTOMER),
    Route("GET", "/customers/search", _search, query=words("searchby:text! searchtext:text!")),
    Route("POST", "/customers/suggestedcode", _suggest, body=bodies.CUSTOMER),
    Route("GET", "/customers/confirm-to-delete", _confirm, query=words("customercodes:text!")),
    Route("GET", "/customers/{code}", _get),
    Route(
        "PUT",
        "/customers/{code}",
        _put,
        body=bodies.CUSTOMER,
        query=words("updateinvoicesaddress:flag"),
    ),
    Route("DELETE", "/customers/{code}", _delete),
    Route("DELETE", "/customerlist", _delete_list, items="text"),
    Route("PUT", "/internal/customers/archive", _archive, items="text"),
)
