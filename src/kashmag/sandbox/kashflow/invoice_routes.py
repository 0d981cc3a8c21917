"""Invoices over the wire: listing, reading, writing, archiving, credits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kashmag.sandbox.kashflow import bodies, invoices
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.invoice_views import detail, due_amount, row, status_of
from kashmag.sandbox.kashflow.paging import Sorting, page, sort
from kashmag.sandbox.kashflow.routing import PAGING, Request, Route, words
from kashmag.sandbox.kashflow.wire import NO_CONTENT, ZERO, Answer, created, ok

_STATUSES: Final[Mapping[str, frozenset[str]]] = {
    "unpaid": frozenset({"Unpaid", "PartPaid", "Overdue", "OverduePartPaid"}),
    "partpaid": frozenset({"PartPaid", "OverduePartPaid"}),
    "overdue": frozenset({"Overdue", "OverduePartPaid"}),
    "overduepartpaid": frozenset({"OverduePartPaid"}),
    "overpaid": frozenset({"Overpaid"}),
    "paid": frozenset({"Paid"}),
    "na": frozenset({"NA"}),
    "notfullypaid": frozenset({"Unpaid", "PartPaid", "Overdue", "OverduePartPaid"}),
}
STATUS_NAMES: Final = (
    "All",
    "Unpaid",
    "PartPaid",
    "Overdue",
    "OverduePartPaid",
    "Overpaid",
    "Paid",
    "NotFullyPaid",
)
_SORTING: Final = Sorting(
    {
        0: "number",
        1: "customerreference",
        2: "customername",
        3: "issueddate",
        4: "duedate",
        5: "grossamount",
        6: "netamount",
        7: "status",
        8: "paiddate",
        9: "dueamount",
        10: "type",
        11: "vatamount",
        12: "project",
    },
    {
        "number": lambda invoice: invoice["Number"],
        "customerref": lambda invoice: invoice["_Search"],
        "customerreference": lambda invoice: invoice["_Search"],
        "customername": lambda invoice: invoice["_Customer"],
        "invoicedate": lambda invoice: invoice["IssuedDate"],
        "issueddate": lambda invoice: invoice["IssuedDate"],
        "paymentduedate": lambda invoice: invoice["DueDate"],
        "duedate": lambda invoice: invoice["DueDate"],
        "grossamount": lambda invoice: invoice["GrossAmount"],
        "netamount": lambda invoice: invoice["NetAmount"],
        "vatamount": lambda invoice: invoice["VATAmount"],
        "status": lambda invoice: due_amount(invoice) != 0,
        "paymentpaiddate": lambda i: max((p["Date"] for p in i["PaymentLines"]), default=""),
        "paiddate": lambda i: max((p["Date"] for p in i["PaymentLines"]), default=""),
        "dueamount": due_amount,
        "type": lambda invoice: invoice["GrossAmount"] < 0,
        "project": lambda invoice: invoice["ProjectNumber"],
    },
    lambda invoice: invoice["Number"],
    default="number",
)


def _matching(account: Account, request: Request) -> list[Record]:
    query = request.query
    since, until = query.get("issuedatefrom", ""), query.get("issuedateto", "9999")
    text, archived = query.get("searchtext", ""), query.get("archived", "").lower()
    wanted = _wanted_statuses(account, query.get("statusfilter", "all").lower())
    project, small = query.get("projectnumber", 0), text.lower()
    found = [
        invoice
        for invoice in _candidates(account, query.get("customercode"))
        # Each way of matching contains the text: most rows fall out here, without a call.
        if small in invoice["_Search"]
        and (not text or account.matches_text(text, invoice["_Search"]))
        and since <= invoice["IssuedDate"] <= until
        and _shows_archived(account, invoice, archived)
        and (not project or invoice["ProjectNumber"] == project)
    ]
    if wanted is None:
        return found
    return [invoice for invoice in found if status_of(account, invoice) in wanted]


def _candidates(account: Account, code: str | None) -> list[Record]:
    if code is None:
        return account.all_seen("invoices")
    mine = account.store.of_customer("invoices", account.customer_key(code))
    now = account.now
    return [i for i in mine if account.store.seen("invoices", i["Number"], now) is not None]


def _wanted_statuses(account: Account, name: str) -> frozenset[str] | None:
    if name == "all":
        return None
    if name not in _STATUSES:
        raise account.invalid(f"there is no status {name!r}")
    return _STATUSES[name]


def _shows_archived(account: Account, invoice: Record, archived: str) -> bool:
    if archived == "all" or not account.switches.lists_hide_archived:
        return True
    return bool(invoice["IsArchived"]) == (archived == "true")


def _list(account: Account, request: Request) -> Answer:
    rows = sort(account, request, _matching(account, request), _SORTING)
    total = sum((invoice["GrossAmount"] for invoice in rows), ZERO)
    shown = page(account, request, rows, lambda i: row(account, i), default=50, total=total)
    return ok(shown)


def _get(account: Account, request: Request) -> Answer:
    return ok(detail(account, account.seen("invoices", request.path["number"])))


def _post(account: Account, request: Request) -> Answer:
    invoice = invoices.create(account, request.body)
    if account.switches.post_invoice_reply == "empty_ok":
        return ok({})
    shown = detail(account, invoice)
    if account.switches.number_as_text:
        shown["Number"] = str(invoice["Number"])
    return created(shown, location=f"{request.url}/{invoice['Number']}")


def _put(account: Account, request: Request) -> Answer:
    old = account.seen("invoices", request.path["number"])
    invoice = invoices.replace(account, old, request.body)
    shown = detail(account, invoice)
    renamed: bool = invoice["Number"] != old["Number"]
    return created(shown) if renamed else ok(shown)


def _delete(account: Account, request: Request) -> Answer:
    invoices.remove(account, account.seen("invoices", request.path["number"]))
    return NO_CONTENT


def _delete_list(account: Account, request: Request) -> Answer:
    for number in request.items:
        invoices.remove(account, account.seen("invoices", number))
    return NO_CONTENT


def _archive(account: Account, request: Request) -> Answer:
    archived = request.path["archived"].lower()
    if archived not in ("true", "false"):
        raise account.invalid(f"true or false, not {archived!r}")
    for number in request.items:
        invoice = account.seen("invoices", number)
        changed = {**invoice, "IsArchived": archived == "true"}
        account.store.put("invoices", number, changed)
    return NO_CONTENT


def _top_due(account: Account, request: Request) -> Answer:
    query = request.query
    found = [
        invoice
        for invoice in _candidates(account, query.get("customercode"))
        if due_amount(invoice) > 0
        and account.matches_text(query.get("searchtext", ""), invoice["_Search"])
    ]
    rows = sorted(found, key=due_amount, reverse=True)[:10]
    return ok([{"Id": i["Id"], "Number": i["Number"], "DueAmount": due_amount(i)} for i in rows])


def _next_number(account: Account, _: Request) -> Answer:
    return ok(invoices.next_number(account))


def _assign_project(account: Account, request: Request) -> Answer:
    for number in request.items:
        invoice = account.seen("invoices", number)
        changed = {**invoice, "ProjectNumber": request.query["assignproject"]}
        account.store.put("invoices", number, changed)
    return NO_CONTENT


ROUTES: Final = (
    Route(
        "GET",
        "/invoices",
        _list,
        query=words(
            PAGING + "sortby:text customercode:text statusfilter:text projectnumber:integer "
            "issuedatefrom:date issuedateto:date searchtext:text archived:text source:text "
            "dosearchwithdueamount:flag issalesreport:flag"
        ),
    ),
    Route("POST", "/invoices", _post, body=bodies.INVOICE),
    Route("GET", "/invoices/topdue", _top_due, query=words("customercode:text searchtext:text")),
    Route("GET", "/invoices/{number:integer}", _get),
    Route("PUT", "/invoices/{number:integer}", _put, body=bodies.INVOICE),
    Route("DELETE", "/invoices/{number:integer}", _delete),
    Route("DELETE", "/invoicelist", _delete_list, items="integer"),
    Route("PUT", "/invoices/archive-status/{archived}", _archive, items="integer"),
    Route(
        "PUT",
        "/internal/invoices",
        _assign_project,
        query=words("assignproject:integer!"),
        items="integer",
    ),
    Route("GET", "/nextavailableinvoicenumber", _next_number),
)
