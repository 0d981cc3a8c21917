"""The story of a document: whose it is, and what is pointed out in it."""

import pytest

from kashmag.engine.stories import tell
from kashmag.errors import NotFoundError
from kashmag.logbook import DocumentRecord
from kashmag.logbook.database import open_logbook


def record(key: str, kind: str, **more) -> DocumentRecord:
    return DocumentRecord(key, kind=kind, number="000000001", entity_id="1", **more)


async def test_a_memo_does_not_answer_for_an_order_that_was_never_read(tmp_path):
    logbook = await open_logbook(f"sqlite:///{tmp_path}/logbook.sqlite")
    try:
        await logbook.finish(record("M:credit_memo:1", "credit_memo", outcome="held"))
        with pytest.raises(NotFoundError, match="no run has read an order 000000001") as caught:
            await tell(logbook, "000000001")
        assert "kashmag why memo:000000001" in str(caught.value)
        assert len(await tell(logbook, "credit_memo:000000001")) == 1
        await logbook.finish(record("M:order:1", "order", outcome="posted"))
        assert len(await tell(logbook, "000000001")) == 2
    finally:
        await logbook.aclose()


async def test_what_holds_nothing_is_pointed_out(tmp_path):
    logbook = await open_logbook(f"sqlite:///{tmp_path}/logbook.sqlite")
    told = {
        "code": "export_evidence",
        "message": "Order 000000001 sends goods at 0 % to US.",
        "remedy": "Keep the evidence of export with it.",
        "holds": "nothing",
    }
    try:
        await logbook.finish(record("M:order:1", "order", outcome="posted", problems=(told,)))
        (story,) = await tell(logbook, "000000001")
        note = (
            "  note: Order 000000001 sends goods at 0 % to US. Keep the evidence of export with it."
        )
        assert note in story.lines()
    finally:
        await logbook.aclose()
