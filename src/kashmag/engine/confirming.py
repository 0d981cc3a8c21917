"""Whether what reads back is what was meant: an action beside the record at the far end. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from kashmag import kashflow, magento
from kashmag.accounting.money import shown
from kashmag.accounting.vat import shown_rate
from kashmag.hooks.customer_codes import normalised_email
from kashmag.planner import masters, write_back
from kashmag.planner.merging import Fields
from kashmag.planner.recomputed import recomputed_vat
from kashmag.plans.actions import (
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    CreateProduct,
    FieldChange,
    UpdateCustomer,
    UpdateShopCustomer,
)
from kashmag.plans.certificate import Certificate, confirm


def customer_differences(
    action: CreateCustomer, found: kashflow.Customer, *, is_adopted: bool
) -> tuple[str, ...]:
    """Where a customer is not the one that was to be created; none is good.

    One that another order has made may be of another e-mail: a plugin sends both to one account.
    """
    said = []
    if found.code.casefold() != action.draft.code.casefold():
        said.append(f"code is {found.code}, not {action.draft.code}")
    wanted = _emails(action.draft.contacts)
    if not is_adopted and not wanted <= _emails(found.contacts):
        said.append("the e-mail address is another")
    if found.discount_rate:
        said.append(f"there is a discount rate of {shown_rate(found.discount_rate)} %")
    wanted_type = action.draft.trade_border_type
    if wanted_type and found.trade_border_type not in {None, wanted_type}:
        said.append(
            f"its type is {found.trade_border_type}, not {wanted_type}: set trade_border_types = "
            "false under [assumptions] in the settings, and types are left to KashFlow"
        )
    return tuple(said)


def update_differences(action: UpdateCustomer, found: kashflow.Customer) -> tuple[str, ...]:
    """Which of the fields that were to be changed are not; none is good."""
    return _unlike(masters.fields_of(found, action.emails), action.changes)


def shop_differences(action: UpdateShopCustomer, found: magento.Customer) -> tuple[str, ...]:
    """Which of the shop's fields that were to be changed are not; none is good."""
    return _unlike(write_back.shop_says(found), action.changes)


def _unlike(told: Fields, changes: Iterable[FieldChange]) -> tuple[str, ...]:
    # The field, and not what it says: messages are kept longer than a person's data may be.
    return tuple(
        f"{change.field} does not read back as it was written"
        for change in changes
        if told.get(change.field, "") != change.after
    )


def product_differences(action: CreateProduct, found: kashflow.Product) -> tuple[str, ...]:
    """Where a product is not the one that was to be created; none is good."""
    reference = f"{found.nominal_code}/{found.code}"
    return () if reference == action.reference else (f"it is {reference}, not {action.reference}",)


def invoice_differences(
    action: CreateInvoice | CreateCreditNote, found: kashflow.Invoice
) -> tuple[str, ...]:
    """Where an invoice is not the one that was to be created; none is good."""
    draft, said = action.draft, []
    if found.customer_reference != draft.customer_reference:
        said.append(f"reference is {found.customer_reference}, not {draft.customer_reference}")
    if (found.customer_code or "").casefold() != draft.customer_code.casefold():
        said.append(f"customer is {found.customer_code}, not {draft.customer_code}")
    if draft.number is not None and found.number != draft.number:
        said.append(f"number is {found.number}, not {draft.number}")
    if found.issued_date is not None and found.issued_date != draft.issued_date:
        said.append(f"issue date is {found.issued_date}, not {draft.issued_date}")
    said += _deleted(found)
    missing = _paid(draft.payment_lines) - _paid(found.payment_lines)
    said += [f"the payment of {shown(amount)} of {day} is missing" for amount, day in missing]
    said += confirm(action.certificate, found)
    if said and _is_recomputed(action, found):
        said.append(
            'KashFlow computes VAT by its own rule here: set line_vat = "recomputed" under '
            "[assumptions] in the settings, and plans will reckon with it"
        )
    return tuple(said)


def against_adopting(certificate: Certificate, found: kashflow.Invoice) -> tuple[str, ...]:
    """Why an invoice that is there is not the one of a certificate; none is good."""
    return (*_deleted(found), *confirm(certificate, found))


def _deleted(found: kashflow.Invoice) -> tuple[str, ...]:
    return () if found.deleted_at is None else (f"it was deleted on {found.deleted_at}",)


def _is_recomputed(action: CreateInvoice | CreateCreditNote, found: kashflow.Invoice) -> bool:
    """Tell that every line came back with the VAT of KashFlow's own rule, not with ours."""
    drafts = action.draft.line_items
    if len(drafts) != len(found.line_items):
        return False
    pairs = list(zip(drafts, found.line_items, strict=True))
    own = all(line.vat_amount == recomputed_vat(draft) for draft, line in pairs)
    return own and any(line.vat_amount != draft.vat_amount for draft, line in pairs)


def payment_line(action: AddPayment, found: kashflow.Invoice) -> kashflow.PaymentLine | None:
    """The line of an invoice that is this payment, known by its note."""
    wanted = (action.payment.note or "").split()
    return next((line for line in found.payment_lines if (line.note or "").split() == wanted), None)


def payment_differences(action: AddPayment, found: kashflow.Invoice) -> tuple[str, ...]:
    """Where the payment on an invoice is not the one that was to be added; none is good."""
    line = payment_line(action, found)
    if line is None:
        return (f"invoice {found.number} has no payment {action.payment.note}",)
    wanted, said = action.payment, []
    if line.amount != wanted.amount:
        said.append(f"the amount is {shown(line.amount)}, not {shown(wanted.amount)}")
    if line.date is not None and line.date != wanted.date:
        said.append(f"the date is {line.date}, not {wanted.date}")
    if line.account_id is not None and line.account_id != wanted.account_id:
        said.append(f"the bank account is {line.account_id}, not {wanted.account_id}")
    return tuple(said)


def _emails(contacts: Iterable[kashflow.Contact]) -> set[str]:
    return {normalised_email(one.email) for one in contacts if one.email}


def _paid(
    lines: Iterable[kashflow.PaymentLine | kashflow.PaymentDraft],
) -> Counter[tuple[Decimal, date | None]]:
    return Counter((line.amount.normalize(), line.date) for line in lines)
