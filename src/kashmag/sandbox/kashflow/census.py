"""The count of what is in an account, taken behind the API's back, for outside proofs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from attrs import frozen

from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.store import Store
from kashmag.sandbox.kashflow.wire import ZERO


@frozen(kw_only=True)
class Census:
    """How many documents of each kind there are, which of them twice, and what they come to."""

    customers: int
    invoices: int
    """Documents of zero or positive value."""
    credit_notes: int
    payments: int
    """Payment lines on all documents."""
    quotes: int
    products: int
    net: Decimal
    vat: Decimal
    gross: Decimal
    paid: Decimal
    duplicate_references: Mapping[str, int]
    """Customer references (not empty) that stand on more than one document, and on how many."""
    duplicate_payments: Mapping[str, int]
    """Payments that stand more than once on one document: same amount, day, bank and note."""
    duplicate_emails: Mapping[str, int]
    """E-mail addresses that more than one customer has as a contact."""
    sign_ins: int
    refused_sign_ins: int
    requests: int


def take(store: Store, *, sign_ins: int, refused_sign_ins: int, requests: int) -> Census:
    """Count what is there now."""
    documents = store.all("invoices")
    payments = [(d["Number"], p) for d in documents for p in d["PaymentLines"]]
    notes = sum(1 for d in documents if d["GrossAmount"] < 0)
    return Census(
        customers=store.count("customers"),
        invoices=len(documents) - notes,
        credit_notes=notes,
        payments=len(payments),
        quotes=store.count("quotes"),
        products=store.count("products"),
        net=_sum(documents, "NetAmount"),
        vat=_sum(documents, "VATAmount"),
        gross=_sum(documents, "GrossAmount"),
        paid=_sum(documents, "TotalPaidAmount"),
        duplicate_references=_repeated(d["CustomerReference"] for d in documents),
        duplicate_payments=_repeated(_payment_key(number, p) for number, p in payments),
        duplicate_emails=_repeated(
            mail for customer in store.all("customers") for mail in _mails(customer)
        ),
        sign_ins=sign_ins,
        refused_sign_ins=refused_sign_ins,
        requests=requests,
    )


def _sum(documents: Iterable[Record], name: str) -> Decimal:
    return sum((document[name] for document in documents), ZERO)


def _payment_key(number: int, payment: Record) -> str:
    parts = (number, payment["Amount"], payment["Date"], payment["AccountId"], payment["Note"])
    return " / ".join(str(part) for part in parts)


def _mails(customer: Record) -> set[str]:
    return {(contact["Email"] or "").strip().lower() for contact in customer["Contacts"]}


def _repeated(values: Iterable[str]) -> Mapping[str, int]:
    counts = Counter(value for value in values if value)
    return {value: count for value, count in counts.items() if count > 1}
