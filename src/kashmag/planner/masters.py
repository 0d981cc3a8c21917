"""Customers as master data: which fields are kept in step, on either side's record. Pure.

What follows from comparing them is `planner.merging`; how a field of KashFlow's is said in the
shop's own record is `planner.write_back`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar, cast

from attrs import evolve

from kashmag import kashflow, magento
from kashmag.accounting import Address, Buyer
from kashmag.hooks.customer_codes import code_of_email, normalised_email
from kashmag.hooks.postal import delivery_address, postal_address
from kashmag.planner.border_types import border_type
from kashmag.planner.merging import Fields
from kashmag.plans.actions import FieldChange

T = TypeVar("T", kashflow.Contact, kashflow.Address, kashflow.DeliveryAddress)

Emails = Sequence[str]

CONTACT: Final = ("first_name", "last_name", "name", "email", "telephone")
ADDRESS: Final = ("line1", "line2", "line3", "line4", "post_code", "country_code")
DELIVERY: Final = ("name", *ADDRESS)
PLAIN: Final = ("name", "vat_number", "trade_border_type")


def buyer_of(customer: magento.Customer) -> Buyer:
    """A customer of the shop in the accounts' words; ValueError without an e-mail."""
    email = (customer.email or "").strip()
    if not email:
        raise ValueError("a customer without an e-mail has no account")
    first, last = (customer.firstname or "").strip(), (customer.lastname or "").strip()
    billing, delivery = billing_of(customer), delivery_of(customer)
    company = (billing.company if billing else None) or ""
    return Buyer(
        email,
        " ".join(part for part in (first, last) if part),
        first_name=first,
        last_name=last,
        company=company.strip(),
        vat_number=(customer.taxvat or (billing.vat_id if billing else None) or "").strip(),
        source_id="" if customer.id is None else str(customer.id),
        billing=_address(billing),
        delivery=_address(delivery) if delivery else None,
    )


def billing_of(customer: magento.Customer) -> magento.Address | None:
    """The address that invoices go to."""
    return next((one for one in customer.addresses or () if one.default_billing), None)


def delivery_of(customer: magento.Customer) -> magento.Address | None:
    """The address that goods go to."""
    return next((one for one in customer.addresses or () if one.default_shipping), None)


def draft_of(
    customer: magento.Customer, shop: str, *, border_types: bool = False
) -> kashflow.CustomerDraft:
    """The account that a shop's customer would get; ValueError without an e-mail.

    With `border_types` it says how the customer stands to the UK's border.
    """
    buyer = buyer_of(customer)
    has_billing = billing_of(customer) is not None
    contact = kashflow.Contact(
        buyer.first_name or None,
        buyer.last_name or None,
        name=buyer.name or None,
        email=buyer.email,
        telephone=buyer.billing.telephone or None,
        is_primary=True,
        receive_emails=False,
    )
    return kashflow.CustomerDraft(
        code_of_email(buyer.email, shop),
        buyer.company or buyer.name or buyer.email,
        contacts=(contact,),
        addresses=(postal_address(buyer.billing),) if has_billing else (),
        delivery_addresses=(delivery_address(buyer.delivery),) if buyer.delivery else (),
        trade_border_type=border_type(buyer.billing) if border_types else None,
        vat_number=buyer.vat_number or None,
        automatic_credit_control_enabled=False,
    )


def fields_of(
    customer: kashflow.Customer | kashflow.CustomerDraft, emails: Emails = ()
) -> dict[str, str]:
    """The fields that are kept in step, flat, without surrounding blanks; absent ones are empty.

    The contact is the first with one of these e-mails; where none has, the first of all.
    """
    told = {name: str(getattr(customer, name) or "").strip() for name in PLAIN}
    told |= _flat("contact", contact_of(customer, emails), CONTACT)
    told |= _flat("address", _first(customer.addresses), ADDRESS)
    return told | _flat("delivery", _first(customer.delivery_addresses), DELIVERY)


def contact_of(
    customer: kashflow.Customer | kashflow.CustomerDraft, emails: Emails
) -> kashflow.Contact | None:
    """The contact that is kept in step: the first with one of these e-mails, or of all."""
    at = _place(customer.contacts, emails)
    return customer.contacts[at] if customer.contacts else None


def is_one_of(contact: kashflow.Contact, emails: Emails) -> bool:
    """Tell whether a contact has one of these e-mails."""
    return normalised_email(contact.email or "") in {normalised_email(one) for one in emails if one}


def shop_fields(draft: kashflow.CustomerDraft) -> dict[str, str]:
    """The fields that the shop has something to say about: no address there empties none here."""
    silent = [
        part
        for part, told in (
            ("address.", draft.addresses),
            ("delivery.", draft.delivery_addresses),
            ("trade_border_type", draft.trade_border_type),
        )
        if not told
    ]
    return {n: value for n, value in fields_of(draft).items() if not n.startswith(tuple(silent))}


def stale(fields: Fields, changes: tuple[FieldChange, ...]) -> tuple[str, ...]:
    """The fields of which the record says neither what it said nor what it is to say."""
    return tuple(c.field for c in changes if fields.get(c.field, "") not in {c.before, c.after})


def changed(
    customer: kashflow.Customer, changes: tuple[FieldChange, ...], emails: Emails = ()
) -> kashflow.Customer:
    """The customer with these fields changed and all others as they are."""
    wanted = {change.field: change.after for change in changes}
    plain = {name: wanted[name] for name in PLAIN if name in wanted}
    rows = customer.delivery_addresses
    return evolve(
        customer,
        **cast("dict[str, Any]", plain),
        contacts=_with(
            "contact",
            customer.contacts,
            wanted,
            empty=kashflow.Contact,
            at=_place(customer.contacts, emails),
        ),
        addresses=_with("address", customer.addresses, wanted, empty=kashflow.Address),
        delivery_addresses=_with("delivery", rows, wanted, empty=kashflow.DeliveryAddress),
    )


def _place(contacts: tuple[kashflow.Contact, ...], emails: Emails) -> int:
    wanted = [normalised_email(one) for one in emails if one]
    known = [normalised_email(one.email or "") for one in contacts]
    return next((known.index(one) for one in wanted if one in known), 0)


def _address(address: magento.Address | None) -> Address:
    if address is None:
        return Address()
    names = (address.firstname, address.lastname)
    return Address(
        name=" ".join(part.strip() for part in names if part and part.strip()),
        company=(address.company or "").strip(),
        street=tuple(line.strip() for line in address.street or () if line.strip()),
        city=(address.city or "").strip(),
        region=((address.region.region if address.region else None) or "").strip(),
        postcode=(address.postcode or "").strip(),
        country_code=(address.country_id or "").strip(),
        telephone=(address.telephone or "").strip(),
    )


def _first(rows: tuple[T, ...]) -> T | None:
    return rows[0] if rows else None


def _flat(part: str, row: object, names: tuple[str, ...]) -> dict[str, str]:
    return {f"{part}.{name}": str(getattr(row, name, None) or "").strip() for name in names}


def _with(
    part: str, rows: tuple[T, ...], wanted: Fields, *, empty: Callable[[], T], at: int = 0
) -> tuple[T, ...]:
    told = {
        name.removeprefix(f"{part}."): value or None
        for name, value in wanted.items()
        if name.startswith(f"{part}.")
    }
    if not told:
        return rows
    here = rows[at] if rows else empty()
    made = evolve(here, **cast("dict[str, Any]", told))
    return cast("tuple[T, ...]", (*rows[:at], made, *rows[at + 1 :]))
