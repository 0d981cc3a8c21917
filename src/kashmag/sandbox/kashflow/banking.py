"""Bank accounts and what goes through them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.paging import Sorting, page, sort
from kashmag.sandbox.kashflow.payment_lines import change_balance, refuse_locked_day
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


def _transaction(account: Account, entry: Record, balance: Decimal) -> Record:
    customer = account.store.get("customers", account.customer_key(entry.get("CustomerCode") or ""))
    name = customer["Name"] if customer else None
    return {
        "Id": entry["Id"],
        "Date": noon(entry["Date"]),
        "MoneyType": entry.get("MoneyType", 0),
        "Comment": entry["Comment"],
        "VATAble": entry.get("VATAble", False),
        "VATAmount": entry.get("VATAmount", ZERO),
        "VATRate": entry.get("VATRate", ZERO),
        "AccountId": entry["AccountId"],
        "ProjectNumber": 0,
        "PaidIn": entry["PaidIn"],
        "PaidOut": entry["PaidOut"],
        "VATPaid": 0,
        "EditLink": "",
        "ResourceNumber": entry.get("ResourceNumber", 0),
        "LineProjectsCount": 0,
        "ProjectUrl": "",
        "Balance": balance,
        "EntityName": entry.get("EntityName", ""),
        "CustomerSupplierName": name,
        "VATReturnId": 0,
        "Type": "",
        "Reconciled": False,
        "ReconciledId": 0,
        "ProjectName": None,
        "TransactionNumber": 0,
        "CustomerName": name,
        "SupplierName": None,
        "IsSystemGeneratedTransaction": False,
        "DisableDisallowed": False,
        "BFSTransactionId": 0,
        "CustomerCode": entry.get("CustomerCode"),
        "SupplierCode": None,
        "TransactionType": 1 if entry.get("PaymentId") else 0,
        "Disallowed": False,
        "PaymentId": entry.get("PaymentId", 0),
    }


_SORTING: Final = Sorting(
    {1: "date", 2: "paidin", 3: "paidout", 4: "transactiontype", 5: "comment", 6: "name"},
    {
        "date": lambda t: t["Date"],
        "paidin": lambda t: t["PaidIn"],
        "paidout": lambda t: t["PaidOut"],
        "transactiontype": lambda t: t.get("EntityName", ""),
        "comment": lambda t: t["Comment"],
        "name": lambda t: t.get("CustomerCode") or "",
    },
    lambda t: t["Id"],
    default="date",
    parameter="sortcolumn",
)


def _transactions(account: Account, request: Request) -> Answer:
    bank = account.seen("bank_accounts", request.path["id"])
    query = request.query
    since, until = query.get("startdate", ""), query.get("enddate", "9999")
    text = query.get("searchtext", "")
    found = [
        entry
        for entry in account.all_seen("bank_transactions")
        if entry["AccountId"] == bank["Id"]
        and since <= entry["Date"] <= until
        and account.matches_text(text, entry["Comment"].lower())
        and not query.get("reconciled", False)
    ]
    rows = sort(account, request, found, _SORTING)
    balances, running = {}, bank["StartingAmount"]
    for entry in rows:
        running += entry["PaidIn"] - entry["PaidOut"]
        balances[entry["Id"]] = running
    ends = {"OpeningBalance": bank["StartingAmount"], "ClosingBalance": bank["BankBalance"]}
    return ok(
        page(
            account,
            request,
            rows,
            lambda entry: _transaction(account, entry, balances[entry["Id"]]),
            default=10,
            extra=ends,
        )
    )


def _entry(account: Account, request: Request) -> Record:
    entry = account.seen("bank_transactions", request.path["transaction"])
    if entry["AccountId"] != request.path["id"]:
        raise account.missing("bank_transactions", entry["Id"])
    return entry


def _own_entry(account: Account, request: Request) -> Record:
    entry = _entry(account, request)
    if entry.get("PaymentId"):
        raise account.invalid("this transaction belongs to an invoice and is changed there")
    refuse_locked_day(account, entry["AccountId"], entry["Date"])
    return entry


def _keep_entry(account: Account, request: Request, identity: int) -> Record:
    bank = account.seen("bank_accounts", request.path["id"])
    body = request.body
    refuse_locked_day(account, bank["Id"], body["Date"])
    entry = {
        "Id": identity,
        "Date": body["Date"],
        "Comment": body.get("Comment", ""),
        "AccountId": bank["Id"],
        "PaidIn": money(body.get("PaidIn")),
        "PaidOut": money(body.get("PaidOut")),
        "MoneyType": body["MoneyType"],
        "VATAble": body.get("VATAble", False),
        "VATAmount": money(body.get("VATAmount")),
        "VATRate": money(body.get("VATRate")),
        "CustomerCode": body.get("CustomerCode"),
    }
    account.store.put("bank_transactions", identity, entry)
    change_balance(account, bank["Id"], entry["PaidIn"] - entry["PaidOut"])
    return entry


def _get_entry(account: Account, request: Request) -> Answer:
    return ok(_transaction(account, _entry(account, request), ZERO))


def _post_entry(account: Account, request: Request) -> Answer:
    entry = _keep_entry(account, request, account.store.next_id())
    return created(_transaction(account, entry, ZERO))


def _put_entry(account: Account, request: Request) -> Answer:
    old = _own_entry(account, request)
    change_balance(account, old["AccountId"], old["PaidOut"] - old["PaidIn"])
    return ok(_transaction(account, _keep_entry(account, request, old["Id"]), ZERO))


def _delete_entry(account: Account, request: Request) -> Answer:
    old = _own_entry(account, request)
    change_balance(account, old["AccountId"], old["PaidOut"] - old["PaidIn"])
    account.store.drop("bank_transactions", old["Id"])
    return NO_CONTENT


_ENTRY: Final = "/bankaccounts/{id:integer}/transactions/{transaction:integer}"

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
    Route(
        "GET",
        "/bankaccounts/{id:integer}/transactions",
        _transactions,
        query=words(
            PAGING + "startdate:date enddate:date sortcolumn:integer filterby:text "
            "searchtext:text reconciled:flag includebulk:flag includefeedmatched:flag "
            "includejournals:flag includenominalcodebanktransactions:flag iscsv:flag"
        ),
    ),
    Route(
        "POST",
        "/bankaccounts/{id:integer}/transactions",
        _post_entry,
        body=bodies.BANK_TRANSACTION,
    ),
    Route("GET", _ENTRY, _get_entry),
    Route("PUT", _ENTRY, _put_entry, body=bodies.BANK_TRANSACTION),
    Route("DELETE", _ENTRY, _delete_entry),
)
