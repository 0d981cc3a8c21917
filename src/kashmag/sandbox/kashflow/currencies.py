"""Currencies: what an account deals in, and at which rate."""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.routing import Request, Route
from kashmag.sandbox.kashflow.wire import NO_CONTENT, Answer, created, money, ok

HOME: Final = "GBP"


def currency_ref(account: Account, sent: Record | None) -> Record:
    """The currency of a document, with its rate; the home currency when none is sent.

    Raises:
        Refusal: 400, the account does not have that currency.
    """
    code = (sent or {}).get("Code", HOME).upper()
    known = next((c for c in account.store.all("currencies") if c["Code"] == code), None)
    if known is None:
        raise account.invalid(f"the account has no currency {code!r}")
    rate = (sent or {}).get("ExchangeRate") or known["ExchangeRate"]
    if rate < 0:
        raise account.invalid(f"an exchange rate cannot be negative: {rate}")
    return {
        "Name": known["Name"],
        "Symbol": known["Symbol"],
        "DisplaySymbolOnRight": known["DisplaySymbolOnRight"],
        "Code": code,
        "ExchangeRate": money(1) if code == HOME else money(rate),
    }


def _list(account: Account, _: Request) -> Answer:
    return ok(account.all_seen("currencies"))


def _get(account: Account, request: Request) -> Answer:
    return ok(account.seen("currencies", request.path["id"]))


def _post(account: Account, request: Request) -> Answer:
    code = request.body["Code"].upper()
    if len(code) != 3 or any(c["Code"] == code for c in account.store.all("currencies")):
        raise account.invalid(f"currency {code!r} is there already, or is none")
    currency = {
        "Id": account.store.next_id(),
        "Code": code,
        "ExchangeRate": money(request.body.get("ExchangeRate", 1)),
        "Name": code,
        "Symbol": code,
        "DisplaySymbolOnRight": False,
    }
    account.store.put("currencies", currency["Id"], currency)
    return created(currency)


def _put(account: Account, request: Request) -> Answer:
    old = account.seen("currencies", request.path["id"])
    rate = money(request.body.get("ExchangeRate", old["ExchangeRate"]))
    currency = {**old, "Code": request.body["Code"].upper(), "ExchangeRate": rate}
    account.store.put("currencies", old["Id"], currency)
    return ok(currency)


def _delete(account: Account, request: Request) -> Answer:
    if account.seen("currencies", request.path["id"])["Code"] == HOME:
        raise account.invalid("the home currency cannot be deleted")
    account.store.drop("currencies", request.path["id"])
    return NO_CONTENT


ROUTES: Final = (
    Route("GET", "/currencies", _list),
    Route("POST", "/currencies", _post, body=bodies.CURRENCY),
    Route("GET", "/currencies/{id:integer}", _get),
    Route("PUT", "/currencies/{id:integer}", _put, body=bodies.CURRENCY),
    Route("DELETE", "/currencies/{id:integer}", _delete),
)
