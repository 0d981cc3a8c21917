"""Customers as they are shown: rows, details, statistics and transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.invoice_views import due_amount, status_of
from kashmag.sandbox.kashflow.paging import Sorting, page, sort
from kashmag.sandbox.kashflow.routing import PAGING, Request, Route, words
from kashmag.sandbox.kashflow.wire import NO_DATE, ZERO, Answer, noon, ok

_STATUS_NUMBERS: Final = ("NA", "Unpaid", "PartPaid", "Overdue", "OverduePartPaid", "Overpaid")


def invoices_of(account: Account, customer: Record) -> list[Record]:
    """The customer's invoices and credit notes, voided ones left out."""
    key = account.customer_key(customer["Code"])
    found = account.store.of_customer("invoices", key)
    return [invoice for invoice in found if "DeletedAt" not in invoice]


def total_paid(account: Account, customer: Record) -> Decimal:
    """What the customer has paid."""
    return _sums(account, customer)["TotalPaidAmount"]


def outstanding(account: Account, customer: Record) -> Decimal:
    """What the customer owes."""
    sums = _sums(account, customer)
    return sums["GrossAmount"] - sums["TotalPaidAmount"]


def _sums(account: Account, customer: Record) -> Mapping[str, Decimal]:
    return account.store.sums_of_customer(account.customer_key(customer["Code"]))


def _overdue(account: Account, invoices: Sequence[Record]) -> Decimal:
    late = (i for i in invoices if due_amount(i) > 0 and i["DueDate"] < account.today.isoformat())
    return sum((due_amount(i) for i in late), ZERO)


def row(account: Account, customer: Record) -> Record:
    """The customer as a row of a list."""
    return {
        "Id": customer["Id"],
        "Code": customer["Code"],
        "Name": customer["Name"],
        "TotalPaidAmount": total_paid(account, customer),
        "OutstandingBalance": outstanding(account, customer),
        "IsSchedule": False,
        "SourceName": _source_name(account, customer),
        **{name: customer[name] for name in _ROW_FIELDS},
        "Currency": customer["Currency"],
    }


def detail(account: Account, customer: Record) -> Record:
    """The whole customer."""
    invoices = invoices_of(account, customer)
    dates = sorted(invoice["IssuedDate"] for invoice in invoices)
    first_address = customer["Addresses"][0] if customer["Addresses"] else {}
    return {
        "Id": customer["Id"],
        "Code": customer["Code"],
        "Name": customer["Name"],
        "SourceName": _source_name(account, customer),
        **{name: customer[name] for name in _DETAIL_FIELDS},
        "DisplayName": ", ".join(
            part for part in (customer["Name"], first_address.get("PostCode")) if part
        ),
        "CreatedDate": noon(customer["CreatedDate"]),
        "LastUpdatedDate": noon(customer["LastUpdatedDate"]),
        "InvoicedNetAmount": _sums(account, customer)["NetAmount"],
        "InvoicedVATAmount": _sums(account, customer)["VATAmount"],
        "InvoiceCount": len(invoices),
        "IsGoCardlessMandateSet": False,
        "EnvelopeUrl": account.permalink("customers", customer["_Guid"]),
        "UsesDefaultTheme": True,
        "AverageDaysToPay": 0,
        "OverdueAmount": _overdue(account, invoices),
        "FirstInvoiceDate": noon(dates[0]) if dates else NO_DATE,
        "LastInvoiceDate": noon(dates[-1]) if dates else NO_DATE,
        "TotalPaidAmount": total_paid(account, customer),
        "OutstandingBalance": outstanding(account, customer),
        "IsSchedule": False,
        "MarkedAsStale": False,
    }


_ROW_FIELDS: Final = (
    "DefaultNominalCode",
    "IsArchived",
    "VATNumber",
    "TradeBorderType",
    "IsCISReverseCharge",
    "ApplyWithholdingTax",
    "CustomerKey",
    "Contacts",
    "Addresses",
)
_DETAIL_FIELDS: Final = (
    "Source",
    "Note",
    "DiscountRate",
    "ShowDiscount",
    "AutoIncludeVATNumber",
    "ReceivesWholesalePricing",
    "DefaultCustomerReference",
    "EmailTemplateNumber",
    "OverrideInvoiceFileFormat",
    "InvoiceFileFormat",
    "UniqueEntityNumber",
    "AutomaticCreditControlEnabled",
    "UseCustomDeliveryAddress",
    "WithholdingTaxRate",
    "PDFThemeId",
    *_ROW_FIELDS,
    "EnableCreditLimit",
    "CreditLimit",
    "DeliveryAddresses",
    "WithholdingTaxReferences",
    "CustomTextBoxes",
    "CustomCheckBoxes",
    "PaymentTerms",
    "Currency",
)


