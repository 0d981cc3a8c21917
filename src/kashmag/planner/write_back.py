"""What a bookkeeper changed, in the shop's own record: only what is certain, or not at all. Pure.

The theory. KashFlow's fields are made from the shop's, and several from one: a street line stands
in the invoice address and in the delivery address, a name in three places. So a change is not
simply translated back. It is tried: the shop's record is changed, read again as every record of
the shop is read, and has to say exactly what the bookkeeper said, and of every other field what it
said before. A field that follows (the whole name after the first name) may do so only where the
bookkeeper has not said something else there. What fails is not written: a person is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import evolve, field, frozen

from kashmag import magento
from kashmag.planner.masters import ADDRESS, billing_of, draft_of, shop_fields
from kashmag.planner.merging import Bases, Fields
from kashmag.plans.actions import FieldChange

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "contact.first_name", "contact.last_name", "contact.name"),
    "telephone": ("contact.telephone",),
    "address": tuple(f"address.{name}" for name in ADDRESS),
    "vat_number": ("vat_number",),
}
# Made from others at the shop, so that they move with them.
FOLLOWERS: Final = frozenset({"name", "contact.name", "delivery.name"})
LINES: Final = ("address.line1", "address.line2", "address.line3", "address.line4")
MOST_LINES: Final = 4


@frozen
class Mapped:
    """Which changes can be said in the shop's record, and the fields that cannot."""

    changes: tuple[FieldChange, ...]
    uncertain: tuple[str, ...] = field(default=(), kw_only=True)


def fields_back(groups: Iterable[str]) -> frozenset[str]:
    """The fields of these groups."""
    return frozenset(name for group in groups for name in GROUPS[group])


def shop_says(customer: magento.Customer) -> dict[str, str]:
    """What the shop's record says of the fields that are kept in step."""
    return shop_fields(draft_of(customer, ""))


def map_back(
    customer: magento.Customer, wanted: Iterable[FieldChange], *, books: Fields, bases: Bases
) -> Mapped:
    """Find which of these changes the shop's record can say with certainty."""
    asked = tuple(wanted)
    left, before = asked, shop_says(customer)
    while left:
        says = shop_says(shop_changed(customer, left))
        failing = _failing(left, says, before, books=books, bases=bases)
        if not failing:
            break
        left = tuple(one for one in left if one.field not in failing)
    certain = {one.field for one in left}
    return Mapped(left, uncertain=tuple(o.field for o in asked if o.field not in certain))


def shop_changed(customer: magento.Customer, changes: tuple[FieldChange, ...]) -> magento.Customer:
    """The shop's record with these fields changed, as far as it has a place for them."""
    wanted = {change.field: change.after for change in changes}
    first = wanted.get("contact.first_name") or customer.firstname
    last = wanted.get("contact.last_name") or customer.lastname
    customer = evolve(customer, firstname=first, lastname=last)
    if "vat_number" in wanted:
        customer = _with_vat_number(customer, wanted["vat_number"])
    billing = billing_of(customer)
    if billing is None:
        return customer
    return _with_billing(customer, _billing_changed(billing, wanted))


def _failing(
    left: tuple[FieldChange, ...],
    says: Fields,
    before: Fields,
    *,
    books: Fields,
    bases: Bases,
) -> frozenset[str]:
    """The fields that would not come out as said, or would move others that must not move."""
    wanted = {one.field: one.after for one in left}
    failing = {name for name, value in wanted.items() if says.get(name) != value}
    for name, now in says.items():
        if name in wanted or now == before.get(name) or _may_follow(name, now, books, bases):
            continue
        failing |= _causes(name) & wanted.keys()
    # Whatever it is that moves: rather nothing than something unsaid.
    moved = {n for n, now in says.items() if n not in wanted and now != before.get(n)}
    unsaid = {n for n in moved if not _may_follow(n, says[n], books, bases)}
    return frozenset(failing or (wanted if unsaid else ()))


def _may_follow(name: str, now: str, books: Fields, bases: Bases) -> bool:
    here, base = books.get(name, ""), bases.get(name)
    is_as_agreed = base is not None and base.is_agreed and here == base.books
    return here == now or (name in FOLLOWERS and is_as_agreed)


def _causes(name: str) -> frozenset[str]:
    """Which changes move a field of the shop's record that is made from the same place."""
    part, _, own = name.partition(".")
    if part == "delivery" and own != "name":
        return frozenset({f"address.{own}"})
    return frozenset(GROUPS["name"]) if name in FOLLOWERS else frozenset()


def _with_vat_number(customer: magento.Customer, value: str) -> magento.Customer:
    billing = billing_of(customer)
    on_address = billing is not None and bool(billing.vat_id)
    if billing is not None and on_address and (not customer.taxvat or not value):
        customer = _with_billing(customer, evolve(billing, vat_id=value))
    return evolve(customer, taxvat=value) if customer.taxvat or not on_address else customer


def _billing_changed(billing: magento.Address, wanted: Fields) -> magento.Address:
    company = wanted.get("name") if billing.company else None
    return evolve(
        billing,
        company=company or billing.company,
        telephone=wanted.get("contact.telephone") or billing.telephone,
        postcode=wanted.get("address.post_code") or billing.postcode,
        street=_street(billing, wanted),
    )


def _street(billing: magento.Address, wanted: Fields) -> tuple[str, ...] | None:
    """The street with changed lines, as long as each line of KashFlow's is one of the shop's."""
    street = billing.street
    told = [at for at, line in enumerate(street or ()) if line.strip()]
    region = billing.region.region if billing.region else None
    places = [place for place in (billing.city, region) if place and place.strip()]
    if street is None or len(told) + len(places) > MOST_LINES:
        return street  # some of them were joined: nobody can part them again
    lines = list(street)
    for name, at in zip(LINES, told, strict=False):
        lines[at] = wanted.get(name) or lines[at]
    return tuple(lines)


def _with_billing(customer: magento.Customer, billing: magento.Address) -> magento.Customer:
    addresses = tuple(billing if one.default_billing else one for one in customer.addresses or ())
    return evolve(customer, addresses=addresses)
