"""Bank accounts and their transactions, for reading.

Two routes of KashFlow destroy bank transactions while they assign them; this client has no method
for either, and none that writes to a bank account.
"""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.kashflow.assumptions import ASSUMED, Assumptions
from kashmag.kashflow.connection import Connection
from kashmag.kashflow.listing import Page, page, rows
from kashmag.kashflow.routes import path, read
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options


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


@frozen(kw_only=True)
class BankTransactionFilter:
    """Which movements of a bank account to list."""

    start_date: datetime.date | None = None
    end_date: datetime.date | None = None
    search_text: str | None = None
    reconciled: bool | None = None
    include_bulk: bool | None = None
    include_feed_matched: bool | None = None
    include_journals: bool | None = None


def every(*, include_archived: bool | None = None) -> Operation[tuple[BankAccount, ...]]:
    """Read all bank accounts in one answer."""
    asking = (("includeArchivedAccounts", include_archived),)
    return read(tuple[BankAccount, ...], "/bankaccounts", asking=asking, name="bank_accounts.every")


def get(account_id: int) -> Operation[BankAccount]:
    """Read one bank account."""
    return read(BankAccount, path("bankaccounts", account_id), name="bank_accounts.get")


def transactions(
    account_id: int,
    which: BankTransactionFilter | None = None,
    *,
    number: int = 1,
    assumed: Assumptions = ASSUMED,
) -> Operation[Page[BankTransaction]]:
    """Read one page of a bank account's movements, by date.

    No unique sort key exists here: rows of one day change places between pages.
    """
    which = which or BankTransactionFilter()
    return page(
        BankTransaction,
        "bank_accounts.transactions",
        path("bankaccounts", account_id, "transactions"),
        asking=(
            ("sortcolumn", 1),
            ("order", "Asc"),
            ("startdate", assumed.query_day(which.start_date)),
            ("enddate", assumed.query_day(which.end_date)),
            ("searchtext", which.search_text),
            ("reconciled", which.reconciled),
            ("includebulk", which.include_bulk),
            ("includefeedmatched", which.include_feed_matched),
            ("includejournals", which.include_journals),
        ),
        number=number,
        size=assumed.page_size,
    )


def transaction(account_id: int, transaction_id: int) -> Operation[BankTransaction]:
    """Read one movement, without what only the list works out."""
    route = path("bankaccounts", account_id, "transactions", transaction_id)
    return read(BankTransaction, route, name="bank_accounts.transaction")


class BankAccounts:
    """The bank accounts of an account, for reading."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def every(
        self, *, include_archived: bool | None = None, options: Options | None = None
    ) -> tuple[BankAccount, ...]:
        """Read all bank accounts."""
        return await self._connection.call(every(include_archived=include_archived), options)

    async def get(self, account_id: int, options: Options | None = None) -> BankAccount:
        """Read one bank account."""
        return await self._connection.call(get(account_id), options)

    def transactions(
        self,
        account_id: int,
        which: BankTransactionFilter | None = None,
        *,
        options: Options | None = None,
    ) -> AsyncIterator[BankTransaction]:
        """Yield the movements of a bank account, each once; walks again if some were missed."""
        first = transactions(account_id, which, assumed=self._connection.assumptions)
        return rows(self._connection.caller, first, lambda one: one.id, options)

    async def transaction(
        self, account_id: int, transaction_id: int, options: Options | None = None
    ) -> BankTransaction:
        """Read one movement, without what only the list works out."""
        return await self._connection.call(transaction(account_id, transaction_id), options)
