"""Money in: payments, and credits that the buyer had with the shop already."""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import field, frozen

from kashmag.accounting.money import Money


class CreditKind(Enum):
    """What was used instead of money."""

    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"
    REWARD_POINTS = "reward_points"


@frozen
class Credit:
    """Part of a sale settled from what the shop owed the buyer; positive."""

    kind: CreditKind
    amount: Money


@frozen
class Payment:
    """Money received for a sale (positive).

    `key` never changes and is unique within the sale: the transaction's id or the Magento
    invoice's number. `method` is the shop's code of the payment method.
    """

    key: str
    method: str
    amount: Money = field(kw_only=True)
    paid_on: date = field(kw_only=True)
    transaction_id: str = field(default="", kw_only=True)
    invoice_number: str = field(default="", kw_only=True)
