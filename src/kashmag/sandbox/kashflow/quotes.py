"""Quotes: like invoices with one date, and what becomes of them."""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow import bodies, invoices, sums
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import INT32, Record
from kashmag.sandbox.kashflow.currencies import currency_ref
from kashmag.sandbox.kashflow.paging import Sorting, page, sort
from kashmag.sandbox.kashflow.places import filled_address
from kashmag.sandbox.kashflow.routing import PAGING, Request, Route, words
from kashmag.sandbox.kashflow.wire import (
    NO_CONTENT,
    ZERO,
    Answer,
    Refusal,
    created,
    money,
    noon,
    ok,
)

OPEN: Final = {"Number": 1, "Name": "Open", "IconId": 1, "IconType": "flag", "IconColor": "purple"}


def _next_number(account: Account) -> int:
    numbers = account.store.numbers("quotes")
    return numbers[-1] + 1 if numbers else 1


def _keep(account: Account, base: Record, body: Record) -> Record:
    customer = account.customer(body["CustomerCode"])
    currency = currency_ref(account, body.get("Currency"))
    lines = [
        _line(account, line, line.get("Number") or i, currency)
        for i, line in enumerate(body.get("LineItems", []), 1)
    ]
    totals = sums.totals(lines, account.switches)
    reference = body.get("CustomerReference", "")
    category = account.store.get("quote_categories", body.get("Category", {}).get("Number", 1))
    return {
        **base,
        "Date": body.get("Date", account.today.isoformat()),
        "CustomerCode": customer["Code"],
        "CustomerReference": reference,
        "NetAmount": sums.home(money(totals.net), currency["ExchangeRate"]),
        "VATAmount": sums.home(money(totals.vat), currency["ExchangeRate"]),
        "GrossAmount": sums.home(money(totals.gross), currency["ExchangeRate"]),
        "ProjectNumber": body.get("ProjectNumber", 0),
        "SuppressAmount": body.get("SuppressAmount", False),
        "UseCustomDeliveryAddress": body.get("UseCustomDeliveryAddress", False),
        "Category": category or OPEN,
        "Currency": currency,
        "LineItems": lines,
        "Addresses": [filled_address(account, a) for a in body.get("Addresses", [])],
        "DeliveryAddresses": [
            {"Name": a.get("Name"), **filled_address(account, a)}
            for a in body.get("DeliveryAddresses", [])
        ],
        "_Customer": account.customer_key(customer["Code"]),
        "_Search": reference.lower(),
    }


def _line(account: Account, sent: Record, number: int, currency: Record) -> Record:
    quantity, rate = money(sent.get("Quantity")), sums.rate_of(sent, account.switches)
    vat = sums.vat_of(sent, quantity, rate, account.switches)
    return {
        "ProductName": "",
        "HomeCurrencyRate": sums.home(rate, currency["ExchangeRate"]),
        "HomeCurrencyVATAmount": sums.home(vat, currency["ExchangeRate"]),
        "Number": number,
        "Description": sent.get("Description", ""),
        "Quantity": quantity,
        "Rate": rate,
        "VATLevel": money(sent.get("VATLevel")),
        "VATExempt": sent.get("VATExempt", False),
        "VATAmount": vat,
        "NominalCode": sent.get("NominalCode", 0),
        "ProductCode": sent.get("ProductCode", ""),
        "TaxCode": sent.get("TaxCode", ""),
        "Disallowed": sent.get("Disallowed", False),
    }


def _row(account: Account, quote: Record) -> Record:
    customer = account.store.get("customers", quote["_Customer"]) or {}
    return {
        "Number": quote["Number"],
        "Date": noon(quote["Date"]),
        "CustomerCode": quote["CustomerCode"],
        "CustomerReference": quote["CustomerReference"],
        "GrossAmount": quote["GrossAmount"],
        "ProjectNumber": quote["ProjectNumber"],
        "CustomerId": customer.get("Id"),
        "CustomerName": customer.get("Name"),
        "NetAmount": quote["NetAmount"],
        "VATAmount": quote["VATAmount"],
        "ProjectName": None,
        "FileCount": 0,
        "IsEmailSent": False,
        "Category": quote["Category"],
    }


def _detail(account: Account, quote: Record) -> Record:
    before, after = account.store.neighbours("quotes", quote["Number"])
    return {
        **_row(account, quote),
        "HomeCurrencyGrossAmount": quote["GrossAmount"],
        "SuppressAmount": quote["SuppressAmount"],
        "UseCustomDeliveryAddress": quote["UseCustomDeliveryAddress"],
        "PreviousNumber": before,
        "NextNumber": after,
        "Permalink": account.permalink("quote", quote["_Guid"]),
        "Currency": quote["Currency"],
        "LineItems": quote["LineItems"],
        "Addresses": quote["Addresses"],
        "DeliveryAddresses": quote["DeliveryAddresses"],
    }


