"""Money that a person has entered on a posted invoice: nothing of its amount is added to it."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.planner.test_plans_of_orders import POLICY, case_of, codes, invoice_of, planned

from kashmag import kashflow
from kashmag.accounting import Holds
from kashmag.plans.acceptances import Acceptance, acceptance_key
from kashmag.plans.actions import AddPayment
from kashmag.plans.payment_problems import Named, payment_moved
from kashmag.plans.plan import from_json
from kashmag.plans.policy import PaymentAction, PaymentRule
from kashmag.plans.questions import Accepted, InvoicesByReference
from kashmag.testing.factories import ORDERED_ON, make_payment

OURS = InvoicesByReference("M1-ORD-000000012")
LEAVE = PaymentRule(PaymentAction.LEAVE)
AMOUNTS = ("1.00", "2.00", "3.00")


def money(*amounts, method="checkmo"):
    return tuple(
        make_payment(amount, method=method, number=f"00000010{n}")
        for n, amount in enumerate(amounts)
    )


def typed(amount, note="", *, day=ORDERED_ON):
    return kashflow.PaymentDraft(day, Decimal(amount), method=1, account_id=2, note=note)


def posted(*lines, **changes):
    return evolve(invoice_of(planned(case_of()).actions[-1], payments=lines), **changes)


def added(plan):
    return [str(one.payment.amount) for one in plan.actions if isinstance(one, AddPayment)]


@given(
    paid=st.lists(st.sampled_from(AMOUNTS), max_size=4),
    shown=st.lists(st.sampled_from(AMOUNTS), max_size=4),
    marked=st.sets(st.integers(0, 3)),
    adopted=st.booleans(),
)
def test_no_more_of_an_amount_is_added_than_no_line_stands_there_for(paid, shown, marked, adopted):
    payments = money(*paid)
    tokened = [one for n, one in enumerate(payments) if n in marked]
    lines = [typed(one.amount.amount, f"checkmo {one.key}") for one in tokened]
    invoice = posted(*lines, *(typed(one, "cash") for one in shown))
    if adopted:
        invoice = evolve(invoice, customer_reference=None)
    plan = planned(case_of(payments=payments), {OURS: (invoice,)})
    room = Decimal("12.00") - invoice.total_paid_amount
    lacking = Counter(paid) - Counter(str(one.amount.amount) for one in tokened)
    free = lacking - Counter(shown)
    assert Counter(added(plan)) <= free
    if sum(map(Decimal, free.elements())) <= room:
        assert Counter(added(plan)) == free
    by_hand = [one for one in plan.problems if one.code == "entered_by_hand"]
    assert len(by_hand) == (0 if adopted else (lacking - free).total())
    assert all(one.holds is Holds.PAYMENT for one in by_hand)


def test_money_entered_by_hand_is_held_and_the_other_money_is_posted():
    case = case_of(payments=money("3.00", "9.00"))
    plan = planned(case, {OURS: (posted(typed("3.00", "cash")),)})
    assert added(plan) == ["9.00"]
    (problem,) = plan.problems
    title = "Payment 000000100 of 3.00 for order 000000012"
    assert problem.message.startswith(f"{title} looks entered by hand: invoice 1001 shows 3.00")
    assert problem.payment == "000000100"
    assert from_json(plan.to_json()) == plan
    assert "kashmag errors accept" in problem.remedy
    assert "take that line off" in problem.remedy


def test_what_was_recorded_while_its_method_was_in_no_table_needs_no_row():
    case = case_of(payments=money("3.00", method="klarna"))
    assert codes(planned(case, {OURS: (posted(typed("3.00")),)})) == {"entered_by_hand"}


def test_of_two_lines_of_one_amount_the_nearer_is_named():
    case = case_of(payments=money("3.00"))
    near, far = ORDERED_ON + timedelta(1), ORDERED_ON + timedelta(9)
    there = posted(typed("3.00", day=far), typed("3.00", day=near))
    assert f"of {near}" in planned(case, {OURS: (there,)}).problems[0].message


def test_money_that_is_left_to_the_account_explains_its_own_line():
    policy = evolve(POLICY, payments={**POLICY.payments, "paypal": LEAVE})
    payments = (*money("3.00"), make_payment("3.00", method="paypal", number="PP-1"))
    case = case_of(policy=policy, payments=payments)
    plan = planned(case, {OURS: (posted(typed("3.00", "PayPal import")),)})
    assert (added(plan), plan.problems) == (["3.00"], ())


def test_who_adopts_a_paid_invoice_adopts_its_payment():
    case = case_of(payments=money("12.00"))
    plan = planned(case, {OURS: (posted(typed("12.00", "chq"), customer_reference=None),)})
    assert (plan.actions, plan.problems) == ((), ())
    told = [one for one in plan.decisions if one.question == "payment 000000100"]
    assert [one.answer for one in told] == [f"entered by hand of {ORDERED_ON}"]


def test_an_accepted_missing_payment_stays_accepted_in_a_vat_return():
    case = case_of(payments=money("3.00"))
    filed = posted(vat_return_id=7)
    assert codes(planned(case, {OURS: (filed,)})) == {"document_locked"}
    named = Named("000000100", Decimal("3.00"), order=case.document.number)
    said = acceptance_key(payment_moved(named, 1001).message)
    accepted = {Accepted(case.document.whole): (Acceptance(said, because="cash"),)}
    plan = planned(case, {OURS: (filed,), **accepted})
    assert (plan.actions, plan.problems) == ((), ())
