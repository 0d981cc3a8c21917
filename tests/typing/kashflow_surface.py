"""What type checkers see of the KashFlow client; checked, never run."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import assert_type

from kashmag import kashflow
from kashmag.kashflow import routes
from kashmag.rest.operation import Operation


async def records(books: kashflow.Client) -> None:
    invoice = await books.invoices.get(1042)
    assert_type(invoice, kashflow.Invoice)
    assert_type(invoice.gross_amount, Decimal)
    assert_type(invoice.line_items, tuple[kashflow.LineItem, ...])
    assert_type(invoice.line_items[0].net, Decimal)
    assert_type(invoice.payment_lines[0].account_id, int | None)
    assert_type(await books.customers.get("C1"), kashflow.Customer)
    assert_type(await books.vat_rates.every(), tuple[kashflow.VatRate, ...])
    assert_type(await books.documents.get("/v2/documents/x"), bytes)


async def lists(books: kashflow.Client) -> None:
    assert_type(books.invoices.matching(), AsyncIterator[kashflow.InvoiceRow])
    async for row in books.invoices.matching(kashflow.InvoiceFilter(customer_code="C1")):
        assert_type(row, kashflow.InvoiceRow)
        print(row.payment_lines)  # type: ignore[attr-defined]  # pyright: ignore
    async for product in books.products.every():
        assert_type(product, kashflow.Product)
    assert_type(await books.invoices.by_reference("M1-ORD-1"), list[kashflow.InvoiceRow])


async def updates(books: kashflow.Client) -> None:
    def renamed(customer: kashflow.Customer) -> kashflow.Customer:
        return customer

    assert_type(await books.customers.update("C1", renamed), kashflow.Customer)
    await books.invoices.update(1, renamed)  # type: ignore[arg-type]  # pyright: ignore
    await books.products.update("P1", lambda one: one)  # type: ignore[arg-type]  # pyright: ignore


async def operations(books: kashflow.Client, draft: kashflow.InvoiceDraft) -> None:
    asked = kashflow.invoices.get(1042)
    assert_type(asked, Operation[kashflow.Invoice])
    assert_type(await books.send(asked), kashflow.Invoice)
    assert_type(await books.send(kashflow.invoices.create(draft)), kashflow.Created)
    assert_type(await books.send(kashflow.invoices.replace(1, await books.invoices.get(1))), None)
    page = await books.send(kashflow.customers.matching())
    assert_type(page, kashflow.Page[kashflow.Customer])
    assert_type(page.rows, tuple[kashflow.Customer, ...])
    for check in kashflow.checks.checks():
        assert_type(await books.send(check.operation), kashflow.Finding)


async def any_route(books: kashflow.Client) -> None:
    due = routes.read(tuple[kashflow.InvoiceDue, ...], "/invoices/topdue")
    assert_type(await books.send(due), tuple[kashflow.InvoiceDue, ...])
    raw = routes.read(object, "/paymentstatuses")
    assert_type(await books.send(raw), object)
    done = routes.do("PUT", "/somewhere", body={"A": Decimal(1)})
    assert_type(await books.send(done), None)


def drafts() -> None:
    kashflow.CustomerDraft("C1", "One", create_customer_code_if_duplicate=True)  # type: ignore[call-arg]  # pyright: ignore
    kashflow.LineDraft(  # type: ignore[call-arg]  # pyright: ignore
        "no VAT said", quantity=Decimal(1), rate=Decimal(1), nominal_code=4000
    )
    kashflow.SignIn("user", "password", "word")
    kashflow.SignIn("user", "password")  # type: ignore[call-arg]  # pyright: ignore
    kashflow.Client("https://books.test/v2")  # type: ignore[call-arg]  # pyright: ignore
