"""Deeds: what was done for a document, or in a dry run would be, in figures that people compare.

A deed says less than its action: no lines, no addresses. It is what a run tells of, document by
document.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, assert_never

from attrs import evolve, field, frozen

from kashmag.accounting.money import shown
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
from kashmag.rest.codec import Json, JsonObject, read_decimal

NOUNS: Final = {
    "create_customer": "customer",
    "update_customer": "updated customer",
    "update_shop_customer": "updated the shop's customer",
    "create_product": "product",
    "create_invoice": "invoice",
    "create_credit_note": "credit note",
    "add_payment": "payment on invoice",
    "add_note": "note",
}


@frozen
class Deed:
    """One thing done, or to be done; `number` is what KashFlow calls it, empty before it is there.

    `customer` is the code of the account that a document is for. `paid` is the money on a document
    when it is posted, or the payment itself. Figures have the document's signs.
    """

    kind: str
    reference: str
    number: str = field(default="", kw_only=True)
    customer: str = field(default="", kw_only=True)
    currency: str = field(default="", kw_only=True)
    net: Decimal | None = field(default=None, kw_only=True)
    vat: Decimal | None = field(default=None, kw_only=True)
    gross: Decimal | None = field(default=None, kw_only=True)
    paid: Decimal | None = field(default=None, kw_only=True)

    def __str__(self) -> str:
        noun = NOUNS.get(self.kind, self.kind)
        if self.kind == "add_payment":
            return f"payment of {_said(self.paid)} on invoice {self.number}"
        known = f"{self.number} ({self.reference})" if self.number else self.reference
        known = self.reference if self.number == self.reference else known
        told = f"{noun} {known}" + (f" for {self.customer}" if self.customer else "")
        if self.gross is not None:
            told += f": {_said(self.net)} + {_said(self.vat)} VAT = {_said(self.gross)}"
            told += f" {self.currency}".rstrip()
        money = "returned" if (self.gross or 0) < 0 else "paid"
        return f"{told}, {money} {_said(abs(self.paid))}" if self.paid else told

    def to_json(self) -> dict[str, Json]:
        """The deed as the command line prints it: what is not known is left out."""
        told: dict[str, Json] = {name: text for name in _TEXTS if (text := getattr(self, name))}
        for name in _FIGURES:
            amount: Decimal | None = getattr(self, name)
            if amount is not None:
                told[name] = str(amount)
        return told

    @classmethod
    def from_json(cls, told: JsonObject) -> Deed:
        """Reload what `to_json` wrote."""
        texts = {name: str(told.get(name, "")) for name in _TEXTS}
        figures = {name: read_decimal(told[name]) for name in _FIGURES if name in told}
        return cls(**texts, **figures)  # type: ignore[arg-type]


_TEXTS: Final = ("kind", "reference", "number", "customer", "currency")
_FIGURES: Final = ("net", "vat", "gross", "paid")


def _said(amount: Decimal | None) -> str:
    return shown(amount or Decimal(0))


def deeds_of(actions: Iterable[Action]) -> tuple[Deed, ...]:
    """What these actions come to, in their order."""
    return tuple(deed_of(action) for action in actions)


def deed_of(action: Action) -> Deed:
    """What an action comes to."""
    deed = Deed(action.kind, action.reference)
    match action:
        case CreateInvoice() | CreateCreditNote():
            proof = action.certificate
            return evolve(
                deed,
                customer=action.draft.customer_code,
                currency=proof.currency,
                net=proof.net,
                vat=proof.vat,
                gross=proof.gross,
                paid=sum((one.amount for one in action.draft.payment_lines), Decimal(0)),
            )
        case AddPayment():
            return evolve(deed, number=str(action.invoice_number), paid=action.payment.amount)
        case CreateCustomer() | UpdateCustomer() | UpdateShopCustomer():
            return deed
        case CreateProduct() | AddNote():
            return deed
        case _:
            assert_never(action)
