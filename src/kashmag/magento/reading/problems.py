"""What reading finds wrong, each worded in one place: stable codes, names, numbers, a remedy."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kashmag.accounting.money import Money, shown
from kashmag.accounting.problems import Holds, Problem
from kashmag.accounting.vat import shown_rate


def _percent(rate: Decimal) -> str:
    return f"{shown_rate(rate)} %"


def missing(number: str, what: str, *, of: str = "", holds: Holds = Holds.PLAN) -> Problem:
    """Something without which nothing can be said is not in the order, or in one row `of` it."""
    return Problem(
        f"{what.replace(' ', '_')}_missing",
        f"Order {number} has no {what}{f' of {of}' if of else ''}.",
        remedy=f"Give the order its {what} in Magento, or read it with all of its fields.",
        holds=holds,
    )


def absurd(number: str) -> Problem:
    """Figures of more digits than any money has."""
    return Problem(
        "absurd_figures",
        f"Order {number} or one of its documents has a figure of more than 28 digits.",
        remedy="Find out which module wrote it, and enter the order by hand.",
    )


def negative_quantity(number: str, row: str, quantity: Decimal) -> Problem:
    """A row with less than nothing of it."""
    return Problem(
        "negative_quantity",
        f"Order {number} has a row {row} with the quantity {quantity}.",
        remedy="Find out which module made it and enter the order by hand.",
    )


def unknown_total(number: str, amount: Decimal, currency: str, *, named: Sequence[str]) -> Problem:
    """The order's own totals leave an amount that none of them is."""
    hint = f" The document has {', '.join(named)} of that amount." if named else ""
    return Problem(
        "unknown_total",
        f"Order {number} has {shown(amount)} {currency} in its total that no row, shipping, tax, "
        f"discount or credit explains.{hint}",
        remedy="Name the field that holds it, and what it is, in policy.totals.",
        settings=_totals(named),
    )


def _totals(named: Sequence[str]) -> str:
    if not named:
        return ""
    return f'[policy.totals]\n{named[0]} = "fee"   # or "gift_card", "store_credit", "ignored"\n'


def rows_do_not_meet(number: str, rows: Decimal, due: Decimal, currency: str) -> Problem:
    """No known meaning of the rows comes to the order's total."""
    return Problem(
        "rows_do_not_meet",
        f"The rows of order {number} come to {shown(rows)} {currency} with shipping and fees, "
        f"{shown(due)} is owed: {shown(due - rows)} is missing.",
        remedy="Compare rows and total in Magento; a module may have changed one of them.",
    )


def ambiguous(number: str, first: Decimal, second: Decimal, row: str) -> Problem:
    """Two meanings of the rows fit the total and differ."""
    return Problem(
        "ambiguous_rows",
        f"The rows of order {number} can be read in two ways that both come to its total: "
        f"{row} is {shown(first)} or {shown(second)}.",
        remedy="Find out how this shop fills row_total, and enter the order by hand.",
    )


def vat_does_not_meet(number: str, lines: Decimal, told: Decimal, currency: str) -> Problem:
    """The lines' VAT is not the order's."""
    return Problem(
        "vat_does_not_meet",
        f"The VAT of the lines of order {number} comes to {shown(lines)} {currency}, its tax is "
        f"{shown(told)}.",
        remedy="Find out which module changed the tax, and enter the order by hand.",
    )


def rates_do_not_meet(number: str, rate: Decimal, lines: Decimal, told: Decimal) -> Problem:
    """The lines' VAT at one percentage is not what the order lists there."""
    return Problem(
        "rates_do_not_meet",
        f"At {_percent(rate)} the lines of order {number} carry {shown(lines)} of VAT, the order "
        f"lists {shown(told)}.",
        remedy="Find out which module changed the tax, and enter the order by hand.",
    )


def rate_unknown(number: str, line: str, vat: Decimal) -> Problem:
    """A line carries VAT and nothing says at what percentage."""
    return Problem(
        "rate_unknown",
        f"{line} of order {number} carries {shown(vat)} of VAT, and no percentage explains it.",
        remedy="Read the order with its extension attributes, or enter it by hand.",
    )


def stacked_taxes(number: str, things: Sequence[str], *, holds: Holds) -> Problem:
    """A line carries two taxes; KashFlow knows one percentage per line."""
    return Problem(
        "stacked_taxes",
        f"Order {number} carries more than one tax on {', '.join(things)}; a KashFlow line has "
        "one percentage.",
        remedy="Enter the order by hand, or let stacked taxes be combined by settings.",
        settings='[policy]\nstacked_taxes = "combine"\n',
        holds=holds,
    )


def amount_ordered_differs(number: str, total: Decimal, ordered: Decimal, cur: str) -> Problem:
    """What the payment was for is not what the order comes to."""
    return Problem(
        "amount_ordered_differs",
        f"Order {number} comes to {shown(total)} {cur}, its payment was for {shown(ordered)}.",
        remedy="Find out what the buyer agreed to pay; an edit may have changed only one of them.",
    )


