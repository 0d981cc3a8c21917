"""The documents of a report, each on a row: the shop's beside the account's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from attrs import field, frozen

from kashmag.reconciliation.causes import Cause
from kashmag.reconciliation.documents import (
    AccountDocument,
    AccountPayment,
    DocumentKind,
    ShopDocument,
    ShopPayment,
)
from kashmag.reconciliation.figures import NOTHING, ZERO, Counted, Period
from kashmag.reconciliation.pairing import Pair, documents_of, former_of, settled_of

NONE: Final = "(none)"


@frozen
class Row:
    """A shop document beside its account document; one side may be missing.

    Each side has what it counts in the period, which is nothing where its day lies outside: so the
    rows come to the totals.
    """

    kind: DocumentKind
    order: str
    number: str
    store: str = field(kw_only=True)
    currency: str = field(kw_only=True)
    shop_day: date | None = field(kw_only=True)
    shop: Counted | None = field(kw_only=True)
    invoice_number: int | None = field(kw_only=True)
    account_day: date | None = field(kw_only=True)
    account: Counted | None = field(kw_only=True)
    causes: tuple[Cause, ...] = field(default=(), kw_only=True)


def mark_of(key: str, number: int | None) -> str:
    """By what a row finds its causes: the shop's document, else the account's."""
    return f"{key}|{number if number is not None and not key else ''}"


def mark_of_former(number: int | None) -> str:
    """By what the row of a reversed invoice, or of a reversal, finds its own causes."""
    return f"|#{number}"


def rows_of(
    pair: Pair, period: Period, causes: Mapping[str, Mapping[Cause, None]]
) -> Iterator[Row]:
    """The rows of a pair: its two documents on one, every further one on one of its own."""
    shop = pair.shop
    days = [shop.dated_on if shop else None, *(one.issued_on for one in documents_of(pair))]
    marked = causes.get(mark_of(shop.key if shop else "", _number_of(pair, shop)), {})
    is_nothing = shop is not None and not shop.is_owed and pair.account is None
    days += [one.paid_on for one in _payments(pair)]
    if not any(day in period for day in days) and (is_nothing or not marked):
        return
    if not is_nothing:
        yield from _row_or_two(pair, period, tuple(marked))
    for double in pair.doubles:
        yield _row(None, double, (Cause.DOUBLE,), period, of=shop)
    settled = {one.number: None for one in settled_of(pair)}
    for former in (*former_of(pair), *(one.account for one in pair.credits)):
        found = causes.get(mark_of_former(former.number), {})
        told = {Cause.REVERSED: None, **found} if former.number in settled else found
        yield _row(None, former, tuple(told), period, of=shop)


def _payments(pair: Pair) -> Iterator[ShopPayment | AccountPayment]:
    if pair.shop is not None and pair.shop.is_owed:
        yield from pair.shop.payments
    for document in documents_of(pair):
        yield from document.payments


def _row_or_two(pair: Pair, period: Period, causes: tuple[Cause, ...]) -> Iterator[Row]:
    """The two documents on one row; in two currencies they never add, and are on two."""
    shop, account = pair.shop, pair.account
    if shop is None or account is None or shop.currency == account.currency:
        yield _row(shop, account, causes, period)
        return
    yield _row(shop, None, causes, period)
    yield _row(None, account, causes, period, of=shop)


def _number_of(pair: Pair, shop: ShopDocument | None) -> int | None:
    return pair.account.number if shop is None and pair.account is not None else None


def _of_shop(shop: ShopDocument, period: Period) -> Counted:
    paid = sum((one.amount for one in shop.payments if one.paid_on in period), ZERO)
    return Counted(shop.headline if shop.dated_on in period else NOTHING, paid)


def _of_account(account: AccountDocument, period: Period) -> Counted:
    paid = sum((one.amount for one in account.payments if one.paid_on in period), ZERO)
    return Counted(account.figures if account.issued_on in period else NOTHING, paid)


def _row(
    shop: ShopDocument | None,
    account: AccountDocument | None,
    causes: tuple[Cause, ...],
    period: Period,
    *,
    of: ShopDocument | None = None,
) -> Row:
    told = shop or of
    return Row(
        shop.kind if shop else _kind(account),
        told.order if told else NONE,
        told.number if told else (account.reference if account else ""),
        store=told.store if told else NONE,
        currency=shop.currency if shop else (account.currency if account else ""),
        shop_day=shop.dated_on if shop else None,
        shop=_of_shop(shop, period) if shop and shop.is_owed else None,
        invoice_number=account.number if account else None,
        account_day=account.issued_on if account else None,
        account=_of_account(account, period) if account else None,
        causes=causes,
    )


def _kind(account: AccountDocument | None) -> DocumentKind:
    negative = account is not None and account.figures.gross < 0
    return DocumentKind.CREDIT_NOTE if negative else DocumentKind.INVOICE
