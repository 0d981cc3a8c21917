"""Pure functions from what was read and answered to a plan; the core of the synchronisation.

`open_case` reads, `asking` says what must be known, `plan` decides. Nothing here waits.
"""

from kashmag.planner.asking import asking
from kashmag.planner.assuming import assume_all, assumed_answers
from kashmag.planner.cases import Case, document_of, open_case
from kashmag.planner.orders import plan

__all__ = [
    "Case",
    "asking",
    "assume_all",
    "assumed_answers",
    "document_of",
    "open_case",
    "plan",
]
