"""Payments beside those that ride in an invoice: bulk payments, credits, money on account."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.invoice_routes import STATUS_NAMES
from kashmag.sandbox.kashflow.invoice_views import due_amount
from kashmag.sandbox.kashflow.invoices import refuse_locked, with_payments
from kashmag.sandbox.kashflow.payment_lines import (
    bank_advance,
    new_payment,
    refuse_locked_payments,
)
from kashmag.sandbox.kashflow.routing import Request, Route
from kashmag.sandbox.kashflow.wire import Answer, created, money, noon, ok


def _invoices_only(account: Account, request: Request) -> None:
    kind = request.path["type"].lower()
    if kind not in ("invoices", "invoice"):
        raise account.invalid(f"this account keeps no {kind} here")


def _bulk_route(account: Account, request: Request) -> None:
    if not account.switches.bulk_payments:
        raise account.missing("bulk_payments", "in this account")
    _invoices_only(account, request)


def _bulk_post(account: Account, request: Request) -> Answer:
    _bulk_route(account, request)
    numbers = [int(key) for key in account.store.keys("bulk_payments")]
    number = max(numbers, default=0) + 1
    return ok(_bulk_view(account, _keep_bulk(account, number, request.body)))


def _bulk_get(account: Account, request: Request) -> Answer:
    _bulk_route(account, request)
    return ok(_bulk_view(account, account.seen("bulk_payments", request.path["number"])))


def _bulk_put(account: Account, request: Request) -> Answer:
    _bulk_route(account, request)
    number = request.path["number"]
    _take_back(account, account.seen("bulk_payments", number))
    return ok(_bulk_view(account, _keep_bulk(account, number, request.body)))


def _bulk_delete(account: Account, request: Request) -> Answer:
    _bulk_route(account, request)
    number = request.path["number"]
    _take_back(account, account.seen("bulk_payments", number))
    account.store.drop("bulk_payments", number)
    return Answer(200)


def _keep_bulk(account: Account, number: int, body: Record) -> Record:
    method, bank = body.get("Method", 0), body.get("AccountId", 0)
    if account.store.get("payment_methods", method) is None:
        raise account.invalid(f"there is no payment method {method} @ $.Method")
    if account.store.get("bank_accounts", bank) is None:
        raise account.invalid(f"there is no bank account {bank} @ $.AccountId")
    items = body.get("PaymentItems", [])
    if not items:
        raise account.invalid("at least one item is required @ $.PaymentItems")
    day = body.get("Date", account.today.isoformat())
    bulk = {
        "Number": number,
        "Date": day,
        "Comment": body.get("Comment", ""),
        "AccountId": bank,
        "Method": method,
        "_Guid": account.guid(),
    }
    kept = [_pay(account, bulk, item, index) for index, item in enumerate(items)]
    bulk["PaymentItems"] = kept
    account.store.put("bulk_payments", number, bulk)
    return bulk


def _pay(account: Account, bulk: Record, item: Record, index: int) -> Record:
    place = f"$.PaymentItems[{index}]"
    invoice = account.store.get("invoices", item.get("ObjectNumber", 0))
    if invoice is None or invoice["Id"] != item.get("Id", invoice["Id"]):
        raise account.invalid(f"no invoice has that Id and ObjectNumber @ {place}")
    customer = account.store.get("customers", invoice["_Customer"]) or {}
    if item.get("ContactId", customer.get("Id")) != customer.get("Id"):
        raise account.invalid(f"the invoice is for another customer @ {place}.ContactId")
    payment = {
        **new_payment(account),
        "Date": item.get("PaidDate", bulk["Date"]),
        "Amount": money(item.get("Amount")),
        "Method": bulk["Method"],
        "AccountId": bulk["AccountId"],
        "Note": bulk["Comment"],
        "BulkId": bulk["Number"],
    }
    with_payments(account, invoice, [*invoice["PaymentLines"], payment])
    return {"Number": invoice["Number"], "Payment": payment["Id"]}


def _take_back(account: Account, bulk: Record) -> None:
    for item in bulk["PaymentItems"]:
        invoice = account.store.get("invoices", item["Number"])
        if invoice is not None:
            kept = [p for p in invoice["PaymentLines"] if p["Id"] != item["Payment"]]
            with_payments(account, invoice, kept)


def _bulk_view(account: Account, bulk: Record) -> Record:
    items = [_bulk_item(account, item) for item in bulk["PaymentItems"]]
    return {
        "Number": bulk["Number"],
        "Date": noon(bulk["Date"]),
        "Comment": bulk["Comment"],
        "AccountId": bulk["AccountId"],
        "Method": bulk["Method"],
        "Reconciled": False,
        "PaymentItems": [item for item in items if item is not None],
        "Permalink": account.permalink("bulkpayment", bulk["_Guid"]),
    }


def _bulk_item(account: Account, item: Record) -> Record | None:
    invoice = account.store.get("invoices", item["Number"]) or {"PaymentLines": []}
    payment = next((p for p in invoice["PaymentLines"] if p["Id"] == item["Payment"]), None)
    if payment is None:
        return None
    customer = account.store.get("customers", invoice["_Customer"]) or {}
    return {
        "Id": invoice["Id"],
        "Amount": payment["Amount"],
        "PaidDate": noon(payment["Date"]),
        "ObjectNumber": invoice["Number"],
        "ContactName": customer.get("Name"),
        "ContactCode": invoice["CustomerCode"],
        "ContactId": customer.get("Id"),
    }


def _by_id(account: Account, identity: int) -> Record:
    found = next((i for i in account.all_seen("invoices") if i["Id"] == identity), None)
    if found is None:
        raise account.invalid(f"no invoice has the Id {identity}")
    return found


def _credits(account: Account, request: Request) -> Answer:
    _invoices_only(account, request)
    invoice = _by_id(account, request.path["id"])
    shown: list[Record] = []
    for advance in account.all_seen("advances"):
        if advance["_Customer"] == invoice["_Customer"] and advance["Amount"] > 0:
            shown.append(_credit(advance["Id"], advance["Amount"], advance, "AdvancePayment"))
    for other in account.store.of_customer("invoices", invoice["_Customer"]):
        if other["Id"] == invoice["Id"] or due_amount(other) >= 0:
            continue
        kind = "CreditNote" if other["GrossAmount"] < 0 else "OverPayment"
        comment = f"{'Credit Note' if kind == 'CreditNote' else 'Over Payment'} #{other['Number']}"
        identity = other["Id"] if kind == "CreditNote" else other["PaymentLines"][-1]["Id"]
        about = {"Comment": comment, "Date": other["IssuedDate"]}
        shown.append(_credit(identity, -due_amount(other), about, kind))
    return ok(shown)


def _credit(identity: int, amount: Decimal, about: Record, kind: str) -> Record:
    return {
        "Amount": amount,
        "Comment": about["Comment"],
        "Date": noon(about["Date"]),
        "Id": identity,
        "Type": kind,
    }


def _apply_credits(account: Account, request: Request) -> Answer:
    _invoices_only(account, request)
    for credit in request.items:
        invoice = _by_id(account, request.path["id"])
        amount = money(credit.get("Amount"))
        if amount <= 0 or amount > due_amount(invoice):
            raise account.invalid(f"{amount} cannot be set against {due_amount(invoice)}")
        _take_credit(account, invoice, credit, amount)
        _add_credit_line(account, _by_id(account, invoice["Id"]), amount)
    return ok(None)


def _take_credit(account: Account, invoice: Record, credit: Record, amount: Decimal) -> None:
    kind, identity = credit.get("Type", ""), credit.get("Id", 0)
    if kind == "AdvancePayment":
        advance = account.seen("advances", identity)
        _refuse_too_much(account, amount, advance["Amount"])
        left = {**advance, "Amount": advance["Amount"] - amount}
        account.store.put("advances", identity, left)
        return
    others = account.store.of_customer("invoices", invoice["_Customer"])
    source = next((o for o in others if _offers(o, kind, identity)), None)
    if source is None:
        raise account.invalid(f"there is no {kind or 'credit'} {identity} for this customer")
    _refuse_too_much(account, amount, -due_amount(source))
    _add_credit_line(account, source, -amount)


def _offers(document: Record, kind: str, identity: int) -> bool:
    if kind == "CreditNote":
        return bool(document["Id"] == identity and document["GrossAmount"] < 0)
    return kind == "OverPayment" and any(p["Id"] == identity for p in document["PaymentLines"])


def _refuse_too_much(account: Account, amount: Decimal, left: Decimal) -> None:
    if amount > left:
        raise account.invalid(f"the credit has only {left} left, not {amount}")


def _add_credit_line(account: Account, invoice: Record, amount: Decimal) -> None:
    payment = {**new_payment(account), "Amount": amount, "IsPaymentCreditNote": True}
    with_payments(account, invoice, [*invoice["PaymentLines"], payment])


def _bad_debt(account: Account, request: Request) -> Answer:
    base = account.seen("invoices", request.body["BaseInvoiceNumber"])
    note = account.seen("invoices", request.body["CreditInvoiceNumber"])
    amount = min(due_amount(base), -due_amount(note))
    if amount <= 0:
        raise account.invalid("nothing is left to set against each other")
    _add_credit_line(account, note, -amount)
    _add_credit_line(account, base, amount)
    return ok(None)


def _unallocate(account: Account, request: Request) -> Answer:
    _invoices_only(account, request)
    invoice = account.seen("invoices", request.path["number"])
    identity = request.path["payment"]
    payment = next((p for p in invoice["PaymentLines"] if p["Id"] == identity), None)
    if payment is None:
        raise account.invalid(f"invoice {invoice['Number']} has no payment {identity}")
    if payment["IsPaymentCreditNote"]:
        raise account.invalid("a credit that was set against an invoice is no money")
    refuse_locked_payments(account, [payment])
    kept = [p for p in invoice["PaymentLines"] if p["Id"] != identity]
    with_payments(account, invoice, kept)
    advance = {
        "Id": account.store.next_id(),
        "BankAccountId": payment["AccountId"],
        "Amount": payment["Amount"],
        "Date": payment["Date"],
        "Comment": f"Advance Payment on Invoice #{invoice['Number']}",
        "_Customer": invoice["_Customer"],
    }
    account.store.put("advances", advance["Id"], advance)
    bank_advance(account, advance, invoice["CustomerCode"])
    return ok({"Id": advance["Id"]})


def _cardless(account: Account, request: Request) -> Answer:
    invoice = account.seen("invoices", request.body["InvoiceNumber"])
    refuse_locked(account, invoice)
    amount = money(request.body["Amount"])
    payment = {**new_payment(account), "Amount": amount, "Note": "Charged by the provider"}
    with_payments(account, invoice, [*invoice["PaymentLines"], payment])
    return created({"Message": "Charged", "AuthorizationCode": account.guid()[:8]})


def _methods(account: Account, request: Request) -> Answer:
    if request.path["type"].lower() not in ("invoice", "purchase"):
        raise account.invalid("the type is invoice or purchase")
    return ok(account.all_seen("payment_methods"))


def _statuses(_: Account, __: Request) -> Answer:
    return ok([{"Id": n, "Name": name} for n, name in enumerate(STATUS_NAMES)])


ROUTES: Final = (
    Route("POST", "/{type}/bulk/payments", _bulk_post, body=bodies.BULK_PAYMENT),
    Route("GET", "/{type}/bulk/payments/{number:integer}", _bulk_get),
    Route("PUT", "/{type}/bulk/payments/{number:integer}", _bulk_put, body=bodies.BULK_PAYMENT),
    Route("DELETE", "/{type}/bulk/payments/{number:integer}", _bulk_delete),
    Route("GET", "/internal/{type}/{id:integer}/credits", _credits),
    Route("POST", "/internal/{type}/{id:integer}/credits", _apply_credits, items=bodies.CREDIT),
    Route(
        "POST",
        "/internal/{type}/{number:integer}/payments/{payment:integer}/unallocate",
        _unallocate,
    ),
    Route("POST", "/internal/cardlesspayments", _cardless, body=bodies.CARDLESS),
    Route("POST", "/internal/invoices/refund/baddebt", _bad_debt, body=bodies.BAD_DEBT),
    Route("GET", "/paymentmethods/{type}", _methods),
    Route("GET", "/paymentstatuses", _statuses),
)
