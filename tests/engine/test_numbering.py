"""Numbers found free and given: none to two deeds, whoever comes between."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import Any, cast

from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.engine.later import LaterError
from kashmag.engine.numbering import find_numbers, give_numbers
from kashmag.errors import NotFoundError
from kashmag.logbook.database import open_logbook
from kashmag.plans.actions import CreateInvoice, DocumentId
from kashmag.plans.certificate import certify
from kashmag.plans.questions import FurtherNumbers
from kashmag.testing.factories import make_sale

FIRST, LAST = 1000, 1011
DAY = date(2026, 4, 14)


@frozen
class Books:
    """An account that has these numbers, and nothing else to say."""

    taken: set[int] = field(factory=set)

    @property
    def invoices(self) -> Books:
        return self

    async def get(self, number: int) -> object:
        if number not in self.taken:
            raise NotFoundError(f"there is no invoice {number}")
        return object()


def order(which: int) -> DocumentId:
    return DocumentId("M", "order", entity_id=str(which), number=f"{which:09}")


def asked(which: int) -> FurtherNumbers:
    document = order(which)
    deeds = document.key("invoice:2"), document.key("invoice:3")
    return FurtherNumbers(deeds, document=document.whole, first=FIRST, last=LAST)


def actions(which: int, found: dict[str, int]) -> list[CreateInvoice]:
    document = order(which)
    return [
        CreateInvoice(
            key,
            kashflow.InvoiceDraft(
                "ZOE", document.nth_reference(int(key[-1])), issued_date=DAY, due_date=DAY,
                line_items=(), number=number,
            ),
            certificate=certify(make_sale(), ()),
        )
        for key, number in found.items()
    ]  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(["find", "give", "post", "type"]), st.integers(0, 3)),
        max_size=30,
    )
)
async def test_no_number_is_given_to_two_deeds_nor_one_that_the_account_has(happening) -> None:
    books, given_to, found = Books(), dict[int, str](), dict[int, dict[str, int]]()
    with tempfile.TemporaryDirectory() as folder:
        logbook = await open_logbook(f"sqlite:///{folder}/logbook.sqlite")
        for what, which in happening:
            if what == "type":
                books.taken.add(FIRST + 3 * which)
            elif what == "post":
                books.taken.update(n for n, deed in given_to.items() if f":{which}:" in deed)
            elif what == "find":
                found[which] = await find_numbers(cast("Any", books), logbook, asked(which))
                numbers = list(found[which].values())
                assert len(set(numbers)) == len(numbers)
                assert books.taken.isdisjoint(numbers)
                assert all(FIRST <= number <= LAST for number in numbers)
                for deed, number in found[which].items():
                    assert given_to.get(number, deed) == deed
                    own = {n for n, other in given_to.items() if other == deed} - books.taken
                    assert not own or number in own
            elif which in found:
                try:
                    await give_numbers(logbook, actions(which, found[which]))
                except LaterError:
                    rivals = {given_to.get(number) for number in found[which].values()}
                    assert rivals - {None} - set(found[which])
                    continue
                for deed, number in found[which].items():
                    assert given_to.setdefault(number, deed) == deed
        await logbook.aclose()


async def test_deeds_beyond_the_range_get_none(tmp_path) -> None:
    books = Books(set(range(FIRST, LAST)))
    logbook = await open_logbook(f"sqlite:///{tmp_path}/logbook.sqlite")
    found = await find_numbers(cast("Any", books), logbook, asked(1))
    assert found == {order(1).key("invoice:2"): LAST}
    await logbook.aclose()
