"""The logbook: our durable record of what was intended, sent and done.

Words and rules: `states`, `entries`, `documents`, `claims`, `audit`. What it can do: `logbook`
(the protocol). Where it is kept: `database`, the only room that writes SQL, imported when one is
opened.
"""

from kashmag.logbook.claims import Claim
from kashmag.logbook.documents import DocumentRecord
from kashmag.logbook.entries import Binding, Entry, NewEntry, StoredPlan
from kashmag.logbook.logbook import Logbook
from kashmag.logbook.standing import Standing
from kashmag.logbook.states import State

__all__ = [
    "Binding",
    "Claim",
    "DocumentRecord",
    "Entry",
    "Logbook",
    "NewEntry",
    "Standing",
    "State",
    "StoredPlan",
]
