"""The planner's own problems: one function a code, so that each is worded in one place.

The problems that reading finds are worded in `magento.reading`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from kashmag.accounting.money import Money, shown
from kashmag.accounting.problems import Problem
from kashmag.plans.cures import NOMINAL, OPEN_DAY, cure

# What a person can do about one item of an order, whatever is wrong with it.
_TO_SUSPENSE: Final = " send the item to suspense: kashmag errors skip ORDER --item SKU."

_ACCEPT: Final = "accept it with a reason (kashmag errors accept)"


def unknown_state(number: str, state: str | None, status: str | None) -> Problem:
    """No rule says what this state means."""
    return Problem(
        "unknown_state",
        f"Order {number} has state {state or 'none'} and status {status or 'none'}, "
        "which no rule knows.",
        remedy=f"Map it: policy.statuses.{status or state or 'STATUS'} = "
        '"wait", "unpaid", "paid" or "void".',
        settings=cure("policy.statuses", **{status or state or "STATUS": '"wait"'}),
    )


def period_closed(document: str, day: date, closed_until: date) -> Problem:
    """The document would be dated in closed books."""
    return Problem(
        "period_closed",
        f"{document} is dated {day}, and the books are closed until {closed_until}.",
        remedy='Reopen the books, or set policy.closed_period = "first_open_day".',
        settings=OPEN_DAY,
    )


def period_filed(document: str, day: date, filed_until: date, *, stated: bool = False) -> Problem:
    """The document would be dated in a period whose VAT return is filed; `stated` by the policy."""
    says = " by policy.vat_returns_filed_until" if stated else ""
    return Problem(
        "period_filed",
        f"{document} is dated {day}, and the VAT return until {filed_until} is filed{says}.",
        remedy='Post it by hand with a correction, or set policy.closed_period = "first_open_day".',
        settings=OPEN_DAY,
    )


def dated_in_future(document: str, day: date, today: date) -> Problem:
    """The document's day has not come yet: somebody's clock is wrong."""
    return Problem(
        "dated_in_future",
        f"{document} is dated {day}, which is after today, {today}.",
        remedy="Check the clocks of shop and machine, and policy.time_zone.",
    )


def currency_not_home(number: str, currencies: Iterable[str], home: str) -> Problem:
    """None of the order's currencies is the account's home currency."""
    return Problem(
        "currency_not_home",
        f"Order {number} is in {' and '.join(sorted(set(currencies)))}; "
        f"the account's home currency is {home}.",
        remedy="Post it by hand, or set policy.currency to the one that the account keeps.",
    )


def ambiguous_customer(number: str, codes: Sequence[str]) -> Problem:
    """Several customers fit equally; choosing would be a guess."""
    return Problem(
        "ambiguous_customer",
        f"The buyer of order {number} could be any of {len(codes)} customers: {', '.join(codes)}.",
        remedy="Merge or archive the others in KashFlow, or leave the e-mail address to one of "
        "them; a plugin can choose, too (kashmag_match_customer).",
    )


def unsuitable_customer(number: str, code: str, why: str) -> Problem:
    """The matched customer has a setting that would change the invoice's sums."""
    return Problem(
        "unsuitable_customer",
        f"Customer {code}, matched to order {number}, {why}.",
        remedy="Change that in KashFlow, or give the e-mail address to the customer that is meant "
        "instead; a plugin can choose another, too (kashmag_match_customer).",
    )


def unknown_sku(number: str, sku: str, fitting: int) -> Problem:
    """No one product is this SKU, and the policy does not want a plain line."""
    found = "no product has" if not fitting else f"{fitting} products have"
    return Problem(
        "unknown_sku",
        f"Order {number} sells SKU {sku or '(none)'}, and {found} this code.",
        remedy='Add the product in KashFlow, set policy.unknown_sku = "line", or'
        f"{_TO_SUSPENSE} A plugin can choose, too (kashmag_resolve_product).",
        settings=cure("policy", unknown_sku='"line"'),
    )


def suspense_missing(number: str, item: str, because: str) -> Problem:
    """A person has skipped an item, and no nominal is named that its money could go to."""
    return Problem(
        "suspense_missing",
        f"Item {item} of order {number} is {because}; policy.nominals.suspense, where its money "
        "would go, is not set.",
        remedy="Name a nominal for it: policy.nominals.suspense = CODE.",
        settings=cure("policy.nominals", suspense=NOMINAL),
    )


def nominal_missing(number: str, code: int, settings: str = "") -> Problem:
    """The account does not have this nominal; `settings` names another where a setting names it."""
    return Problem(
        "nominal_missing",
        f"Order {number} would use nominal {code}, which the account does not have.",
        remedy="Correct policy.nominals, or add the nominal in KashFlow.",
        settings=settings,
    )


