"""Customers as master data: their fields on both sides, and the three-way merge of them. Pure.

The theory. Neither side tells when one field changed, so both are compared with what was last
agreed. What only the shop changed goes to KashFlow. What only the bookkeeper changed stays. What
both changed, differently, is a conflict: it is held for a person, and the other fields go on. Where
nothing was ever agreed, what KashFlow has stays, and only what it lacks is filled in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, cast

from attrs import evolve, field, frozen

from kashmag import kashflow, magento
from kashmag.accounting import Address
from kashmag.hooks.customer_codes import code_of_email
from kashmag.hooks.postal import delivery_address, postal_address
from kashmag.plans.actions import FieldChange

T = TypeVar("T", kashflow.Contact, kashflow.Address, kashflow.DeliveryAddress)
Fields = Mapping[str, str]

CONTACT: Final = ("first_name", "last_name", "name", "email", "telephone")
ADDRESS: Final = ("line1", "line2", "line3", "line4", "post_code", "country_code")
DELIVERY: Final = ("name", *ADDRESS)


@frozen
class Merge:
    """What follows from comparing a customer's fields: changes, conflicts, what is agreed now."""

    changes: tuple[FieldChange, ...]
    conflicts: tuple[str, ...] = field(default=(), kw_only=True)
    agreed: Fields = field(kw_only=True)


def merge(agreed: Fields | None, shop: Fields, books: Fields) -> Merge:
    """Merge what the shop says into what KashFlow has, by what both last agreed on."""
    changes, conflicts = [], []
    after: dict[str, str] = {}
    for name, wanted in shop.items():
        here = books.get(name, "")
        base = agreed.get(name) if agreed is not None else None
        if wanted == here:
            after[name] = wanted
        elif base is None:
            # Never agreed: KashFlow's own word stays; the shop's is remembered as seen.
            if not here:
                changes.append(FieldChange(name, here, wanted))
            after[name] = wanted
        elif wanted == base:
            after[name] = base
        elif here == base:
            changes.append(FieldChange(name, here, wanted))
            after[name] = wanted
        else:
            conflicts.append(name)
            after[name] = base
    return Merge(tuple(changes), conflicts=tuple(conflicts), agreed=after)


def draft_of(customer: magento.Customer, shop: str) -> kashflow.CustomerDraft:
    """The account that a shop's customer would get; ValueError without an e-mail."""
    email = (customer.email or "").strip()
    if not email:
        raise ValueError("a customer without an e-mail has no account")
    addresses = customer.addresses or ()
    billing = next((one for one in addresses if one.default_billing), None)
    delivery = next((one for one in addresses if one.default_shipping), None)
    name = " ".join(part for part in (customer.firstname, customer.lastname) if part)
    contact = kashflow.Contact(
        customer.firstname or None,
        customer.lastname or None,
        name=name or None,
        email=email,
        telephone=(billing.telephone if billing else None) or None,
        is_primary=True,
        receive_emails=False,
    )
    company = (billing.company if billing else None) or ""
    vat_number = customer.taxvat or (billing.vat_id if billing else None)
    return kashflow.CustomerDraft(
        code_of_email(email, shop),
        company or name or email,
        contacts=(contact,),
        addresses=(postal_address(_address(billing)),) if billing else (),
        delivery_addresses=(delivery_address(_address(delivery)),) if delivery else (),
        vat_number=vat_number or None,
        automatic_credit_control_enabled=False,
    )


def fields_of(customer: kashflow.Customer | kashflow.CustomerDraft) -> dict[str, str]:
    """The fields that are kept in step, flat; an absent one is empty."""
    told = {"name": customer.name, "vat_number": customer.vat_number or ""}
    told |= _flat("contact", customer.contacts, CONTACT)
    told |= _flat("address", customer.addresses, ADDRESS)
    return told | _flat("delivery", customer.delivery_addresses, DELIVERY)


def shop_fields(draft: kashflow.CustomerDraft) -> dict[str, str]:
    """The fields that the shop has something to say about: no address there empties none here."""
    told = fields_of(draft)
    silent = [
        part
        for part, rows in (("address.", draft.addresses), ("delivery.", draft.delivery_addresses))
        if not rows
    ]
    return {name: value for name, value in told.items() if not name.startswith(tuple(silent))}


def changed(customer: kashflow.Customer, changes: tuple[FieldChange, ...]) -> kashflow.Customer:
    """The customer with these fields changed and all others as they are."""
    wanted = {change.field: change.after for change in changes}
    if "name" in wanted:
        customer = evolve(customer, name=wanted["name"])
    if "vat_number" in wanted:
        customer = evolve(customer, vat_number=wanted["vat_number"])
    return evolve(
        customer,
        contacts=_with("contact", customer.contacts, wanted, kashflow.Contact),
        addresses=_with("address", customer.addresses, wanted, kashflow.Address),
        delivery_addresses=_with(
            "delivery", customer.delivery_addresses, wanted, kashflow.DeliveryAddress
        ),
    )


def update_key(shop: str, customer: magento.Customer, changes: tuple[FieldChange, ...]) -> str:
    """The key of one update: the same for the same change of the same revision of a customer."""
    told = "\n".join(f"{c.field}={c.after}" for c in changes)
    at = customer.updated_at.isoformat() if customer.updated_at else ""
    digest = hashlib.sha256(f"{at}\n{told}".encode()).hexdigest()[:12]
    return f"{shop}:customer:{customer.id}:update:{digest}"


def _address(address: magento.Address | None) -> Address:
    if address is None:
        return Address()
    name = " ".join(part for part in (address.firstname, address.lastname) if part)
    return Address(
        name=name,
        company=address.company or "",
        street=tuple(address.street or ()),
        city=address.city or "",
        region=(address.region.region if address.region else None) or "",
        postcode=address.postcode or "",
        country_code=address.country_id or "",
        telephone=address.telephone or "",
    )


def _flat(part: str, rows: tuple[T, ...], names: tuple[str, ...]) -> dict[str, str]:
    first = rows[0] if rows else None
    return {f"{part}.{name}": str(getattr(first, name, None) or "") for name in names}


def _with(part: str, rows: tuple[T, ...], wanted: Fields, empty: Callable[[], T]) -> tuple[T, ...]:
    told = {
        name.removeprefix(f"{part}."): value or None
        for name, value in wanted.items()
        if name.startswith(f"{part}.")
    }
    if not told:
        return rows
    first = rows[0] if rows else empty()
    made = evolve(first, **cast("dict[str, Any]", told))
    return cast("tuple[T, ...]", (made, *rows[1:]))
