"""What a person, or the policy, has said is right as it is: named, and asking nobody any more.

Whether it still is what was accepted, the planner tells: it holds an order again whose posted
document says anything else by now. What was accepted of money, and of an order that is owed no
longer, is known by the very sentence that was told of it, which carries its figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import evolve

from kashmag.accounting import Problem
from kashmag.planner.drifting import accepted_as_it_is
from kashmag.planner.likeness import Evidence
from kashmag.plans.acceptances import Acceptance, acceptance_key
from kashmag.plans.drift_problems import posted_is_gone
from kashmag.plans.lookalike_problems import Lookalike, lookalike
from kashmag.plans.payment_problems import Named, payment_moved
from kashmag.plans.plan import Plan
from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.documents import (
    AccountDocument,
    Agreed,
    DocumentKind,
    Memory,
    Remembered,
    ShopDocument,
    ShopPayment,
)
from kashmag.reconciliation.generations import place_of
from kashmag.reconciliation.sentences import sentence

# What the planner compares of a posted document. Of its day it knows only with the logbook.
_COMPARED: Final = frozenset(
    {
        Cause.CHANGED_IN_SHOP,
        Cause.CHANGED_IN_KASHFLOW,
        Cause.DIFFERENT,
        Cause.WRONG_RATE,
        Cause.EXEMPTION,
        Cause.NOMINAL,
        Cause.CUSTOMER,
        Cause.REFERENCE,
    }
)

_WITHDRAWN: Final = "void_but_posted"
_EXCEEDS: Final = "payment_exceeds"
# What is told of money, and as what it is missed meanwhile.
_GONE: Final = frozenset({Cause.DELETED, Cause.PAYMENT_ELSEWHERE})
_LACKING: Final = frozenset({Cause.PAYMENT_MISSING, Cause.PAYMENT_ELSEWHERE})
_OF_MONEY: Final[Mapping[str, frozenset[Cause]]] = {
    "payment_moved": _GONE,
    "changed_payment": frozenset(
        {Cause.CHANGED_IN_KASHFLOW, Cause.WRONG_DATE, Cause.PAYMENT_ELSEWHERE}
    ),
    "unmapped_payment_method": frozenset({Cause.HELD}),
    "unmapped_credit": frozenset({Cause.HELD}),
    _EXCEEDS: _LACKING,
    "entered_by_hand": _LACKING | {Cause.WRONG_DATE},
    "document_locked": _LACKING,
    "payment_differs": frozenset({Cause.OTHER_AMOUNT}),
}


def reasons_in(plan: Plan) -> dict[str, str]:
    """Why which documents of an order are right as they are, by the key of the shop's document.

    `plan` is that of the order as things stand; where it is held, nothing is settled.
    """
    if plan.is_held:
        return {}
    said = accepted_as_it_is(plan)
    return {
        place_of(one.key).source: said[one.number] for one in plan.adoptions if one.number in said
    }


def as_accepted(one: Difference, shop: ShopDocument, agreed: Agreed | None) -> Difference:
    """The difference, by a cause of its own where it was accepted."""
    is_dated = one.cause is Cause.WRONG_DATE and agreed is not None and agreed.issued_on is not None
    if not shop.accepted or not (one.cause in _COMPARED or is_dated):
        return one
    because = f"{one.message} It is accepted: {sentence(shop.accepted)}"
    return evolve(one, cause=Cause.ACCEPTED, message=because)


def as_skipped(one: Difference, shop: ShopDocument, known: Remembered) -> Difference:
    """The difference about an order that cannot be read, where a person has taken it over."""
    if one.cause not in _COMPARED or not (shop.is_unread and known.is_decided):
        return one
    because = f"{one.message} It is {sentence(known.reason)}"
    return evolve(one, cause=Cause.ACCEPTED, message=because)


def accepted_of(memory: Memory, shop: ShopDocument) -> tuple[Acceptance, ...]:
    """All that a person has accepted of the order of a document."""
    known = memory.get(shop.order_key)
    return known.accepted if known is not None else ()


def with_told(document: ShopDocument, problems: Iterable[Problem]) -> ShopDocument:
    """The document of the shop with what plans say against it, and against its money."""
    found = tuple(problems)
    withdrawn = (one.message for one in found if one.code == _WITHDRAWN)
    is_sale = document.kind is DocumentKind.INVOICE
    memo = _memo_in(document)
    of_it = [one for one in found if one.document == memo]
    return evolve(
        document,
        withdrawn=next(withdrawn, "") if is_sale else "",
        payments=tuple(
            evolve(payment, told=_told(one for one in of_it if one.payment == payment.token))
            for payment in document.payments
        ),
    )


def _memo_in(document: ShopDocument) -> str:
    """The number of a credit memo; empty where the document is an order's sale."""
    return document.number if document.kind is DocumentKind.CREDIT_NOTE else ""