def no_exact_shape(document: str, detail: str) -> Problem:
    """No KashFlow lines say this exactly."""
    return Problem(
        "no_exact_shape",
        f"No KashFlow document can say {document} to the penny: {detail}.",
        remedy="Post it by hand; it cannot be said exactly.",
    )


def no_shape_recomputed(document: str) -> Problem:
    """This account computes VAT itself, and no division of the lines makes it come out right."""
    return Problem(
        "no_exact_shape",
        f"KashFlow computes VAT itself in this account, and no division of the lines of "
        f"{document} makes it the VAT that the shop charged.",
        remedy="Post it by hand; it cannot be said exactly in this account.",
    )


def margin_goods(number: str, sku: str, tax_class: str) -> Problem:
    """Goods under the margin scheme: their VAT is not that of an ordinary invoice."""
    return Problem(
        "margin_goods",
        f"Order {number} sells {sku}, of the margin tax class {tax_class}; no ordinary VAT "
        "invoice may be made for it.",
        remedy=f"Post it by hand under the margin scheme, then skip the order; or{_TO_SUSPENSE}",
    )


def product_gone(number: str, sku: str) -> Problem:
    """The policy hangs on the tax class of a product that the shop has no longer."""
    return Problem(
        "product_gone",
        f"Order {number} sells {sku}, which the shop has no longer: its tax class is not known.",
        remedy=f"Post it by hand and skip it, restore the product in the shop, or{_TO_SUSPENSE}",
    )


def posted_twice(reference: str, numbers: Sequence[int]) -> Problem:
    """Several documents carry the reference that only one may."""
    return Problem(
        "posted_twice",
        f"Reference {reference} stands on {len(numbers)} documents: "
        f"{', '.join(str(number) for number in numbers)}.",
        remedy="Delete or renumber all but the right one in KashFlow.",
    )


def posted_differs(reference: str, number: int, differences: Sequence[str]) -> Problem:
    """The posted document says something else than its source: drift."""
    return Problem(
        "posted_differs",
        f"Document {number} ({reference}) differs from the shop: {'; '.join(differences)}.",
        remedy="Credit and reissue it, correct the side that is wrong, or accept it as it is.",
    )


def reversal_differs(invoice: int, reversal: int, left: Sequence[str]) -> Problem:
    """An invoice was reversed, and the two are no longer equal and opposite: drift."""
    return Problem(
        "reversal_differs",
        f"Credit note {reversal} does not bring invoice {invoice} to nothing: {'; '.join(left)}.",
        remedy="Undo the edit of either of them, or accept it as it is.",
    )


def overpaid_reissue(number: str, invoice: int, owed: Money, paid: Decimal) -> Problem:
    """More money than the order comes to now would move to its further invoice."""
    return Problem(
        "overpaid_reissue",
        f"Invoice {invoice} of order {number} is paid with {shown(paid)}, and the order comes "
        f"to {owed}.",
        remedy="Give the difference back in the shop (a credit memo), or match it by hand.",
    )


def void_but_posted(number: str, invoice: int, successor: str = "") -> Problem:
    """The order was cancelled after its invoice was posted: drift."""
    now = f"replaced by order {successor}" if successor else "cancelled"
    return Problem(
        "void_but_posted",
        f"Order {number} is {now}, but invoice {invoice} is posted for it.",
        remedy="If you credit it in KashFlow yourself, to nothing at each VAT rate and in words "
        f"that say invoice {invoice}, the next run knows; if you did so in other words, or it is "
        f"right so, {_ACCEPT}.",
    )


def adjustment_held(
    memo: str, adjustment: Money, *, is_ruled: bool = False, has_nominal: bool = False
) -> Problem:
    """A credit memo's adjustment has no VAT of its own, and no policy says how it carries it.

    What is set already (the rule, or the nominal) is not asked for again.
    """
    rule = "" if is_ruled else 'policy.adjustments = "no_vat", "pro_rata" or "standard"'
    nominal = "" if has_nominal else "policy.nominals.adjustments"
    return Problem(
        "adjustment_held",
        f"Credit memo {memo} has an adjustment of {adjustment} without VAT of its own.",
        remedy=f"Set {' and '.join(filter(None, (rule, nominal)))}.",
        document=memo,
        settings=("" if is_ruled else cure("policy", adjustments='"no_vat"'))
        + ("" if has_nominal else cure("policy.nominals", adjustments=NOMINAL)),
    )
