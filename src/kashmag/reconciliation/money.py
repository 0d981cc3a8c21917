"""The state of one matching of payments: what is left over, and what was found so far."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from attrs import define, evolve, field

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import (
    AccountDocument,
    AccountPayment,
    ShopDocument,
    ShopPayment,
)
from kashmag.reconciliation.figures import ZERO, Period, pence
from kashmag.reconciliation.sentences import about


@define
class Money:
    """The state of one matching: what is left over of each document, and what was found.

    Until `today` is told, nothing is awaited any more.
    """

    period: Period
    today: date | None = None
    left: dict[int, list[AccountPayment]] = field(factory=dict)
    currencies: dict[int, str] = field(factory=dict)
    differences: list[Difference] = field(factory=list)

    def lay_out(self, document: AccountDocument) -> None:
        """Begin with all payments of a document."""
        self.left[document.number] = list(document.payments)
        self.currencies[document.number] = document.currency

    def counted(self, payment: AccountPayment) -> Decimal:
        """What a payment of the account counts in the period."""
        return payment.amount if payment.paid_on in self.period else ZERO

    def counted_in_shop(self, payment: ShopPayment) -> Decimal:
        """What a payment of the shop counts in the period."""
        return payment.amount if payment.paid_on in self.period else ZERO

    def paid_in_shop(self, shop: ShopDocument) -> Decimal:
        """What the payments of a document of the shop count in the period."""
        return sum((self.counted_in_shop(one) for one in shop.payments), ZERO)

    def left_over(self, document: AccountDocument) -> Decimal:
        """What the unmatched payments of a document count in the period."""
        return sum((self.counted(one) for one in self.left[document.number]), ZERO)


def payment_title(shop: ShopDocument, payment: ShopPayment) -> str:
    """What a payment is called; its token alone may be the number of another order."""
    return f"Payment {payment.token} of {pence(payment.amount)} for order {shop.order}"


def of_line(
    cause: Cause, message: str, shop: ShopDocument, account: AccountDocument, line: AccountPayment
) -> Difference:
    """A difference about a payment line of a document, of its amount."""
    whole = about(cause, message, shop, account)
    return evolve(
        whole, day=line.paid_on, currency=account.currency, paid=line.amount, is_payment=True
    )


def of_payment(  # noqa: PLR0917
    cause: Cause,
    message: str,
    shop: ShopDocument,
    account: AccountDocument,
    payment: ShopPayment,
    paid: Decimal,
) -> Difference:
    """A difference about a payment of the shop, of whatever amount the two sides differ by."""
    whole = about(cause, message, shop, account)
    return evolve(whole, day=payment.paid_on, paid=paid, is_payment=True)
