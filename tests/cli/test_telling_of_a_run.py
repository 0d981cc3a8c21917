"""What a person reads at the end of a run."""

import io
from datetime import UTC, datetime
from decimal import Decimal

from attrs import evolve
from hypothesis import given
from hypothesis.strategies import booleans, integers

from kashmag.cli.output import Output
from kashmag.cli.syncing import MOST_SHOWN, Followed, tell
from kashmag.plans.actions import DocumentId
from kashmag.plans.deeds import Deed
from kashmag.plans.events import DocumentFinished, Outcome, RunFinished

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def finished(number, outcome=Outcome.POSTED, reason="", codes=(), deeds=()):
    document = DocumentId("M", "order", entity_id=str(number), number=f"{number:09}")
    return DocumentFinished(
        NOW, document=document, outcome=outcome, reason=reason, codes=codes, deeds=deeds
    )


def invoice(number, gross="12.00"):
    return Deed(
        "create_invoice",
        f"M1-ORD-{number:09}",
        number=str(number),
        customer="M-ABC",
        currency="GBP",
        net=Decimal("10.00"),
        vat=Decimal(gross) - 10,
        gross=Decimal(gross),
        paid=Decimal(gross),
    )


def told(*documents, **more):
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
    code = tell(Followed(run, documents), Output(as_json=False, stderr=words), **more)
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


@given(integers(0, 70), booleans(), booleans())
def test_what_is_plainly_posted_is_shown_where_it_is_few_and_counted_where_it_is_many(
    number, is_dry, quiet
):
    outcome = Outcome.SKIPPED if is_dry else Outcome.POSTED
    code, words = told(
        *(finished(one, outcome, "r", deeds=(invoice(one),)) for one in range(1, number + 1)),
        quiet=quiet,
    )
    assert code == 0
    is_shown = 0 < number <= MOST_SHOWN and not quiet
    assert words.count("for M-ABC: 10.00 + 2.00 VAT = 12.00 GBP, paid 12.00") == number * is_shown
    assert (f"{number} documents " in words) == (number > MOST_SHOWN and not quiet)
    assert ("would be posted" in words) == (is_dry and number > 0 and not quiet)
    assert len(words.splitlines()) <= MOST_SHOWN + 2
    if quiet:
        assert len(words.splitlines()) == 1


def test_what_waits_comes_first_and_is_told_in_a_quiet_run_too():
    held = finished(2, Outcome.HELD, "nobody knows", ("held",))
    _, words = told(finished(1, deeds=(invoice(1),)), held)
    assert words.index("nobody knows") < words.index("M1-ORD-000000001")
    _, words = told(finished(1, deeds=(invoice(1),)), held, quiet=True)
    assert "nobody knows" in words
    assert "M1-ORD" not in words


def test_what_is_pointed_out_is_counted_with_its_orders_however_many_are_posted():
    plain = [finished(one, deeds=(invoice(one),)) for one in range(1, 40)]
    abroad = [evolve(one, advice=("export_evidence",)) for one in plain[:2]]
    code, words = told(*abroad, *plain[2:])
    assert code == 0
    assert "note: export_evidence: 2 (000000001, 000000002); why tells of each" in words
    assert "note:" not in told(*plain)[1]
