"""Customers: making and replacing them, with all that follows. Over the wire: `customer_routes`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.currencies import currency_ref
from kashmag.sandbox.kashflow.places import filled_address
from kashmag.sandbox.kashflow.wire import Refusal, money

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
