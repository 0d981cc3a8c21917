"""Stock that falls when a product line is invoiced, and what other writes do to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.sums import is_credit_line


def move_stock(account: Account, old: Sequence[Record], new: Sequence[Record]) -> None:
    """Take the new lines' products out of stock, and put the old lines' back."""
    taken: dict[str, Decimal] = {}
    for lines, sign in ((old, -1), (new, 1)):
        for line in lines:
            key = f"{line['NominalCode']}/{line['ProductCode'].lower()}"
            taken[key] = taken.get(key, Decimal(0)) + sign * _taken(account, line)
    for key, quantity in taken.items():
        product = account.store.get("products", key)
        if product is None or not product["ManageStockLevel"] or not quantity:
            continue
        left = int(product["QuantityInStock"] - quantity)
        account.store.put("products", key, {**product, "QuantityInStock": left})


def _taken(account: Account, line: Record) -> Decimal:
    quantity: Decimal = line["Quantity"]
    if not is_credit_line(line):
        return quantity
    effect = account.switches.stock_on_credit
    if effect == "ignore":
        return Decimal(0)
    return abs(quantity) if effect == "fall" else -abs(quantity)
