"""Whether an invoice that somebody typed by hand is a document of the shop's: the one rule. Pure.

Two kinds of evidence: the shop's number stands in the reference or in a line, or the same
customer owes the same gross on a near day. `kashmag candidates`, `reconcile` and the planner go
by the same.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from attrs import field, frozen

from kashmag import kashflow
from kashmag.plans.policy import NotOfTheShop
from kashmag.plans.references import is_ours

# A hand-typed invoice is seldom dated more than two weeks from its order.
NEAR_DAYS: Final = 14
_SHORT: Final = 3  # digits that a number without its zeros must have to be told from a quantity


class Evidence(Enum):
    """Why an invoice is taken for the shop's document, the stronger first."""

    NUMBER = "names the order's number"
    LIKENESS = "same customer, same gross, near date"


@frozen
class Wanted:
    """What there is to be known of a document of the shop; negative where money goes back.

    `numbers` are those by which a person may name it (its reference is one), `names` those of its
    buyer.
    """

    numbers: tuple[str, ...]
    gross: Decimal = field(kw_only=True)
    currency: str = field(kw_only=True)
    dated_on: date = field(kw_only=True)
    names: tuple[str, ...] = field(kw_only=True)


@frozen
class Typed:
    """The same of a document of the account; `texts` are all that a person may have written."""

    texts: tuple[str, ...]
    gross: Decimal = field(kw_only=True)
    currency: str = field(kw_only=True)
    issued_on: date | None = field(kw_only=True)
    names: tuple[str, ...] = field(kw_only=True)


def likeness(wanted: Wanted, typed: Typed) -> Evidence | None:
    """What speaks for the two being one; None when nothing does."""
    if wanted.currency != typed.currency or wanted.gross * typed.gross <= 0:
        return None
    if any(mentions(text, number) for text in typed.texts for number in wanted.numbers):
        return Evidence.NUMBER
    return Evidence.LIKENESS if _alike(wanted, typed) else None


def mentions(text: str, number: str) -> bool:
    """Tell whether a text names a document's number, with or without its leading zeros."""
    bare = number.lstrip("0")
    if not bare:
        return False
    zeros = "0*" if number.isdecimal() and len(bare) >= _SHORT else "0" * (len(number) - len(bare))
    # Digits around a point or comma are an amount, not a number.
    before, after = r"(?<![\w-])(?<!\d[.,])", r"(?![\w-])(?![.,]\d)"
    return bool(re.search(f"{before}{zeros}{re.escape(bare)}{after}", text))


def texts_of(invoice: kashflow.Invoice) -> tuple[str, ...]:
    """Everything on an invoice that a person may have written an order's number into."""
    texts = [invoice.customer_reference, *(line.description for line in invoice.line_items)]
    return tuple(text for text in texts if text)


def left_by(invoice: kashflow.Invoice, rules: NotOfTheShop) -> str:
    """By which rule an invoice is not of the shop; empty where it may be."""
    code, reference = invoice.customer_code or "", (invoice.customer_reference or "").strip()
    if is_ours(reference):
        return ""
    if code and code.casefold() in {one.casefold() for one in rules.customers}:
        return f"policy.not_of_the_shop.customers has {code}"
    if first := next((one for one in rules.references if reference.startswith(one)), ""):
        return f"policy.not_of_the_shop.references has {first}"
    if invoice.number in rules.invoices:
        return f"policy.not_of_the_shop.invoices has {invoice.number}"
    return ""


def _alike(wanted: Wanted, typed: Typed) -> bool:
    if typed.issued_on is None or wanted.gross != typed.gross:
        return False
    ours, theirs = ({_squeezed(name) for name in one.names} for one in (wanted, typed))
    return bool(ours & theirs) and abs((typed.issued_on - wanted.dated_on).days) <= NEAR_DAYS


def _squeezed(name: str) -> str:
    return "".join(name.split()).casefold()