def _told(problems: Iterable[Problem]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((one.code, one.message) for one in problems))


def as_settled(
    one: Difference,
    shop: ShopDocument,
    payment: ShopPayment,
    number: int,
    accepted: Iterable[Acceptance],
) -> Difference:
    """The difference about money of document `number`, by a cause of its own where accepted."""
    named = Named(payment.token, payment.amount, order=shop.order, memo=_memo_in(shop))
    moved = payment_moved(named, number)
    told = (*payment.told, (moved.code, moved.message))
    said = [said for code, said in told if one.cause in _OF_MONEY.get(code, ())]
    return _because(one, said, accepted)


def as_left(one: Difference, shop: ShopDocument, accepted: Iterable[Acceptance]) -> Difference:
    """The difference about money typed by hand, where it was accepted that it leaves no room."""
    if one.cause is not Cause.TYPED_BY_HAND:
        return one
    told = (each for payment in shop.payments for each in payment.told)
    return _because(one, [said for code, said in told if code == _EXCEEDS], accepted)


def as_another(
    one: Difference,
    shop: ShopDocument,
    double: AccountDocument,
    evidence: Evidence,
    accepted: Iterable[Acceptance],
) -> Difference:
    """The difference about an invoice that looks like an order, where it was said to be another."""
    return _because(one, [_said_of(shop, double, evidence)], accepted)


def is_another(
    shop: ShopDocument, double: AccountDocument, evidence: Evidence, memory: Memory
) -> bool:
    """Tell that a person has said of an invoice that it only looks like the order."""
    key = acceptance_key(_said_of(shop, double, evidence))
    return any(one.key == key for one in accepted_of(memory, shop))


def _said_of(shop: ShopDocument, double: AccountDocument, evidence: Evidence) -> str:
    told = Lookalike(
        order=shop.order,
        gross=shop.headline.gross,
        currency=shop.currency,
        invoice=double.number,
        issued_on=double.issued_on,
        invoice_gross=double.figures.gross,
        evidence=evidence.value,
    )
    return lookalike(told).message


def as_withdrawn(one: Difference, shop: ShopDocument, accepted: Iterable[Acceptance]) -> Difference:
    """The difference about what is posted and owed no longer, where that was accepted."""
    return _because(one, [shop.withdrawn] if shop.withdrawn else [], accepted)


def as_gone(
    one: Difference, reference: str, posted: Agreed | None, accepted: Iterable[Acceptance]
) -> Difference:
    """The difference about a posted document that is not there, where that was accepted.

    `reference` is what it was posted with; posted once more and deleted again, it is another.
    """
    if one.cause is not Cause.DELETED or posted is None or posted.number is None:
        return one
    return _because(one, [posted_is_gone(reference, posted.number).message], accepted)


def _because(one: Difference, said: Sequence[str], accepted: Iterable[Acceptance]) -> Difference:
    reasons = {each.key: each.because for each in accepted}
    found = [key for key in map(acceptance_key, said) if key in reasons]
    if not found:
        return one
    because = f"{one.message} It is accepted: {sentence(reasons[found[-1]])}"
    return evolve(one, cause=Cause.ACCEPTED, message=because)
