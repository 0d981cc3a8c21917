"""What a run has done is told whole, however much it was, without keeping it in memory."""

import io
import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kashmag.cli import spool as spooling
from kashmag.cli.output import Output
from kashmag.cli.spool import Spool
from kashmag.plans.actions import DocumentId
from kashmag.plans.deeds import Deed
from kashmag.plans.events import DocumentFinished, Outcome

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
amounts = st.none() | st.decimals(-99, 99, places=2)
deeds = st.builds(
    Deed, words, words, number=words, customer=words, currency=words, net=amounts, vat=amounts,
    gross=amounts, paid=amounts,
)  # fmt: skip
documents = st.builds(
    DocumentFinished,
    st.datetimes(timezones=st.just(UTC)),
    document=st.builds(DocumentId, words, words, entity_id=words, number=words, store_id=words),
    outcome=st.sampled_from(Outcome),
    reason=words,
    codes=st.lists(words, max_size=3).map(tuple),
    deeds=st.lists(deeds, max_size=2).map(tuple),
)


@given(st.lists(documents, max_size=12), st.integers(0, 12))
def test_what_was_added_comes_out_in_order_as_often_as_asked(found, in_memory):
    before, spooling.IN_MEMORY = spooling.IN_MEMORY, in_memory
    try:
        spool = Spool()
        for one in found:
            spool.add(one)
        assert list(spool) == list(spool) == found
    finally:
        spooling.IN_MEMORY = before


@given(
    st.dictionaries(words, st.integers() | words, max_size=4),
    st.lists(st.dictionaries(words, words, max_size=2), max_size=4),
)
def test_a_long_document_reads_as_a_short_one(head, items):
    out = io.StringIO()
    head.pop("documents", None)
    Output(as_json=True, stdout=out).long_document(head, "documents", iter(items))
    assert json.loads(out.getvalue()) == {**head, "documents": items}
    assert out.getvalue().count("\n") == 1


def test_the_rest_of_a_long_run_lies_on_disk():
    spool = Spool()
    at = datetime(2026, 4, 1, tzinfo=UTC)
    for n in range(spooling.IN_MEMORY + 10):
        document = DocumentId("M", "order", entity_id=str(n), number=f"{n:09}")
        spool.add(DocumentFinished(at, document=document, outcome=Outcome.SKIPPED))
    assert len(spool._first) == spooling.IN_MEMORY
    assert [one.document.entity_id for one in spool][-1] == str(spooling.IN_MEMORY + 9)
