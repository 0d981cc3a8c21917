"""Operations on customers. The records: `customer_records`; who sends them: `customer_client`.

Searching returns internal ids, not codes; who needs the customer asks the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from attrs import frozen

from kashmag.kashflow import codec
from kashmag.kashflow.assumptions import ASSUMED, Assumptions
from kashmag.kashflow.comparing import shape
from kashmag.kashflow.customer_records import (
    AdvancePayment,
    Customer,
    CustomerDraft,
    CustomerMatch,
    CustomerStatistics,
    CustomerTransaction,
)
from kashmag.kashflow.listing import Page, page
from kashmag.kashflow.routes import do, json_of, path, read, send
from kashmag.kashflow.updating import Updatable
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.wire import Response

SearchBy = Literal["code", "email", "name"]


@frozen(kw_only=True)
class CustomerFilter:
    """Which customers to list. There is no way to ask for those changed since a moment.

    `archived` None leaves it to KashFlow; what True and False mean to it is unproved.
    """

    name_starts_with: str | None = None
    search_text: str | None = None
    created_from: date | None = None
    created_to: date | None = None
    archived: bool | None = None


EVERYBODY: Final = CustomerFilter()


def get(code: str) -> Operation[Customer]:
    """Read one customer in full."""
    return read(Customer, path("customers", code), name="customers.get")


def matching(
    which: CustomerFilter = EVERYBODY, *, number: int = 1, assumed: Assumptions = ASSUMED
) -> Operation[Page[Customer]]:
    """Read one page of customers, sorted by code."""
    return page(
        Customer,
        "customers.matching",
        "/customers",
        asking=(
            ("sortby", "Code" if assumed.sorts_by_name else "1"),
            ("order", "Asc"),
            ("namestartswith", which.name_starts_with),
            ("searchtext", which.search_text),
            ("startcreationdate", assumed.query_day(which.created_from)),
            ("endcreationdate", assumed.query_day(which.created_to)),
            ("filterarchived", which.archived),
        ),
        number=number,
        size=assumed.page_size,
    )


def search(by: SearchBy, text: str) -> Operation[tuple[CustomerMatch, ...]]:
    """Look customers up; whether the text must match whole or in part is unproved."""
    asking = (("searchBy", by), ("searchText", text))
    return read(
        tuple[CustomerMatch, ...], "/customers/search", asking=asking, name="customers.search"
    )


def create(draft: CustomerDraft) -> Operation[Customer]:
    """Create a customer; a code that is taken is refused with InvalidError.

    Where KashFlow answers without the record, what is known is returned: code and name, no `id`.
    """

    def created(response: Response) -> Customer:
        told = json_of(response)
        known: Json = {"Code": draft.code, "Name": draft.name}
        return codec.read(Customer, told if _has_code(told) else known)

    return Operation(
        "customers.create",
        "POST",
        path="/customers",
        effect=Effect.ONCE,
        body=codec.dumps(draft),
        decode=created,
    )


def _has_code(told: Json) -> bool:
    return isinstance(told, dict) and bool(told.get("Code"))


def replace(
    code: str, customer: Customer, *, update_invoices_address: bool | None = None
) -> Operation[None]:
    """Replace the whole record; another code in it renames the customer.

    With `update_invoices_address` the address is carried over to unpaid invoices.
    """
    return do(
        "PUT",
        path("customers", code),
        body={name: value for name, value in codec.write(customer).items() if name not in _FLAGS},
        asking=(("updateInvoicesAddress", update_invoices_address),),
        effect=Effect.ONCE,
        name="customers.replace",
    )


# Echoed by old records (customer_detail_legacy_sample), and instructions when they are sent.
_FLAGS: Final = frozenset({"CreateCustomerCodeIfDuplicate", "CreateCustomerNameIfEmptyOrNull"})


def delete(code: str) -> Operation[None]:
    """Delete a customer."""
    return do("DELETE", path("customers", code), name="customers.delete")


def delete_several(codes: Sequence[str]) -> Operation[None]:
    """Delete several customers."""
    return do("DELETE", "/customerlist", body=list(codes), name="customers.delete_several")


def confirm_delete(codes: Sequence[str]) -> Operation[object]:
    """Ask which of these customers could be deleted; plain JSON, its shape is unpublished."""
    asking = (("customerCodes", ",".join(codes)),)
    return read(
        object, "/customers/confirm-to-delete", asking=asking, name="customers.confirm_delete"
    )


def archive(codes: Sequence[str]) -> Operation[None]:
    """Archive customers. A private route of the web application, known from one client only."""
    return do("PUT", "/internal/customers/archive", body=list(codes), name="customers.archive")


def suggested_code(name: str) -> Operation[str]:
    """Ask for an unused code for a customer of that name; nothing is reserved."""
    return send(
        str,
        "POST",
        "/customers/suggestedcode",
        body={"Name": name},
        effect=Effect.READ,
        name="customers.suggested_code",
    )


def statistics(code: str) -> Operation[CustomerStatistics]:
    """Read what KashFlow says about a customer in words."""
    return read(
        CustomerStatistics, path("customers", code, "statistics"), name="customers.statistics"
    )


def transactions(
    code: str, *, number: int = 1, assumed: Assumptions = ASSUMED
) -> Operation[Page[CustomerTransaction]]:
    """Read one page of a customer's invoices, quotes and payments, by number."""
    return page(
        CustomerTransaction,
        "customers.transactions",
        path("customers", code, "transactions"),
        # Numbers, not names, on this route: 0 is the number to sort by, 0 the ascending order.
        asking=(("sortBy", 0), ("order", 0)),
        number=number,
        size=assumed.page_size,
    )


