"""What a person changed on a posted document beside its figures: each named, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.accounting.problems import Holds
from kashmag.planner.edited import edit_questions, edits
from kashmag.plans.certificate import Certificate
from kashmag.plans.questions import Answers, AsPosted, CustomerByCode, Posted

DAY = date(2026, 6, 29)
KEY = "M:order:1:invoice"
pence = st.decimals(min_value=1, max_value=90, places=2)
lines = st.builds(
    kashflow.LineDraft,
    st.just("Mug"),
    quantity=st.just(Decimal(1)),
    rate=pence,
    vat_level=st.just(Decimal(0)),
    vat_amount=st.just(Decimal(0)),
    nominal_code=st.sampled_from((4000, 4100)),
    vat_exempt=st.booleans(),
)
payments = st.builds(
    kashflow.PaymentDraft,
    st.dates(DAY, DAY + timedelta(days=9)),
    pence,
    method=st.integers(1, 3),
    account_id=st.integers(1, 3),
    note=st.uuids().map(lambda one: f"checkmo {one}"),
)
drafts = st.builds(
    kashflow.InvoiceDraft,
    st.just("M-1"),
    st.just("M1-ORD-1"),
    issued_date=st.just(DAY),
    due_date=st.just(DAY),
    line_items=st.lists(lines, min_size=1, max_size=4).map(tuple),
    payment_lines=st.lists(payments, max_size=3).map(tuple),
)


def read_back(draft: kashflow.InvoiceDraft) -> kashflow.Invoice:
    """The document as the account shows it right after it was posted."""
    return kashflow.Invoice(
        7,
        customer_code=draft.customer_code,
        customer_reference=draft.customer_reference,
        issued_date=draft.issued_date,
        due_date=draft.due_date,
        net_amount=draft.net,
        vat_amount=draft.vat,
        gross_amount=draft.gross,
        total_paid_amount=sum((one.amount for one in draft.payment_lines), Decimal(0)),
        line_items=tuple(
            kashflow.LineItem(
                at, one.description, quantity=one.quantity, rate=one.rate,
                vat_level=one.vat_level, vat_amount=one.vat_amount,
                nominal_code=one.nominal_code, vat_exempt=one.vat_exempt,
            )
            for at, one in enumerate(draft.line_items, start=1)
        ),
        payment_lines=tuple(
            kashflow.PaymentLine(
                at, one.amount, date=one.date, method=one.method, account_id=one.account_id,
                note=one.note,
            )
            for at, one in enumerate(draft.payment_lines, start=1)
        ),
    )  # fmt: skip


def found(
    draft: kashflow.InvoiceDraft, invoice: kashflow.Invoice, *, is_there: bool = True
) -> list[str]:
    certificate = Certificate("GBP", net=draft.net, vat=draft.vat, gross=draft.gross, by_rate=())
    posted = Posted(draft, certificate=certificate, payments=draft.payment_lines)
    customer = kashflow.Customer(draft.customer_code, "Ann") if is_there else None
    known = {AsPosted(KEY): posted, CustomerByCode(draft.customer_code): customer}
    answers = Answers()
    while open_ := [one for one in edit_questions(KEY, invoice, answers) if one not in answers]:
        answers = answers.having({one: known[one] for one in open_})
    return [one.code for one in edits(KEY, invoice, answers)]


@given(drafts)
def test_what_stands_as_it_was_posted_is_no_edit(draft: kashflow.InvoiceDraft) -> None:
    invoice = read_back(draft)
    assert found(draft, invoice) == []
    shouted = evolve(invoice, customer_code="m-1", due_date=DAY + timedelta(days=30))
    assert found(draft, shouted) == []
    untold = evolve(
        invoice,
        issued_date=None,
        customer_code=None,
        line_items=tuple(
            evolve(one, nominal_code=None, vat_exempt=None) for one in invoice.line_items
        ),
        payment_lines=tuple(
            evolve(one, date=None, method=None, account_id=None) for one in invoice.payment_lines
        ),
    )
    assert found(draft, untold) == []


@given(
    drafts,
    st.sets(st.sampled_from(("customer", "date", "nominal", "exempt", "payment"))),
    st.data(),
)
def test_each_edit_is_named_and_no_other(
    draft: kashflow.InvoiceDraft, which: set[str], data: st.DataObject
) -> None:
    invoice = read_back(draft)
    if "customer" in which:
        invoice = evolve(invoice, customer_code="OTHER1")
    if "date" in which:
        invoice = evolve(invoice, issued_date=DAY + timedelta(days=2))
    changes: dict[str, object] = {"nominal_code": 4200} if "nominal" in which else {}
    at = data.draw(st.integers(0, len(invoice.line_items) - 1))
    if "exempt" in which:
        changes["vat_exempt"] = not invoice.line_items[at].vat_exempt
    edited = evolve(invoice.line_items[at], **changes)  # type: ignore[arg-type]
    rest = invoice.line_items
    invoice = evolve(invoice, line_items=(*rest[:at], edited, *rest[at + 1 :]))
    expected = {
        "customer": "moved_customer", "date": "moved_date", "nominal": "changed_nominal",
        "exempt": "changed_exemption",
    }  # fmt: skip
    codes = [expected[one] for one in expected if one in which]
    if "payment" in which and invoice.payment_lines:
        first, *others = invoice.payment_lines
        changed = data.draw(
            st.sampled_from(
                (
                    evolve(first, amount=first.amount + 1),
                    evolve(first, date=DAY - timedelta(days=1)),
                    evolve(first, method=9),
                    evolve(first, account_id=9),
                )
            )
        )
        invoice = evolve(invoice, payment_lines=(changed, *others))
        codes.append("changed_payment")
    assert found(draft, invoice) == codes


@given(drafts)
def test_a_renamed_account_is_not_another_customer(draft: kashflow.InvoiceDraft) -> None:
    renamed = evolve(read_back(draft), customer_code="SMITH1")
    assert found(draft, renamed, is_there=False) == []
    assert found(draft, renamed) == ["moved_customer"]


@given(drafts)
def test_a_line_split_within_its_nominal_is_no_edit(draft: kashflow.InvoiceDraft) -> None:
    invoice = read_back(draft)
    first, *rest = invoice.line_items
    parts = (evolve(first, rate=first.rate - 1), evolve(first, rate=Decimal(1), number=99))
    assert found(draft, evolve(invoice, line_items=(*parts, *rest))) == []


@given(drafts)
def test_money_that_is_gone_is_another_problem(draft: kashflow.InvoiceDraft) -> None:
    """It is told by what the shop says was paid: `payment_moved`."""
    assert found(draft, evolve(read_back(draft), payment_lines=())) == []


def test_only_an_edit_of_money_lets_the_rest_go_on() -> None:
    from kashmag.plans import drift_problems as told

    assert told.changed_payment(1, "TX1", "a", "b").holds is Holds.PAYMENT
    assert told.moved_date(1, DAY, DAY).holds is Holds.PLAN
