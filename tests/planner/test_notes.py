"""The buyer's note on the invoice: only where it is wanted, once, and fit to be seen."""

import unicodedata
from datetime import timedelta

from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from kashmag import kashflow, magento, planner
from kashmag.hooks.hooks import Hooks
from kashmag.magento.reading import Reading
from kashmag.planner import Case
from kashmag.planner.notes import LONGEST, cleaned
from kashmag.plans.actions import AddNote, CreateInvoice, DocumentId, Pending
from kashmag.plans.plan import from_json
from kashmag.plans.policy import Notes, Numbering, Policy
from kashmag.plans.questions import InvoicesByReference
from kashmag.rest.codec import dumps, loads
from kashmag.testing.factories import ORDERED_ON, make_refund, make_sale

HOOKS = Hooks()
WANTED = Policy(notes=Notes.INVOICE)


def planned(text, *, policy=WANTED, but=None, refunds=()):
    sale = evolve(make_sale(), note=text)
    order = magento.Order(
        entity_id=12, increment_id=sale.number, state="processing", status="processing",
        base_currency_code="GBP",
    )  # fmt: skip
    document = DocumentId("M", "order", entity_id="12", number=sale.number)
    case = Case(document, order=order, reading=Reading(sale, refunds=refunds), policy=policy)
    answers, _ = planner.assume_all(case, HOOKS)
    today = ORDERED_ON + timedelta(days=30)
    return planner.plan(case, answers.having(but or {}), HOOKS, today=today)


def test_the_note_comes_last_and_names_its_order():
    plan = planned("Please ring twice", refunds=(make_refund(),))
    note = plan.actions[-1]
    assert isinstance(note, AddNote)
    assert note.text == "Note of the buyer of order 000000012: Please ring twice"
    assert note.opening == "Note of the buyer of order 000000012"
    assert (note.invoice, note.reference) == (Pending("M:order:12:invoice"), "M1-ORD-000000012")
    assert note.body == {"Text": note.text}
    assert note.resolved({"M:order:12:invoice": 1001}).invoice == 1001
    assert from_json(loads(dumps(plan.to_json()))) == plan
    by_order = evolve(WANTED, numbering=Numbering.ORDER)
    numbered = planned("Please ring twice", policy=by_order).actions[-1]
    assert numbered.invoice == 12
    assert numbered.fingerprint == note.fingerprint  # numbers are no meaning


def test_without_the_setting_or_without_words_there_is_none():
    for plan in (planned("Ring twice", policy=Policy()), planned(""), planned(" \n\x00 ")):
        assert not [one for one in plan.actions if isinstance(one, AddNote)]
        assert [one for one in plan.actions if isinstance(one, CreateInvoice)]


def test_an_invoice_that_is_posted_gets_none_later():
    (invoice,) = [one for one in planned("Ring").actions if isinstance(one, CreateInvoice)]
    (line,) = invoice.draft.line_items
    item = kashflow.LineItem(
        1, quantity=line.quantity, rate=line.rate, vat_level=line.vat_level,
        vat_amount=line.vat_amount,
    )  # fmt: skip
    posted = kashflow.Invoice(
        1001, customer_reference=invoice.reference, net_amount=invoice.draft.net,
        vat_amount=invoice.draft.vat, gross_amount=invoice.draft.gross, line_items=(item,),
        total_paid_amount=invoice.draft.gross * 0,
    )  # fmt: skip
    assert planned("Ring", but={InvoicesByReference(invoice.reference): (posted,)}).actions == ()


@given(st.text(max_size=2 * LONGEST))
@example("a" * (LONGEST + 1))
@example("<script>alert(1)</script>\r\n\x1b[31m\u202e")
@example("\ud800")
def test_what_a_buyer_types_is_one_plain_line_of_bounded_length(text):
    line = cleaned(text)
    assert len(line) <= LONGEST
    assert not any(unicodedata.category(one)[0] == "C" for one in line)
    assert not {"<", ">"} & set(line)
    assert cleaned(line) == line
    line.encode()


@given(
    st.text(st.characters(categories=("L", "N", "P"), exclude_characters="<>"), max_size=LONGEST)
)
def test_plain_words_stay_as_they_are(text):
    assert cleaned(text) == text


@given(st.text(max_size=50))
def test_the_note_holds_nothing(text):
    without, having = planned(text, policy=Policy()), planned(text)
    assert [one for one in having.actions if not isinstance(one, AddNote)] == list(without.actions)
    assert having.problems == without.problems
    assert having.certificate == without.certificate
