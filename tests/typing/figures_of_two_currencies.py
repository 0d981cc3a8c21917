"""Checked, never run: figures of the base and of the order currency do not mix."""

from decimal import Decimal
from typing import assert_type

from kashmag.magento.order_record import Order
from kashmag.magento.reading import order_figures
from kashmag.magento.reading.figures import (
    Base,
    DocumentFigures,
    Documents,
    Figure,
    Ordered,
    OrderFigures,
    summed,
)
from kashmag.magento.reading.proving import prove

order = Order(entity_id=12)
base = order_figures.in_base(order)
own = order_figures.in_order_currency(order)
assert_type(base, OrderFigures[Base])
assert_type(own, OrderFigures[Ordered])
assert_type(base.tax + base.shipping, Figure[Base])

base.tax + own.tax  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
base.tax - own.shipping  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
prove(base, own.tax)  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
summed([base.tax, own.tax])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def mixed(order: OrderFigures[Base], memos: tuple[DocumentFigures[Ordered], ...]) -> None:
    Documents[Base](order=order, invoices=(), memos=memos)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def a_bare_number_is_no_figure(one: Figure[Base]) -> None:
    one + Decimal(1)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
