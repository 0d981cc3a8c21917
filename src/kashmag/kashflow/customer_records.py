"""Customers as records, and what is sent to create one. Their operations: `customers`.

People are `Contact`s of a customer; the e-mail address is theirs, not the customer's.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.kashflow.currencies import CurrencyRef
from kashmag.rest.codec import Json


@frozen
class Address:
    """A postal address; `country_code` is ISO 3166-1 alpha-2, but Greece is EL."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = field(default=None, kw_only=True)
    line4: str | None = field(default=None, kw_only=True)
    post_code: str | None = field(default=None, kw_only=True)
    country_code: str | None = field(default=None, kw_only=True)
    country_name: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class DeliveryAddress:
    """A postal address with the name of who receives there."""

    name: str | None = None
    line1: str | None = None
    line2: str | None = field(default=None, kw_only=True)
    line3: str | None = field(default=None, kw_only=True)
    line4: str | None = field(default=None, kw_only=True)
    post_code: str | None = field(default=None, kw_only=True)
    country_code: str | None = field(default=None, kw_only=True)
    country_name: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Contact:
    """A person at a customer. On the wire the first name is `Firstname`, the last `LastName`."""

    first_name: str | None = None
    last_name: str | None = None
    name: str | None = field(default=None, kw_only=True)
    title: str | None = field(default=None, kw_only=True)
    email: str | None = field(default=None, kw_only=True)
    telephone: str | None = field(default=None, kw_only=True)
    mobile: str | None = field(default=None, kw_only=True)
    fax: str | None = field(default=None, kw_only=True)
    website: str | None = field(default=None, kw_only=True)
    is_primary: bool | None = field(default=None, kw_only=True)
    receive_emails: bool | None = field(default=None, kw_only=True)
    id: int | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class PaymentTerms:
    """When a customer has to pay. `AfterIssuedDate` and `AfterMonthEnd` are known types."""

    type: str | None = None
    days: int | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class NamedText:
    """A text box or reference that the account's owner has named."""

    name: str | None = None
    value: str | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class NamedFlag:
    """A check box that the account's owner has named."""

    name: str | None = None
    value: bool | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Customer:
    """A customer, from a list or in full; `code` is its key, `id` is needed in bulk payments only.

    A row of a list says less than the detail: there `discount_rate`, the dates, the delivery
    addresses and the custom fields are absent, and None means "not told", not "none".
    """

    code: str
    name: str = ""
    id: int | None = field(default=None, kw_only=True)
    display_name: str | None = field(default=None, kw_only=True)
    customer_key: str | None = field(default=None, kw_only=True)
    contacts: tuple[Contact, ...] = field(default=(), kw_only=True)
    addresses: tuple[Address, ...] = field(default=(), kw_only=True)
    delivery_addresses: tuple[DeliveryAddress, ...] = field(default=(), kw_only=True)
    use_custom_delivery_address: bool | None = field(default=None, kw_only=True)
    currency: CurrencyRef | None = field(default=None, kw_only=True)
    trade_border_type: str | None = field(default=None, kw_only=True)
    vat_number: str | None = field(default=None, kw_only=True)
    auto_include_vat_number: bool | None = field(default=None, kw_only=True)
    is_cis_reverse_charge: bool | None = field(default=None, kw_only=True)
    apply_withholding_tax: bool | None = field(default=None, kw_only=True)
    withholding_tax_rate: Decimal | None = field(default=None, kw_only=True)
    withholding_tax_references: tuple[NamedText, ...] = field(default=(), kw_only=True)
    unique_entity_number: str | None = field(default=None, kw_only=True)
    payment_terms: PaymentTerms | None = field(default=None, kw_only=True)
    discount_rate: Decimal | None = field(default=None, kw_only=True)
    show_discount: bool | None = field(default=None, kw_only=True)
    receives_wholesale_pricing: bool | None = field(default=None, kw_only=True)
    enable_credit_limit: bool | None = field(default=None, kw_only=True)
    credit_limit: Decimal | None = field(default=None, kw_only=True)
    automatic_credit_control_enabled: bool | None = field(default=None, kw_only=True)
    default_nominal_code: int | None = field(default=None, kw_only=True)
    default_customer_reference: str | None = field(default=None, kw_only=True)
    email_template_number: int | None = field(default=None, kw_only=True)
    override_invoice_file_format: bool | None = field(default=None, kw_only=True)
    invoice_file_format: str | None = field(default=None, kw_only=True)
    pdf_theme_id: int | None = field(default=None, kw_only=True)
    uses_default_theme: bool | None = field(default=None, kw_only=True)
    source: int | None = field(default=None, kw_only=True)
    source_name: str | None = field(default=None, kw_only=True)
    note: str | None = field(default=None, kw_only=True)
    custom_text_boxes: tuple[NamedText, ...] = field(default=(), kw_only=True)
    custom_check_boxes: tuple[NamedFlag, ...] = field(default=(), kw_only=True)
    is_archived: bool | None = field(default=None, kw_only=True)
    is_schedule: bool | None = field(default=None, kw_only=True)
    is_go_cardless_mandate_set: bool | None = field(default=None, kw_only=True)
    marked_as_stale: bool | None = field(default=None, kw_only=True)
    created_date: datetime.date | None = field(default=None, kw_only=True)
    last_updated_date: datetime.date | None = field(default=None, kw_only=True)
    deleted_at: datetime.date | None = field(default=None, kw_only=True)
    first_invoice_date: datetime.date | None = field(default=None, kw_only=True)
    last_invoice_date: datetime.date | None = field(default=None, kw_only=True)
    invoice_count: int | None = field(default=None, kw_only=True)
    invoiced_net_amount: Decimal | None = field(default=None, kw_only=True)
    invoiced_vat_amount: Decimal | None = field(default=None, kw_only=True)
    total_paid_amount: Decimal | None = field(default=None, kw_only=True)
    outstanding_balance: Decimal | None = field(default=None, kw_only=True)
    overdue_amount: Decimal | None = field(default=None, kw_only=True)
    average_days_to_pay: Decimal | None = field(default=None, kw_only=True)
    envelope_url: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)

    @property
    def emails(self) -> tuple[str, ...]:
        """The e-mail addresses of its contacts, as they are written there."""
        return tuple(contact.email for contact in self.contacts if contact.email)


