"""What our own rules need to know of the account before they can judge a sale."""

from __future__ import annotations

from collections.abc import Iterator

from kashmag.accounting import LineKind, Sale
from kashmag.hooks.customer_codes import customer_code, normalised_email
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.policy import GuestAccounts, Policy
from kashmag.plans.questions import (
    CustomerByCode,
    CustomersByEmail,
    CustomersByName,
    CustomersByVatNumber,
    ProductsByCode,
    Question,
    ShopProduct,
    ShopTaxClasses,
)


@hookimpl
def kashmag_ask(sale: Sale, policy: Policy) -> Iterator[Question[object]]:
    """Who the buyer may be, and which products the SKUs may mean."""
    buyer = sale.buyer
    yield CustomerByCode(customer_code(sale, policy))
    if not (buyer.is_guest and policy.guests is GuestAccounts.PER_STORE):
        for key in policy.match_customers_by:
            match key:
                case "email":
                    yield CustomersByEmail(normalised_email(buyer.email))
                case "vat_number" if buyer.vat_number:
                    yield CustomersByVatNumber(buyer.vat_number)
                case "name_postcode":
                    yield CustomersByName(buyer.company or buyer.name)
    for line in sale.lines:
        if line.kind is LineKind.GOODS and line.sku:
            yield ProductsByCode(line.sku)
            if policy.asks_products:
                yield ShopProduct(line.sku)
    if policy.asks_products:
        yield ShopTaxClasses()
