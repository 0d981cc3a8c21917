"""Bank accounts. What goes through them: `bank_entries`."""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.paging import page
from kashmag.sandbox.kashflow.routing import PAGING, Request, Route, words
from kashmag.sandbox.kashflow.wire import (
    NEVER_SET,
    NO_CONTENT,
    ZERO,
    Answer,
    created,
    money,
    noon,
    ok,
)

SUMMARY: Final = (
    "Id",
    "AccountName",
    "Code",
    "IsDefaultAccount",
    "TransactionLockEnabled",
    "TransactionLockDate",
    "ReconcileDate",
    "IsArchived",
    "BankBalance",
    "IsBankEmpty",
    "Order",
    "Period",
    "IconId",
    "DefaultInvoicePaymentType",
    "DefaultPurchasePaymentType",
)
_NO_FEED: Final = {
    "FeedAccountNumber": "",
    "FeedSiteName": "",
    "FeedAccountName": "",
    "FeedAccountHolder": "",
    "FeedSource": "",
    "LastTransactionImportDate": None,
    "BankFeedsAccountId": 0,
}


def kept_account(account: Account, body: Record, old: Record) -> Record:
    """A bank account as it is kept."""
    keys = [int(key) for key in account.store.keys("bank_accounts")]
    opening = money(body.get("StartingAmount"))
    balance = old.get("BankBalance", ZERO) - old.get("StartingAmount", ZERO) + opening
    return {
        "Id": old.get("Id") or max(keys, default=0) + 1,
        "AccountName": body["AccountName"],
        "Code": body.get("Code", 0) or 1200 + len(keys) + 1,
        "IsDefaultAccount": body.get("IsDefaultAccount", False),
        "TransactionLockEnabled": body.get("TransactionLockEnabled", False),
        "TransactionLockDate": body.get("TransactionLockDate"),
        "ReconcileDate": body.get("ReconcileDate"),
        "IsArchived": body.get("IsArchived", False),
        "BankBalance": balance,
        "Order": old.get("Order") or len(keys) + 1,
        "Period": body.get("Period", ""),
        "IconId": body.get("IconId", 0),
        "DefaultInvoicePaymentType": _payment_type(account, body, "DefaultInvoicePaymentType"),
        "DefaultPurchasePaymentType": _payment_type(account, body, "DefaultPurchasePaymentType"),
        "StartingDate": body.get("StartingDate"),
        "StartingAmount": opening,
        "ShowPaidInFirst": body.get("ShowPaidInFirst", False),
        "IncludeOnDashBoard": body.get("IncludeOnDashBoard", True),
        "Note": body.get("Note", ""),
    }


def _payment_type(account: Account, body: Record, name: str) -> Record | None:
    method = account.store.get("payment_methods", body.get(name, {}).get("Id", 0))
    return {"Id": method["Id"], "Name": method["Name"]} if method else None


def _summary(bank: Record) -> Record:
    shown = {**bank, "IsBankEmpty": bank["BankBalance"] == 0}
    return {**{name: shown[name] for name in SUMMARY}, **_NO_FEED}


def _detail(bank: Record) -> Record:
    return {
        **_summary(bank),
        "Order": 0,
        "StartingDate": noon(bank["StartingDate"]) or NEVER_SET,
        "StartingAmount": bank["StartingAmount"],
        "ShowPaidInFirst": bank["ShowPaidInFirst"],
        "IncludeOnDashBoard": bank["IncludeOnDashBoard"],
        "Note": bank["Note"],
        "OverrideTransactionLock": False,
    }


def _banks(account: Account, request: Request) -> list[Record]:
    shows = request.query.get("includearchivedaccounts", False)
    return [b for b in account.all_seen("bank_accounts") if shows or not b["IsArchived"]]


def _all(account: Account, request: Request) -> Answer:
    return ok([_summary(bank) for bank in _banks(account, request)])


def _list(account: Account, request: Request) -> Answer:
    banks = _banks(account, request)
    if request.query.get("order") == "desc":
        banks.reverse()
    return ok(page(account, request, banks, _summary, default=1000))


def _get(account: Account, request: Request) -> Answer:
    return ok(_detail(account.seen("bank_accounts", request.path["id"])))


def _post(account: Account, request: Request) -> Answer:
    bank = kept_account(account, request.body, {})
    account.store.put("bank_accounts", bank["Id"], bank)
    return created(_detail(bank))


def _put(account: Account, request: Request) -> Answer:
    old = account.seen("bank_accounts", request.path["id"])
    bank = kept_account(account, request.body, old)
    account.store.put("bank_accounts", old["Id"], bank)
    return ok(_detail(bank))


def _delete(account: Account, request: Request) -> Answer:
    identity = request.path["id"]
    account.seen("bank_accounts", identity)
    if any(t["AccountId"] == identity for t in account.store.all("bank_transactions")):
        raise account.invalid(f"bank account {identity} has transactions")
    account.store.drop("bank_accounts", identity)
    return NO_CONTENT


def _suggested_code(account: Account, _: Request) -> Answer:
    return ok(max((b["Code"] for b in account.store.all("bank_accounts")), default=1200) + 1)


ROUTES: Final = (
    Route("GET", "/bankaccounts", _all, query=words("includearchivedaccounts:flag")),
    Route("POST", "/bankaccounts", _post, body=bodies.BANK_ACCOUNT),
    Route(
        "GET",
        "/bankaccounts/list",
        _list,
        query=words(PAGING + "includemonthlystats:flag includearchivedaccounts:flag"),
    ),
    Route("GET", "/bankaccounts/suggestedcode", _suggested_code),
    Route("GET", "/bankaccounts/{id:integer}", _get),
    Route("PUT", "/bankaccounts/{id:integer}", _put, body=bodies.BANK_ACCOUNT),
    Route("DELETE", "/bankaccounts/{id:integer}", _delete),
)
