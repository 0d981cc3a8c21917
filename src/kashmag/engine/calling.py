"""Sending one action, and reading the record that it made. Nothing is recorded here.

All but one kind goes to KashFlow: what a bookkeeper changed of a customer goes to the shop.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar, assert_never

from attrs import evolve, frozen

from kashmag import kashflow, magento
from kashmag.engine.confirming import (
    customer_differences,
    invoice_differences,
    payment_differences,
    payment_line,
    product_differences,
    shop_differences,
    update_differences,
)
from kashmag.errors import ConflictError, NotFoundError
from kashmag.kashflow import customers as customer_operations
from kashmag.kashflow import invoices as invoice_operations
from kashmag.kashflow import notes as note_operations
from kashmag.kashflow import products as product_operations
from kashmag.kashflow.notes import NoteDraft
from kashmag.planner import masters, write_back
from kashmag.planner.merging import Fields
from kashmag.plans.actions import (
    Action,
    AddNote,
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    CreateProduct,
    UpdateCustomer,
    UpdateShopCustomer,
)
from kashmag.rest.options import Options

T = TypeVar("T")


async def found_or_none(reading: Awaitable[T]) -> T | None:
    """What a read finds; None where there is no such record."""
    try:
        return await reading
    except NotFoundError:
        return None


@frozen
class FarEnds:
    """The shop and the account that actions are done at."""

    shop: magento.Client
    books: kashflow.Client


async def send(ends: FarEnds, action: Action, options: Options) -> str:
    """Send the action; return what the far end calls the result, empty where it does not say.

    `options` go with every call of it.
    """
    books = ends.books
    match action:
        case CreateCustomer():
            return (await books.send(customer_operations.create(action.draft), options)).code
        case UpdateCustomer():
            await books.customers.update(
                action.code, lambda customer: _books_changed(customer, action), options=options
            )
            return action.code
        case UpdateShopCustomer():
            await ends.shop.customers.change(
                action.customer_id, lambda customer: _shop_changed(customer, action), options
            )
            return action.reference
        case CreateProduct():
            await books.send(product_operations.create(action.draft), options)
            return action.reference
        case CreateInvoice() | CreateCreditNote():
            created = await books.send(invoice_operations.create(action.draft), options)
            return str(created.number or "")
        case AddPayment():
            if books.assumptions.bulk_payments:
                await _pay_in_bulk(books, action, options)
            else:
                await books.invoices.update(
                    action.invoice_number,
                    lambda invoice: with_payment(invoice, action),
                    options=options,
                )
            return str(action.invoice_number)
        case AddNote():
            note = note_operations.create("invoices", numbered(action), NoteDraft(action.text))
            return str((await books.send(note, options)).number)
        case _:
            assert_never(action)


async def find(ends: FarEnds, action: Action, *, thoroughly: bool = False) -> tuple[str, ...]:
    """What all records are called that carry the action's reference, exactly; archived ones too.

    `thoroughly` also walks through all documents of the customer, which does not rest on how
    KashFlow's search matches.
    """
    books = ends.books
    match action:
        case CreateCustomer():
            customer = await found_or_none(books.customers.get(action.draft.code))
            return (customer.code,) if customer else ()
        case UpdateCustomer():
            customer = await found_or_none(books.customers.get(action.code))
            is_done = customer is not None and not update_differences(action, customer)
            return (action.code,) if is_done else ()
        case UpdateShopCustomer():
            theirs = await found_or_none(ends.shop.customers.get(action.customer_id))
            is_written = theirs is not None and not shop_differences(action, theirs)
            return (action.reference,) if is_written else ()
        case CreateProduct():
            draft = action.draft
            product = await found_or_none(books.products.get(draft.nominal_code, draft.code))
            return (action.reference,) if product else ()
        case CreateInvoice() | CreateCreditNote():
            code = action.draft.customer_code if thoroughly else None
            rows = await books.invoices.by_reference(action.reference, customer_code=code)
            return tuple(str(row.number) for row in rows)
        case AddPayment():
            invoice = await found_or_none(books.invoices.get(action.invoice_number))
            is_there = invoice is not None and payment_line(action, invoice) is not None
            return (str(action.invoice_number),) if is_there else ()
        case AddNote():
            return await _notes(books, action)
        case _:
            assert_never(action)


@frozen
class ReadBack:
    """What reads back of an action: where it is not what was meant, and its printable document."""

    differences: tuple[str, ...]
    permalink: str = ""


async def read_back(
    ends: FarEnds, action: Action, number: str, *, is_adopted: bool
) -> ReadBack | None:
    """What reads back of an action, ours or found done by another; None where nothing does yet."""
    if isinstance(action, CreateInvoice | CreateCreditNote):
        invoice = await found_or_none(ends.books.invoices.get(int(number)))
        if invoice is None:
            return None
        return ReadBack(invoice_differences(action, invoice), invoice.permalink or "")
    if isinstance(action, UpdateShopCustomer):
        theirs = await found_or_none(ends.shop.customers.get(action.customer_id))
        return None if theirs is None else ReadBack(shop_differences(action, theirs))
    said = await _differences(ends.books, action, number, is_adopted=is_adopted)
    return None if said is None else ReadBack(said)


async def _differences(
    books: kashflow.Client,
    action: CreateCustomer | UpdateCustomer | CreateProduct | AddPayment | AddNote,
    number: str,
    *,
    is_adopted: bool,
) -> tuple[str, ...] | None:
    match action:
        case CreateCustomer():
            customer = await found_or_none(books.customers.get(number))
            if customer is None:
                return None
            return customer_differences(action, customer, is_adopted=is_adopted)
        case UpdateCustomer():
            customer = await found_or_none(books.customers.get(action.code))
            return None if customer is None else update_differences(action, customer)
        case CreateProduct():
            draft = action.draft
            product = await found_or_none(books.products.get(draft.nominal_code, draft.code))
            return None if product is None else product_differences(action, product)
        case AddPayment():
            invoice = await found_or_none(books.invoices.get(action.invoice_number))
            if invoice is None or payment_line(action, invoice) is None:
                return None
            return payment_differences(action, invoice)
        case AddNote():
            return () if await _notes(books, action) else None
        case _:
            assert_never(action)


def _books_changed(customer: kashflow.Customer, action: UpdateCustomer) -> kashflow.Customer:
    """The customer with the changes, if it still says what it said when they were planned."""
    _refuse_stale(masters.fields_of(customer, action.emails), action)
    return masters.changed(customer, action.changes, action.emails)


def _shop_changed(customer: magento.Customer, action: UpdateShopCustomer) -> magento.Customer:
    _refuse_stale(write_back.shop_says(customer), action)
    return write_back.shop_changed(customer, action.changes)


def _refuse_stale(fields: Fields, action: UpdateCustomer | UpdateShopCustomer) -> None:
    if stale := masters.stale(fields, action.changes):
        # Somebody was at it since the plan was made: their word is never written over.
        raise ConflictError(
            f"customer {action.reference} has been edited meanwhile: {', '.join(stale)}"
        )


async def _notes(books: kashflow.Client, action: AddNote) -> tuple[str, ...]:
    """The numbers of the notes on the invoice that open as this one does."""
    notes = await found_or_none(books.notes.every("invoices", numbered(action))) or ()
    return tuple(str(one.number) for one in notes if is_note(action, one))


def numbered(action: AddNote) -> int:
    """The number of the invoice that a note goes to; by now it is known."""
    if not isinstance(action.invoice, int):
        raise TypeError(f"{action.key} still waits for the number of {action.invoice}")
    return action.invoice


def is_note(action: AddNote, found: kashflow.Note) -> bool:
    """Tell that a note opens as this one does, however its blanks are kept."""
    return (found.text or "").partition(":")[0].split() == action.opening.split()


def with_payment(invoice: kashflow.Invoice, action: AddPayment) -> kashflow.Invoice:
    """The invoice with the payment on it, once."""
    if payment_line(action, invoice) is not None:
        return invoice
    payment = action.payment
    line = kashflow.PaymentLine(
        0,
        payment.amount,
        date=payment.date,
        method=payment.method,
        account_id=payment.account_id,
        note=payment.note,
    )
    return evolve(invoice, payment_lines=(*invoice.payment_lines, line))


async def _pay_in_bulk(books: kashflow.Client, action: AddPayment, options: Options) -> None:
    invoice = await books.invoices.get(action.invoice_number)
    payment = action.payment
    item = kashflow.BulkPaymentItemDraft(
        invoice.id or 0,
        invoice.number,
        amount=payment.amount,
        paid_date=payment.date,
        contact_id=invoice.customer_id,
        contact_code=invoice.customer_code,
        contact_name=invoice.customer_name,
    )
    await books.payments.create_bulk(
        kashflow.BulkPaymentDraft(
            payment.date,
            payment.note,
            account_id=payment.account_id,
            method=payment.method,
            payment_items=(item,),
        ),
        options,
    )
