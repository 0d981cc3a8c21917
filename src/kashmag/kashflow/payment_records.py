"""Payments as records: lines on an invoice, bulk payments, methods and credits.

There is no payments resource in KashFlow. A first payment rides in the invoice that is created;
a later one is a bulk payment, or a line added by an update of the invoice.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.rest.codec import Json


@frozen
class PaymentLine:
    """A payment as it stands on an invoice; negative on a credit note.

    `method` is a payment method of the account, `account_id` a bank account.
    """

    id: int
    amount: Decimal
    date: datetime.date | None = field(default=None, kw_only=True)
    method: int | None = field(default=None, kw_only=True)
    account_id: int | None = field(default=None, kw_only=True)
    note: str | None = field(default=None, kw_only=True)
    reference: str | None = field(default=None, kw_only=True)
    bulk_id: int | None = field(default=None, kw_only=True)
    bulk_payment_number: int | None = field(default=None, kw_only=True)
    bfs_transaction_id: int | None = field(default=None, kw_only=True)
    bank_transaction_id: int | None = field(default=None, kw_only=True)
    bank_reconciliation_id: int | None = field(default=None, kw_only=True)
    payment_processor: int | None = field(default=None, kw_only=True)
    vat_return_id: int | None = field(default=None, kw_only=True)
    is_payment_credit_note: bool | None = field(default=None, kw_only=True)
    permalink: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)

    @property
    def is_reconciled(self) -> bool:
        """Tell a payment that a bookkeeper has matched with a bank statement."""
        return bool(self.bank_reconciliation_id)

    @property
    def is_in_vat_return(self) -> bool:
        """Tell a payment that sits in a VAT return."""
        return bool(self.vat_return_id)


@frozen
class PaymentDraft:
    """A payment to be recorded with an invoice; negative for money returned on a credit note."""

    date: datetime.date
    amount: Decimal
    method: int = field(kw_only=True)
    account_id: int = field(kw_only=True)
    note: str = field(default="", kw_only=True)


@frozen
class PaymentMethod:
    """A way of paying that the account knows; the ids are the account's own."""

    id: int
    name: str | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class BulkPaymentItem:
    """One invoice's share of a bulk payment; `id` is the invoice's internal id."""

    id: int | None = None
    object_number: int | None = None
    amount: Decimal | None = field(default=None, kw_only=True)
    paid_date: datetime.date | None = field(default=None, kw_only=True)
    contact_id: int | None = field(default=None, kw_only=True)
    contact_code: str | None = field(default=None, kw_only=True)
    contact_name: str | None = field(default=None, kw_only=True)
    contact_reference: str | None = field(default=None, kw_only=True)
    vat_return_id: int | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class BulkPayment:
    """Money received in one sum for one or more invoices; `number` is its key."""

    number: int | None = None
    date: datetime.date | None = None
    comment: str | None = field(default=None, kw_only=True)
    account_id: int | None = field(default=None, kw_only=True)
    method: int | None = field(default=None, kw_only=True)
    payment_items: tuple[BulkPaymentItem, ...] = field(default=(), kw_only=True)
    reconciled: bool | None = field(default=None, kw_only=True)
    bank_reconciliation_id: int | None = field(default=None, kw_only=True)
    reset_bank_reconciliation: bool | None = field(default=None, kw_only=True)
    permalink: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)

    @property
    def amount(self) -> Decimal:
        """The sum of its items."""
        return sum((item.amount or Decimal(0) for item in self.payment_items), Decimal(0))


@frozen
class BulkPaymentItemDraft:
    """One invoice's share of a bulk payment to be recorded.

    `id` is the invoice's internal id, `object_number` its number; KashFlow wants both.
    """

    id: int
    object_number: int
    amount: Decimal = field(kw_only=True)
    paid_date: datetime.date = field(kw_only=True)
    contact_id: int | None = field(default=None, kw_only=True)
    contact_code: str | None = field(default=None, kw_only=True)
    contact_name: str | None = field(default=None, kw_only=True)


@frozen
class BulkPaymentDraft:
    """A bulk payment to be recorded; `comment` is the place for a reference of ours."""

    date: datetime.date
    comment: str
    account_id: int = field(kw_only=True)
    method: int = field(kw_only=True)
    payment_items: tuple[BulkPaymentItemDraft, ...] = field(kw_only=True)


@frozen
class Credit:
    """Something that could be set against an invoice.

    What `id` means depends on `type`: the internal id of an invoice for `CreditNote`, a bank
    transaction for `AdvancePayment`, a payment for `OverPayment`.
    """

    id: int
    amount: Decimal
    type: str | None = field(default=None, kw_only=True)
    date: datetime.date | None = field(default=None, kw_only=True)
    comment: str | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)
