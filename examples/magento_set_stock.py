"""Set how much lies at one source, from a CSV of sku,quantity on standard input.

    python examples/magento_set_stock.py leeds < stock.csv

Says first what would change, and writes only with --write. Quantities are what lies on the shelf,
what is sold and not yet shipped included. Reads the same environment as magento_orders_since.py.
"""

import asyncio
import csv
import os
import sys
from decimal import Decimal

from kashmag import magento

BATCH = 100


def open_shop(*, read_only: bool) -> magento.Client:
    """Open a client with what the environment says."""
    return magento.Client(
        os.environ["KASHMAG_MAGENTO_URL"],
        auth=magento.OAuth1(
            consumer_key=os.environ["KASHMAG_MAGENTO_CONSUMER_KEY"],
            consumer_secret=os.environ["KASHMAG_MAGENTO_CONSUMER_SECRET"],
            access_token=os.environ["KASHMAG_MAGENTO_ACCESS_TOKEN"],
            access_token_secret=os.environ["KASHMAG_MAGENTO_ACCESS_TOKEN_SECRET"],
        ),
        read_only=read_only,
    )


async def main(source: str, *, write: bool) -> int:
    """Compare, say, and write in batches; unknown SKUs are refused here, Magento takes them."""
    wanted = {sku: Decimal(quantity) for sku, quantity in csv.reader(sys.stdin)}
    async with open_shop(read_only=not write) as shop:
        known = {one.sku for one in await shop.products.by_skus(*wanted)}
        if strange := sorted(set(wanted) - known):
            print("no such SKU:", ", ".join(strange), file=sys.stderr)
            return 1
        here = await shop.inventory.source_items.of_skus(*wanted)
        now = {one.sku: one.quantity for one in here if one.source_code == source}
        changed = {sku: quantity for sku, quantity in wanted.items() if now.get(sku) != quantity}
        for sku, quantity in changed.items():
            print(f"{sku}: {now.get(sku, 'not here')} -> {quantity}")
        items = [
            magento.SourceItem(sku=sku, source_code=source, quantity=quantity, status=1)
            for sku, quantity in changed.items()
        ]
        for start in range(0, len(items) if write else 0, BATCH):
            await shop.inventory.source_items.save(*items[start : start + BATCH])
    return 0


if __name__ == "__main__":
    chosen = [one for one in sys.argv[1:] if not one.startswith("-")]
    sys.exit(asyncio.run(main(chosen[0], write="--write" in sys.argv)))
