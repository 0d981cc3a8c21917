"""Operations on orders, and the class that sends them. The record: `magento.order_record`."""

from __future__ import annotations

from kashmag.magento.order_addresses import OrderAddress
from kashmag.magento.order_items import OrderItem
from kashmag.magento.order_payments import OrderPayment
from kashmag.magento.order_record import Order, OrderComment, OrderExtension

__all__ = ["Order", "OrderAddress", "OrderComment", "OrderExtension", "OrderItem", "OrderPayment"]