_SORTING: Final = Sorting(
    {0: "number"},
    {
        "number": lambda quote: quote["Number"],
        "date": lambda quote: quote["Date"],
        "customercode": lambda quote: quote["CustomerCode"],
        "customername": lambda quote: quote["CustomerCode"],
        "grossamount": lambda quote: quote["GrossAmount"],
        "customerreference": lambda quote: quote["_Search"],
    },
    lambda quote: quote["Number"],
    default="number",
)


def _list(account: Account, request: Request) -> Answer:
    query = request.query
    since, until = query.get("issuedatefrom", ""), query.get("issuedateto", "9999")
    code, category = query.get("customercode"), query.get("categorynumber", 0)
    text = query.get("searchtext", "")
    found = [
        quote
        for quote in account.all_seen("quotes")
        if (code is None or quote["_Customer"] == account.customer_key(code))
        and (not category or quote["Category"]["Number"] == category)
        and since <= quote["Date"] <= until
        and account.matches_text(text, quote["_Search"])
    ]
    total = sum((quote["GrossAmount"] for quote in found), ZERO)
    rows = sort(account, request, found, _SORTING)
    return ok(page(account, request, rows, lambda q: _row(account, q), default=50, total=total))


def _get(account: Account, request: Request) -> Answer:
    return ok(_detail(account, account.seen("quotes", request.path["number"])))


def _post(account: Account, request: Request) -> Answer:
    number = request.body.get("Number", 0) or _next_number(account)
    if not 0 < number <= INT32 or account.store.get("quotes", number) is not None:
        message = f"Quote number {number} is in use, or is none."
        raise Refusal(400, account.switches.taken_number_error, message)
    base = {"Id": account.store.next_id(), "Number": number, "_Guid": account.guid()}
    quote = _keep(account, base, request.body)
    account.appear("quotes", number, quote)
    return created(_detail(account, quote), location=f"{request.url}/{number}")


def _put(account: Account, request: Request) -> Answer:
    old = account.seen("quotes", request.path["number"])
    if request.body.get("Number", 0) not in (0, old["Number"]):
        raise account.invalid("the number of a quote cannot be changed here")
    quote = _keep(account, old, request.body)
    account.store.put("quotes", old["Number"], quote)
    return ok(_detail(account, quote))


def _delete(account: Account, request: Request) -> Answer:
    account.store.drop("quotes", account.seen("quotes", request.path["number"])["Number"])
    return NO_CONTENT


def _delete_list(account: Account, request: Request) -> Answer:
    for number in request.items:
        account.store.drop("quotes", account.seen("quotes", number)["Number"])
    return NO_CONTENT


def _convert(account: Account, request: Request) -> Answer:
    if request.query["convertfrom"].lower() != "quote":
        raise account.invalid("only quotes can be converted")
    missing = [n for n in request.items if account.store.get("quotes", n) is None]
    if missing:
        raise account.invalid(f"there are no quotes {', '.join(str(n) for n in missing)}")
    return created([_converted(account, request, number) for number in request.items])


def _converted(account: Account, request: Request, number: int) -> Record:
    quote = account.seen("quotes", number)
    invoice = invoices.create(
        account,
        {
            "CustomerCode": quote["CustomerCode"],
            "CustomerReference": quote["CustomerReference"],
            "Currency": quote["Currency"],
            "LineItems": quote["LineItems"],
        },
    )
    if not request.query.get("retainafterconversion", False):
        account.store.drop("quotes", number)
    return {"InvoiceNumber": invoice["Number"], "QuoteNumber": number}


def _categories(account: Account, _: Request) -> Answer:
    return ok(account.all_seen("quote_categories"))


def _add_category(account: Account, request: Request) -> Answer:
    numbers = [int(key) for key in account.store.keys("quote_categories")]
    number = request.body.get("Number") or max(numbers, default=0) + 1
    category = {**OPEN, **request.body, "Number": number}
    account.store.put("quote_categories", number, category)
    return created(category)


ROUTES: Final = (
    Route(
        "GET",
        "/quotes",
        _list,
        query=words(
            PAGING + "sortby:text customercode:text categorynumber:integer projectnumber:integer "
            "issuedatefrom:date issuedateto:date searchtext:text skipperpagevalidation:flag"
        ),
    ),
    Route("POST", "/quotes", _post, body=bodies.QUOTE),
    Route("GET", "/quotes/{number:integer}", _get),
    Route("PUT", "/quotes/{number:integer}", _put, body=bodies.QUOTE),
    Route("DELETE", "/quotes/{number:integer}", _delete),
    Route("DELETE", "/quotelist", _delete_list, items="integer"),
    Route(
        "POST",
        "/internal/invoices",
        _convert,
        query=words("convertfrom:text! retainafterconversion:flag"),
        items="integer",
    ),
    Route("GET", "/quotecategories", _categories),
    Route("POST", "/quotecategories", _add_category, body=bodies.QUOTE_CATEGORY),
    Route("GET", "/nextavailablequotenumber", lambda account, _: ok(_next_number(account))),
)
