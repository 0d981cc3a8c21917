"""Payment lines of invoices, and the bank entries that go with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.wire import ZERO, money


def kept_payments(account: Account, old: Sequence[Record], sent: Sequence[Record]) -> list[Record]:
    """The payments that were sent, each with what the account itself keeps about it.

    Raises:
        Refusal: 400, an id is not on this invoice, or a method or bank account is unknown.
    """
    known = {payment["Id"]: payment for payment in old}
    return [_kept(account, known, payment, i) for i, payment in enumerate(sent)]


def _kept(account: Account, known: dict[int, Record], sent: Record, index: int) -> Record:
    place = f"$.PaymentLines[{index}]"
    identity = sent.get("Id", 0)
    if identity and identity not in known:
        raise account.invalid(f"there is no payment {identity} on this invoice @ {place}.Id")
    old = known.get(identity, {})
    # Two cancelling payments that set a credit note against an invoice touch no bank account.
    if not old.get("IsPaymentCreditNote", False):
        _check_references(account, sent, place)
    return {
        **(old or new_payment(account)),
        "Date": sent.get("Date", old.get("Date", account.today.isoformat())),
        "Amount": money(sent["Amount"]),
        "Method": sent["Method"],
        "AccountId": sent["AccountId"],
        "Note": sent.get("Note", ""),
        "Reference": sent.get("Reference", ""),
        "BFSTransactionId": sent.get("BFSTransactionId", 0),
        "PaymentProcessor": sent.get("PaymentProcessor", 0),
    }


def _check_references(account: Account, sent: Record, place: str) -> None:
    if account.switches.unknown_payment_reference == "accept":
        return
    if account.store.get("payment_methods", sent["Method"]) is None:
        raise account.invalid(f"there is no payment method {sent['Method']} @ {place}.Method")
    if account.store.get("bank_accounts", sent["AccountId"]) is None:
        raise account.invalid(f"there is no bank account {sent['AccountId']} @ {place}.AccountId")


def new_payment(account: Account) -> Record:
    """An empty payment with an id of its own."""
    return {
        "Id": account.store.next_id(),
        "Date": account.today.isoformat(),
        "Amount": ZERO,
        "Method": 0,
        "AccountId": 0,
        "Note": "",
        "Reference": "",
        "BulkId": 0,
        "BFSTransactionId": 0,
        "BankReconciliationId": 0,
        "PaymentProcessor": 0,
        "VATReturnId": 0,
        "IsPaymentCreditNote": False,
        "_Guid": account.guid(),
    }


def refuse_locked_payments(account: Account, payments: Iterable[Record]) -> None:
    """Refuse to touch payments that are reconciled, in a VAT return or in a locked period.

    Raises:
        Refusal: 400, one of them is locked.
    """
    if account.switches.locked_documents == "allow":
        return
    for payment in payments:
        if payment["VATReturnId"] or payment["BankReconciliationId"]:
            raise account.locked(f"Payment {payment['Id']} is reconciled or in a VAT return.")
        refuse_locked_day(account, payment["AccountId"], payment["Date"])


def refuse_locked_day(account: Account, account_id: int, day: str) -> None:
    """Refuse a date on which the bank account is locked.

    Raises:
        Refusal: 400, it is.
    """
    bank = account.store.get("bank_accounts", account_id)
    if bank is None or not bank["TransactionLockEnabled"] or bank["TransactionLockDate"] is None:
        return
    if day <= bank["TransactionLockDate"] and account.switches.locked_documents == "refuse":
        until = bank["TransactionLockDate"]
        raise account.locked(f"Bank account {account_id} is locked until {until}.")


def settle(account: Account, old: Record, new: Record) -> None:
    """Bring the bank entries in line with the payments of a changed invoice.

    Raises:
        Refusal: 400, a payment falls into a locked period.
    """
    before = {payment["Id"]: payment for payment in old["PaymentLines"]}
    after = {payment["Id"]: payment for payment in new["PaymentLines"]}
    for identity, payment in before.items():
        if after.get(identity) != payment:
            refuse_locked_payments(account, [payment])
            _unbank(account, identity)
    for identity, payment in after.items():
        if before.get(identity) != payment:
            refuse_locked_day(account, payment["AccountId"], payment["Date"])
            _bank(account, new, payment)


def _bank(account: Account, invoice: Record, payment: Record) -> None:
    kind = "invoicebatchpayment" if payment["BulkId"] else "invoice"
    about = {
        "Comment": payment["Note"],
        "AccountId": payment["AccountId"],
        "ResourceNumber": payment["BulkId"] or invoice["Number"],
        "EntityName": kind,
        "CustomerCode": invoice["CustomerCode"],
        "PaymentId": payment["Id"],
    }
    _enter(account, {**about, "Id": payment["Id"], "Date": payment["Date"]}, payment["Amount"])


def bank_advance(account: Account, advance: Record, customer_code: str) -> None:
    """Enter money on account: it stays in the bank when it leaves its invoice."""
    about = {
        "Comment": advance["Comment"],
        "AccountId": advance["BankAccountId"],
        "ResourceNumber": 0,
        "EntityName": "advancepayment",
        "CustomerCode": customer_code,
        "PaymentId": advance["Id"],
    }
    _enter(account, {**about, "Id": advance["Id"], "Date": advance["Date"]}, advance["Amount"])


def _enter(account: Account, entry: Record, amount: Decimal) -> None:
    if account.store.get("bank_accounts", entry["AccountId"]) is None:
        return
    sides = {"PaidIn": max(amount, ZERO), "PaidOut": max(-amount, ZERO)}
    account.store.put("bank_transactions", entry["Id"], {**entry, **sides})
    change_balance(account, entry["AccountId"], amount)


def _unbank(account: Account, payment_id: int) -> None:
    entry = account.store.get("bank_transactions", payment_id)
    if entry is not None:
        account.store.drop("bank_transactions", payment_id)
        change_balance(account, entry["AccountId"], entry["PaidOut"] - entry["PaidIn"])


def change_balance(account: Account, account_id: int, amount: Decimal) -> None:
    """Add to a bank account's balance."""
    bank = account.store.get("bank_accounts", account_id)
    if bank is not None:
        account.store.put(
            "bank_accounts", account_id, {**bank, "BankBalance": bank["BankBalance"] + amount}
        )
