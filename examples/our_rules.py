"""Rules of one's own: named in the settings by `rules = ["./our_rules.py"]`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kashmag import Decision, Problem, ProductChoice, Question, Sale, SaleLine, hookimpl, kashflow
from kashmag.plans.questions import CustomerByCode

ACCOUNTS = {"builder.example": "BUILDER"}
LARGE = Decimal(5000)


@hookimpl
def kashmag_ask(sale: Sale) -> Iterator[Question[kashflow.Customer | None]]:
    """The accounts of trade buyers must be known before anybody is matched."""
    if code := ACCOUNTS.get(sale.buyer.email_domain):
        yield CustomerByCode(code)


@hookimpl
def kashmag_match_customer(
    sale: Sale, candidates: Sequence[kashflow.Customer]
) -> Decision[kashflow.Customer] | None:
    """Trade buyers are invoiced on their company's one account."""
    code = ACCOUNTS.get(sale.buyer.email_domain)
    because = f"trade domain {sale.buyer.email_domain}"
    return next((Decision(one, because=because) for one in candidates if one.code == code), None)


@hookimpl
def kashmag_resolve_product(line: SaleLine) -> Decision[ProductChoice] | None:
    """Books have a nominal of their own."""
    if line.sku.startswith("BOOK-"):
        return Decision(ProductChoice(4010), because="books go to 4010")
    return None


@hookimpl
def kashmag_object(sale: Sale) -> Iterator[Problem]:
    """Large orders are looked at by a person first."""
    if sale.gross.amount > LARGE:
        yield Problem(
            "large_order",
            f"Order {sale.number} comes to {sale.gross}.",
            remedy="Look at it; then take this rule out for it, or post it by hand.",
        )
