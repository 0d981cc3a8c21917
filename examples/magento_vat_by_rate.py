"""Add up what the shop charged in VAT, rate by rate, over the orders of some days.

    python examples/magento_vat_by_rate.py 31

Reads the same environment as magento_orders_since.py; changes nothing.
"""

import asyncio
import os
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from kashmag import magento


def open_shop() -> magento.Client:
    """Open a client that cannot write, with what the environment says."""
    return magento.Client(
        os.environ["KASHMAG_MAGENTO_URL"],
        auth=magento.OAuth1(
            consumer_key=os.environ["KASHMAG_MAGENTO_CONSUMER_KEY"],
            consumer_secret=os.environ["KASHMAG_MAGENTO_CONSUMER_SECRET"],
            access_token=os.environ["KASHMAG_MAGENTO_ACCESS_TOKEN"],
            access_token_secret=os.environ["KASHMAG_MAGENTO_ACCESS_TOKEN_SECRET"],
        ),
        read_only=True,
    )


def taxes_of(order: magento.Order) -> tuple[magento.AppliedTax, ...]:
    """What each rate came to on one order, goods and shipping together."""
    return order.extension_attributes.applied_taxes if order.extension_attributes else ()


async def main(days: int) -> None:
    """Leave canceled orders out: they still say what they would have come to."""
    since = datetime.now(UTC) - timedelta(days=days)
    criteria = (
        magento.Criteria().where("created_at", "gteq", since).where("state", "neq", "canceled")
    )
    total: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    async with open_shop() as shop:
        async for order in shop.orders.matching(criteria):
            for tax in taxes_of(order):
                total[tax.percent or Decimal(0)] += tax.base_amount or Decimal(0)
    for percent, amount in sorted(total.items()):
        print(f"{percent.normalize():>6f} %  {amount:>12.2f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 31))
