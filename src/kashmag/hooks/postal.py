"""Addresses of a sale in KashFlow's four lines and its country codes."""

from __future__ import annotations

from kashmag import kashflow
from kashmag.accounting import Address, Sale


def sent_elsewhere(sale: Sale) -> kashflow.DeliveryAddress | None:
    """The delivery address where it is another than the buyer's own, else None."""
    delivery = sale.buyer.delivery
    if delivery is None or delivery == sale.buyer.billing:
        return None
    return delivery_address(delivery)


def postal_address(address: Address) -> kashflow.Address:
    """An address in KashFlow's four lines: street, then town and region."""
    line1, line2, line3, line4 = _lines(address)
    return kashflow.Address(
        line1,
        line2,
        line3=line3,
        line4=line4,
        post_code=address.postcode or None,
        country_code=_country(address),
    )


def delivery_address(address: Address) -> kashflow.DeliveryAddress:
    """The same, with the name of who receives there."""
    line1, line2, line3, line4 = _lines(address)
    return kashflow.DeliveryAddress(
        address.company or address.name or None,
        line1,
        line2=line2,
        line3=line3,
        line4=line4,
        post_code=address.postcode or None,
        country_code=_country(address),
    )


def _lines(address: Address) -> tuple[str | None, ...]:
    street = [line for line in address.street if line]
    places = [place for place in (address.city, address.region) if place]
    if len(street) + len(places) > 4:  # more street than lines: join its rest
        room = 4 - len(places)
        street = [*street[: room - 1], ", ".join(street[room - 1 :])]
    lines = street + places
    return (*lines, *([None] * (4 - len(lines))))


def _country(address: Address) -> str | None:
    # KashFlow writes Greece as the VAT world does (facts, section 3.1).
    return {"GR": "EL"}.get(address.country_code, address.country_code) or None
