"""Actions: one thing each to do at the far end; a closed union.

An action has a `key` (what is done, for ever the same), a `fingerprint` (its meaning: amounts,
lines, reference; never resolved ids or numbers) and a `reference` (its visible trace at the far
end, by which it is found again). Every `match` on `Action` ends in `assert_never`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, TypeAlias, cast

from attrs import evolve, field, frozen

from kashmag import kashflow
from kashmag.kashflow import codec as kashflow_codec
from kashmag.plans.certificate import Certificate
from kashmag.plans.references import nth_reference, reversal_reference
from kashmag.rest.codec import Json, JsonObject, dumps


@frozen
class DocumentId:
    """A shop document: which shop, what kind (`order`, `customer`, `product`), which one."""

    shop: str
    kind: str
    entity_id: str = field(kw_only=True)
    number: str = field(kw_only=True)
    store_id: str = field(default="1", kw_only=True)

    def key(self, deed: str) -> str:
        """The key of one deed for this document: `M:order:12:invoice`."""
        return f"{self.shop}:{self.kind}:{self.entity_id}:{deed}"

    @property
    def whole(self) -> str:
        """The key of the document itself, whatever the deed: `M:order:12`."""
        return f"{self.shop}:{self.kind}:{self.entity_id}"

    @property
    def reference(self) -> str:
        """What the invoice of this order carries as `CustomerReference`: `M1-ORD-000000012`."""
        return f"{self.shop}{self.store_id}-ORD-{self.number}"

    def nth_reference(self, generation: int) -> str:
        """What the n-th invoice of this order carries: as the first, then `M1-ORD-000000012/2`."""
        return nth_reference(self.reference, generation)

    def reversal_reference(self, generation: int) -> str:
        """What brings the n-th invoice to nothing: `M1-REV-000000012`, then with `/2`."""
        return reversal_reference(self.reference, generation)

    def credit_reference(self, memo_number: str) -> str:
        """What the credit note of one of its memos carries: `M1-CRN-000000003`."""
        return f"{self.shop}{self.store_id}-CRN-{memo_number}"


@frozen
class Pending:
    """What an earlier action of the plan will yield; in texts it stands as `{key}`."""

    key: str

    def __str__(self) -> str:
        return f"{{{self.key}}}"


@frozen
class CreateCustomer:
    """Create the buyer's account; its code is computed, so a second attempt is refused there."""

    kind: ClassVar[str] = "create_customer"
    key: str
    draft: kashflow.CustomerDraft

    @property
    def reference(self) -> str:
        """The customer's code."""
        return self.draft.code

    @property
    def body(self) -> JsonObject:
        """The KashFlow JSON as it would be sent."""
        return kashflow_codec.write(self.draft)

    @property
    def fingerprint(self) -> str:
        """A digest of the meaning."""
        return _digest(self.body)


@frozen
class CreateProduct:
    """Create the product of a SKU that KashFlow does not have, so that its line can name it."""

    kind: ClassVar[str] = "create_product"
    key: str
    draft: kashflow.ProductDraft

    @property
    def reference(self) -> str:
        """The product's code, within its nominal."""
        return f"{self.draft.nominal_code}/{self.draft.code}"

    @property
    def body(self) -> JsonObject:
        """The KashFlow JSON as it would be sent."""
        return kashflow_codec.write(self.draft)

    @property
    def fingerprint(self) -> str:
        """A digest of the meaning: which code under which nominal."""
        return _digest(self.reference)


@frozen
class CreateInvoice:
    """Create the sales invoice, with the payments that are proved already."""

    kind: ClassVar[str] = "create_invoice"
    key: str
    draft: kashflow.InvoiceDraft
    certificate: Certificate = field(kw_only=True)

    @property
    def reference(self) -> str:
        """The invoice's `CustomerReference`."""
        return self.draft.customer_reference

    @property
    def body(self) -> JsonObject:
        """The KashFlow JSON as it would be sent."""
        return kashflow_codec.write(self.draft)

    @property
    def fingerprint(self) -> str:
        """A digest of the meaning: everything but number and customer."""
        return _digest(_without(self.body, "Number", "CustomerCode"))


@frozen
class CreateCreditNote:
    """Create the negative invoice of one credit memo, with the money that was returned."""

    kind: ClassVar[str] = "create_credit_note"
    key: str
    draft: kashflow.InvoiceDraft
    certificate: Certificate = field(kw_only=True)
    original: int | Pending = field(kw_only=True)

    @property
    def reference(self) -> str:
        """The credit note's `CustomerReference`."""
        return self.draft.customer_reference

    @property
    def body(self) -> JsonObject:
        """The KashFlow JSON as it would be sent; an invoice number still to come is `{key}`."""
        return kashflow_codec.write(self.draft)

    @property
    def fingerprint(self) -> str:
        """A digest of the meaning: everything but number, customer and the texts naming numbers."""
        body = _without(self.body, "Number", "CustomerCode")
        lines = cast("list[JsonObject]", body["LineItems"])
        return _digest({**body, "LineItems": [_without(line, "Description") for line in lines]})

    def resolved(self, numbers: Mapping[str, int]) -> CreateCreditNote:
        """The same with the numbers that earlier actions yielded in place of `{key}`."""
        if isinstance(self.original, int):
            return self
        number, token = numbers[self.original.key], str(self.original)
        lines = tuple(
            evolve(line, description=line.description.replace(token, str(number)))
            for line in self.draft.line_items
        )
        return evolve(self, draft=evolve(self.draft, line_items=lines), original=number)


