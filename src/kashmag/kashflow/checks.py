"""What an account can be asked to find out whether our assumptions hold for it.

Every check is one READ operation whose answer is a `Finding`: nothing is changed. Some beliefs
only a write would prove; those are in `UNASKED`, so that nobody takes silence for proof.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from attrs import evolve, field, frozen

from kashmag.errors import RemoteError, SignInError, UnreachableError
from kashmag.kashflow import (
    account,
    bank_accounts,
    customers,
    invoices,
    payments,
    products,
    vat_rates,
)
from kashmag.kashflow.assumptions import ASSUMED, Assumptions
from kashmag.kashflow.client import Client
from kashmag.kashflow.customers import CustomerFilter
from kashmag.kashflow.invoice_records import Invoice, InvoiceRow
from kashmag.kashflow.invoices import InvoiceFilter
from kashmag.kashflow.listing import Page
from kashmag.rest.operation import Operation

T = TypeVar("T")


@frozen
class Finding:
    """What an answer says about an assumption: it holds, it does not, or nothing (None)."""

    holds: bool | None
    because: str


@frozen
class Check:
    """One question to an account; `assumption` names a field of `Assumptions`, or the topic."""

    name: str
    assumed: str = field(kw_only=True)
    assumption: str = field(default="", kw_only=True)
    operation: Operation[Finding] = field(kw_only=True)


@frozen(kw_only=True)
class Known:
    """Records of the account that some checks need, as far as there are any."""

    invoice: Invoice | None = None


async def look_up(books: Client) -> Known:
    """Find what the checks need among the account's newest invoices, as far as it can be read.

    Raises SignInError and UnreachableError; what else is wrong shows itself in the checks.
    """
    try:
        for row in await books.invoices.newest(5):
            invoice = await books.invoices.get(row.number)
            if invoice.line_items and invoice.deleted_at is None:
                return Known(invoice=invoice)
    except (SignInError, UnreachableError):
        raise
    except RemoteError:
        return Known()
    return Known()


def judged(operation: Operation[T], judge: Callable[[T], Finding]) -> Operation[Finding]:
    """The same question, its answer judged."""
    return Operation(
        f"check.{operation.name}",
        operation.method,
        path=operation.path,
        query=operation.query,
        effect=operation.effect,
        headers=operation.headers,
        decode=lambda response: judge(operation.decode(response)),
    )


def checks(assumed: Assumptions = ASSUMED, known: Known | None = None) -> tuple[Check, ...]:
    """All that can be asked without changing anything."""
    known = known or Known()
    of_invoice = _of_invoice(known.invoice, assumed) if known.invoice else ()
    return (*_of_account(), *_of_lists(assumed), *of_invoice)


def _of_account() -> tuple[Check, ...]:
    return (
        Check(
            "session",
            assumed="the user may read the account",
            operation=judged(account.metadata(), lambda _: Finding(True, "the counters came")),
        ),
        Check(
            "VAT base",
            assumption="line_vat",
            assumed="VAT is worked out per line, not per unit",
            operation=judged(vat_rates.settings(), _vat_base),
        ),
        Check(
            "payment methods",
            assumed="payment methods are told as id and name",
            operation=judged(
                payments.methods(), lambda told: Finding(bool(told), f"{len(told)} methods")
            ),
        ),
        Check(
            "bank accounts",
            assumed="bank accounts are told with their lock dates",
            operation=judged(
                bank_accounts.every(), lambda told: Finding(bool(told), f"{len(told)} accounts")
            ),
        ),
        Check(
            "next number",
            assumed="the next invoice number is a bare number",
            operation=judged(
                invoices.next_number(), lambda number: Finding(True, f"it would be {number}")
            ),
        ),
    )


def _of_lists(assumed: Assumptions) -> tuple[Check, ...]:
    small = evolve(assumed, page_size=2)
    return (
        Check(
            "page size",
            assumption="page_size",
            assumed=f"lists come in pages of up to {assumed.page_size}",
            operation=judged(
                customers.matching(assumed=assumed),
                lambda page: _page_size(page, assumed.page_size),
            ),
        ),
        Check(
            "sort order",
            assumption="sorts_by_name",
            assumed="sortby=Number sorts invoices by number",
            operation=judged(invoices.matching(assumed=assumed), _sorted),
        ),
        Check(
            "page links",
            assumed="a page that is not the last says so",
            operation=judged(invoices.matching(assumed=small), _links),
        ),
        Check(
            "query dates",
            assumption="query_date",
            assumed=f"issuedatefrom understands {assumed.query_date}",
            operation=judged(
                invoices.matching(InvoiceFilter(issued_from=date(2999, 12, 31)), assumed=assumed),
                _query_date,
            ),
        ),
        Check(
            "archived customers",
            assumption="archived_needs_asking",
            assumed="lists leave archived customers out unless asked",
            operation=judged(
                customers.matching(CustomerFilter(archived=True), assumed=assumed),
                lambda page: _archived([bool(row.is_archived) for row in page.rows]),
            ),
        ),
        Check(
            "product pages",
            assumption="product_page_size",
            assumed=f"products come in pages of up to {assumed.product_page_size}",
            operation=judged(
                products.every(assumed=assumed),
                lambda page: _page_size(page, assumed.product_page_size),
            ),
        ),
    )


def _of_invoice(invoice: Invoice, assumed: Assumptions) -> tuple[Check, ...]:
    detail = invoices.get(invoice.number)
    found = (
        Check(
            "line net",
            assumption="line_net",
            assumed="an invoice's net is the sum of its lines, each rounded half up to pence",
            operation=judged(detail, _line_net),
        ),
        Check(
            "rate decimals",
            assumption="rate_decimals",
            assumed=f"unit prices keep {assumed.rate_decimals} decimals",
            operation=judged(detail, lambda told: _rate_decimals(told, assumed.rate_decimals)),
        ),
    )
    reference = invoice.customer_reference
    if not reference:
        return found
    search = InvoiceFilter(search_text=reference, archived=invoice.is_archived or None)
    return (
        *found,
        Check(
            "reference search",
            assumption="reference_search",
            assumed="searchtext finds an invoice by its whole reference",
            operation=judged(
                invoices.matching(search, assumed=assumed),
                lambda page: _found(page, invoice.number, reference),
            ),
        ),
    )


def _page_size(page: Page[T], asked: int) -> Finding:
    got, total = len(page.rows), page.total
    if total is None:
        return Finding(None, f"the list does not say how long it is ({got} rows came)")
    if got == min(total, asked):
        certain = total >= asked
        return Finding(True if certain else None, f"{got} of {total} rows came, {asked} were asked")
    return Finding(False, f"{got} of {total} rows came, although {asked} were asked for")


def _sorted(page: Page[InvoiceRow]) -> Finding:
    numbers = [row.number for row in page.rows]
    if len(numbers) < 2:
        return Finding(None, "there are not two invoices to compare")
    return Finding(numbers == sorted(numbers), f"{len(numbers)} invoices came")


def _links(page: Page[InvoiceRow]) -> Finding:
    if page.total is None or page.total <= len(page.rows):
        return Finding(None, "there is only one page")
    return Finding(page.next_url is not None, "link to the next page: " + str(page.next_url))


def _query_date(page: Page[InvoiceRow]) -> Finding:
    if page.rows:
        return Finding(False, "invoices came from before the day that was asked for")
    return Finding(True, "nothing is issued after the year 2999, and nothing came")


def _archived(flags: list[bool]) -> Finding:
    if not any(flags):
        return Finding(None, "no archived customer came")
    only = " and only such" if all(flags) else ""
    return Finding(True, f"filterarchived=true shows archived customers{only}")


def _vat_base(told: vat_rates.VatSettings) -> Finding:
    per_unit = told.calculate_tax_on_individual_unit_price
    if per_unit is None:
        return Finding(None, "the account does not say")
    return Finding(not per_unit, f"CalculateTaxOnIndividualUnitPrice is {per_unit}")


def _line_net(told: Invoice) -> Finding:
    exact = sum((line.quantity * line.rate for line in told.line_items), Decimal(0))
    pence = sum((line.net for line in told.line_items), Decimal(0))
    if exact == pence:
        return Finding(None, "no line of the invoice comes to a fraction of a penny")
    shown = f"lines in whole pence {pence}, exactly {exact}, invoice {told.net_amount}"
    return Finding(told.net_amount == pence, shown)


def _rate_decimals(told: Invoice, believed: int) -> Finding:
    most = max((_decimals(line.rate) for line in told.line_items), default=0)
    if most > believed:
        return Finding(False, f"a unit price has {most} decimals")
    # Fewer prove nothing: perhaps no price needed more.
    return Finding(True if most == believed else None, f"unit prices have {most} decimals")


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _found(page: Page[InvoiceRow], number: int, reference: str) -> Finding:
    others = sum(row.customer_reference != reference for row in page.rows)
    hit = any(row.number == number for row in page.rows)
    return Finding(hit, f"{'found' if hit else 'not found'}, with {others} other references")


# What no reading can prove. These show themselves with the first document that is written.
UNASKED: Final = ("taken_number", "bulk_payments", "lag", "session_idle", "trade_border_types")