def advance_payments(
    code: str, *, number: int = 1, assumed: Assumptions = ASSUMED
) -> Operation[Page[AdvancePayment]]:
    """Read one page of a customer's money that is not allocated to an invoice."""
    return page(
        AdvancePayment,
        "customers.advance_payments",
        path("customers", code, "advancepayments"),
        number=number,
        size=assumed.page_size,
    )


ADDRESS: Final = shape("Line1 Line2 Line3 Line4 PostCode CountryCode")
DELIVERY_ADDRESS: Final = shape("Name Line1 Line2 Line3 Line4 PostCode CountryCode")
NAMED: Final = shape("Name Value")
UPDATABLE: Final = Updatable[str, Customer](
    noun="customer",
    get=get,
    replace=replace,
    key=lambda customer: customer.code,
    counting=shape(
        """Code Name Source Note DiscountRate ShowDiscount AutoIncludeVATNumber VATNumber
        ReceivesWholesalePricing DefaultCustomerReference EmailTemplateNumber InvoiceFileFormat
        OverrideInvoiceFileFormat UniqueEntityNumber AutomaticCreditControlEnabled PDFThemeId
        UseCustomDeliveryAddress WithholdingTaxRate DefaultNominalCode IsArchived TradeBorderType
        IsCISReverseCharge ApplyWithholdingTax EnableCreditLimit CreditLimit""",
        Currency=shape("Code"),
        Contacts=shape(
            """IsPrimary ReceiveEmails Name Title Firstname LastName Telephone Fax Mobile Website
            Email"""
        ),
        Addresses=ADDRESS,
        DeliveryAddresses=DELIVERY_ADDRESS,
        PaymentTerms=shape("Type Days"),
        WithholdingTaxReferences=NAMED,
        CustomTextBoxes=NAMED,
        CustomCheckBoxes=NAMED,
    ),
    # These follow the customer's invoices, not an edit of the customer.
    volatile=frozenset(
        [
            "TotalPaidAmount",
            "OutstandingBalance",
            "OverdueAmount",
            "InvoicedNetAmount",
            "InvoicedVATAmount",
            "InvoiceCount",
            "AverageDaysToPay",
            "FirstInvoiceDate",
            "LastInvoiceDate",
        ]
    ),
)
