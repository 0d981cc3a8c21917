"""Invoices and credit notes as they are shown: rows and details."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from kashmag.sandbox.kashflow import sums
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.wire import ZERO, noon

_LATE: Final = ("Overdue", "OverduePartPaid")


def due_amount(invoice: Record) -> Decimal:
    """What is still owed; negative on an open credit note."""
    owed: Decimal = invoice["GrossAmount"] - invoice["TotalPaidAmount"]
    return owed


def status_of(account: Account, invoice: Record) -> str:
    """The status, which follows from sums, payments and the day."""
    return sums.status(
        invoice["GrossAmount"],
        invoice["TotalPaidAmount"],
        date.fromisoformat(invoice["DueDate"]),
        account.today,
        tells_part_paid=account.switches.part_paid_status,
    )


def row(account: Account, invoice: Record) -> Record:
    """The invoice as a row of a list: no payments, and normally no lines."""
    shown = _shared(account, invoice)
    carries = account.switches.list_rows_carry_lines
    return {
        **shown,
        "HomeCurrencyVATAmount": _home(invoice, invoice["VATAmount"]),
        "CISRCVatAmount": ZERO,
        "Address": None,
        "Currency": invoice["Currency"] if carries else None,
        "LineItems": [_line(line) for line in invoice["LineItems"]] if carries else None,
    }


def detail(account: Account, invoice: Record) -> Record:
    """The whole invoice."""
    before, after = account.store.neighbours("invoices", invoice["Number"])
    payments = invoice["PaymentLines"]
    contact = _contact(account, invoice)
    symbol = invoice["Currency"]["Symbol"] or ""
    shown = {
        **_shared(account, invoice),
        "UseCustomDeliveryAddress": invoice["UseCustomDeliveryAddress"],
        "HomeCurrencyVATAmount": _home(invoice, invoice["VATAmount"]),
        "CISRCNetAmount": ZERO,
        "CISRCVatAmount": ZERO,
        **contact,
        "Permalink": account.permalink("invoice", invoice["_Guid"]),
        "PackingSlipPermalink": account.permalink("packingslip", invoice["_Guid"]).lstrip("/"),
        "IsWhtDeductionToBeApplied": False,
        "FormattedDueAmount": f"{symbol}{due_amount(invoice):.2f}",
        "PreviousNumber": before,
        "NextNumber": after,
        "LastPaymentDate": noon(max((p["Date"] for p in payments), default=None)),
        "CreatedDate": noon(invoice["CreatedDate"]),
        "Address": invoice["Address"],
        "DeliveryAddress": invoice["DeliveryAddress"],
        "Currency": invoice["Currency"],
        "LineItems": [_line(line) for line in invoice["LineItems"]],
        "PaymentLines": [_payment(account, payment) for payment in payments],
        "ReminderLetters": [{"Number": n, "IsSent": False} for n in (1, 2, 3)],
    }
    if "DeletedAt" in invoice:
        shown["DeletedAt"] = noon(invoice["DeletedAt"])
    return shown


def _shared(account: Account, invoice: Record) -> Record:
    status = status_of(account, invoice)
    due = date.fromisoformat(invoice["DueDate"])
    paid_on = max((p["Date"] for p in invoice["PaymentLines"]), default=None)
    customer = account.store.get("customers", invoice["_Customer"]) or {}
    return {
        "Id": invoice["Id"],
        "Number": invoice["Number"],
        "IssuedDate": noon(invoice["IssuedDate"]),
        "DueDate": noon(invoice["DueDate"]),
        "PaidDate": noon(paid_on) if status in ("Paid", "Overpaid") else None,
        "VATAmount": invoice["VATAmount"],
        "NetAmount": invoice["NetAmount"],
        "TotalPaidAmount": invoice["TotalPaidAmount"],
        "GrossAmount": invoice["GrossAmount"],
        "Status": status,
        "HomeCurrencyGrossAmount": _home(invoice, invoice["GrossAmount"]),
        "ProjectGrossAmount": 0,
        "CustomerName": customer.get("Name"),
        "CustomerId": customer.get("Id"),
        "EmailCount": invoice["EmailCount"],
        "OverdueDays": max(0, (account.today - due).days) if status in _LATE else 0,
        "DueAmount": due_amount(invoice),
        "ProjectName": None,
        "FileCount": 0,
        "VATReturnId": invoice["VATReturnId"],
        "Type": None,
        "TradeBorderType": customer.get("TradeBorderType"),
        "IsArchived": invoice["IsArchived"],
        "ProjectNumber": invoice["ProjectNumber"],
        "IsCISReverseCharge": invoice["IsCISReverseCharge"],
        "CustomerCode": invoice["CustomerCode"],
        "CustomerReference": invoice["CustomerReference"],
        "AutomaticCreditControlEnabled": invoice["AutomaticCreditControlEnabled"],
        "CustomerKey": customer.get("CustomerKey"),
    }


def _home(invoice: Record, amount: Decimal) -> Decimal:
    return sums.home(amount, invoice["Currency"]["ExchangeRate"])


def _contact(account: Account, invoice: Record) -> Record:
    customer = account.store.get("customers", invoice["_Customer"]) or {}
    contacts = customer.get("Contacts", [])
    contact = next((c for c in contacts if c["IsPrimary"]), contacts[0] if contacts else {})
    return {
        "VATNumber": customer.get("VATNumber", ""),
        "CustomerDiscount": customer.get("DiscountRate", 0),
        "CustomerContactName": contact.get("Name"),
        "CustomerContactFirstName": contact.get("Firstname"),
        "CustomerContactLastName": contact.get("LastName"),
    }


def _line(line: Record) -> Record:
    return {name: value for name, value in line.items() if not name.startswith("_")}


def _payment(account: Account, payment: Record) -> Record:
    return {
        "Id": payment["Id"],
        "Date": noon(payment["Date"]),
        "Amount": payment["Amount"],
        "Method": payment["Method"],
        "Reference": payment["Reference"],
        "Note": payment["Note"],
        "AccountId": payment["AccountId"],
        "InvoiceNumber": 0,
        "BulkId": payment["BulkId"],
        "BulkPaymentNumber": payment["BulkId"],
        "BFSTransactionId": payment["BFSTransactionId"],
        "BankTransactionId": 0,
        "BankReconciliationId": payment["BankReconciliationId"],
        "PaymentProcessor": payment["PaymentProcessor"],
        "PaymentProcessorEnumValue": 0,
        "Permalink": account.permalink("invoice/payment", payment["_Guid"]),
        "VATReturnId": payment["VATReturnId"],
        "IsPaymentCreditNote": payment["IsPaymentCreditNote"],
    }
