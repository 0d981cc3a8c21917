"""Who bought, and where it goes: the buyer and the addresses of an order."""

from __future__ import annotations

from typing import Final

from kashmag.accounting.sale import Address, Buyer
from kashmag.magento.order_addresses import OrderAddress
from kashmag.magento.order_record import Order

_NOWHERE: Final = OrderAddress()


def read_buyer(order: Order) -> Buyer:
    """The buyer; a guest's name stands only in the billing address (facts, section 3)."""
    billing = order.billing_address or _NOWHERE
    first = (order.customer_firstname or billing.firstname or "").strip()
    last = (order.customer_lastname or billing.lastname or "").strip()
    company = (billing.company or "").strip()
    return Buyer(
        # The order's own, which Magento requires: an address may bear somebody else's.
        (order.customer_email or "").strip(),
        " ".join(part for part in (first, last) if part) or company,
        first_name=first,
        last_name=last,
        company=company,
        vat_number=(billing.vat_id or order.customer_taxvat or "").strip(),
        source_id="" if order.customer_id is None else str(order.customer_id),
        group="" if order.customer_group_id is None else str(order.customer_group_id),
        is_guest=bool(order.customer_is_guest),
        billing=read_address(billing),
        delivery=_delivery(order),
    )


def read_address(address: OrderAddress) -> Address:
    """An address in the accounts' words."""
    names = (address.firstname, address.lastname)
    return Address(
        name=" ".join(name.strip() for name in names if name and name.strip()),
        company=(address.company or "").strip(),
        street=tuple(line for line in address.street if line),
        city=address.city or "",
        region=address.region or "",
        postcode=(address.postcode or "").strip(),
        country_code=(address.country_id or "").strip().upper(),
        telephone=address.telephone or "",
    )


def _delivery(order: Order) -> Address | None:
    """The address of the first assignment; an order of virtual goods has none."""
    told = order.extension_attributes
    for assignment in told.shipping_assignments if told else ():
        if assignment.shipping and assignment.shipping.address:
            return read_address(assignment.shipping.address)
    return None
