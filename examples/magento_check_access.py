"""Ask one cheap question for each permission that kashmag needs, and say what is missing.

    python examples/magento_check_access.py

Reads the same environment as magento_orders_since.py; changes nothing. Ends with 2 if anything is
missing.
"""

import asyncio
import os
import sys

from kashmag import magento
from kashmag.errors import NotFoundError, RemoteError, SignInError
from kashmag.magento import (
    credit_memos,
    customers,
    invoices,
    orders,
    products,
    shipments,
    source_items,
    store,
    taxes,
    transactions,
)
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options

ONE = magento.Criteria(page_size=1)
QUESTIONS: dict[str, Operation[object]] = {
    "orders": orders.matching(ONE),
    "invoices": invoices.matching(ONE),
    "credit memos": credit_memos.matching(ONE),
    "shipments": shipments.matching(ONE),
    "transactions": transactions.matching(ONE),
    "customers": customers.matching(ONE),
    "products": products.matching(ONE),
    "stock": source_items.LISTING.page(ONE),
    "store settings": store.configs(),
    "tax rates": taxes.RATES.page(ONE),
}


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


async def main() -> int:
    """Magento gives one answer for a bad token and a missing permission: compare them all."""
    refused = 0
    async with open_shop() as shop:
        for name, question in QUESTIONS.items():
            try:
                await shop.send(question, Options(retries=1))
                print(f"{name}: yes")
            except NotFoundError:
                print(f"{name}: this shop has no such route")
            except SignInError as error:
                refused += 1
                print(f"{name}: no. {error.message}")
            except RemoteError as error:
                refused += 1
                print(f"{name}: not told. {error}")
    if refused == len(QUESTIONS):
        print("Nothing is allowed: it is the keys themselves, not a permission.")
    return 2 if refused else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
