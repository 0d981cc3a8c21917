"""Sales invoices as records, and what is sent to create one. Their operations: `invoices`.

A credit note is an invoice whose amounts are negative; there is no resource of its own for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from kashmag.accounting.money import round_money
from kashmag.kashflow.currencies import CurrencyRef
from kashmag.kashflow.customer_records import Address, DeliveryAddress
from kashmag.kashflow.payment_records import PaymentDraft, PaymentLine
from kashmag.rest.codec import Json


def line_net(quantity: Decimal, rate: Decimal) -> Decimal:
    """What a line comes to without VAT: quantity times rate, rounded half up to pence.

    Whole pence per line agree with every published sample (invoice_detail,
    invoice_detail_foreign_currency); that a half goes up is assumed (`Assumptions.line_net`).
    """
    # KashFlow keeps two decimals for every currency, whatever that currency's own minor unit.
    return round_money(quantity * rate, "GBP").amount


@frozen
class LineItem:
    """A line as it stands on an invoice.

    `rate` is the price of one, without VAT; `vat_level` the percentage; `vat_amount` the VAT of
    the whole line; all in the document's currency.
    """

    number: int
    description: str | None = None
    quantity: Decimal = field(kw_only=True)
    rate: Decimal = field(kw_only=True)
    vat_level: Decimal = field(kw_only=True)
    vat_amount: Decimal = field(kw_only=True)
    vat_exempt: bool | None = field(default=None, kw_only=True)
    nominal_code: int | None = field(default=None, kw_only=True)
    nominal_id: int | None = field(default=None, kw_only=True)
    nominal_name: str | None = field(default=None, kw_only=True)
    product_code: str | None = field(default=None, kw_only=True)
    product_name: str | None = field(default=None, kw_only=True)
    tax_code: str | None = field(default=None, kw_only=True)
    project_number: int | None = field(default=None, kw_only=True)
    home_currency_rate: Decimal | None = field(default=None, kw_only=True)
    home_currency_vat_amount: Decimal | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)

    @property
    def net(self) -> Decimal:
        """What the line comes to without VAT, in whole pence (see `line_net`)."""
        return line_net(self.quantity, self.rate)

    @property
    def gross(self) -> Decimal:
        """What the line comes to with VAT."""
        return self.net + self.vat_amount


@frozen
class LineDraft:
    """A line to be sent; `number` 0 lets KashFlow number it.

    `rate` is the price of one without VAT, `vat_level` the percentage, `vat_amount` the VAT of
    the whole line. The VAT amount is always sent: whether KashFlow would compute a missing one
    is unproved.
    """

    description: str
    quantity: Decimal = field(kw_only=True)
    rate: Decimal = field(kw_only=True)
    vat_level: Decimal = field(kw_only=True)
    vat_amount: Decimal = field(kw_only=True)
    nominal_code: int = field(kw_only=True)
    vat_exempt: bool = field(default=False, kw_only=True)
    product_code: str | None = field(default=None, kw_only=True)
    tax_code: str | None = field(default=None, kw_only=True)
    number: int = field(default=0, kw_only=True)

    @property
    def net(self) -> Decimal:
        """What the line comes to without VAT, in whole pence (see `line_net`)."""
        return line_net(self.quantity, self.rate)

    @property
    def gross(self) -> Decimal:
        """What the line comes to with VAT."""
        return self.net + self.vat_amount


@frozen
class ReminderLetter:
    """One of the three reminders that KashFlow can send about an invoice."""

    number: int
    is_sent: bool | None = None
    sent_date: date | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class InvoiceRow:
    """An invoice as lists show it: without payments, mostly without lines.

    `number` is its key and what is printed; `id` is internal and needed for bulk payments and
    credits. `status` is derived by KashFlow and cannot be set.
    """

    number: int
    id: int | None = None
    customer_code: str | None = field(default=None, kw_only=True)
    customer_id: int | None = field(default=None, kw_only=True)
    customer_name: str | None = field(default=None, kw_only=True)
    customer_reference: str | None = field(default=None, kw_only=True)
    customer_key: str | None = field(default=None, kw_only=True)
    issued_date: date | None = field(default=None, kw_only=True)
    due_date: date | None = field(default=None, kw_only=True)
    paid_date: date | None = field(default=None, kw_only=True)
    status: str | None = field(default=None, kw_only=True)
    type: str | None = field(default=None, kw_only=True)
    trade_border_type: str | None = field(default=None, kw_only=True)
    net_amount: Decimal = field(kw_only=True)
    vat_amount: Decimal = field(kw_only=True)
    gross_amount: Decimal = field(kw_only=True)
    total_paid_amount: Decimal = field(kw_only=True)
    due_amount: Decimal | None = field(default=None, kw_only=True)
    home_currency_gross_amount: Decimal | None = field(default=None, kw_only=True)
    home_currency_vat_amount: Decimal | None = field(default=None, kw_only=True)
    project_gross_amount: Decimal | None = field(default=None, kw_only=True)
    project_number: int | None = field(default=None, kw_only=True)
    project_name: str | None = field(default=None, kw_only=True)
    vat_return_id: int | None = field(default=None, kw_only=True)
    is_archived: bool | None = field(default=None, kw_only=True)
    is_cis_reverse_charge: bool | None = field(default=None, kw_only=True)
    cisrc_vat_amount: Decimal | None = field(default=None, kw_only=True)
    automatic_credit_control_enabled: bool | None = field(default=None, kw_only=True)
    overdue_days: int | None = field(default=None, kw_only=True)
    email_count: int | None = field(default=None, kw_only=True)
    file_count: int | None = field(default=None, kw_only=True)
    address: Address | None = field(default=None, kw_only=True)
    currency: CurrencyRef | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Invoice:
    """An invoice in full, with its lines and payments.

    `number` is its key and what is printed; `id` is internal and needed for bulk payments and
    credits. `status` is derived by KashFlow and cannot be set: it follows from the payments.
    """

    number: int
    id: int | None = None
    customer_code: str | None = field(default=None, kw_only=True)
    customer_id: int | None = field(default=None, kw_only=True)
    customer_name: str | None = field(default=None, kw_only=True)
    customer_reference: str | None = field(default=None, kw_only=True)
    customer_key: str | None = field(default=None, kw_only=True)
    customer_contact_name: str | None = field(default=None, kw_only=True)
    customer_contact_first_name: str | None = field(default=None, kw_only=True)
    customer_contact_last_name: str | None = field(default=None, kw_only=True)
    customer_discount: Decimal | None = field(default=None, kw_only=True)
    issued_date: date | None = field(default=None, kw_only=True)
    due_date: date | None = field(default=None, kw_only=True)
    paid_date: date | None = field(default=None, kw_only=True)
    last_payment_date: date | None = field(default=None, kw_only=True)
    created_date: date | None = field(default=None, kw_only=True)
    deleted_at: date | None = field(default=None, kw_only=True)
    status: str | None = field(default=None, kw_only=True)
    type: str | None = field(default=None, kw_only=True)
    trade_border_type: str | None = field(default=None, kw_only=True)
    vat_number: str | None = field(default=None, kw_only=True)
    net_amount: Decimal = field(kw_only=True)
    vat_amount: Decimal = field(kw_only=True)
    gross_amount: Decimal = field(kw_only=True)
    total_paid_amount: Decimal = field(kw_only=True)
    due_amount: Decimal | None = field(default=None, kw_only=True)
    home_currency_gross_amount: Decimal | None = field(default=None, kw_only=True)
    home_currency_vat_amount: Decimal | None = field(default=None, kw_only=True)
    project_gross_amount: Decimal | None = field(default=None, kw_only=True)
    project_number: int | None = field(default=None, kw_only=True)
    project_name: str | None = field(default=None, kw_only=True)
    vat_return_id: int | None = field(default=None, kw_only=True)
    is_archived: bool | None = field(default=None, kw_only=True)
    is_cis_reverse_charge: bool | None = field(default=None, kw_only=True)
    cisrc_net_amount: Decimal | None = field(default=None, kw_only=True)
    cisrc_vat_amount: Decimal | None = field(default=None, kw_only=True)
    is_wht_deduction_to_be_applied: bool | None = field(default=None, kw_only=True)
    automatic_credit_control_enabled: bool | None = field(default=None, kw_only=True)
    overdue_days: int | None = field(default=None, kw_only=True)
    email_count: int | None = field(default=None, kw_only=True)
    file_count: int | None = field(default=None, kw_only=True)
    previous_number: int | None = field(default=None, kw_only=True)
    next_number: int | None = field(default=None, kw_only=True)
    formatted_due_amount: str | None = field(default=None, kw_only=True)
    permalink: str | None = field(default=None, kw_only=True)
    packing_slip_permalink: str | None = field(default=None, kw_only=True)
    address: Address | None = field(default=None, kw_only=True)
    use_custom_delivery_address: bool | None = field(default=None, kw_only=True)
    delivery_address: DeliveryAddress | None = field(default=None, kw_only=True)
    currency: CurrencyRef | None = field(default=None, kw_only=True)
    line_items: tuple[LineItem, ...] = field(default=(), kw_only=True)
    payment_lines: tuple[PaymentLine, ...] = field(default=(), kw_only=True)
    reminder_letters: tuple[ReminderLetter, ...] = field(default=(), kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)

    @property
    def is_paid(self) -> bool:
        """Tell, from the sums and never from `status`, that nothing is owed either way.

        What is due comes first: the sum paid is said to be in the home currency.
        """
        if self.due_amount is not None:
            return not self.due_amount
        return self.total_paid_amount == self.gross_amount

    @property
    def is_credit_note(self) -> bool:
        """Tell an invoice for a negative sum, which is what a credit note is."""
        return self.gross_amount < 0

    @property
    def is_in_vat_return(self) -> bool:
        """Tell an invoice that it, or one of its payments, sits in a VAT return."""
        return bool(self.vat_return_id) or any(p.is_in_vat_return for p in self.payment_lines)


@frozen
class InvoiceDraft:
    """What is sent to create an invoice, or with negative rates a credit note.

    Without a `number` KashFlow takes its next one. `customer_reference` is free text and the
    only trace by which the invoice can be found again.
    """

    customer_code: str
    customer_reference: str
    issued_date: date = field(kw_only=True)
    due_date: date = field(kw_only=True)
    line_items: tuple[LineDraft, ...] = field(kw_only=True)
    payment_lines: tuple[PaymentDraft, ...] = field(default=(), kw_only=True)
    number: int | None = field(default=None, kw_only=True)
    currency: CurrencyRef | None = field(default=None, kw_only=True)
    address: Address | None = field(default=None, kw_only=True)
    use_custom_delivery_address: bool | None = field(default=None, kw_only=True)
    delivery_address: DeliveryAddress | None = field(default=None, kw_only=True)
    update_customer_address: bool | None = field(default=None, kw_only=True)
    update_customer_delivery_address: bool | None = field(default=None, kw_only=True)
    automatic_credit_control_enabled: bool | None = field(default=None, kw_only=True)
    is_cis_reverse_charge: bool | None = field(default=None, kw_only=True)
    project_number: int | None = field(default=None, kw_only=True)

    @property
    def net(self) -> Decimal:
        """What its lines come to without VAT."""
        return sum((line.net for line in self.line_items), Decimal(0))

    @property
    def vat(self) -> Decimal:
        """The VAT of its lines."""
        return sum((line.vat_amount for line in self.line_items), Decimal(0))

    @property
    def gross(self) -> Decimal:
        """What its lines come to with VAT."""
        return self.net + self.vat


@frozen
class InvoiceDue:
    """An invoice that has something owing, as the light list of those shows it."""

    number: int
    id: int | None = None
    due_amount: Decimal | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)
