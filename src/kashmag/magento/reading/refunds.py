"""Credit memos as refunds: each memo's own figures, rounded half up to pence.

Where the memos of a fully refunded order do not add up to it (discounted shipping, fractions of
a penny: money.md, section 5), that is said and not mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from kashmag.accounting.money import round_money, shown, total_of
from kashmag.accounting.problems import Holds, Problem
from kashmag.accounting.refund import Refund
from kashmag.accounting.sale import Sale
from kashmag.magento.reading import documents, problems, rates
from kashmag.magento.reading.basis import Basis
from kashmag.magento.reading.documents import OrderLines
from kashmag.magento.reading.figures import (
    C,
    DocumentFigures,
    Documents,
    ExactLine,
    Figure,
    allowance,
    summed,
)
from kashmag.magento.reading.payments import day_of
from kashmag.magento.reading.pennies import in_pennies
from kashmag.magento.reading.refund_sums import Counted, above_invoiced, missed
from kashmag.magento.reading.sales import read_credits

_OPEN: Final = 1
_CANCELED: Final = 3
_PENNY: Final = Decimal("0.01")


def read_refunds(
    told: Documents[C], sale: Sale, known: OrderLines[C], basis: Basis
) -> tuple[tuple[Refund, ...], tuple[Problem, ...]]:
    """Read an order's credit memos, oldest first; a problem of one memo holds the plan."""
    refunds: list[Refund] = []
    found: list[Problem] = []
    counted: list[Counted[C]] = []
    for memo in sorted(told.memos, key=lambda one: one.entity_id):
        if memo.state == _CANCELED:
            found.append(_is_cancelled(memo))
            continue
        if memo.state == _OPEN:
            found.append(_is_open(memo))
            continue
        lines = documents.lines_of(memo, known)
        wrong = _wrong(memo, lines, known)
        if wrong:
            found += wrong
            continue
        counted.append((memo, lines))
        refunds.append(_refund(memo, lines, told, sale, basis))
        found += _remarks(memo, lines)
    found += above_invoiced(told, known, counted)
    if len(counted) == len([one for one in told.memos if one.state != _CANCELED]):
        found += missed(sale, refunds, known, counted)
    return tuple(refunds), tuple(found)


def _is_open(memo: DocumentFigures[C]) -> Problem:
    return problems.memo_problem(
        "memo_open",
        memo.number,
        f"Credit memo {memo.number} is still open in Magento: nothing was given back.",
        "Refund or cancel it in Magento.",
        holds=Holds.NOTHING,
    )


def _is_cancelled(memo: DocumentFigures[C]) -> Problem:
    return problems.memo_problem(
        "memo_cancelled",
        memo.number,
        f"Credit memo {memo.number} was cancelled in Magento: nothing was given back.",
        "Nothing has to be done.",
        holds=Holds.NOTHING,
    )


def _odd_rows(memo: DocumentFigures[C], known: OrderLines[C]) -> list[Problem]:
    """Rows that give back less than nothing, or what the order never had."""
    odd = []
    for row in memo.rows:
        if row.order_item_id not in known.rows and (row.row_total or row.tax):
            odd.append(("row_unknown", f"{row.name} is no row of its order"))
        elif row.quantity < 0:
            odd.append(("negative_quantity", f"{row.name} has the quantity {row.quantity}"))
    return [
        problems.memo_problem(
            f"credit_memo_{code}",
            memo.number,
            f"In credit memo {memo.number} {what}.",
            "Read the order with all of its rows, or enter the memo by hand.",
            holds=Holds.PLAN,
        )
        for code, what in odd
    ]


def _below_nothing(memo: DocumentFigures[C], total: Figure[C]) -> Problem:
    """A memo that gives back less than nothing: as it stands, the buyer would have paid for it."""
    return problems.memo_problem(
        "memo_below_nothing",
        memo.number,
        f"Credit memo {memo.number} comes to {shown(total.value)} {memo.currency}: it "
        "takes off more than it gives back, and no money can have moved.",
        "Enter what was truly given back by hand, then skip the order; name the shipping amount "
        "when refunding orders with discounted shipping.",
        holds=Holds.PLAN,
    )


def _wrong(
    memo: DocumentFigures[C], lines: Sequence[ExactLine[C]], known: OrderLines[C]
) -> list[Problem]:
    """What forbids posting a memo."""
    if memo.grand_total is None or memo.created_at is None:
        what = "grand total" if memo.grand_total is None else "date"
        return [
            problems.memo_problem(
                "memo_incomplete",
                memo.number,
                f"Credit memo {memo.number} has no {what}.",
                "Read the credit memo with all of its fields.",
                holds=Holds.PLAN,
            )
        ]
    if odd := _odd_rows(memo, known):
        return odd
    if round_money(memo.grand_total.value, memo.currency).amount < 0:
        return [_below_nothing(memo, memo.grand_total)]
    if not documents.meets(memo, lines):
        return [
            problems.document_does_not_meet(
                "credit_memo",
                memo.number,
                documents.lines_gross(lines).value,
                documents.due_of(memo).value,
                memo.currency,
            )
        ]
    vat = summed(line.vat for line in lines)
    if abs((vat - memo.tax).value) > allowance(len(lines)):
        return [
            problems.memo_problem(
                "credit_memo_vat_does_not_meet",
                memo.number,
                f"The VAT of the rows of credit memo {memo.number} comes to "
                f"{shown(vat.value)}, its tax is {shown(memo.tax.value)}.",
                "Find out which module changed the tax, and enter the memo by hand.",
                holds=Holds.PLAN,
            )
        ]
    return [
        problems.memo_problem(
            "credit_memo_rate_unknown",
            memo.number,
            f"{line.description} of credit memo {memo.number} carries VAT, and its order does not "
            "say at what percentage.",
            "Read the order with all of its rows, or enter the memo by hand.",
            holds=Holds.PLAN,
        )
        for line in lines
        if line.rate == rates.UNKNOWN
    ]


def _refund(
    memo: DocumentFigures[C],
    lines: tuple[ExactLine[C], ...],
    told: Documents[C],
    sale: Sale,
    basis: Basis,
) -> Refund:
    grand_total, moment = memo.grand_total, memo.created_at
    if grand_total is None or moment is None:
        raise AssertionError("a memo without total or date is a problem, see _wrong")
    currency = sale.currency
    settled = read_credits(memo.credits, currency)
    gross = round_money(grand_total.value, currency) + total_of(
        (credit.amount for credit in settled), currency
    )
    adjustment = round_money(memo.adjustment.value, currency)
    return Refund(
        str(memo.entity_id),
        memo.number,
        lines=in_pennies(lines, gross - adjustment, {}),
        gross=gross,
        refunded_on=day_of(moment, basis.time_zone),
        adjustment=adjustment if adjustment else None,
        credits=settled,
        exchange_rate=told.exchange_rate or sale.exchange_rate,
        transaction_id=memo.transaction_id,
    )


def _remarks(memo: DocumentFigures[C], lines: Sequence[ExactLine[C]]) -> list[Problem]:
    """Oddities of Magento's that are posted as they are."""
    shipping = next((line for line in lines if line.key == "shipping"), None)
    if shipping is None or shipping.net.value >= 0:
        return []
    return [
        problems.memo_problem(
            "memo_shipping_below_nothing",
            memo.number,
            f"Credit memo {memo.number} takes back {shown(-shipping.net.value)} "
            f"{memo.currency} more discount of shipping than shipping; it is posted as Magento "
            "has it.",
            "Name the shipping amount when refunding orders with discounted shipping.",
            holds=Holds.NOTHING,
        )
    ]