def _source_name(account: Account, customer: Record) -> str | None:
    source = account.store.get("sources", customer["Source"])
    return source["Name"] if source else None


def _customer(account: Account, request: Request) -> Record:
    return account.seen("customers", account.customer_key(request.path["code"]))


def _statistics(account: Account, request: Request) -> Answer:
    customer = _customer(account, request)
    invoices = invoices_of(account, customer)
    dates = sorted(invoice["IssuedDate"] for invoice in invoices)
    return ok(
        {
            "FirstTransactionDate": noon(dates[0]) if dates else NO_DATE,
            "LastTransactionDate": noon(dates[-1]) if dates else NO_DATE,
            "AverageTimeToPay": "0 days",
            "TotalInvoiced": f"£{sum((i['GrossAmount'] for i in invoices), ZERO):,.2f}",
            "AmountDue": f"£{outstanding(account, customer):,.2f}",
            "AmountOverdue": f"£{_overdue(account, invoices):,.2f}",
        }
    )


def _as_transaction(account: Account, invoice: Record) -> list[Record]:
    status = status_of(account, invoice)
    number = _STATUS_NUMBERS.index(status) if status in _STATUS_NUMBERS else 6
    shared = {"Project": None, "Reference": invoice["CustomerReference"], "ParentNumber": 0}
    document = {
        "Type": 6 if invoice["GrossAmount"] < 0 else 1,
        "PackingSlipPermalink": account.permalink("packingslip", invoice["_Guid"]).lstrip("/"),
        "StatusNumber": number,
        "Status": status,
        "Id": invoice["Id"],
        "Number": invoice["Number"],
        "Date": noon(invoice["IssuedDate"]),
        "Amount": invoice["GrossAmount"],
        "Permalink": account.permalink("invoice", invoice["_Guid"]),
        **shared,
    }
    payments = [
        {
            "Type": 2,
            "PackingSlipPermalink": None,
            "StatusNumber": 6,
            "Status": "Paid",
            "Id": payment["Id"],
            "Number": 0,
            "Date": noon(payment["Date"]),
            "Amount": payment["Amount"],
            "Permalink": account.permalink("invoice/payment", payment["_Guid"]),
            **shared,
            "ParentNumber": invoice["Number"],
        }
        for payment in invoice["PaymentLines"]
    ]
    return [document, *payments]


_SORTING: Final = Sorting(
    {0: "number", 1: "date", 2: "project", 3: "type", 4: "reference", 5: "amount", 6: "status"},
    {
        "number": lambda t: t["Number"],
        "date": lambda t: t["Date"],
        "project": lambda t: t["Project"] or "",
        "type": lambda t: t["Type"],
        "reference": lambda t: t["Reference"] or "",
        "amount": lambda t: t["Amount"],
        "status": lambda t: t["Status"],
    },
    lambda t: t["Id"],
    default="date",
)


def _transactions(account: Account, request: Request) -> Answer:
    query = request.query
    since, until = query.get("startdate", ""), query.get("enddate", "9999")
    kind, status = query.get("typefilterby"), query.get("statusfilterby", "").lower()
    found = [
        transaction
        for invoice in invoices_of(account, _customer(account, request))
        for transaction in _as_transaction(account, invoice)
        if since <= transaction["Date"][:10] <= until
        and (not kind or transaction["Type"] == kind)
        and (status in ("", "all") or transaction["Status"].lower() == status)
    ]
    total = sum((t["Amount"] for t in found if t["Type"] != 2), ZERO)
    order = "desc" if query.get("order") == 1 else "asc"
    ordered = Request(request.url, request.path, {**query, "order": order})
    rows = sort(account, ordered, found, _SORTING)
    return ok(page(account, request, rows, lambda t: t, default=10, total=total))


def _advance_payments(account: Account, request: Request) -> Answer:
    key = account.customer_key(_customer(account, request)["Code"])
    found = [a for a in account.all_seen("advances") if a["_Customer"] == key]
    total = sum((a["Amount"] for a in found), ZERO)

    def shown(advance: Record) -> Record:
        kept = {name: value for name, value in advance.items() if not name.startswith("_")}
        return {**kept, "Date": noon(advance["Date"])}

    return ok(page(account, request, found, shown, default=10, total=total))


ROUTES: Final = (
    Route("GET", "/customers/{code}/statistics", _statistics),
    Route(
        "GET",
        "/customers/{code}/transactions",
        _transactions,
        query=words(
            "page:integer perpage:integer sortby:integer order:integer typefilterby:integer "
            "projectfilterby:integer statusfilterby:text startdate:date enddate:date"
        ),
    ),
    Route(
        "GET",
        "/customers/{code}/advancepayments",
        _advance_payments,
        query=words(PAGING + "sortby:integer"),
    ),
)
