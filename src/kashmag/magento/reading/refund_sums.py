"""The credit memos of an order together: against what was invoiced, and what was sold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from kashmag.accounting.money import shown, total_of
from kashmag.accounting.problems import Holds, Problem
from kashmag.accounting.refund import Refund
from kashmag.accounting.sale import Sale
from kashmag.magento.reading import problems
from kashmag.magento.reading.documents import OrderLines
from kashmag.magento.reading.figures import (
    C,
    DocumentFigures,
    Documents,
    ExactLine,
    Figure,
    summed,
)

Counted: TypeAlias = tuple[DocumentFigures[C], tuple[ExactLine[C], ...]]
_CANCELED: Final = 3
_PENNY: Final = Decimal("0.01")


def above_invoiced(
    told: Documents[C],
    known: OrderLines[C],
    counted: Sequence[Counted[C]],
) -> list[Problem]:
    """The memo, if any, with which more was given back than was invoiced."""
    live = [one for one in told.invoices if one.state != _CANCELED]
    # The order may have been read before its last invoice: the larger of the two is true.
    invoiced = max(
        told.order.total_invoiced or summed(()),
        summed(one.grand_total for one in live if one.grand_total is not None),
    )
    most = _most_per_line(known, live)
    total: Figure[C] = summed(())
    quantities: dict[str, Decimal] = {}
    for at, (memo, lines) in enumerate(counted, start=1):
        total = total + (memo.grand_total or summed(()))
        above = (total - invoiced).value
        # Magento counts rounded memos (money.md: 880 of 882 within a penny).
        if above >= _PENNY * at:
            return [_above(memo, shown(above) + f" {memo.currency}")]
        for line in lines:
            quantities[line.key] = quantities.get(line.key, Decimal(0)) + line.quantity
            if quantities[line.key] > most.get(line.key, quantities[line.key]):
                return [_above(memo, f"{line.quantity} of {line.description}")]
    return []


def _most_per_line(
    known: OrderLines[C], invoices: Sequence[DocumentFigures[C]]
) -> dict[str, Decimal]:
    """What of each row can be given back; a bundle's child is invoiced through its parent."""
    invoiced: dict[str, Decimal] = {}
    for invoice in invoices:
        for row in invoice.rows:
            key = f"item:{row.order_item_id}"
            invoiced[key] = invoiced.get(key, Decimal(0)) + row.quantity
    return {
        row.key: max(row.quantity_invoiced, invoiced.get(row.key, Decimal(0))) or row.quantity
        for row in known.rows.values()
        if row.quantity is not None
    }


def _above(memo: DocumentFigures[C], what: str) -> Problem:
    return problems.memo_problem(
        "memo_above_invoiced",
        memo.number,
        f"With credit memo {memo.number} more is given back than was invoiced: {what} too much.",
        "Compare the order's credit memos with its invoices in Magento.",
        holds=Holds.PLAN,
    )


def missed(
    sale: Sale,
    refunds: Sequence[Refund],
    known: OrderLines[C],
    counted: Sequence[Counted[C]],
) -> list[Problem]:
    """Say by how much the memos of a fully refunded order miss it."""
    quantities: dict[str, Decimal] = {}
    for _, lines in counted:
        for line in lines:
            quantities[line.key] = quantities.get(line.key, Decimal(0)) + line.quantity
    rows = {row.key for row in known.rows.values()}
    goods = [line for line in sale.lines if line.key in rows]
    is_full = bool(goods) and all(quantities.get(g.key, 0) == g.quantity for g in goods)
    carriage = [line for line in sale.lines if line.key == "shipping" and line.gross]
    if not refunds or not is_full or any(line.key not in quantities for line in carriage):
        return []
    back = total_of((line.gross for refund in refunds for line in refund.lines), sale.currency)
    if back == sale.gross:
        return []
    return [
        problems.memo_problem(
            "memos_miss_order",
            refunds[-1].number,
            f"The credit memos of the fully refunded order {sale.number} come to {back} of "
            f"{sale.gross}; they are posted as Magento has them.",
            "Nothing has to be done; Magento takes off too much of a discount on shipping, and "
            "rounds parts apart.",
            holds=Holds.NOTHING,
        )
    ]
