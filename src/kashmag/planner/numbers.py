"""Invoice numbers under `numbering = "order"`: the order's own digits, or one found in a range.

Pure. An order's reversal and its further invoice have no number of their own: one is asked for
(`FurtherNumbers`), and is theirs for ever (`engine.numbering`). Which numbers are for what:
`plans.number_ranges`.
"""

from __future__ import annotations

from kashmag.planner.findings import Findings, troubled
from kashmag.plans.number_ranges import LARGEST, credit_notes_from, further_numbers
from kashmag.plans.numbering_problems import number_reserved, number_taken, unusable_number
from kashmag.plans.policy import Numbering, Policy
from kashmag.plans.questions import Answers, FurtherNumbers, InvoiceByNumber


def order_number(number: str) -> int | None:
    """The invoice number of an order: digits only and at most 32 bits, else None."""
    if not (number.isascii() and number.isdecimal()):
        return None
    value = int(number)
    return value if 0 < value <= LARGEST else None


def credit_number(memo_number: str, policy: Policy) -> int | None:
    """The number of a credit note, in a range of its own: memos share numbers with orders."""
    own, start = order_number(memo_number), credit_notes_from(policy)
    return None if own is None or own + start > LARGEST else own + start


def numbered(
    number: int | None, named: str, reference: str, policy: Policy, answers: Answers
) -> tuple[int | None, Findings]:
    """The number that goes with an order or a memo; None where KashFlow numbers.

    What may be wrong with it: it is no invoice number, it lies among those that are kept for
    further documents, or another document has it.
    """
    if policy.numbering is Numbering.ACCOUNT:
        return None, Findings()
    if number is None:
        return None, troubled(unusable_number(named, LARGEST))
    if number in (kept := further_numbers(policy)):
        return number, troubled(number_reserved(number, named, kept))
    holder = answers.get(InvoiceByNumber(number))
    if holder is None or holder.customer_reference == reference:
        return number, Findings()
    return number, troubled(number_taken(number, holder.customer_reference))


def further_number(deed: str, answers: Answers) -> int | None:
    """The number that was found for the reversal or the further invoice of this deed."""
    found = (answers[one].get(deed) for one in answers if isinstance(one, FurtherNumbers))
    return next(found, None)


def without_number(policy: Policy) -> str:
    """Why there is no number for a reversal or a further invoice."""
    if kept := further_numbers(policy):
        return f"all numbers from {kept.start} to {kept[-1]} (policy.further_numbers_from) are used"
    return (
        "invoices are numbered by their orders, and policy.further_numbers_from names no numbers "
        "for further documents"
    )
