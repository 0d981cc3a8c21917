"""Where a payment stands that its own invoice does not show: by its token, or as an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TypeAlias

from attrs import frozen

from kashmag.reconciliation.documents import (
    AccountDocument,
    AccountPayment,
    PaymentStanding,
    ShopPayment,
)
from kashmag.reconciliation.money import Money
from kashmag.reconciliation.pairing import Pair, documents_of

Place: TypeAlias = tuple[int, AccountPayment]


@frozen
class Elsewhere:
    """What is left over on all documents, by the words of its note and by its customer."""

    money: Money
    by_word: Mapping[str, Sequence[Place]]
    of_buyer: Mapping[str, Sequence[int]]
    tokens: Set[str]

    @classmethod
    def of(cls, money: Money, pairs: Sequence[Pair], tokens: Set[str]) -> Elsewhere:
        """All that is left; it may shrink afterwards."""
        by_word: dict[str, list[Place]] = {}
        for number, lines in money.left.items():
            for line in lines:
                for word in line.tokens:
                    by_word.setdefault(word, []).append((number, line))
        of_buyer: dict[str, list[int]] = {}
        for document in (document for pair in pairs for document in documents_of(pair)):
            for name in document.customer_names:
                of_buyer.setdefault(name, []).append(document.number)
        return cls(money, by_word, of_buyer, tokens)

    def find(self, payment: ShopPayment, account: AccountDocument) -> Place | None:
        """The document and the line where a payment of this document stands instead."""
        return self._named(payment, account) or self._imported(payment, account)

    def of_another_amount(
        self, payment: ShopPayment, account: AccountDocument
    ) -> AccountPayment | None:
        """The line of its own document that the import was perhaps meant to be: a run's choice.

        What is posted by kashmag itself is never meant, and of several the nearest amount is.
        """
        if payment.within_days is None:
            return None
        fitting = [
            line
            for line in self.money.left[account.number]
            if line.amount * payment.amount > 0
            and not line.returns
            and not self.tokens & set(line.tokens)
        ]
        return min(fitting, key=lambda one: abs(one.amount - payment.amount), default=None)

    def _named(self, payment: ShopPayment, account: AccountDocument) -> Place | None:
        for number, line in self.by_word.get(payment.token, ()):
            if self.money.currencies[number] != account.currency:
                continue
            # Magento's invoices and credit memos share numbers: the sign tells them apart.
            if line in self.money.left[number] and line.amount * payment.amount > 0:
                return number, line
        return None

    def _imported(self, payment: ShopPayment, account: AccountDocument) -> Place | None:
        """A line like it that the account's own import has put on another document of the buyer."""
        # What is only left to the account may stand anywhere: no likeness tells whose it is.
        if payment.standing is not PaymentStanding.MATCH or payment.within_days is None:
            return None
        numbers = (n for name in account.customer_names for n in self.of_buyer.get(name, ()))
        for number in dict.fromkeys(numbers):
            if self.money.currencies[number] != account.currency:
                continue
            for line in self.money.left[number]:
                if self._is_import(line, payment, payment.within_days):
                    return number, line
        return None

    def _is_import(self, line: AccountPayment, payment: ShopPayment, days: int) -> bool:
        is_near = line.paid_on is None or abs((line.paid_on - payment.paid_on).days) <= days
        return line.amount == payment.amount and is_near and not self.tokens & set(line.tokens)