@frozen
class CustomerDraft:
    """What is sent to create a customer.

    There is no `CreateCustomerCodeIfDuplicate` here, on purpose: without it KashFlow refuses a
    code that is taken, and so creating the same customer twice cannot succeed twice.
    """

    code: str
    name: str
    contacts: tuple[Contact, ...] = field(default=(), kw_only=True)
    addresses: tuple[Address, ...] = field(default=(), kw_only=True)
    delivery_addresses: tuple[DeliveryAddress, ...] = field(default=(), kw_only=True)
    use_custom_delivery_address: bool | None = field(default=None, kw_only=True)
    currency: CurrencyRef | None = field(default=None, kw_only=True)
    trade_border_type: str | None = field(default=None, kw_only=True)
    vat_number: str | None = field(default=None, kw_only=True)
    auto_include_vat_number: bool | None = field(default=None, kw_only=True)
    is_cis_reverse_charge: bool | None = field(default=None, kw_only=True)
    apply_withholding_tax: bool | None = field(default=None, kw_only=True)
    withholding_tax_rate: Decimal | None = field(default=None, kw_only=True)
    payment_terms: PaymentTerms | None = field(default=None, kw_only=True)
    discount_rate: Decimal | None = field(default=None, kw_only=True)
    automatic_credit_control_enabled: bool | None = field(default=None, kw_only=True)
    default_nominal_code: int | None = field(default=None, kw_only=True)
    default_customer_reference: str | None = field(default=None, kw_only=True)
    enable_credit_limit: bool | None = field(default=None, kw_only=True)
    credit_limit: Decimal | None = field(default=None, kw_only=True)
    source: int | None = field(default=None, kw_only=True)
    note: str | None = field(default=None, kw_only=True)
    custom_text_boxes: tuple[NamedText, ...] = field(default=(), kw_only=True)
    custom_check_boxes: tuple[NamedFlag, ...] = field(default=(), kw_only=True)


@frozen
class CustomerMatch:
    """A hit of the customer search: `key` is the internal id (not the code), `value` a text."""

    key: int
    value: str | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class CustomerStatistics:
    """What KashFlow says about a customer, as formatted text; not for calculation."""

    first_transaction_date: str | None = field(default=None, kw_only=True)
    last_transaction_date: str | None = field(default=None, kw_only=True)
    average_time_to_pay: str | None = field(default=None, kw_only=True)
    total_invoiced: str | None = field(default=None, kw_only=True)
    amount_due: str | None = field(default=None, kw_only=True)
    amount_overdue: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class CustomerTransaction:
    """An invoice, quote, payment or credit note of one customer.

    `type`: 0 unknown, 1 invoice, 2 payment, 3 quote, 6 credit note.
    """

    type: int
    id: int | None = field(default=None, kw_only=True)
    number: int | None = field(default=None, kw_only=True)
    parent_number: int | None = field(default=None, kw_only=True)
    date: str | None = field(default=None, kw_only=True)
    amount: Decimal | None = field(default=None, kw_only=True)
    reference: str | None = field(default=None, kw_only=True)
    status: str | None = field(default=None, kw_only=True)
    status_number: int | None = field(default=None, kw_only=True)
    project: str | None = field(default=None, kw_only=True)
    permalink: str | None = field(default=None, kw_only=True)
    packing_slip_permalink: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class AdvancePayment:
    """Money received from a customer that is not allocated to an invoice."""

    id: int
    amount: Decimal
    bank_account_id: int | None = field(default=None, kw_only=True)
    date: datetime.date | None = field(default=None, kw_only=True)
    comment: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)
