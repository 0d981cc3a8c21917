from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kashmag.plans.actions import DocumentId
from kashmag.plans.keys import document_of, kind_and_id

WORDS = st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True)


@given(shop=WORDS, kind=WORDS, entity_id=WORDS, deed=st.lists(WORDS, min_size=1, max_size=4))
def test_a_key_is_taken_apart_as_it_was_put_together(shop, kind, entity_id, deed):
    document = DocumentId(shop, kind, entity_id=entity_id, number="000000012")
    for key in (document.whole, document.key(":".join(deed))):
        assert document_of(key) == document.whole
        assert kind_and_id(key) == (kind, entity_id)
