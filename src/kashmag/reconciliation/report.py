"""The report of a reconciliation: rows, differences, and totals that add up in every breakdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import field, frozen

from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import ShopDocument, Standing
from kashmag.reconciliation.figures import (
    NOTHING,
    ZERO,
    Counted,
    Figures,
    Period,
    in_order,
    sum_of,
)
from kashmag.reconciliation.pairing import Pair, documents_of
from kashmag.reconciliation.rows import NONE, Row, mark_of, mark_of_former, rows_of


@frozen
class Beside:
    """One line of a table: what the shop says and what the account says, in one currency."""

    label: str
    currency: str
    shop: Figures = field(default=NOTHING, kw_only=True)
    account: Figures = field(default=NOTHING, kw_only=True)

    @property
    def difference(self) -> Figures:
        """The account's figures less the shop's."""
        return self.account - self.shop


@frozen
class MoneyBeside:
    """Money received and given back by one payment method of the shop, on both sides."""

    label: str
    currency: str
    shop: Decimal = field(default=ZERO, kw_only=True)
    account: Decimal = field(default=ZERO, kw_only=True)

    @property
    def difference(self) -> Decimal:
        """The account's money less the shop's."""
        return self.account - self.shop


@frozen
class Sum:
    """What both sides come to in one currency: what every line of the report adds up to."""

    currency: str
    shop: Counted = field(kw_only=True)
    account: Counted = field(kw_only=True)

    @property
    def difference(self) -> Counted:
        """The account's less the shop's."""
        return self.account - self.shop


@frozen
class Report:
    """What a reconciliation found; see `balances` for what always holds.

    `waiting` counts orders that are no sale yet, `unread` names documents that could not be read,
    `remarks` are said of the account as a whole.
    """

    period: Period
    rows: tuple[Row, ...] = field(kw_only=True)
    differences: tuple[Difference, ...] = field(kw_only=True)
    totals: tuple[Beside, ...] = field(kw_only=True)
    by_rate: tuple[Beside, ...] = field(kw_only=True)
    by_day: tuple[Beside, ...] = field(kw_only=True)
    by_store: tuple[Beside, ...] = field(kw_only=True)
    by_order: tuple[Beside, ...] = field(kw_only=True)
    money: tuple[MoneyBeside, ...] = field(kw_only=True)
    waiting: int = field(default=0, kw_only=True)
    unread: tuple[str, ...] = field(default=(), kw_only=True)
    remarks: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def is_clean(self) -> bool:
        """Tell whether nobody has to do anything: all was read, and nothing needs a person."""
        is_whole = not self.unread and not self.remarks
        return is_whole and not any(one.needs_a_person for one in self.differences)

    @property
    def by_cause(self) -> Mapping[Cause, tuple[Difference, ...]]:
        """The differences of each cause that occurs, in the order of the causes."""
        causes = {one.cause for one in self.differences}
        return {
            cause: tuple(one for one in self.differences if one.cause is cause)
            for cause in Cause
            if cause in causes
        }

    @property
    def sums(self) -> tuple[Sum, ...]:
        """The bottom line of each currency: figures and money together."""
        return tuple(self._sum(currency) for currency in sorted(self._currencies))

    @property
    def _currencies(self) -> set[str]:
        tables = (self.totals, self.money, self.differences)
        return {one.currency for table in tables for one in table}

    def _sum(self, currency: str) -> Sum:
        figures = [one for one in self.totals if one.currency == currency]
        money = [one for one in self.money if one.currency == currency]
        return Sum(
            currency,
            shop=Counted(
                sum_of(one.shop for one in figures), sum((one.shop for one in money), ZERO)
            ),
            account=Counted(
                sum_of(one.account for one in figures), sum((one.account for one in money), ZERO)
            ),
        )

    @property
    def balances(self) -> bool:
        """Tell that the differences come to exactly what the two sides differ by."""
        return all(self._balances_in(currency) for currency in self._currencies)

    def _balances_in(self, currency: str) -> bool:
        found = [one for one in self.differences if one.currency == currency]
        paid = sum((one.paid for one in found), ZERO)
        money = sum((one.difference for one in self.money if one.currency == currency), ZERO)
        tables = (self.totals, self.by_rate, self.by_day, self.by_store, self.by_order)
        deltas = sum_of(one.delta for one in found)
        return money == paid and all(
            sum_of(one.difference for one in table if one.currency == currency) == deltas
            for table in tables
        )


@frozen
class _Part:
    """What one document contributes to the figures of the period."""

    currency: str
    figures: Figures
    bands: Mapping[str, Figures]
    day: str
    store: str
    order: str
    is_shop: bool


def report_of(pairs: Sequence[Pair], differences: tuple[Difference, ...], period: Period) -> Report:
    """Add everything up. The differences are found by `comparing`."""
    parts = [part for pair in pairs for part in _parts(pair, period)]
    causes: dict[str, dict[Cause, None]] = {}
    for one in differences:
        causes.setdefault(mark_of(one.key, one.invoice_number), {})[one.cause] = None
        causes.setdefault(mark_of(one.key, None), {})[one.cause] = None
        causes.setdefault(mark_of_former(one.invoice_number), {})[one.cause] = None
    rows = tuple(row for pair in pairs for row in rows_of(pair, period, causes))
    return Report(
        period,
        rows=rows,
        differences=tuple(sorted(differences, key=_place)),
        totals=_table(parts, lambda part: {part.currency: part.figures}),
        by_rate=_table(parts, lambda part: part.bands, order=in_order),
        by_day=_table(parts, lambda part: {part.day: part.figures}),
        by_store=_table(parts, lambda part: {part.store: part.figures}),
        by_order=_table(parts, lambda part: {part.order: part.figures}),
        money=_money(pairs, period),
        waiting=sum(_waits(pair, period) for pair in pairs),
    )


def _waits(pair: Pair, period: Period) -> bool:
    shop = pair.shop
    return (
        shop is not None
        and pair.account is None
        and shop.standing is Standing.WAITING
        and shop.dated_on in period
    )


def _place(one: Difference) -> tuple[int, str, bool, str, str, int]:
    causes = list(Cause)
    return (
        causes.index(one.cause),
        one.order,
        one.number != one.order,  # an order before its memos
        one.key,
        str(one.day or ""),
        one.invoice_number or 0,
    )


def _parts(pair: Pair, period: Period) -> Iterator[_Part]:
    shop = pair.shop
    store, order = (shop.store, shop.order) if shop else (NONE, NONE)
    if shop is not None and shop.is_owed and shop.dated_on in period:
        yield _Part(
            shop.currency,
            shop.headline,
            shop.headline_bands,
            day=str(shop.dated_on),
            store=store,
            order=order,
            is_shop=True,
        )
    for one in documents_of(pair):
        if one.issued_on in period:
            yield _Part(
                one.currency,
                one.figures,
                one.bands,
                day=str(one.issued_on),
                store=store,
                order=order,
                is_shop=False,
            )


def _table(
    parts: Iterable[_Part],
    labels: Callable[[_Part], Mapping[str, Figures]],
    order: Callable[[Iterable[str]], list[str]] = sorted,
) -> tuple[Beside, ...]:
    shop: dict[tuple[str, str], Figures] = {}
    account: dict[tuple[str, str], Figures] = {}
    for part in parts:
        side = shop if part.is_shop else account
        for label, figures in labels(part).items():
            key = (part.currency, label)
            side[key] = side.get(key, NOTHING) + figures
    keys = shop.keys() | account.keys()
    return tuple(
        Beside(
            label,
            currency,
            shop=shop.get((currency, label), NOTHING),
            account=account.get((currency, label), NOTHING),
        )
        for currency in sorted({currency for currency, _ in keys})
        for label in order({label for held, label in keys if held == currency})
    )


def _money(pairs: Sequence[Pair], period: Period) -> tuple[MoneyBeside, ...]:
    methods = {
        payment.token: payment.method
        for pair in pairs
        if pair.shop is not None
        for payment in pair.shop.payments
    }
    shop: dict[tuple[str, str], Decimal] = {}
    account: dict[tuple[str, str], Decimal] = {}
    for pair in pairs:
        if pair.shop is not None and pair.shop.is_owed:
            for payment in pair.shop.payments:
                if payment.paid_on in period:
                    key = (pair.shop.currency, payment.method or NONE)
                    shop[key] = shop.get(key, ZERO) + payment.amount
        for document in documents_of(pair):
            for line in document.payments:
                if line.paid_on in period:
                    words = (*line.tokens, line.returns)
                    known = (methods[word] for word in words if word in methods)
                    key = (document.currency, next(known, _only_method(pair.shop)) or NONE)
                    account[key] = account.get(key, ZERO) + line.amount
    return tuple(
        MoneyBeside(
            method,
            currency,
            shop=shop.get((currency, method), ZERO),
            account=account.get((currency, method), ZERO),
        )
        for currency, method in sorted(shop.keys() | account.keys())
    )


def _only_method(shop: ShopDocument | None) -> str:
    """The method of a line without a token: the document's, where it has only one."""
    methods = {payment.method for payment in shop.payments} if shop else set()
    return methods.pop() if len(methods) == 1 else ""
