"""Operations on invoices. The records: `invoice_records`; who sends them: `invoice_client`.

Creating is not repeatable and knows no key of ours but the customer's reference; look for that
reference before anything is sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from attrs import frozen

from kashmag.errors import UnexpectedPayloadError
from kashmag.kashflow import codec
from kashmag.kashflow.assumptions import ASSUMED, Assumptions
from kashmag.kashflow.comparing import shape
from kashmag.kashflow.customers import ADDRESS, DELIVERY_ADDRESS
from kashmag.kashflow.emails import EmailDraft
from kashmag.kashflow.invoice_records import Invoice, InvoiceDraft, InvoiceDue, InvoiceRow
from kashmag.kashflow.listing import Page, page
from kashmag.kashflow.payment_records import Credit
from kashmag.kashflow.routes import do, json_of, path, read
from kashmag.kashflow.updating import Updatable
from kashmag.rest.codec import Json, read_int
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.wire import Response


@frozen(kw_only=True)
class InvoiceFilter:
    """Which invoices to list. There is no way to ask for those changed since a moment.

    `search_text` looks into the reference; whether it must match whole is unproved. `status` is
    one of KashFlow's words, such as `Unpaid`. `archived` None leaves it to KashFlow.
    """

    customer_code: str | None = None
    status: str | None = None
    project_number: int | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    search_text: str | None = None
    archived: bool | None = None
    source: str | None = None
    search_with_due_amount: bool | None = None
    is_sales_report: bool | None = None


@frozen
class Created:
    """What KashFlow tells of an invoice that it has created.

    With 201 and a body all of it. With 200 and `{}` nothing at all, or only its number from the
    `Location`: then read it by number, or look for its reference.
    """

    number: int | None = None
    invoice: Invoice | None = None


EVERYTHING: Final = InvoiceFilter()


def get(number: int) -> Operation[Invoice]:
    """Read one invoice in full, by the number that is printed on it."""
    return read(Invoice, path("invoices", number), name="invoices.get")


def matching(
    which: InvoiceFilter = EVERYTHING,
    *,
    number: int = 1,
    newest_first: bool = False,
    assumed: Assumptions = ASSUMED,
) -> Operation[Page[InvoiceRow]]:
    """Read one page of invoices, sorted by number.

    With `newest_first` the highest numbers come first, and pages move when one is created.
    """
    return page(
        InvoiceRow,
        "invoices.matching",
        "/invoices",
        asking=(
            ("sortby", "Number" if assumed.sorts_by_name else "0"),
            ("order", "Desc" if newest_first else "Asc"),
            ("customercode", which.customer_code),
            ("statusfilter", which.status),
            ("projectnumber", which.project_number),
            ("issuedatefrom", assumed.query_day(which.issued_from)),
            ("issuedateto", assumed.query_day(which.issued_to)),
            ("searchtext", which.search_text),
            ("archived", which.archived),
            ("source", which.source),
            ("dosearchwithdueamount", which.search_with_due_amount),
            ("isSalesReport", which.is_sales_report),
        ),
        number=number,
        size=assumed.page_size,
    )


def searches(
    reference: str, *, customer_code: str | None = None, assumed: Assumptions = ASSUMED
) -> tuple[InvoiceFilter, ...]:
    """The lists that together hold every invoice of a reference, archived ones too.

    With the customer's code their invoices are listed too, which does not rest on how the search
    matches. What is found must still be compared: the search finds more than the reference.
    """
    text = reference if assumed.reference_search else None
    asked = [InvoiceFilter(search_text=text)]
    if customer_code is not None:
        asked.append(InvoiceFilter(customer_code=customer_code))
    if assumed.archived_needs_asking:
        asked.append(InvoiceFilter(search_text=text, archived=True))
    return tuple(asked)


def create(draft: InvoiceDraft) -> Operation[Created]:
    """Create an invoice, or with negative rates a credit note, with its first payments."""
    return Operation(
        "invoices.create",
        "POST",
        path="/invoices",
        effect=Effect.ONCE,
        body=codec.dumps(draft),
        decode=_created,
    )


def _created(response: Response) -> Created:
    """Read what is told, and never fail: the invoice exists, whatever the answer looks like."""
    try:
        told = json_of(response)
    except UnexpectedPayloadError:
        told = None
    number = _number(told.get("Number") if isinstance(told, Mapping) else told)
    number = number or _number((response.header("location") or "").rstrip("/").split("/")[-1])
    try:
        invoice = codec.read(Invoice, told) if number else None
    except UnexpectedPayloadError:
        invoice = None
    return Created(number, invoice)


def _number(told: Json) -> int | None:
    try:
        return read_int(told) or None
    except ValueError:
        return None


def replace(number: int, invoice: Invoice) -> Operation[None]:
    """Replace the whole record, lines and payments included; another number renumbers it.

    What is left out is emptied. Read it back: the answer is not looked at.
    """
    return do(
        "PUT", path("invoices", number), body=invoice, effect=Effect.ONCE, name="invoices.replace"
    )


def delete(number: int) -> Operation[None]:
    """Delete an invoice."""
    return do("DELETE", path("invoices", number), name="invoices.delete")


def delete_several(numbers: Sequence[int]) -> Operation[None]:
    """Delete several invoices."""
    return do("DELETE", "/invoicelist", body=list(numbers), name="invoices.delete_several")


def archive(numbers: Sequence[int], *, archived: bool = True) -> Operation[None]:
    """Put invoices into the archive, or take them out."""
    route = path("invoices", "archive-status", str(archived).lower())
    return do("PUT", route, body=list(numbers), name="invoices.archive")


def top_due(
    *, customer_code: str | None = None, search_text: str | None = None
) -> Operation[tuple[InvoiceDue, ...]]:
    """Read a light list of invoices with something owing."""
    return read(
        tuple[InvoiceDue, ...],
        "/invoices/topdue",
        asking=(("customercode", customer_code), ("searchText", search_text)),
        name="invoices.top_due",
    )


def next_number() -> Operation[int]:
    """Read the number that the next invoice would get; nothing is reserved."""
    return read(int, "/nextavailableinvoicenumber", name="invoices.next_number")


def credits_for(invoice_id: int) -> Operation[tuple[Credit, ...]]:
    """Read what could be set against an invoice; the key is the internal `id`."""
    route = path("internal", "invoices", invoice_id, "credits")
    return read(tuple[Credit, ...], route, name="invoices.credits_for")


def apply_credits(invoice_id: int, chosen: Sequence[Credit]) -> Operation[None]:
    """Set credits against an invoice: two payments arise that cancel each other out."""
    return do(
        "POST",
        path("internal", "invoices", invoice_id, "credits"),
        body=list(chosen),
        effect=Effect.ONCE,
        name="invoices.apply_credits",
    )


def email(draft: EmailDraft) -> Operation[None]:
    """Send an e-mail from the account."""
    return do("POST", "/email", body=draft, effect=Effect.ONCE, name="invoices.email")


def objection(invoice: Invoice) -> str | None:
    """Say why an invoice must not be rewritten or deleted, if it must not."""
    if invoice.is_in_vat_return:
        return "it sits in a VAT return"
    if any(payment.is_reconciled for payment in invoice.payment_lines):
        return "a payment on it is reconciled with the bank"
    if invoice.deleted_at is not None:
        return "it has been deleted"
    if invoice.gross_amount and not invoice.line_items:
        return "its lines were not told, and writing it back would empty them"
    if invoice.total_paid_amount and not invoice.payment_lines:
        return "its payments were not told, and writing it back would empty them"
    return None


UPDATABLE: Final = Updatable[int, Invoice](
    noun="invoice",
    get=get,
    replace=replace,
    key=lambda invoice: invoice.number,
    counting=shape(
        """Number CustomerCode IssuedDate DueDate ProjectNumber IsCISReverseCharge
        CustomerReference AutomaticCreditControlEnabled UseCustomDeliveryAddress""",
        Currency=shape("Code ExchangeRate"),
        Address=ADDRESS,
        DeliveryAddress=DELIVERY_ADDRESS,
        LineItems=shape(
            """Description Quantity Rate VATLevel VATExempt VATAmount NominalCode ProductCode
            TaxCode Disallowed ProjectNumber"""
        ),
        PaymentLines=shape("Date Amount Method AccountId Note Reference"),
    ),
    objection=objection,
    # These change with the day, with other invoices, or when somebody reads or sends it.
    volatile=frozenset(
        {"OverdueDays", "EmailCount", "FileCount", "PreviousNumber", "NextNumber", "Permalink"}
        | {"PackingSlipPermalink", "ReminderLetters"}
    ),
)
