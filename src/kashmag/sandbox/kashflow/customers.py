"""Customers: what is kept of them, and their operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.currencies import currency_ref
from kashmag.sandbox.kashflow.customer_views import detail, outstanding, row, total_paid
from kashmag.sandbox.kashflow.paging import Sorting, page, sort
from kashmag.sandbox.kashflow.places import filled_address
from kashmag.sandbox.kashflow.routing import PAGING, Request, Route, words
from kashmag.sandbox.kashflow.wire import NO_CONTENT, Answer, Refusal, created, money, ok

DEFAULTS: Final[Mapping[str, object]] = {
    "Source": 0,
    "Note": "",
    "ShowDiscount": False,
    "AutoIncludeVATNumber": False,
    "ReceivesWholesalePricing": False,
    "DefaultCustomerReference": "",
    "EmailTemplateNumber": 1,
    "OverrideInvoiceFileFormat": False,
    "InvoiceFileFormat": "",
    "UniqueEntityNumber": "",
    "AutomaticCreditControlEnabled": False,
    "UseCustomDeliveryAddress": False,
    "PDFThemeId": 0,
    "DefaultNominalCode": 4000,
    "IsArchived": False,
    "VATNumber": "",
    "TradeBorderType": "Domestic",
    "IsCISReverseCharge": False,
    "ApplyWithholdingTax": False,
    "EnableCreditLimit": False,
}
_CONTACT_FIELDS: Final = (
    "Name",
    "Title",
    "Firstname",
    "LastName",
    "Telephone",
    "Fax",
    "Mobile",
    "Website",
    "Email",
)


def create(account: Account, body: Record) -> Record:
    """Keep a new customer.

    Raises:
        Refusal: 400, the code is taken or missing, or the name is.
    """
    may_choose = body.get("CreateCustomerCodeIfDuplicate", False)
    code = body.get("Code", "").strip()
    taken = bool(code) and account.store.get("customers", account.customer_key(code)) is not None
    if taken and not may_choose:
        message = f"Customer code {code} is already in use."
        raise Refusal(400, account.switches.duplicate_code_error, message)
    if not code and not may_choose:
        raise account.invalid("Code required @ $.Code")
    chosen = suggested(account, body.get("Name", "")) if taken or not code else code
    today = account.today.isoformat()
    customer = {
        **_kept(account, body, name=_name(account, body)),
        "Id": account.store.next_id(),
        "Code": chosen,
        "CreatedDate": today,
        "LastUpdatedDate": today,
        "CustomerKey": body.get("CustomerKey", account.guid()),
        "_Guid": account.guid(),
    }
    account.appear("customers", account.customer_key(chosen), searchable(customer))
    return customer


def replace(account: Account, old: Record, body: Record) -> Record:
    """Replace a customer by what was sent: what is absent becomes empty.

    Raises:
        Refusal: 400, the new code is taken, or the name is missing.
    """
    code = body.get("Code", "").strip() or old["Code"]
    old_key, key = account.customer_key(old["Code"]), account.customer_key(code)
    if key != old_key and account.store.get("customers", key) is not None:
        message = f"Customer code {code} is already in use."
        raise Refusal(400, account.switches.duplicate_code_error, message)
    customer = {
        **_kept(account, body, name=_name(account, body)),
        **{name: old[name] for name in ("Id", "CreatedDate", "_Guid")},
        "Code": code,
        "LastUpdatedDate": account.today.isoformat(),
        "CustomerKey": body.get("CustomerKey", old["CustomerKey"]),
    }
    if key != old_key:
        _move_documents(account, old_key, customer)
        account.store.drop("customers", old_key)
    account.store.put("customers", key, searchable(customer))
    return customer


def suggested(account: Account, name: str) -> str:
    """A free code made of a name: letters and two digits."""
    stem = "".join(c for c in name.upper() if c.isascii() and c.isalnum())[:6] or "CUST"
    number = 1
    while account.store.get("customers", account.customer_key(f"{stem}{number:02}")) is not None:
        number += 1
    return f"{stem}{number:02}"


def searchable(customer: Record) -> Record:
    """The customer with the text that searches look through."""
    mails = [contact["Email"] or "" for contact in customer["Contacts"]]
    text = "\n".join([customer["Code"], customer["Name"], *mails])
    return {**customer, "_Search": text.lower()}


def default_due_date(customer: Record, issued: date) -> date:
    """When an invoice of that day is due, by the customer's terms."""
    terms = customer["PaymentTerms"]
    start = issued
    if terms["Type"] == "AfterMonthEnd":
        next_month = issued.replace(day=28) + timedelta(days=4)
        start = next_month.replace(day=1) - timedelta(days=1)
    return start + timedelta(days=terms["Days"])


def _name(account: Account, body: Record) -> str:
    name: str = body.get("Name", "").strip()
    if not name and not body.get("CreateCustomerNameIfEmptyOrNull", False):
        raise account.invalid("Name required @ $.Name")
    return name or f"Customer {account.store.count('customers') + 1}"


def _kept(account: Account, body: Record, *, name: str) -> Record:
    flags = {field: body.get(field, default) for field, default in DEFAULTS.items()}
    return {
        **flags,
        "Name": name,
        "DiscountRate": money(body.get("DiscountRate")),
        "WithholdingTaxRate": money(body.get("WithholdingTaxRate")),
        "CreditLimit": money(body.get("CreditLimit")),
        "Addresses": [filled_address(account, a) for a in body.get("Addresses", [])],
        "DeliveryAddresses": [
            {"Name": a.get("Name"), **filled_address(account, a)}
            for a in body.get("DeliveryAddresses", [])
        ],
        "WithholdingTaxReferences": body.get("WithholdingTaxReferences", []),
        "CustomTextBoxes": body.get("CustomTextBoxes", []),
        "CustomCheckBoxes": body.get("CustomCheckBoxes", []),
        "PaymentTerms": {
            "Type": body.get("PaymentTerms", {}).get("Type", "AfterIssuedDate"),
            "Days": body.get("PaymentTerms", {}).get("Days", 0),
        },
        "Contacts": [_contact(account, contact) for contact in body.get("Contacts", [])],
        "Currency": currency_ref(account, body.get("Currency")),
    }


def _contact(account: Account, body: Record) -> Record:
    joined = f"{body.get('Firstname', '')} {body.get('LastName', '')}".strip()
    return {
        "Id": body.get("Id") or account.store.next_id(),
        "IsPrimary": body.get("IsPrimary", False),
        "ReceiveEmails": body.get("ReceiveEmails", False),
        **{name: body.get(name) for name in _CONTACT_FIELDS},
        "Name": body.get("Name", joined),
    }


def _move_documents(account: Account, old_key: str, customer: Record) -> None:
    key = account.customer_key(customer["Code"])
    for table in ("invoices", "quotes"):
        for document in account.store.of_customer(table, old_key):
            moved = {**document, "CustomerCode": customer["Code"], "_Customer": key}
            account.store.put(table, document["Number"], moved)


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