@frozen
class AddPayment:
    """Add one payment line to an invoice that is posted already."""

    kind: ClassVar[str] = "add_payment"
    key: str
    invoice_number: int
    payment: kashflow.PaymentDraft = field(kw_only=True)
    invoice_reference: str = field(kw_only=True)

    @property
    def reference(self) -> str:
        """The note that the payment line carries."""
        return self.payment.note or ""

    @property
    def body(self) -> JsonObject:
        """The payment line as it would be sent within its invoice."""
        return kashflow_codec.write(self.payment)

    @property
    def fingerprint(self) -> str:
        """A digest of the meaning."""
        return _digest({**self.body, "InvoiceReference": self.invoice_reference})


@frozen
class AddNote:
    """Add a note to an invoice, after all that is about money.

    Its trace there is how it opens, up to the colon: which order's buyer it is from. What KashFlow
    makes of the rest (of an ampersand, say) does not matter.
    """

    kind: ClassVar[str] = "add_note"
    key: str
    text: str
    invoice: int | Pending = field(kw_only=True)
    invoice_reference: str = field(kw_only=True)

    @property
    def reference(self) -> str:
        """The reference of the invoice that it stands on."""
        return self.invoice_reference

    @property
    def opening(self) -> str:
        """How it begins, by which it is found again among the notes of its invoice."""
        return self.text.partition(":")[0]

    @property
    def body(self) -> JsonObject:
        """The KashFlow JSON as it would be sent."""
        return kashflow_codec.write(kashflow.NoteDraft(self.text))

    @property
    def fingerprint(self) -> str:
        """A digest of the meaning: which text on which invoice."""
        return _digest({**self.body, "InvoiceReference": self.invoice_reference})

    def resolved(self, numbers: Mapping[str, int]) -> AddNote:
        """The same with the number that an earlier action yielded."""
        if isinstance(self.invoice, int):
            return self
        return evolve(self, invoice=numbers[self.invoice.key])


@frozen
class FieldChange:
    """One field of a record, as it was last seen there and as it is to be."""

    field: str
    before: str
    after: str


@frozen
class UpdateCustomer:
    """Change single fields of a customer; all that is not named stays as the bookkeeper has it.

    `contact` is the e-mail of the contact that is meant; empty: the first.
    """

    kind: ClassVar[str] = "update_customer"
    key: str
    code: str
    changes: tuple[FieldChange, ...] = field(kw_only=True)
    contact: str = field(default="", kw_only=True)

    @property
    def emails(self) -> tuple[str, ...]:
        """By which e-mails the contact is known, before the change and after it."""
        moved = (one.after for one in self.changes if one.field == "contact.email")
        return (self.contact, *moved)

    @property
    def reference(self) -> str:
        """The customer's code."""
        return self.code

    @property
    def body(self) -> JsonObject:
        """The changes; they are sent within the customer's whole record, read just before."""
        told = _told_changes(self.changes)
        return {"Code": self.code, "Contact": self.contact, "Changes": told}

    @property
    def fingerprint(self) -> str:
        """A digest of the meaning."""
        return _digest(self.body)


@frozen
class UpdateShopCustomer:
    """Change single fields of a customer at the shop: what a bookkeeper changed, by policy."""

    kind: ClassVar[str] = "update_shop_customer"
    key: str
    customer_id: int
    changes: tuple[FieldChange, ...] = field(kw_only=True)

    @property
    def reference(self) -> str:
        """The customer's id in the shop."""
        return str(self.customer_id)

    @property
    def body(self) -> JsonObject:
        """The changes; they are sent within the customer's whole record, read just before."""
        return {"CustomerId": self.customer_id, "Changes": _told_changes(self.changes)}

    @property
    def fingerprint(self) -> str:
        """A digest of the meaning."""
        return _digest(self.body)


Action: TypeAlias = (
    CreateCustomer
    | UpdateCustomer
    | UpdateShopCustomer
    | CreateProduct
    | CreateInvoice
    | CreateCreditNote
    | AddPayment
    | AddNote
)


def _told_changes(changes: tuple[FieldChange, ...]) -> list[Json]:
    return [{"Field": c.field, "Before": c.before, "After": c.after} for c in changes]


def _without(body: JsonObject, *names: str) -> dict[str, Json]:
    return {name: value for name, value in body.items() if name not in names}


def _digest(body: Json) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def canonical(value: Json) -> bytes:
    """JSON text that is the same for the same meaning: keys sorted, decimals normalised."""
    return dumps(_canonical(value))


def _canonical(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_canonical(one) for one in value]
    return value.normalize() if isinstance(value, Decimal) else value
