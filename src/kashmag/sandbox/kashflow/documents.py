"""Printable documents by permalink: a PDF of one page. Whoever knows the address may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.routing import Request, Route
from kashmag.sandbox.kashflow.wire import Answer


def pdf(lines: Sequence[str]) -> bytes:
    """A PDF document of one page with these lines of text."""
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    stream = f"BT /F1 11 Tf 14 TL 60 780 Td {shown} ET".encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _document(account: Account, request: Request) -> Answer:
    kind, key = request.path["type"].lower(), request.path["key"].lower()
    table = "quotes" if kind == "quote" else "invoices"
    if kind not in ("invoice", "quote", "packingslip"):
        raise account.missing(table, key)
    record = next((r for r in account.all_seen(table) if r["_Guid"] == key), None)
    if record is None:
        raise account.missing(table, key)
    return Answer(200, pdf(_lines(kind, record)), content_type=b"application/pdf")


def _receipt(account: Account, request: Request) -> Answer:
    key = request.path["key"].lower()
    for invoice in account.all_seen("invoices"):
        for payment in invoice["PaymentLines"]:
            if payment["_Guid"] == key:
                text = f"Payment of {payment['Amount']:.2f} for invoice {invoice['Number']}"
                return Answer(200, pdf([text]), content_type=b"application/pdf")
    raise account.missing("payments", key)


def _lines(kind: str, record: Record) -> list[str]:
    is_credit = record["GrossAmount"] < 0
    title = "Credit note" if is_credit else kind.capitalize()
    head = [f"{title} {record['Number']}", f"Reference {record['CustomerReference']}", ""]
    rows = [
        f"{line['Quantity']:f} x {line['Rate']:f}  {line['Description']}"
        for line in record["LineItems"]
    ]
    sums = [f"{name} {record[f'{name}Amount']:.2f}" for name in ("Net", "VAT", "Gross")]
    return [*head, *rows, "", *sums]


ROUTES: Final = (
    Route("GET", "/documents/{type}/{key}", _document, is_open=True),
    Route("GET", "/documents/invoice/payment/{key}", _receipt, is_open=True),
)
