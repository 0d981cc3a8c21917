"""What the documents of an order must agree on before their figures are read.

Each has a number of its own, by which it is found again in the accounts, and where the order's
currency is the base currency its two sets of figures are one (true of every recorded order,
invoice and credit memo). Whether rows come to their total is `proving`'s and `documents`' matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from kashmag.accounting.problems import Problem
from kashmag.magento.credit_memos import CreditMemo
from kashmag.magento.invoices import Invoice
from kashmag.magento.order_record import Order
from kashmag.magento.reading import problems
from kashmag.magento.reading.order_figures import number_of

_PENNY: Final = Decimal("0.01")


def disagreements(
    order: Order, invoices: Sequence[Invoice], memos: Sequence[CreditMemo]
) -> tuple[Problem, ...]:
    """What an order and its own documents contradict each other or themselves in."""
    number = number_of(order)
    found = list(_of_one(number, f"Order {number}", order))
    if not order.increment_id:
        found.append(problems.missing(number, "increment number"))
    if order.store_id is None:
        found.append(problems.missing(number, "store"))
    kinds: tuple[tuple[str, Sequence[Invoice | CreditMemo]], ...] = (
        ("Invoice", invoices),
        ("Credit memo", memos),
    )
    for kind, documents in kinds:
        found += [problems.number_twice(number, f"{kind} {twice}") for twice in _shared(documents)]
        for one in documents:
            found += _of_one(number, f"{kind} {one.increment_id or one.entity_id}", one)
    found += [
        problems.memo_unnumbered(number, memo.entity_id) for memo in memos if not memo.increment_id
    ]
    refunded, told = order.base_total_refunded or Decimal(0), Decimal(0)
    for memo in memos:
        told += memo.base_grand_total or Decimal(0)
    # `total_refunded` adds memos that were rounded one by one (money.md, section 5).
    if refunded - told > _PENNY * (len(memos) + 1):
        found.append(problems.memos_unread(number, refunded, told))
    return tuple(found)


def _shared(documents: Sequence[Invoice | CreditMemo]) -> list[str]:
    """Numbers that more than one document of a store view bears."""
    borne = Counter((one.store_id, one.increment_id) for one in documents if one.increment_id)
    return [number for (_, number), times in borne.items() if times > 1 and number]


def _of_one(number: str, name: str, one: Order | Invoice | CreditMemo) -> Iterator[Problem]:
    """Figures that differ between order and base currency although these are one currency."""
    if not one.order_currency_code or one.order_currency_code != one.base_currency_code:
        return
    pairs = (
        ("grand total", one.grand_total, one.base_grand_total),
        ("subtotal", one.subtotal, one.base_subtotal),
        ("tax", one.tax_amount, one.base_tax_amount),
        ("shipping", one.shipping_amount, one.base_shipping_amount),
        ("discount", one.discount_amount, one.base_discount_amount),
    )
    for what, ours, base in pairs:
        if ours is not None and base is not None and abs(ours - base) >= _PENNY:
            yield problems.two_figures(
                number, f"The {what} of {name[0].lower()}{name[1:]}", ours, base
            )
