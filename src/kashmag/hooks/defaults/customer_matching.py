"""Whose account a sale is owed on: the one candidate that fits, or a new one; never a guess."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from kashmag import kashflow
from kashmag.accounting import Buyer, Sale
from kashmag.hooks.customer_codes import (
    customer_code,
    normalised_email,
    plain_vat_number,
    squeezed,
)
from kashmag.hooks.hookspecs import hookimpl
from kashmag.hooks.postal import delivery_address, postal_address
from kashmag.plans.decisions import Decision
from kashmag.plans.policy import GuestAccounts, Policy


@hookimpl
def kashmag_match_customer(
    sale: Sale, candidates: Sequence[kashflow.Customer], policy: Policy
) -> Decision[kashflow.Customer | kashflow.CustomerDraft] | None:
    """Our own code first, then the policy's chain; several that fit equally are no answer."""
    code = customer_code(sale, policy)
    if sale.buyer.is_guest and policy.guests is GuestAccounts.PER_STORE:
        # Not by e-mail: what a guest may have besides is not this store's guests' account.
        policy = evolve(policy, match_customers_by=())
    key, found = accounts_that_fit(candidates, sale.buyer, code, policy)
    if key == "code":
        return Decision(found[0], because=f"code {code} is computed from the buyer")
    if sale.buyer.is_guest and policy.guests is GuestAccounts.PER_STORE:
        return Decision(_guests(sale, code, policy), because="guests of a store share one customer")
    if len(found) == 1:
        return Decision(found[0], because=f"it is the only customer with this {_WORDS[key]}")
    if found:
        return None
    because = "no customer fits by " + ", ".join(_WORDS[key] for key in policy.match_customers_by)
    return Decision(_draft(sale, code, policy), because=because)


def accounts_that_fit(
    candidates: Sequence[kashflow.Customer], buyer: Buyer, code: str, policy: Policy
) -> tuple[str, tuple[kashflow.Customer, ...]]:
    """The account of the computed code, else those that fit by the policy's chain, and the key.

    Where the bookkeeper has put the account of that code into the archive, one that is in use and
    fits has taken its place.
    """
    ours = tuple(one for one in candidates if one.code.casefold() == code.casefold())
    key, found = fitting_customers(candidates, buyer, policy)
    if ours and (not ours[0].is_archived or all(one.is_archived for one in found)):
        return "code", ours[:1]
    return key, found


def fitting_customers(
    candidates: Sequence[kashflow.Customer], buyer: Buyer, policy: Policy
) -> tuple[str, tuple[kashflow.Customer, ...]]:
    """Those that fit by the first key of the policy's chain by which any fits, and that key.

    Archived ones count only where no other fits by the same key.
    """
    for key in policy.match_customers_by:
        fitting = tuple(one for one in candidates if _fits(key, one, buyer))
        if fitting:
            return key, tuple(one for one in fitting if not one.is_archived) or fitting
    return "", ()


_WORDS = {
    "code": "code",
    "email": "e-mail",
    "vat_number": "VAT number",
    "name_postcode": "name and postcode",
}


def _fits(key: str, customer: kashflow.Customer, buyer: Buyer) -> bool:
    match key:
        case "email":
            wanted = normalised_email(buyer.email)
            return bool(wanted) and wanted in map(normalised_email, customer.emails)
        case "vat_number":
            wanted = plain_vat_number(buyer.vat_number)
            return bool(wanted) and plain_vat_number(customer.vat_number or "") == wanted
        case "code":
            return False  # the computed code came first of all
        case _:
            postcodes = {squeezed(one.post_code or "") for one in customer.addresses} - {""}
            is_there = squeezed(buyer.billing.postcode) in postcodes
            return is_there and squeezed(buyer.company or buyer.name) == squeezed(customer.name)


def _draft(sale: Sale, code: str, policy: Policy) -> kashflow.CustomerDraft:
    buyer = sale.buyer
    contact = kashflow.Contact(
        buyer.first_name or None,
        buyer.last_name or None,
        name=buyer.name,
        email=buyer.email.strip(),
        telephone=buyer.billing.telephone or None,
        is_primary=True,
        receive_emails=False,
    )
    delivery = (buyer.delivery,) if buyer.delivery else ()
    return kashflow.CustomerDraft(
        code,
        buyer.company or buyer.name,
        contacts=(contact,),
        addresses=(postal_address(buyer.billing),),
        delivery_addresses=tuple(delivery_address(one) for one in delivery),
        currency=kashflow.CurrencyRef(sale.currency),
        vat_number=buyer.vat_number or None,
        automatic_credit_control_enabled=policy.credit_control,
    )


def _guests(sale: Sale, code: str, policy: Policy) -> kashflow.CustomerDraft:
    return kashflow.CustomerDraft(
        code,
        f"Guests of {sale.store or f'store {sale.store_id}'}",
        currency=kashflow.CurrencyRef(sale.currency),
        automatic_credit_control_enabled=policy.credit_control,
    )
