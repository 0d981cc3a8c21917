"""Checked, never run: the three programs of the front door, as their users write them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import assert_type

from kashmag import (
    Decision,
    Outcome,
    Plan,
    Sale,
    Settings,
    hookimpl,
    kashflow,
    magento,
    open_engine,
)
from kashmag.plans.events import DocumentFinished

ACCOUNTS = {"builder.example": "BUILDER"}
YESTERDAY = datetime(2026, 4, 1, tzinfo=UTC)


async def read_a_shop(auth: magento.OAuth1) -> None:
    async with magento.Client("https://shop.example", auth=auth) as shop:
        order = await shop.orders.get(42)
        assert_type(order, magento.Order)
        assert_type(order.grand_total, Decimal | None)
        async for one in shop.orders.matching(magento.Criteria().updated_since(YESTERDAY)):
            print(one.increment_id, one.state)


async def post_an_order() -> None:
    async with open_engine(Settings.load("kashmag.toml")) as engine:
        plan = await engine.plan_order("000000042")
        assert_type(plan, Plan)
        print(plan.summary())
        if not plan.is_held:
            outcome = await engine.apply(plan)
            assert_type(outcome, DocumentFinished)
            assert_type(outcome.outcome, Outcome)


@hookimpl
def kashmag_match_customer(
    sale: Sale, candidates: Sequence[kashflow.Customer]
) -> Decision[kashflow.Customer] | None:
    """Trade buyers are invoiced on their company's one account."""
    code = ACCOUNTS.get(sale.buyer.email_domain)
    because = f"trade domain {sale.buyer.email_domain}"
    return next((Decision(c, because=because) for c in candidates if c.code == code), None)
