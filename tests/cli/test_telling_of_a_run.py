"""What a person reads at the end of a run."""

import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis.strategies import integers

from kashmag.cli.output import Output
from kashmag.cli.syncing import MOST_SHOWN, Followed, tell
from kashmag.plans.actions import DocumentId
from kashmag.plans.events import DocumentFinished, Outcome, RunFinished

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def finished(number, outcome=Outcome.POSTED, reason="", codes=()):
    document = DocumentId("M", "order", entity_id=str(number), number=f"{number:09}")
    return DocumentFinished(NOW, document=document, outcome=outcome, reason=reason, codes=codes)


def told(*documents):
    count = [one.outcome for one in documents].count
    run = RunFinished(
        NOW,
        run="r",
        read=len(documents),
        posted=count(Outcome.POSTED),
        skipped=count(Outcome.SKIPPED),
        held=count(Outcome.HELD),
        failed=count(Outcome.FAILED),
    )
    words = io.StringIO()
    code = tell(Followed(run, documents), Output(as_json=False, stderr=words))
    return code, words.getvalue()


def test_an_order_that_is_posted_with_a_payment_held_is_not_silent():
    reason = "invoice 7; payment held: Money by checkmo has no row in policy.payments."
    code, words = told(finished(1), finished(2, reason=reason, codes=("unmapped_payment_method",)))
    assert code == 1
    assert "000000001" not in words
    assert "000000002" in words
    assert "Money by checkmo" in words


@given(integers(0, 100))
def test_as_many_are_shown_as_people_read_and_the_rest_is_counted(number):
    _, words = told(
        *(finished(one, Outcome.HELD, "why", ("held",)) for one in range(1, number + 1))
    )
    assert words.count("00000") == min(number, MOST_SHOWN)
    assert (f"and {number - MOST_SHOWN} more" in words) == (number > MOST_SHOWN)
