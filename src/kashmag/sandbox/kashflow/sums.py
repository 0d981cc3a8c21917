"""The arithmetic of documents, pure: lines, totals, status. Header totals are never read in.

A credit note is a document whose total is negative; its status mirrors the signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import frozen

from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.switches import Switches
from kashmag.sandbox.kashflow.wire import ZERO, money, pence, places

_HUNDRED: Final = Decimal(100)


@frozen
class Totals:
    """What the lines of a document come to, in its own currency."""

    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        """Net and VAT."""
        return self.net + self.vat


def rate_of(line: Record, switches: Switches) -> Decimal:
    """The unit price as the store keeps it."""
    return places(line.get("Rate", ZERO), switches.rate_decimals)


def net_of(quantity: Decimal, rate: Decimal, switches: Switches) -> Decimal:
    """What a line comes to before VAT."""
    net = quantity * rate
    return pence(net) if switches.line_net == "pence" else money(net)


def vat_of(line: Record, quantity: Decimal, rate: Decimal, switches: Switches) -> Decimal:
    """The VAT of a whole line: as sent; or, absent or distrusted, half up to pence."""
    if "VATAmount" in line and switches.vat_amount == "as_sent":
        return money(line["VATAmount"])
    if line.get("VATExempt"):
        return ZERO
    level = line.get("VATLevel", ZERO) / _HUNDRED
    if switches.calculate_tax_on_unit_price:
        return money(pence(rate * level) * quantity)
    return pence(quantity * rate * level)


def totals(lines: Sequence[Record], switches: Switches) -> Totals:
    """What kept lines come to."""
    net = sum((net_of(line["Quantity"], line["Rate"], switches) for line in lines), ZERO)
    return Totals(net, sum((line["VATAmount"] for line in lines), ZERO))


def status(gross: Decimal, paid: Decimal, due: date, today: date, *, tells_part_paid: bool) -> str:
    """The status that follows from what is owed, what is paid and the due date."""
    if gross == 0:
        return "NA"
    sign = 1 if gross > 0 else -1
    owed, received = gross * sign, paid * sign
    if received == owed:
        return "Paid"
    if received > owed:
        return "Overpaid"
    late = due < today
    if tells_part_paid and received > 0:
        return "OverduePartPaid" if late else "PartPaid"
    return "Overdue" if late else "Unpaid"


def is_credit_line(line: Record) -> bool:
    """Tell a line of negative value."""
    return bool(line["Quantity"] * line["Rate"] < 0)


def home(amount: Decimal, exchange_rate: Decimal) -> Decimal:
    """A document amount in home currency; the rate is foreign units per home unit."""
    return money(amount / exchange_rate) if exchange_rate else amount
