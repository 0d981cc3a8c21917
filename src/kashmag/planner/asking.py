"""What must be known before a case can be planned; asked again until nothing is new.

Pure: a case and the answers so far in, open questions out. How they are answered is
`engine.gathering`; what is taken for granted when nobody can be asked is `planner.assuming`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from kashmag.accounting import Sale
from kashmag.hooks.hooks import Hooks
from kashmag.planner.cases import Case
from kashmag.planner.credited_by_hand import credit_questions, credited_by_hand
from kashmag.planner.dates import filing_questions, first_open, is_paid_when_due
from kashmag.planner.drafting import draft_lines
from kashmag.planner.edited import edit_questions
from kashmag.planner.generations import live_invoice, live_questions
from kashmag.planner.lookalikes import lookalike_questions
from kashmag.planner.numbers import credit_number, order_number
from kashmag.planner.outcomes import ON_HOLD, awaits_invoice, decide_outcome
from kashmag.planner.refunds import credit_note_key
from kashmag.plans.certificate import confirm
from kashmag.plans.decisions import Decision
from kashmag.plans.number_ranges import further_numbers
from kashmag.plans.policy import Numbering, OrderOutcome
from kashmag.plans.questions import (
    Accepted,
    Answers,
    Assumptions,
    BankAccounts,
    FurtherNumbers,
    HomeCurrency,
    InvoiceByNumber,
    InvoicesByReference,
    NominalCodes,
    Question,
    SkippedItems,
    VatRates,
)

_INVOICED: Final = frozenset({OrderOutcome.UNPAID, OrderOutcome.PAID})


def asking(case: Case, answers: Answers, hooks: Hooks) -> tuple[Question[object], ...]:
    """The questions that are still open; none when the case can be planned."""
    outcome = decide_outcome(case, answers, hooks)
    asked: dict[Question[object], None] = {}
    if outcome is None or outcome.value is OrderOutcome.WAIT:
        # It may have been posted before: by another state, under another policy, or by hand.
        if outcome is None or case.order.state == ON_HOLD or awaits_invoice(case):
            asked.update(dict.fromkeys(live_questions(case.document, answers)))
    else:
        asked.update(dict.fromkeys(_own(case, outcome.value, answers)))
        if case.reading.sale is not None:
            asked.update(dict.fromkeys(hooks.ask(case.reading.sale, answers, case.policy)))
    found = tuple(question for question in asked if question not in answers)
    return found or tuple(_last(case, outcome, answers, hooks))


def _last(
    case: Case, outcome: Decision[OrderOutcome] | None, answers: Answers, hooks: Hooks
) -> Iterator[Question[object]]:
    """What depends on everything else: what looks like an order that is to be posted, and numbers.

    An order that has come apart from its invoice may need numbers beyond its own.
    """
    if outcome is None:
        return
    asked: list[Question[object]] = []
    sale = case.reading.sale
    if sale is not None and outcome.value in _INVOICED:
        asked += lookalike_questions(case, sale, answers, hooks)
    kept = further_numbers(case.policy)
    if kept and (deeds := tuple(_further_deeds(case, outcome.value, answers, hooks))):
        whole = case.document.whole
        asked.append(FurtherNumbers(deeds, document=whole, first=kept.start, last=kept[-1]))
    yield from (question for question in asked if question not in answers)


def _further_deeds(
    case: Case, outcome: OrderOutcome, answers: Answers, hooks: Hooks
) -> Iterator[str]:
    """The keys of what may be posted of the order beyond its first invoice and its memos."""
    live, sale = live_invoice(case.document, answers), case.reading.sale
    if outcome is OrderOutcome.VOID:
        if credited_by_hand(live, answers)[0].posted:
            yield live.reversal_key
    elif sale is None or outcome not in _INVOICED:
        return
    elif not live.posted:
        yield from (live.key,) if live.settled else ()
    elif confirm(draft_lines(case, sale, sale, answers, hooks).certificate, live.posted[0]):
        yield from (live.reversal_key, live.next_key)


def _own(case: Case, outcome: OrderOutcome, answers: Answers) -> Iterator[Question[object]]:
    yield from live_questions(case.document, answers)
    live = live_invoice(case.document, answers)
    yield Accepted(case.document.whole)
    if live.posted:
        yield from edit_questions(live.key, live.posted[0], answers)
    for refund in case.reading.refunds:
        posted = InvoicesByReference(case.document.credit_reference(refund.number))
        yield posted
        for note in (answers.get(posted) or ())[:1]:
            yield from edit_questions(credit_note_key(case.document, refund), note, answers)
    if case.reading.sale is None or outcome is OrderOutcome.VOID:
        if live.posted:
            yield from (BankAccounts(), HomeCurrency(), Assumptions())
        if outcome is OrderOutcome.VOID:
            yield from credit_questions(live)
        return
    yield from (VatRates(), NominalCodes(), BankAccounts(), HomeCurrency(), Assumptions())
    yield SkippedItems(case.document.whole)
    for day in _dated_days(case, case.reading.sale, answers):
        yield from filing_questions(first_open(day, case.policy), answers)
    if case.policy.numbering is Numbering.ORDER:
        numbers = [order_number(case.document.number)]
        numbers += [credit_number(one.number, case.policy) for one in case.reading.refunds]
        yield from (InvoiceByNumber(number) for number in numbers if number is not None)


def _dated_days(case: Case, sale: Sale, answers: Answers) -> Iterator[date]:
    """The days of the case on which a filed VAT return would matter."""
    yield case.dated_on or sale.ordered_on
    yield from (one.refunded_on for one in case.reading.refunds)
    if is_paid_when_due(answers):
        yield from (one.paid_on for one in case.reading.payments)
