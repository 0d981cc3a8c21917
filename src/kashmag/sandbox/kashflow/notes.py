"""Notes on customers, invoices and quotes, and the e-mails that were sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.routing import Request, Route, words
from kashmag.sandbox.kashflow.wire import NO_CONTENT, Answer, created, noon, ok

_TABLES: Final[Mapping[str, str]] = {
    "1": "customers",
    "customers": "customers",
    "3": "invoices",
    "invoices": "invoices",
    "4": "quotes",
    "quotes": "quotes",
}


def _parent(account: Account, request: Request) -> str:
    table = _TABLES.get(request.path["type"].lower())
    if table is None:
        raise account.invalid(f"there are no notes on {request.path['type']!r}")
    key = request.path["key"]
    if table == "customers":
        account.seen(table, account.customer_key(key))
        return f"{table}/{account.customer_key(key)}"
    if not key.isdecimal():
        raise account.invalid(f"{key!r} is no number")
    account.seen(table, int(key))
    return f"{table}/{int(key)}"


def _of(account: Account, parent: str) -> list[Record]:
    return [note for note in account.store.all("notes") if note["_Parent"] == parent]


def _view(note: Record) -> Record:
    shown = {name: value for name, value in note.items() if not name.startswith("_")}
    return {**shown, "Date": noon(note["Date"])}


def _one(account: Account, request: Request) -> tuple[str, Record]:
    key = f"{_parent(account, request)}/{request.path['number']}"
    return key, account.seen("notes", key)


def _list(account: Account, request: Request) -> Answer:
    return ok([_view(note) for note in _of(account, _parent(account, request))])


def _get(account: Account, request: Request) -> Answer:
    return ok(_view(_one(account, request)[1]))


def _post(account: Account, request: Request) -> Answer:
    parent = _parent(account, request)
    number = max((note["Number"] for note in _of(account, parent)), default=0) + 1
    note = {
        "Number": number,
        "Text": request.body["Text"],
        "Date": account.today.isoformat(),
        "LastModifiedBy": "sandbox-user",
        "_Parent": parent,
    }
    account.store.put("notes", f"{parent}/{number}", note)
    return created(_view(note))


def _put(account: Account, request: Request) -> Answer:
    key, old = _one(account, request)
    note = {**old, "Text": request.body["Text"], "Date": account.today.isoformat()}
    account.store.put("notes", key, note)
    return ok(_view(note))


def _delete(account: Account, request: Request) -> Answer:
    account.store.drop("notes", _one(account, request)[0])
    return NO_CONTENT


def _send_email(account: Account, request: Request) -> Answer:
    """Keep the e-mail, count it on its invoice, and send nothing anywhere."""
    number = request.body.get("EntityNumber", 0)
    invoice = account.store.get("invoices", number)
    if number and invoice is None:
        raise account.invalid(f"there is no invoice {number} @ $.EntityNumber")
    if invoice is not None:
        changed = {**invoice, "EmailCount": invoice["EmailCount"] + 1}
        account.store.put("invoices", number, changed)
    account.store.put("emails", account.store.next_id(), request.body)
    return NO_CONTENT


_LIST: Final = "/{type}/{key}/notes"
_ONE: Final = "/{type}/{key}/notes/{number:integer}"

ROUTES: Final = (
    Route("GET", _LIST, _list),
    Route("POST", _LIST, _post, body=bodies.NOTE),
    Route("GET", _ONE, _get),
    Route("PUT", _ONE, _put, body=bodies.NOTE),
    Route("DELETE", _ONE, _delete),
    Route("POST", "/email", _send_email, body=bodies.EMAIL, query=words("async:flag")),
)
