"""What goes through a bank account: payments of invoices, and entries of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.paging import Sorting, page, sort
from kashmag.sandbox.kashflow.payment_lines import change_balance, refuse_locked_day
from kashmag.sandbox.kashflow.routing import PAGING, Request, Route, words
from kashmag.sandbox.kashflow.wire import NO_CONTENT, ZERO, Answer, created, money, noon, ok


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
