"""Bank accounts and their transactions, for reading.

Two routes of KashFlow destroy bank transactions while they assign them; this client has no method
for either, and none that writes to a bank account.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.rest.codec import Json


@frozen
class PaymentType:
    """The payment method that a bank account offers first; `id` is a payment method's id."""

    id: int
    name: str | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class BankAccount:
    """A bank account; `id` is its key and the `account_id` of payments.

    Nothing can be written on or before `transaction_lock_date` while `transaction_lock_enabled`.
    `starting_date` and `starting_amount` are told in the detail only.
    """

    id: int
    account_name: str = ""
    code: int | None = field(default=None, kw_only=True)
    is_default_account: bool | None = field(default=None, kw_only=True)
    transaction_lock_enabled: bool | None = field(default=None, kw_only=True)
    transaction_lock_date: datetime.date | None = field(default=None, kw_only=True)
    override_transaction_lock: bool | None = field(default=None, kw_only=True)
    reconcile_date: datetime.date | None = field(default=None, kw_only=True)
    is_archived: bool | None = field(default=None, kw_only=True)
    bank_balance: Decimal | None = field(default=None, kw_only=True)
    is_bank_empty: bool | None = field(default=None, kw_only=True)
    starting_date: datetime.date | None = field(default=None, kw_only=True)
    starting_amount: Decimal | None = field(default=None, kw_only=True)
    show_paid_in_first: bool | None = field(default=None, kw_only=True)
    include_on_dash_board: bool | None = field(default=None, kw_only=True)
    note: str | None = field(default=None, kw_only=True)
    period: str | None = field(default=None, kw_only=True)
    icon_id: int | None = field(default=None, kw_only=True)
    order: int | None = field(default=None, kw_only=True)
    feed_account_number: str | None = field(default=None, kw_only=True)
    feed_site_name: str | None = field(default=None, kw_only=True)
    feed_account_name: str | None = field(default=None, kw_only=True)
    feed_account_holder: str | None = field(default=None, kw_only=True)
    feed_source: str | None = field(default=None, kw_only=True)
    bank_feeds_account_id: int | None = field(default=None, kw_only=True)
    last_transaction_import_date: datetime.date | None = field(default=None, kw_only=True)
    default_invoice_payment_type: PaymentType | None = field(default=None, kw_only=True)
    default_purchase_payment_type: PaymentType | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class BankTransaction:
    """A movement on a bank account.

    A transfer stands in both accounts under the same `id`, so account and id together are the
    key. `balance` varies with paging and order.
    """

    id: int
    account_id: int | None = None
    date: datetime.date | None = field(default=None, kw_only=True)
    paid_in: Decimal | None = field(default=None, kw_only=True)
    paid_out: Decimal | None = field(default=None, kw_only=True)
    balance: Decimal | None = field(default=None, kw_only=True)
    comment: str | None = field(default=None, kw_only=True)
    type: str | None = field(default=None, kw_only=True)
    transaction_type: int | None = field(default=None, kw_only=True)
    transaction_number: int | None = field(default=None, kw_only=True)
    money_type: int | None = field(default=None, kw_only=True)
    vatable: bool | None = field(default=None, kw_only=True)
    vat_amount: Decimal | None = field(default=None, kw_only=True)
    vat_rate: Decimal | None = field(default=None, kw_only=True)
    vat_paid: Decimal | None = field(default=None, kw_only=True)
    vat_return_id: int | None = field(default=None, kw_only=True)
    entity_name: str | None = field(default=None, kw_only=True)
    resource_number: int | None = field(default=None, kw_only=True)
    payment_id: int | None = field(default=None, kw_only=True)
    bfs_transaction_id: int | None = field(default=None, kw_only=True)
    customer_code: str | None = field(default=None, kw_only=True)
    customer_name: str | None = field(default=None, kw_only=True)
    supplier_code: str | None = field(default=None, kw_only=True)
    supplier_name: str | None = field(default=None, kw_only=True)
    customer_supplier_name: str | None = field(default=None, kw_only=True)
    project_number: int | None = field(default=None, kw_only=True)
    project_name: str | None = field(default=None, kw_only=True)
    reconciled: bool | None = field(default=None, kw_only=True)
    reconciled_id: int | None = field(default=None, kw_only=True)
    is_system_generated_transaction: bool | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)
