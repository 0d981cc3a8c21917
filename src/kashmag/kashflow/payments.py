"""Operations on payments, and the client's part for them. The records: `payment_records`.

A payment of one invoice stands on the invoice: see `invoices.create` and `Invoices.update`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kashmag.errors import ConflictError, UnexpectedPayloadError
from kashmag.kashflow import codec
from kashmag.kashflow.comparing import shape
from kashmag.kashflow.connection import Connection
from kashmag.kashflow.payment_records import BulkPayment, BulkPaymentDraft, PaymentMethod
from kashmag.kashflow.routes import do, json_of, path, read
from kashmag.kashflow.updating import Updatable, Update, update
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options
from kashmag.rest.wire import Response

_BULK: Final = ("invoices", "bulk", "payments")


def methods() -> Operation[tuple[PaymentMethod, ...]]:
    """Read the ways of paying an invoice; the shape of this answer is unproved."""
    return read(tuple[PaymentMethod, ...], "/paymentmethods/invoice", name="payments.methods")


def statuses() -> Operation[object]:
    """Read the payment statuses as plain JSON: what they look like is unpublished."""
    return read(object, "/paymentstatuses", name="payments.statuses")


def get_bulk(number: int) -> Operation[BulkPayment]:
    """Read a bulk payment of invoices."""
    return read(BulkPayment, path(*_BULK, number), name="payments.get_bulk")


def create_bulk(draft: BulkPaymentDraft) -> Operation[BulkPayment]:
    """Record one sum received for one or more invoices.

    The answer's shape is unpublished: what it tells is read, `number` None if it tells nothing.
    """
    return Operation(
        "payments.create_bulk",
        "POST",
        path=path(*_BULK),
        effect=Effect.ONCE,
        body=codec.dumps(draft),
        decode=_bulk,
    )


def _bulk(response: Response) -> BulkPayment:
    try:
        told = json_of(response)
        return codec.read(BulkPayment, told if isinstance(told, dict) else {"Number": told})
    except UnexpectedPayloadError:
        return BulkPayment()  # it was recorded, whatever the answer looks like


def replace_bulk(number: int, payment: BulkPayment) -> Operation[None]:
    """Replace a bulk payment as a whole."""
    return do(
        "PUT", path(*_BULK, number), body=payment, effect=Effect.ONCE, name="payments.replace_bulk"
    )


def delete_bulk(number: int) -> Operation[None]:
    """Delete a bulk payment; its invoices are no longer paid by it."""
    return do("DELETE", path(*_BULK, number), name="payments.delete_bulk")


def unallocate(invoice_number: int, payment_id: int) -> Operation[None]:
    """Detach a payment from its invoice; it becomes money on account of the customer."""
    return do(
        "POST",
        path("internal", "invoices", invoice_number, "payments", payment_id, "unallocate"),
        effect=Effect.ONCE,
        name="payments.unallocate",
    )


def objection(payment: BulkPayment) -> str | None:
    """Say why a bulk payment must not be rewritten or deleted, if it must not."""
    if payment.reconciled or payment.bank_reconciliation_id:
        return "it is reconciled with the bank"
    if any(item.vat_return_id for item in payment.payment_items):
        return "it sits in a VAT return"
    return None


UPDATABLE_BULK: Final = Updatable[int, BulkPayment](
    noun="bulk payment",
    get=get_bulk,
    replace=replace_bulk,
    key=lambda payment: payment.number,
    counting=shape(
        "Date Comment AccountId Method",
        PaymentItems=shape("Id ObjectNumber Amount PaidDate"),
    ),
    objection=objection,
)


class Payments:
    """Payments of invoices, beyond the lines on the invoices themselves."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def methods(self, options: Options | None = None) -> tuple[PaymentMethod, ...]:
        """The ways of paying an invoice."""
        return await self._connection.call(methods(), options)

    async def statuses(self, options: Options | None = None) -> object:
        """The payment statuses as plain JSON."""
        return await self._connection.call(statuses(), options)

    async def get_bulk(self, number: int, options: Options | None = None) -> BulkPayment:
        """Read a bulk payment."""
        return await self._connection.call(get_bulk(number), options)

    async def create_bulk(
        self, draft: BulkPaymentDraft, options: Options | None = None
    ) -> BulkPayment:
        """Record one sum received for one or more invoices."""
        return await self._connection.call(create_bulk(draft), options)

    async def update_bulk(
        self,
        number: int,
        change: Callable[[BulkPayment], BulkPayment],
        *,
        options: Options | None = None,
    ) -> BulkPayment:
        """Read a bulk payment, apply the change, write it, read it back (see `updating`)."""
        return await update(self._connection, UPDATABLE_BULK, Update(number, change), options)

    async def delete_bulk(self, number: int, options: Options | None = None) -> None:
        """Delete a bulk payment; ConflictError if it is reconciled or in a VAT return."""
        reason = objection(await self.get_bulk(number, options=options))
        if reason:
            raise ConflictError(f"bulk payment {number} is not deleted: {reason}")
        await self._connection.call(delete_bulk(number), options)

    async def unallocate(
        self, invoice_number: int, payment_id: int, options: Options | None = None
    ) -> None:
        """Detach a payment from its invoice; it becomes money on account of the customer."""
        await self._connection.call(unallocate(invoice_number, payment_id), options)