def two_figures(number: str, what: str, ours: Decimal, base: Decimal) -> Problem:
    """The figures in order and in base currency differ, and the two are one currency."""
    return Problem(
        "figures_differ",
        f"{what} is {shown(ours)} in the order's currency and {shown(base)} in the base currency, "
        "which are the same.",
        remedy=f"Find out what changed only one of them, and what is owed for order {number}.",
    )


def number_twice(number: str, document: str) -> Problem:
    """Two documents of one order bear one number, by which neither would be found again."""
    return Problem(
        "number_twice",
        f"{document} of order {number} stands there twice, as two documents.",
        remedy="Find out which of them is real, and read only that one.",
    )


def memos_unread(number: str, refunded: Decimal, told: Decimal) -> Problem:
    """More was given back than the credit memos at hand tell of."""
    return Problem(
        "memos_unread",
        f"Order {number} was refunded {shown(refunded)}, its credit memos at hand come to "
        f"{shown(told)}.",
        remedy="Read the order with all of its credit memos; the rest of the refund is not here.",
        holds=Holds.NOTHING,
    )


def memo_unnumbered(number: str, entity_id: int) -> Problem:
    """A credit memo without the number that its credit note would bear."""
    return Problem(
        "memo_incomplete",
        f"The credit memo with entity_id {entity_id} of order {number} has no number.",
        remedy="Read the credit memo with all of its fields.",
    )


def currency_mixed(number: str, document: str, found: str, expected: str) -> Problem:
    """A document of the order is in another currency."""
    return Problem(
        "currency_mixed",
        f"{document} of order {number} is in {found or 'no currency'}, the order in {expected}.",
        remedy="Read the documents of one order from one shop.",
        document=document.rpartition(" ")[2],
    )


def of_another_order(number: str, document: str, order_id: int | None) -> Problem:
    """A document that was handed in with the order is not its own."""
    return Problem(
        "document_of_another_order",
        f"{document} belongs to the order with the id {order_id}, not to order {number}.",
        remedy="Hand in only the order's own invoices and credit memos.",
        document=document.rpartition(" ")[2],
    )


def below_nothing(number: str, total: Decimal, cur: str) -> Problem:
    """More was taken off than was sold: nobody sells for less than nothing."""
    return Problem(
        "order_below_nothing",
        f"Order {number} comes to {shown(total)} {cur}: more was taken off than was sold.",
        remedy="Find out what took off too much, then enter the order by hand and skip it.",
    )


def cancelled_without_invoices(number: str, cancelled: Decimal, cur: str) -> Problem:
    """Partly cancelled, and the invoices that say what was not are missing or do not add up."""
    return Problem(
        "partly_cancelled_without_invoices",
        f"Order {number} is cancelled in part ({shown(cancelled)} {cur}), and none of its Magento "
        "invoices is here to say what was not.",
        remedy="Read the order together with its Magento invoices.",
    )


def invoices_do_not_meet(number: str, invoiced: Decimal, left: Decimal, cur: str) -> Problem:
    """What was invoiced is not what the cancellation left."""
    return Problem(
        "invoices_do_not_meet",
        f"The Magento invoices of order {number} come to {shown(invoiced)} {cur}, and "
        f"{shown(left)} was not cancelled.",
        remedy="Read all of the order's Magento invoices; invoice or cancel what is left of it.",
    )


def document_does_not_meet(
    what: str, number: str, lines: Decimal, told: Decimal, cur: str
) -> Problem:
    """A document's rows do not come to its total."""
    return Problem(
        f"{what}_does_not_meet",
        f"The rows of {what.replace('_', ' ')} {number} come to {shown(lines)} {cur}, its total "
        f"is {shown(told)}.",
        remedy="Compare rows and total in Magento; a module may have changed one of them.",
        document=number,
    )


def paid_above_owed(number: str, paid: Money, owed: Money) -> Problem:
    """The paid Magento invoices come to more than the order."""
    return Problem(
        "paid_above_owed",
        f"The paid Magento invoices of order {number} come to {paid}, only {owed} is owed.",
        remedy="Find the invoice that is there twice, and enter the payments by hand.",
        holds=Holds.PAYMENT,
    )


def payment_undated(invoice: str) -> Problem:
    """A paid Magento invoice without a day."""
    return Problem(
        "payment_undated",
        f"The paid Magento invoice {invoice} has no date.",
        remedy="Read the invoice with all of its fields.",
        holds=Holds.PAYMENT,
        document=invoice,
    )


def memo_problem(code: str, memo: str, message: str, remedy: str, *, holds: Holds) -> Problem:
    """Something about one credit memo."""
    return Problem(code, message, remedy=remedy, holds=holds, document=memo)
