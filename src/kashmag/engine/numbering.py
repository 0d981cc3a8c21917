"""Numbers of further documents: found free, given to one deed for ever, and seen to be taken.

The theory. A number is found free while a plan is made, which writes nothing; it is given when the
plan is opened, before anything is sent, by a tie in the logbook that is unique both ways. So of two
orders that found the same number free one gets it, and the other is planned anew. A deed that is
planned again (its plan was dropped, its process died) is offered its own number first. What was
given is never given to another deed, sent or not, shown by KashFlow or not yet: a range may have
gaps, but gives no number twice.

Only somebody outside can take a number that was given: KashFlow refuses it then, the plan is
dropped (`applying`), and the order planned anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from kashmag import kashflow
from kashmag.engine import causes
from kashmag.engine.calling import found_or_none
from kashmag.engine.later import SOON, LaterError
from kashmag.errors import TiedOtherwiseError
from kashmag.logbook import Binding, Logbook
from kashmag.plans.actions import Action, CreateCreditNote, CreateInvoice
from kashmag.plans.keys import document_of
from kashmag.plans.questions import FurtherNumbers
from kashmag.plans.references import is_further

# The kind of a binding between a deed and the number that it was given.
INVOICE_NUMBER: Final = "invoice_number"
# In the logbook's memory: the number that was given last, so that no range is walked from its
# beginning each time.
_LAST_GIVEN: Final = "further number given last"
Document: TypeAlias = CreateInvoice | CreateCreditNote


async def find_numbers(
    books: kashflow.Client, logbook: Logbook, asked: FurtherNumbers
) -> dict[str, int]:
    """A number for each deed: its own, if it was given one that is still free, or the next."""
    ties = await logbook.bindings_of(asked.document)
    number, found = await _start(logbook, asked), dict[str, int]()
    for deed in asked.deeds:
        own = [int(one.target) for one in ties if one.source.startswith(_source(deed, ""))]
        free = [n for n in own if asked.first <= n <= asked.last and await _is_free(books, n)]
        if free:
            found[deed] = free[-1]
            continue
        while number <= asked.last and not await _may_be_given(books, logbook, number):
            number += 1
        if number > asked.last:
            break
        found[deed] = number
        number += 1
    return found


async def give_numbers(logbook: Logbook, actions: Iterable[Action]) -> None:
    """Tie the numbers of further documents to their deeds, before a plan with them is opened.

    Raises:
        LaterError: another deed was given one of them meanwhile: plan anew.
    """
    for action, number in _numbered(actions):
        tie = Binding(
            _source(action.key, str(number)),
            INVOICE_NUMBER,
            target=str(number),
            document=document_of(action.key),
        )
        try:
            await logbook.bind(tie)
        except TiedOtherwiseError as error:
            raise LaterError(SOON, causes.BUSY, f"another order was given {number}") from error
        await logbook.remember(_LAST_GIVEN, str(number))


async def is_anothers(books: kashflow.Client, action: Action) -> bool:
    """Tell that the number of a further document which KashFlow refused is another document's.

    What looks like the document itself may be it, with a reference that somebody has edited.
    """
    for document, number in _numbered([action]):
        draft, holder = document.draft, await found_or_none(books.invoices.get(number))
        return holder is not None and not (
            holder.customer_reference == draft.customer_reference
            or (holder.customer_code, holder.gross_amount) == (draft.customer_code, draft.gross)
        )
    return False


def _source(deed: str, number: str) -> str:
    return f"{deed}:number:{number}"


def _numbered(actions: Iterable[Action]) -> Iterator[tuple[Document, int]]:
    for action in actions:
        if not isinstance(action, Document) or action.draft.number is None:
            continue
        if is_further(action.reference):
            yield action, action.draft.number


async def _start(logbook: Logbook, asked: FurtherNumbers) -> int:
    """Where to begin to look: after the number that was given last, if it is of this range."""
    given = int(await logbook.recall(_LAST_GIVEN) or 0)
    return given + 1 if asked.first <= given <= asked.last else asked.first


async def _may_be_given(books: kashflow.Client, logbook: Logbook, number: int) -> bool:
    for kind in (INVOICE_NUMBER, "invoice"):
        if await logbook.bound_to(kind, str(number)) is not None:
            return False
    return await _is_free(books, number)


async def _is_free(books: kashflow.Client, number: int) -> bool:
    return await found_or_none(books.invoices.get(number)) is None
