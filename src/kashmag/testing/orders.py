"""Placing orders in the shop's stand-in: say what the test is about, the rest is plausible."""

from __future__ import annotations

from decimal import Decimal

from kashmag.rest.codec import JsonObject
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.magento.baskets import Address, Basket, Line

Sold = tuple[str, str] | tuple[str, str, int]


def place_order(
    shop: MagentoSandbox,
    *sold: Sold,
    email: str = "robin@example.com",
    payment_method: str = "checkmo",
    paid: bool = True,
    store_id: int = 1,
    tax_class: int = 2,
) -> JsonObject:
    """Place an order for these goods now, and take the money unless told otherwise.

    `sold` are SKU, price as the catalogue has it (with VAT) and quantity; without any, one mug at
    12.00. Returns the order as the REST API serves it then.
    """
    lines = tuple(
        Line(
            sku,
            Decimal(price),
            quantity=Decimal(quantity[0] if quantity else 1),
            tax_class=tax_class,
        )
        for sku, price, *quantity in (sold or (("MUG", "12.00"),))
    )
    order = shop.place(
        Basket(
            email,
            lines,
            billing=Address(
                "Robin",
                "Example",
                street=("1 Invented Lane",),
                city="Sampleford",
                postcode="ZZ99 1AA",
            ),
            payment_method=payment_method,
            store_id=store_id,
        )
    )
    entity_id = int(str(order["entity_id"]))
    if paid:
        shop.invoice(entity_id)
    return next(one for one in shop.orders() if one["entity_id"] == entity_id)
