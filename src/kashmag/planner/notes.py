"""What the buyer wrote with the order, as a note on its invoice; said once, when it is created."""

from __future__ import annotations

import unicodedata
from typing import Final

from kashmag.accounting import Sale
from kashmag.planner.cases import Case
from kashmag.planner.findings import Findings
from kashmag.planner.sales import Invoiced
from kashmag.plans.actions import AddNote, CreateInvoice
from kashmag.plans.policy import Notes

# How long a note may be is unpublished; more than this is no note that anybody reads.
LONGEST: Final = 500
_CUT: Final = " ..."
# The buyer writes it, and a web application shows it: nothing in it may look like a tag.
_NO_TAGS: Final = str.maketrans({"<": "‹", ">": "›"})


def invoice_note(case: Case, sale: Sale, invoiced: Invoiced) -> Findings:
    """The note of an invoice that is about to be created; none on one that is posted already."""
    text = cleaned(sale.note)
    # A reissue has none: the note stands on the invoice that it reverses.
    first = case.document.key("invoice")
    made = (one.key for one in invoiced.findings.actions if isinstance(one, CreateInvoice))
    is_new = first in made
    if case.policy.notes is Notes.NONE or not text or not is_new:
        return Findings()
    action = AddNote(
        case.document.key("note"),
        f"Note of the buyer of order {sale.number}: {text}",
        invoice=invoiced.number,
        invoice_reference=case.document.reference,
    )
    return Findings(actions=(action,))


def cleaned(text: str) -> str:
    """A buyer's text on one line: no control characters, no tags, not too long."""
    plain = "".join(" " if unicodedata.category(one)[0] == "C" else one for one in text)
    line = " ".join(plain.translate(_NO_TAGS).split())
    return line if len(line) <= LONGEST else line[: LONGEST - len(_CUT)].rstrip() + _CUT
