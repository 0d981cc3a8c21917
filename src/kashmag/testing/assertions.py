"""Assertions that read well, on what is in the account's stand-in; none asks kashmag itself.

Each fails with an AssertionError that says what was found instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kashmag.rest.codec import JsonObject
from kashmag.sandbox.json_text import Json as SandboxJson
from kashmag.sandbox.kashflow import KashflowSandbox

PENNY = Decimal("0.01")


def reference_of(order: JsonObject, *, shop: str = "M") -> str:
    """What the invoice of this order carries: `M1-ORD-000000012`."""
    return f"{shop}{order.get('store_id', 1)}-ORD-{order['increment_id']}"


def invoices_of(
    account: KashflowSandbox, order: JsonObject, *, shop: str = "M"
) -> list[dict[str, SandboxJson]]:
    """Every invoice in the account that carries this order's reference."""
    reference = reference_of(order, shop=shop)
    return [one for one in account.invoices() if one.get("CustomerReference") == reference]


def assert_posted_once(
    account: KashflowSandbox, order: JsonObject, *, shop: str = "M"
) -> dict[str, SandboxJson]:
    """Assert that the account has exactly one invoice for this order; return it."""
    found = invoices_of(account, order, shop=shop)
    if len(found) != 1:
        there = ", ".join(str(one.get("CustomerReference")) for one in account.invoices())
        raise AssertionError(
            f"order {order['increment_id']} was posted {len(found)} times, not once; "
            f"the account has {there or 'no invoice at all'}"
        )
    return found[0]


def assert_not_posted(account: KashflowSandbox, order: JsonObject, *, shop: str = "M") -> None:
    """Assert that the account has no invoice for this order."""
    found = invoices_of(account, order, shop=shop)
    if found:
        numbers = ", ".join(str(one["Number"]) for one in found)
        raise AssertionError(f"order {order['increment_id']} was posted as {numbers}")


def assert_exact(invoice: Mapping[str, object], order: JsonObject) -> None:
    """Assert that the invoice says what the buyer owes, to the penny: gross, VAT and net.

    For orders of which nothing is cancelled; figures are those in base currency.
    """
    gross, vat = _money(order, "base_grand_total"), _money(order, "base_tax_amount")
    for what, expected, name in (
        ("gross", gross, "GrossAmount"),
        ("VAT", vat, "VATAmount"),
        ("net", gross - vat, "NetAmount"),
    ):
        found = _money(invoice, name)
        if found != expected:
            raise AssertionError(
                f"invoice {invoice.get('Number')} says {what} {found}, "
                f"order {order['increment_id']} says {expected}"
            )


def assert_paid(invoice: Mapping[str, object]) -> None:
    """Assert that the payments on the invoice come to what it says."""
    gross, paid = _money(invoice, "GrossAmount"), _money(invoice, "TotalPaidAmount")
    if gross != paid:
        raise AssertionError(f"invoice {invoice.get('Number')} over {gross} is paid with {paid}")


def _money(told: Mapping[str, object], name: str) -> Decimal:
    if name not in told:
        raise AssertionError(f"there is no {name}; there are {', '.join(sorted(told))}")
    return Decimal(str(told[name] or 0)).quantize(PENNY)
