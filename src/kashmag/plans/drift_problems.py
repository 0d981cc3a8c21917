"""Problems of a posted document that a person has deleted, or changed beside its figures: drift.

Each is a change that a bookkeeper may well have meant: it is held until somebody says so, and is
never changed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from attrs import evolve

from kashmag.accounting.problems import Holds, Problem
from kashmag.plans.references import memo_of

_UNDO: Final = "Undo it in KashFlow; or, if it is meant so, accept it with a reason"
_BY: Final = "(kashmag errors accept)."


def posted_is_gone(reference: str, number: int | str) -> Problem:
    """The document was posted, and has been deleted or voided since."""
    return Problem(
        "posted_is_gone",
        f"{reference} was posted as {number}, which KashFlow no longer shows.",
        remedy="Find out who deleted it; skip the order, or adopt what is there instead.",
    )


def may_be_late(gone: Problem, until: datetime) -> Problem:
    """The same within the time in which KashFlow may not yet show what was posted just now."""
    # A person's clock shows whole minutes: the next one, by which it surely has passed.
    minute = until.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return evolve(
        gone,
        remedy="It was posted just now, and KashFlow may only be late in showing it: every run "
        f"looks again, and from {minute:%H:%M} on ({minute.tzinfo}) it can be resolved. "
        f"{gone.remedy}",
    )


def moved_customer(number: int, was: str, now: str) -> Problem:
    """The document stands on the account of somebody else than it was posted for."""
    return Problem(
        "moved_customer",
        f"Document {number} was posted for customer {was}, and is now on the account of {now}.",
        remedy=f"{_UNDO} {_BY}",
    )


def moved_date(number: int, was: date, now: date) -> Problem:
    """The document has another issue date, which decides its VAT period."""
    return Problem(
        "moved_date",
        f"Document {number} was dated {was}, and is now dated {now}: its VAT falls on that day.",
        remedy=f"{_UNDO} {_BY}",
    )


def edited_reference(number: int, was: str, now: str) -> Problem:
    """The document has lost the reference by which it is found; its number still tells it."""
    stands = f"with {now}" if now else "without one"
    return Problem(
        "edited_reference",
        f"Document {number} was posted with the reference {was}, and stands {stands}.",
        remedy=f"{_UNDO} {_BY} It is known by its number, too.",
    )


def changed_nominal(number: int, was: Sequence[str], now: Sequence[str]) -> Problem:
    """The same net stands on other nominals."""
    return Problem(
        "changed_nominal",
        f"Document {number} was posted with {', '.join(was)}, and has {', '.join(now)} now.",
        remedy=f"{_UNDO} {_BY} Where all of a kind belong there, set policy.nominals.",
    )


def changed_exemption(number: int, was: Sequence[str], now: Sequence[str]) -> Problem:
    """What was zero-rated is exempt now, or the other way round."""
    return Problem(
        "changed_exemption",
        f"Document {number} was posted with {', '.join(was)}, and has {', '.join(now)} now.",
        remedy=f"{_UNDO} {_BY} Where all of a tax class are exempt, set policy.exempt_tax_classes.",
    )


def changed_payment(number: int, token: str, was: str, now: str, *, reference: str = "") -> Problem:
    """A payment that we posted stands there otherwise: its amount, day, method or bank account.

    `reference` is the document's, as it was posted.
    """
    return Problem(
        "changed_payment",
        f"On document {number} ({reference}) payment {token} was posted as {was}, and is now "
        f"{now}.",
        remedy=f"{_UNDO} {_BY}",
        holds=Holds.PAYMENT,
        document=memo_of(reference),
        payment=token,
    )
