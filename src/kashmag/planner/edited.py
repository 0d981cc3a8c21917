"""What a person has changed on a posted document beside its figures: told, never changed back.

Pure. What stands there is compared with what we sent, as the logbook remembers it, and not with
what would be sent today: a policy that has changed since, or an invoice that was adopted, is no
edit. What KashFlow does not tell is not compared. A due date is the bookkeeper's own affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from kashmag import kashflow
from kashmag.accounting import Problem
from kashmag.accounting.money import shown
from kashmag.plans.drift_problems import (
    changed_exemption,
    changed_nominal,
    changed_payment,
    edited_reference,
    moved_customer,
    moved_date,
)
from kashmag.plans.questions import Answers, AsPosted, CustomerByCode


def edit_questions(
    key: str, invoice: kashflow.Invoice, answers: Answers
) -> Iterator[AsPosted | CustomerByCode]:
    """What must be known to tell the edits of the document of a deed."""
    yield AsPosted(key)
    posted = answers.get(AsPosted(key))
    if posted is not None and _is_other(posted.draft.customer_code, invoice.customer_code):
        yield CustomerByCode(posted.draft.customer_code)


def edits(key: str, invoice: kashflow.Invoice, answers: Answers) -> Iterator[Problem]:
    """A problem for each thing about a posted document that is not as we posted it."""
    posted = answers.get(AsPosted(key))
    if posted is None:
        return
    draft, number = posted.draft, invoice.number
    now = invoice.customer_code or ""
    is_there = answers.get(CustomerByCode(draft.customer_code)) is not None
    # An account that was renamed or merged is another code; one that is still there was left.
    if _is_other(draft.customer_code, now) and is_there:
        yield moved_customer(number, draft.customer_code, now)
    if invoice.issued_date is not None and invoice.issued_date != draft.issued_date:
        yield moved_date(number, draft.issued_date, invoice.issued_date)
    yield from edited_references(invoice, draft)
    yield from _of_lines(draft, invoice)
    for wanted in posted.payments:
        yield from _of_payment(wanted, invoice, draft.customer_reference)


def edited_references(invoice: kashflow.Invoice, draft: kashflow.InvoiceDraft) -> Iterator[Problem]:
    """A problem where a document that we posted has lost our reference, or has another."""
    was, now = draft.customer_reference, invoice.customer_reference or ""
    if was and now != was:
        yield edited_reference(invoice.number, was, now)


def is_adopted(key: str, reference: str, invoice: kashflow.Invoice, answers: Answers) -> bool:
    """Tell a document that a person said is this deed's from one that we posted."""
    return invoice.customer_reference != reference and answers.get(AsPosted(key)) is None


def _is_other(was: str, now: str | None) -> bool:
    return bool(now) and was.casefold() != (now or "").casefold()


def _of_lines(draft: kashflow.InvoiceDraft, invoice: kashflow.Invoice) -> Iterator[Problem]:
    """Net that stands elsewhere; where there is more or less of it, the figures tell."""
    lines = invoice.line_items
    if not lines or sum((one.net for one in lines), Decimal(0)) != draft.net:
        return
    if all(one.nominal_code is not None for one in lines):
        was = _nets((f"nominal {one.nominal_code}", one.net) for one in draft.line_items)
        now = _nets((f"nominal {one.nominal_code}", one.net) for one in lines)
        if was != now:
            yield changed_nominal(invoice.number, _told(was), _told(now))
    if all(one.vat_exempt is not None for one in lines):
        was = _nets((_TREATED[one.vat_exempt], one.net) for one in draft.line_items)
        now = _nets((_TREATED[bool(one.vat_exempt)], one.net) for one in lines)
        if was != now:
            yield changed_exemption(invoice.number, _told(was), _told(now))


_TREATED: Final = {True: "exempt from VAT", False: "not exempt"}


def _nets(told: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for where, net in told:
        found[where] = found.get(where, Decimal(0)) + net
    return {where: net for where, net in sorted(found.items()) if net}


def _told(nets: Mapping[str, Decimal]) -> list[str]:
    return [
        f"{shown(net)} {'on ' * where.startswith('nominal')}{where}" for where, net in nets.items()
    ]


def _of_payment(
    wanted: kashflow.PaymentDraft, invoice: kashflow.Invoice, reference: str
) -> Iterator[Problem]:
    """A line that carries the payment's token and says something else; one that is gone is not."""
    token = (wanted.note or "").split()[-1:]
    found = [one for one in invoice.payment_lines if token and token[0] in (one.note or "").split()]
    if found and not any(_is_same(wanted, one) for one in found):
        was, now = _said(wanted, wanted), _said(found[0], wanted)
        yield changed_payment(invoice.number, token[0], was, now, reference=reference)


def _is_same(wanted: kashflow.PaymentDraft, line: kashflow.PaymentLine) -> bool:
    return (
        line.amount == wanted.amount
        and line.date in (None, wanted.date)
        and line.method in (None, wanted.method)
        and line.account_id in (None, wanted.account_id)
    )


def _said(line: kashflow.PaymentDraft | kashflow.PaymentLine, wanted: kashflow.PaymentDraft) -> str:
    account, method = line.account_id or wanted.account_id, line.method or wanted.method
    day = line.date or wanted.date
    return f"{shown(line.amount)} of {day} by method {method} in bank account {account}"
