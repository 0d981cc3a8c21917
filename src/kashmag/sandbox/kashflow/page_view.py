"""The page at `/`: what is in the account, readable, in one file without outside assets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.invoice_views import due_amount, status_of

_MOST: Final = 200
_STYLE: Final = (
    "body{font:15px/1.4 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}"
    "th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}small{color:#666}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}"
    "th,td{border-color:#333}small{color:#999}}"
)


def render(account: Account) -> str:
    """The page as HTML; the newest two hundred of each kind."""
    store = account.store
    sections = [
        _invoices(account, [store.get("invoices", n) or {} for n in store.numbers("invoices")]),
        _customers(store.all("customers")),
        _products(store.all("products")),
        _banks(store.all("bank_accounts")),
    ]
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>KashFlow sandbox</title><style>{_STYLE}</style></head><body>"
        "<h1>KashFlow sandbox</h1><p>A stand-in: nothing here is real. "
        "The API is at <code>/v2</code>.</p>" + "".join(sections) + "</body></html>"
    )


def _section(title: str, count: int, heads: Sequence[str], rows: Iterable[str]) -> str:
    more = f" <small>the newest {_MOST} are shown</small>" if count > _MOST else ""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(rows) or f'<tr><td colspan="{len(heads)}">none</td></tr>'
    return (
        f"<h2>{escape(title)} ({count}){more}</h2>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(*cells: object) -> str:
    return "<tr>" + "".join(_cell(cell) for cell in cells) + "</tr>"


def _cell(cell: object) -> str:
    if isinstance(cell, _Markup):
        return f"<td>{cell}</td>"
    text = escape(str(cell))
    is_number = text.replace(".", "", 1).removeprefix("-").isdigit()
    return f'<td class="n">{text}</td>' if is_number else f"<td>{text}</td>"


class _Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def _invoices(account: Account, invoices: list[Record]) -> str:
    rows = (_invoice(account, invoice) for invoice in reversed(invoices[-_MOST:]))
    heads = ("Number", "Date", "Customer", "Reference", "Lines", "Net", "VAT", "Gross")
    return _section(
        "Invoices and credit notes", len(invoices), (*heads, "Payments", "Due", "Status"), rows
    )


def _invoice(account: Account, invoice: Record) -> str:
    lines = "<br>".join(
        escape(
            f"{line['Quantity'].normalize():f} × {line['Rate']:f}  {line['Description']} "
            f"[{line['NominalCode']}] VAT {line['VATAmount']:.2f} at "
            f"{line['VATLevel'].normalize():f} %"
        )
        for line in invoice["LineItems"]
    )
    payments = "<br>".join(
        escape(f"{p['Date']}  {p['Amount']:.2f}  bank {p['AccountId']}  {p['Note']}")
        for p in invoice["PaymentLines"]
    )
    kind = "credit note " if invoice["GrossAmount"] < 0 else ""
    return _row(
        invoice["Number"],
        invoice["IssuedDate"],
        invoice["CustomerCode"],
        f"{kind}{invoice['CustomerReference']}",
        _Markup(lines),
        f"{invoice['NetAmount']:.2f}",
        f"{invoice['VATAmount']:.2f}",
        f"{invoice['GrossAmount']:.2f}",
        _Markup(payments),
        f"{due_amount(invoice):.2f}",
        status_of(account, invoice),
    )


def _customers(customers: list[Record]) -> str:
    rows = (
        _row(
            customer["Code"],
            customer["Name"],
            ", ".join(contact["Email"] or "" for contact in customer["Contacts"]),
            "archived" if customer["IsArchived"] else "",
        )
        for customer in reversed(customers[-_MOST:])
    )
    return _section("Customers", len(customers), ("Code", "Name", "E-mail", ""), rows)


def _products(products: list[Record]) -> str:
    rows = (
        _row(p["NominalCode"], p["Code"], p["Name"], f"{p['Price']:.2f}", p["QuantityInStock"])
        for p in reversed(products[-_MOST:])
    )
    return _section("Products", len(products), ("Nominal", "Code", "Name", "Price", "Stock"), rows)


def _banks(banks: list[Record]) -> str:
    rows = (_row(b["Id"], b["AccountName"], b["Code"], f"{b['BankBalance']:.2f}") for b in banks)
    return _section("Bank accounts", len(banks), ("Id", "Name", "Code", "Balance"), rows)
