"""Money through a payment gateway: the capture that stands behind an invoice.

Offline methods make none. Shape as recorded (`transaction_1`); amounts are no fields of it.
"""

from typing import Final

from kashmag.sandbox.magento.documents import Document
from kashmag.sandbox.magento.shop import Shop

OFFLINE: Final = frozenset({"checkmo", "banktransfer", "purchaseorder", "cashondelivery", "free"})


def capture(shop: Shop, order: Document) -> None:
    """Capture the money of an order that is paid online, so that its invoice can name it."""
    payment = order["payment"]
    if payment["method"] in OFFLINE or payment.get("last_trans_id"):
        return
    txn_id = f"ch_{shop.digest('capture', order['entity_id'])[:24]}"
    payment["last_trans_id"] = txn_id
    number = shop.count("transaction", shop.transactions.next_id() - 1)
    transaction = {
        "transaction_id": number,
        "order_id": order["entity_id"],
        "payment_id": payment["entity_id"],
        "txn_id": txn_id,
        "parent_txn_id": None,
        "txn_type": "capture",
        "is_closed": 0,
        "additional_information": [],
        "created_at": shop.stamp(),
        "child_transactions": [],
    }
    shop.add("transaction", [transaction])
    shop.add("order", [order])
