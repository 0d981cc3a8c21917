"""Print the orders that changed in the last days, as CSV.

    python examples/magento_orders_since.py 7

Reads KASHMAG_MAGENTO_URL, _CONSUMER_KEY, _CONSUMER_SECRET, _ACCESS_TOKEN and
_ACCESS_TOKEN_SECRET; changes nothing.
"""

import asyncio
import csv
import os
import sys
from datetime import UTC, datetime, timedelta

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


async def main(days: int) -> None:
    """Walk through all orders that changed, asking for the next page only when it is needed."""
    since = datetime.now(UTC) - timedelta(days=days)
    table = csv.writer(sys.stdout)
    table.writerow(["number", "state", "changed", "currency", "grand total", "still due"])
    async with open_shop() as shop:
        async for order in shop.orders.matching(magento.Criteria().updated_since(since)):
            money = (order.order_currency_code, order.grand_total, order.total_due)
            table.writerow([order.increment_id, order.state, order.updated_at, *money])


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
